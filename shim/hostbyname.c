/* SPDX-License-Identifier: MIT */
/* The older lookups, gethostbyname2 and gethostbyname2_r. It relies on policy.c, as
 * getaddrinfo.c. */
#include <errno.h>
#include <netdb.h>
#include <stdatomic.h>
#include <string.h>

#include "export.h"
#include "fit.h"
#include "guard.h"
#include "hostent.h"
#include "libc.h"
#include "memory.h"
#include "policy.h"

/* NETDB_INTERNAL and NETDB_SUCCESS, which musl's <netdb.h> does not show. */
enum { LOOKUP_INTERNAL = -1, LOOKUP_SUCCESS = 0 };

/* The buffer of one call of gethostbyname2_r. */
struct room {
	char *buf;
	size_t len;
};

static bool is_no_record(int h_error)
{
	return h_error == HOST_NOT_FOUND || h_error == NO_DATA;
}

static void note(const struct hostent *host)
{
	struct in_addr addr;

	for (size_t i = 0; host->h_addr_list[i]; i++) {
		memcpy(&addr, host->h_addr_list[i], sizeof(addr));
		fit_add(addr);
	}
}

/* For a lookup that wants IPv6 ones too: puts them at the front of room, which shrinks, and fills
 * *ret, of which *found, NULL before, is the address then. Returns ERANGE if room is too small,
 * else 0. */
static int ask_ipv6(const struct lookup *lookup, struct room *room, struct hostent *ret,
		    struct hostent **found)
{
	int h_error;
	int error;
	char *end;

	if (lookup->verdict != VERDICT_PREFER)
		return 0;
	error = libc(gethostbyname2_r)(lookup->host, AF_INET6, ret, room->buf, room->len, found,
				       &h_error);
	if (error || !*found)
		return error == ERANGE ? ERANGE : 0;
	end = hostent_end(ret, room->buf, room->len);
	room->len -= (size_t)(end - room->buf);
	room->buf = end;
	return 0;
}

/* As gethostbyname2_r, for an AF_INET6 question about a host that a rule matches. */
static int ask(const struct lookup *lookup, struct hostent *ret, struct room room,
	       struct hostent **result, int *h_error)
{
	struct hostent ipv6;
	struct hostent *found = NULL;
	int error;

	guard_enter();
	error = ask_ipv6(lookup, &room, &ipv6, &found);
	if (!error)
		error = libc(gethostbyname2_r)(lookup->host, AF_INET, ret, room.buf, room.len,
					       result, h_error);
	guard_leave();
	if (!error && *result) {
		note(ret);
		if (hostent_map(ret, found, room.buf, room.len))
			return 0;
		error = ERANGE;
	}
	if (error != ERANGE && found) {
		*ret = ipv6;
		*result = ret;
		*h_error = LOOKUP_SUCCESS;
		return 0;
	}
	if (error == ERANGE) {
		*result = NULL;
		*h_error = LOOKUP_INTERNAL;
		errno = ERANGE;
	}
	return error;
}

/* Whether pin4 takes part in this call. */
static bool is_ours(const char *call, const char *name, int family, struct lookup *lookup)
{
	libc_bind();
	return family == AF_INET6 && name &&
	       policy_ask(call, name, family, lookup) != VERDICT_PASS && !guard_is_piling_up(name);
}

/* The same, logged. Returns false where the libc has to be asked as the program did. */
static bool answer_host(const struct lookup *lookup, struct hostent *ret, struct room room,
			struct hostent **result, int *h_error, int *error)
{
	*error = ask(lookup, ret, room, result, h_error);
	if (*result)
		policy_log_host(lookup, *result);
	else if (*error != ERANGE && is_no_record(*h_error))
		policy_log_handed_on(lookup);
	else if (*error != ERANGE)
		policy_log_error(lookup, "the lookup failed");
	return *result || *error == ERANGE || !is_no_record(*h_error);
}

EXPORT int gethostbyname2_r(const char *name, int family, struct hostent *ret, char *buf,
			    size_t buflen, struct hostent **result, int *h_errnop)
{
	struct room room = { .buf = buf, .len = buflen };
	struct lookup lookup;
	int error;

	if (is_ours("gethostbyname2_r", name, family, &lookup) &&
	    answer_host(&lookup, ret, room, result, h_errnop, &error))
		return error;
	return libc(gethostbyname2_r)(name, family, ret, buf, buflen, result, h_errnop);
}

/* gethostbyname2 answers in static memory. This is larger than any answer: 64 KiB of DNS message
 * hold 4,096 A records, for each of which a mapped address and a pointer are made. */
struct answer {
	struct hostent host;
	char buf[192 << 10];
};

static struct answer *get_answer(void)
{
	static _Atomic(struct answer *) shared;
	struct answer *answer = atomic_load(&shared);
	struct answer *made;

	if (answer || !(made = memory_map(sizeof(*made))))
		return answer;
	if (atomic_compare_exchange_strong(&shared, &answer, made))
		return made;
	memory_unmap(made, sizeof(*made));
	return answer;
}

EXPORT struct hostent *gethostbyname2(const char *name, int family)
{
	struct answer *answer;
	struct hostent *result;
	struct lookup lookup;
	struct room room;
	int h_error, error;

	if (!is_ours("gethostbyname2", name, family, &lookup) || !(answer = get_answer()))
		return libc(gethostbyname2)(name, family);
	room = (struct room){ .buf = answer->buf, .len = sizeof(answer->buf) };
	if (!answer_host(&lookup, &answer->host, room, &result, &h_error, &error))
		return libc(gethostbyname2)(name, family);
	if (!result)
		h_errno = h_error;
	return result;
}
