/* SPDX-License-Identifier: MIT */
/* getaddrinfo. It relies on policy_question.c for what is asked and answered. */
#include <netdb.h>

#include "export.h"
#include "guard.h"
#include "libc.h"
#include "policy.h"

/* Asks the libc for the records that the verdict wants, and makes the program's answer of them. */
static int answer(const struct lookup *lookup, const char *service, const struct addrinfo *hints,
		  struct addrinfo **res)
{
	struct addrinfo room;
	const struct addrinfo *asked = policy_hints(lookup, hints, &room);
	struct addrinfo *list = NULL;
	int error;

	guard_enter();
	error = libc(getaddrinfo)(lookup->host, service, asked, &list);
	guard_leave();
	if (policy_is_handed_on(lookup, error)) {
		policy_log_retry(lookup, error);
		return libc(getaddrinfo)(lookup->host, service, hints, res);
	}
	error = policy_answer(lookup, hints, error, &list);
	if (!error)
		*res = list;
	return error;
}

/* Not inline: the entry shall take no stack for what it hands on at once. */
static __attribute__((noinline)) int ask(const char *node, const char *service,
					 const struct addrinfo *hints, struct addrinfo **res)
{
	struct lookup lookup;

	if (policy_ask("getaddrinfo", node, hints ? hints->ai_family : AF_UNSPEC, &lookup) ==
		    VERDICT_PASS ||
	    guard_is_piling_up(node) || policy_is_foreign(&lookup))
		return libc(getaddrinfo)(node, service, hints, res);
	return answer(&lookup, service, hints, res);
}

EXPORT int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		       struct addrinfo **res)
{
	libc_bind();
	if (policy_is_concerned(node, hints))
		return ask(node, service, hints, res);
	return libc(getaddrinfo)(node, service, hints, res);
}
