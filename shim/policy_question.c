/* SPDX-License-Identifier: MIT */
/* What getaddrinfo and getaddrinfo_a have in common: what is asked of the libc instead of what the
 * program asked, and what becomes of the answer. */
#include <stdlib.h>

#include "addrlist.h"
#include "fit.h"
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
		return "the lookup failed";
	}
}

static bool is_no_record(int error)
{
	return error == EAI_NONAME || error == NO_DATA_FOR_NAME || error == NO_FAMILY_FOR_NAME;
}

bool policy_is_handed_on(const struct lookup *lookup, int error)
{
	return is_no_record(error) || (error && lookup->verdict == VERDICT_PREFER &&
				       lookup->family != AF_UNSPEC && !libc_is_glibc());
}

void policy_log_retry(const struct lookup *lookup, int error)
{
	if (is_no_record(error))
		policy_log_handed_on(lookup);
	else
		policy_log_error(lookup, error_name(error));
}

static void note(const struct addrinfo *list)
{
	struct in_addr addr;

	for (; list; list = list->ai_next)
		if (addrlist_ipv4(list, &addr))
			fit_add(addr);
}

/* Gives a list the flags of the program's own question: glibc shows those of a call in each node,
 * and answers NULL hints as if the default ones had been given; musl shows none. */
static void restore_flags(struct addrinfo *list, const struct addrinfo *hints)
{
	int flags = hints ? hints->ai_flags : AI_V4MAPPED | AI_ADDRCONFIG;

	if (!(flags & FAMILY_FLAGS) || !libc_is_glibc())
		return;
	for (; list; list = list->ai_next)
		list->ai_flags = flags;
}

bool policy_is_foreign(const struct lookup *lookup)
{
	bool is_kept_whole = lookup->verdict == VERDICT_PIN && lookup->family == AF_UNSPEC;

	if (is_kept_whole || libc_has_own_lists)
		return false;
	policy_log_error(lookup, "none: another library makes the lists, handed on");
	return true;
}

const struct addrinfo *policy_hints(const struct lookup *lookup, const struct addrinfo *hints,
				    struct addrinfo *room)
{
	bool is_prefer = lookup->verdict == VERDICT_PREFER;

	if (is_prefer && lookup->family == AF_UNSPEC)
		return hints;
	*room = (struct addrinfo){ .ai_family = is_prefer ? AF_UNSPEC : AF_INET };
	if (hints) {
		room->ai_flags = hints->ai_flags & ~FAMILY_FLAGS;
		room->ai_socktype = hints->ai_socktype;
		room->ai_protocol = hints->ai_protocol;
	}
	return room;
}

int policy_answer(const struct lookup *lookup, const struct addrinfo *hints, int error,
		  struct addrinfo **list)
{
	if (error) {
		policy_log_error(lookup, error_name(error));
		return error;
	}
	note(*list);
	if (lookup->family == AF_INET6 &&
	    !addrlist_map(list, libc_is_glibc() ? ADDRLIST_BLOCKS : ADDRLIST_ARRAY)) {
		freeaddrinfo(*list);
		policy_log_error(lookup, error_name(EAI_MEMORY));
		return EAI_MEMORY;
	}
	if (lookup->verdict == VERDICT_PREFER)
		addrlist_prefer(list);
	restore_flags(*list, hints);
	policy_log_list(lookup, *list);
	return 0;
}
