/* SPDX-License-Identifier: MIT */
/* Decides what becomes of a lookup; nothing else in pin4 does. */
#ifndef PIN4_POLICY_H
#define PIN4_POLICY_H

#include <netdb.h>
#include <stdbool.h>

#include "hostname.h"
#include "log.h"
#include "rules.h"

enum verdict {
	VERDICT_PASS,   /* to the libc as it came */
	VERDICT_PIN,    /* ask for A records alone */
	VERDICT_PREFER, /* ask for both, IPv4 first */
};

/* One lookup. host and call stay the caller's. */
struct lookup {
	/* What is asked. */
	const char *call;  /* "getaddrinfo" */
	const char *host;  /* terminated */
	const char *asked; /* for what, as the log shows it: "AF_INET6", "AAAA" */
	int family;
	/* What is decided; where it is VERDICT_PASS, nothing behind it counts. */
	enum verdict verdict;
	bool is_logged;
	struct rule rule; /* its memory stays for ever */
};

/* Decides what is asked by these rules, and returns the verdict. Async-signal-safe. */
enum verdict policy_decide(const struct rules *rules, struct lookup *lookup);

/* Fills *ret in and decides by the rules in force, which follow their file. VERDICT_PASS where
 * there are none. Async-signal-safe; errno stays. */
enum verdict policy_ask(const char *call, const char *host, int family, struct lookup *ret);

/* Begins the line that says what became of a lookup, up to "answer=". Only where
 * lookup->is_logged. */
void policy_begin_line(struct log_line *line, const struct lookup *lookup);

/* Log what became of a lookup, at level info. Async-signal-safe; errno stays. */
void policy_log_list(const struct lookup *lookup, const struct addrinfo *list);
void policy_log_host(const struct lookup *lookup, const struct hostent *host);
void policy_log_error(const struct lookup *lookup, const char *error);
void policy_log_handed_on(const struct lookup *lookup);

/* Whether a rule may be for what getaddrinfo is asked: it is no address, and IPv6 would do. */
static inline bool policy_is_concerned(const char *node, const struct addrinfo *hints)
{
	if (hints && (hints->ai_flags & AI_NUMERICHOST ||
		      (hints->ai_family != AF_UNSPEC && hints->ai_family != AF_INET6)))
		return false;
	return node && !hostname_starts_as_address(node);
}

/* Whether the answer would have to be taken apart and is another library's list, which only that
 * library can: then the question has to be handed on as it came. Reports that. */
bool policy_is_foreign(const struct lookup *lookup);

/* The hints to ask the libc with for the records that the lookup's verdict wants: in *room, or the
 * program's own, which may be NULL. */
const struct addrinfo *policy_hints(const struct lookup *lookup, const struct addrinfo *hints,
				    struct addrinfo *room);

/* Whether what the program asked has to be handed on as it came, after this error of the libc's:
 * there is no such record, or under prefer another question than its own failed (musl gives up both
 * families where one fails). */
bool policy_is_handed_on(const struct lookup *lookup, int error);

/* Reports that it is handed on. */
void policy_log_retry(const struct lookup *lookup, int error);

/* Makes of the libc's return value and list what the program, with its hints, wants; notes the
 * addresses, and reports what became of the lookup. Returns the value for the program; unless that
 * is 0, *list is no list. */
int policy_answer(const struct lookup *lookup, const struct addrinfo *hints, int error,
		  struct addrinfo **list);

#endif
