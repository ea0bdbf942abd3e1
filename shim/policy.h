/* SPDX-License-Identifier: MIT */
/* Decides what becomes of a lookup; nothing else in pin4 does. */
#ifndef PIN4_POLICY_H
#define PIN4_POLICY_H

#include <netdb.h>
#include <stdbool.h>

#include "allowlist.h"
#include "hostname.h"
#include "log.h"

enum verdict {
	VERDICT_PASS,   /* to the libc as it came */
	VERDICT_PIN,    /* ask for A records alone */
	VERDICT_PREFER, /* ask for both, IPv4 first */
};

/* One lookup. It keeps copies for the log, because rules may be replaced while the libc looks up;
 * host and call stay the caller's. */
struct lookup {
	/* What is asked. */
	const char *call; /* "getaddrinfo" */
	const char *host;
	size_t len; /* of host */
	int family;
	const char *asked; /* the same for people: "AF_INET6" */
	/* What is decided; where it is VERDICT_PASS, nothing behind it counts. */
	enum verdict verdict;
	bool is_logged; /* what follows is filled in */
	char rule[HOSTNAME_MAX + sizeof("prefer:*.")];
	size_t rule_len;
	const char *source;
	size_t line; /* of source, where it is a file; else 0 */
};

/* Decides what is asked, and returns the verdict. */
enum verdict policy_decide(const struct rules *rules, struct lookup *lookup);

/* The same by the rules in force, which are read first where there are none yet. VERDICT_PASS where
 * there are none. */
enum verdict policy_ask_now(struct lookup *lookup);

/* The same for a terminated host, and the rules are read again first where their file has
 * changed. */
enum verdict policy_ask(const char *call, const char *host, int family, struct lookup *ret);

/* Begins the line that says what became of a lookup: the answer is to be added. Only where
 * lookup->is_logged. */
void policy_begin_line(struct log_line *line, const struct lookup *lookup);

/* Writes what became of a lookup: one line at level info. errno stays. */
void policy_write_list(const struct lookup *lookup, const struct addrinfo *list);
void policy_write_host(const struct lookup *lookup, const struct hostent *host);
void policy_write_error(const struct lookup *lookup, const char *error);

/* The same where somebody wants it. */
static inline void policy_log_list(const struct lookup *lookup, const struct addrinfo *list)
{
	if (lookup->is_logged)
		policy_write_list(lookup, list);
}

static inline void policy_log_host(const struct lookup *lookup, const struct hostent *host)
{
	if (lookup->is_logged)
		policy_write_host(lookup, host);
}

static inline void policy_log_error(const struct lookup *lookup, const char *error)
{
	if (lookup->is_logged)
		policy_write_error(lookup, error);
}

static inline void policy_log_handed_on(const struct lookup *lookup)
{
	policy_log_error(lookup, "none: no A record, handed on");
}

/* Whether pin4 has a say in a question of this kind at all. */
static inline bool policy_is_concerned(const char *node, const struct addrinfo *hints)
{
	return node &&
	       (!hints || (!(hints->ai_flags & AI_NUMERICHOST) &&
			   (hints->ai_family == AF_UNSPEC || hints->ai_family == AF_INET6)));
}

/* Whether a rule is for node, and then the lookup. Reads the rules, if that has to be done. */
bool policy_decide_question(const char *call, const char *node, const struct addrinfo *hints,
			    struct lookup *ret);

/* The hints to ask the libc with for the records that the lookup's verdict wants: in *room, or the
 * program's own, which may be NULL. */
const struct addrinfo *policy_hints(const struct lookup *lookup, const struct addrinfo *hints,
				    struct addrinfo *room);

/* Whether what the program asked has to be handed on as it came, after this error of the libc's:
 * there is no such record, or under prefer another question than its own failed (musl gives up both
 * families where one fails). Reports that. */
bool policy_is_handed_on(const struct lookup *lookup, int error);

/* Makes of the libc's return value and list what the program, with its hints, wants; notes the
 * addresses, and reports what became of the lookup. Returns the value for the program; unless that
 * is 0, *list is no list. */
int policy_answer(const struct lookup *lookup, const struct addrinfo *hints, int error,
		  struct addrinfo **list);

#endif
