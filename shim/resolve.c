/* SPDX-License-Identifier: MIT */
/* getaddrinfo. It relies on policy_question.c for what is asked and answered. */
#include <netdb.h>
#include <string.h>

#include "export.h"
#include "guard.h"
#include "hostname.h"
#include "libc.h"
#include "policy.h"
#include "watch.h"

static int answer(const struct lookup *lookup, const char *service, const struct addrinfo *hints,
		  struct addrinfo **res)
{
	struct addrinfo room;
	const struct addrinfo *asked = policy_hints(lookup, hints, &room);
	struct addrinfo *list = NULL;
	int error;

	guard_enter(&guard_lookup);
	error = libc(getaddrinfo)(lookup->host, service, asked, &list);
	guard_leave(&guard_lookup);
	if (policy_has_no_record(error)) {
		policy_log_handed_on(lookup);
		return libc(getaddrinfo)(lookup->host, service, hints, res);
	}
	error = policy_answer(lookup, hints, error, &list);
	if (!error)
		*res = list;
	return error;
}

/* A lookup that a rule may match, and the first one, before there are rules. */
static RARE int resolve(const char *node, const char *service, const struct addrinfo *hints,
			struct addrinfo **res)
{
	struct lookup lookup;

	libc_bind_lookups();
	if (!policy_decide_question("getaddrinfo", node, hints, &lookup) || guard_is_piling_up())
		return libc(getaddrinfo)(node, service, hints, res);
	return answer(&lookup, service, hints, res);
}

/* Whether a rule may match node, or there are no rules yet. A numeric host must not make pin4 look
 * at the clock, and nearly all of those begin with a digit or a colon. */
static inline bool may_match(const char *node)
{
	_Atomic(unsigned) *counter;
	const struct rules *rules;
	bool may;

	if ((unsigned char)node[0] > ':')
		allowlist_refresh();
	counter = allowlist_enter(&rules);
	may = rules ? rules_may_match(rules, node, strlen(node))
		    : !libc(getaddrinfo) || !hostname_is_address(node);
	allowlist_leave(counter);
	return may;
}

static RARE int pass_seen(const char *node, const char *service, const struct addrinfo *hints,
			  struct addrinfo **res)
{
	int error = libc(getaddrinfo)(node, service, hints, res);

	if (!error)
		watch_other(*res);
	return error;
}

EXPORT int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		       struct addrinfo **res)
{
	if (policy_is_concerned(node, hints) ? may_match(node) : !libc(getaddrinfo))
		return resolve(node, service, hints, res);
	if (!watch_is_idle(WATCH_ASKING))
		return pass_seen(node, service, hints, res);
	return libc(getaddrinfo)(node, service, hints, res);
}
