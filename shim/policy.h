/* SPDX-License-Identifier: MIT */
/* Decides what becomes of a lookup; nothing else in pin4 does. */
#ifndef PIN4_POLICY_H
#define PIN4_POLICY_H

#include <netdb.h>
#include <stdbool.h>

#include "allowlist.h"
#include "hostname.h"

enum verdict {
	VERDICT_PASS,   /* to the libc as it came */
	VERDICT_PIN,    /* ask for A records alone */
	VERDICT_PREFER, /* ask for both, IPv4 first */
};

/* One lookup that pin4 takes part in. It keeps copies for the log, because rules may be replaced
 * while the libc looks up; host and call stay the caller's. */
struct lookup {
	enum verdict verdict;
	const char *call; /* "getaddrinfo" */
	const char *host;
	int family;
	bool is_logged; /* what follows is filled in */
	char rule[HOSTNAME_MAX + sizeof("prefer:*.")];
	size_t rule_len;
	const char *source;
	size_t line; /* of source, where it is a file; else 0 */
};

/* Fills *ret and returns its verdict; after VERDICT_PASS nothing else in it counts. */
enum verdict policy_decide(const struct rules *rules, const char *call, const char *host,
			   int family, struct lookup *ret);

/* Reports what became of a lookup: one line at level info, none where nobody wants it. errno
 * stays. */
void policy_log_list(const struct lookup *lookup, const struct addrinfo *list);
void policy_log_host(const struct lookup *lookup, const struct hostent *host);
void policy_log_error(const struct lookup *lookup, const char *error);
void policy_log_handed_on(const struct lookup *lookup); /* no A record */

#endif
