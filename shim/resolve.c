/* SPDX-License-Identifier: MIT */
/* getaddrinfo. It relies on policy_question.c for what is asked and answered. */
#include <limits.h>
#include <netdb.h>
#include <string.h>

#include "export.h"
#include "guard.h"
#include "hostname.h"
#include "libc.h"
#include "policy.h"

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
	if (error && policy_is_handed_on(lookup, error))
		return libc(getaddrinfo)(lookup->host, service, hints, res);
	error = policy_answer(lookup, hints, error, &list);
	if (!error)
		*res = list;
	return error;
}

static inline int pass(const char *node, const char *service, const struct addrinfo *hints,
		       struct addrinfo **res)
{
	libc_bind_lookups();
	return libc(getaddrinfo)(node, service, hints, res);
}

enum { PASSED = INT_MIN }; /* no error of a lookup's */

/* A lookup that a rule may match, and the first one, before there are rules. Returns PASSED, with
 * nothing done, where none does. */
static __attribute__((noinline)) int resolve(const char *node, size_t len, const char *service,
					     const struct addrinfo *hints, struct addrinfo **res)
{
	struct lookup lookup;

	libc_bind_lookups();
	lookup.call = "getaddrinfo";
	lookup.host = node;
	lookup.len = len;
	lookup.family = hints ? hints->ai_family : AF_UNSPEC;
	lookup.asked = lookup.family == AF_INET6 ? "AF_INET6" : "AF_UNSPEC";
	if (policy_ask_now(&lookup) == VERDICT_PASS)
		return PASSED;
	if (guard_is_piling_up())
		return libc(getaddrinfo)(node, service, hints, res);
	return answer(&lookup, service, hints, res);
}

/* A lookup of a name, of which the filter tells nearly always that no rule matches it. */
static __attribute__((noinline)) int look_up(const char *node, const char *service,
					     const struct addrinfo *hints, struct addrinfo **res)
{
	bool is_filter_set = allowlist_refresh();
	size_t len = strlen(node);
	int error;

	if ((!is_filter_set || filter_passes(&allowlist_filter, node, len)) &&
	    (error = resolve(node, len, service, hints, res)) != PASSED)
		return error;
	return pass(node, service, hints, res);
}

EXPORT int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		       struct addrinfo **res)
{
	if (policy_is_concerned(node, hints) && !hostname_starts_as_address(node))
		return look_up(node, service, hints, res);
	return pass(node, service, hints, res);
}
