/* SPDX-License-Identifier: MIT */
/* The lookups that the program calls. It relies on policy.c for what becomes of them. */
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>

#include "addrlist.h"
#include "book.h"
#include "export.h"
#include "guard.h"
#include "hostent.h"
#include "libc.h"
#include "policy.h"

/* Flags that speak of mapped answers and of IPv6 on this machine: where pin4 chooses the family
 * they have no say. glibc's AI_ADDRCONFIG refuses IPv4 on a machine that has only loopback. */
#define FAMILY_FLAGS (AI_V4MAPPED | AI_ALL | AI_ADDRCONFIG)

/* <netdb.h> shows these under _GNU_SOURCE only; the numbers are glibc's and musl's. */
enum {
	NO_DATA_FOR_NAME = -5,   /* EAI_NODATA */
	NO_FAMILY_FOR_NAME = -9, /* EAI_ADDRFAMILY */
};

static bool is_no_record(int error)
{
	return error == EAI_NONAME || error == NO_DATA_FOR_NAME || error == NO_FAMILY_FOR_NAME;
}

static const char *error_name(int error)
{
	switch (error) {
	case EAI_AGAIN:
		return "EAI_AGAIN";
	case EAI_FAIL:
		return "EAI_FAIL";
	case EAI_MEMORY:
		return "EAI_MEMORY";
	case EAI_SERVICE:
		return "EAI_SERVICE";
	case EAI_SYSTEM:
		return "EAI_SYSTEM";
	default:
		return "an error of the call's";
	}
}

static void note(const struct addrinfo *list)
{
	struct in_addr addr;

	for (; list; list = list->ai_next)
		if (addrlist_ipv4(list, &addr))
			book_add(addr);
}

/* glibc answers NULL hints as if these flags had been given, and shows a call's flags in each
 * node; musl shows none. */
static void restore_flags(struct addrinfo *list, const struct addrinfo *hints)
{
	int flags = hints ? hints->ai_flags : AI_V4MAPPED | AI_ADDRCONFIG;

	for (; libc_is_glibc() && list; list = list->ai_next)
		list->ai_flags = flags;
}

/* Asks the libc for the records that the lookup's verdict wants; its result as the program wants
 * it. The libc's return value. */
static int ask(const struct lookup *lookup, const char *service, const struct addrinfo *hints,
	       struct addrinfo **res)
{
	struct addrinfo asked = { .ai_family = AF_INET };
	const struct addrinfo *question = &asked;
	struct addrinfo *list;
	int error;

	if (hints) {
		asked.ai_flags = hints->ai_flags & ~FAMILY_FLAGS;
		asked.ai_socktype = hints->ai_socktype;
		asked.ai_protocol = hints->ai_protocol;
	}
	if (lookup->verdict == VERDICT_PREFER) {
		asked.ai_family = AF_UNSPEC;
		if (lookup->family == AF_UNSPEC)
			question = hints;
	}
	guard_enter();
	error = libc(getaddrinfo)(lookup->host, service, question, &list);
	guard_leave();
	if (error)
		return error;
	note(list);
	if (lookup->family == AF_INET6 &&
	    !addrlist_map(&list, libc_is_glibc() ? ADDRLIST_BLOCKS : ADDRLIST_ARRAY)) {
		freeaddrinfo(list);
		return EAI_MEMORY;
	}
	if (lookup->verdict == VERDICT_PREFER)
		addrlist_prefer(&list);
	restore_flags(list, hints);
	*res = list;
	return 0;
}

static int answer(const struct lookup *lookup, const char *service, const struct addrinfo *hints,
		  struct addrinfo **res)
{
	int error = ask(lookup, service, hints, res);

	if (is_no_record(error)) {
		policy_log_handed_on(lookup);
		return libc(getaddrinfo)(lookup->host, service, hints, res);
	}
	if (error)
		policy_log_error(lookup, error_name(error));
	else
		policy_log_list(lookup, *res);
	return error;
}

/* Whether pin4 has a say in a question of this kind at all. */
static bool is_concerned(const char *node, const struct addrinfo *hints)
{
	return node &&
	       (!hints || (!(hints->ai_flags & AI_NUMERICHOST) &&
			   (hints->ai_family == AF_UNSPEC || hints->ai_family == AF_INET6)));
}

/* A lookup that a rule may match, and the first one, before there are rules. */
static RARE int resolve(const char *node, const char *service, const struct addrinfo *hints,
			struct addrinfo **res)
{
	const struct rules *rules;
	struct lookup lookup;

	if (!libc(getaddrinfo))
		libc_bind();
	rules = is_concerned(node, hints) ? allowlist() : NULL;
	if (!rules ||
	    policy_decide(rules, "getaddrinfo", node, hints ? hints->ai_family : AF_UNSPEC,
			  &lookup) == VERDICT_PASS ||
	    guard_is_inside())
		return libc(getaddrinfo)(node, service, hints, res);
	return answer(&lookup, service, hints, res);
}

EXPORT int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		       struct addrinfo **res)
{
	const struct rules *rules = allowlist_peek();

	if (rules && (!is_concerned(node, hints) || !rules_may_match(rules, node)))
		return libc(getaddrinfo)(node, service, hints, res);
	return resolve(node, service, hints, res);
}
