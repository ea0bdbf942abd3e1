/* SPDX-License-Identifier: MIT */
/* The older half of the fake libc: gethostbyname2 and gethostbyname2_r, with each libc's own return
 * values for what is not there. */
#define _GNU_SOURCE
#include "fakezone.h"

#include <errno.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int fail_hostent(int error, struct hostent **result, int *h_errnop)
{
	*result = NULL;
	switch (error) {
	case EAI_NODATA:
	case EAI_ADDRFAMILY:
		*h_errnop = NO_DATA;
		return 0;
	case EAI_NONAME:
		*h_errnop = HOST_NOT_FOUND;
#ifdef __GLIBC__
		return 0;
#else
		return ENOENT; /* as musl did up to 1.2.3 */
#endif
	case EAI_AGAIN:
		*h_errnop = TRY_AGAIN;
		return EAGAIN;
	default:
		*h_errnop = NO_RECOVERY;
		return EBADMSG;
	}
}

/* The layout of struct hostent's block is each libc's own affair: pointers first, then the rest. */
static int lookup_hostent(const char *name, int family, struct hostent *ret, char *buf,
			  size_t buflen, struct hostent **result, int *h_errnop)
{
	struct fake_address addresses[FAKE_MAX_ADDRESSES];
	const struct fake_host *host = fake_find(name);
	const char *alias = host && host->canonical ? name : NULL;
	const char *canonical = alias ? host->canonical : name;
	size_t pad = -(uintptr_t)buf & (sizeof(char *) - 1);
	size_t length = family == AF_INET ? 4 : 16;
	size_t n;
	int count;
	int error = host ? fake_answer(host, family, false, false, addresses, &count) : EAI_NONAME;

	if (error)
		return fail_hostent(error, result, h_errnop);
	n = (size_t)count;
	*result = NULL;
	if (buflen <
	    pad + (n + 3) * sizeof(char *) + n * length + strlen(name) + strlen(canonical) + 2) {
#ifdef __GLIBC__
		*h_errnop = NETDB_INTERNAL;
		errno = ERANGE;
#endif
		return ERANGE;
	}
	ret->h_addrtype = family;
	ret->h_length = (int)length;
	ret->h_aliases = (char **)(void *)(buf + pad);
	ret->h_addr_list = ret->h_aliases + 2;
	buf = (char *)(ret->h_addr_list + n + 1);
	for (size_t i = 0; i < n; i++, buf += length)
		ret->h_addr_list[i] = memcpy(buf, addresses[i].bytes, length);
	ret->h_addr_list[n] = NULL;
	ret->h_name = strcpy(buf, canonical);
	ret->h_aliases[0] = alias ? strcpy(buf + strlen(canonical) + 1, alias) : NULL;
	ret->h_aliases[1] = NULL;
	*result = ret;
	return 0;
}

static void note_hostent(const char *function, const char *name, int family)
{
	char line[512];

	snprintf(line, sizeof(line), "%s %s %s\n", function, name, fake_family_name(family));
	fake_note(line);
}

int gethostbyname2_r(const char *name, int family, struct hostent *ret, char *buf, size_t buflen,
		     struct hostent **result, int *h_errnop)
{
	note_hostent("gethostbyname2_r", name, family);
	if (fake_is_numeric(name) || (family != AF_INET && family != AF_INET6))
		return REAL(gethostbyname2_r)(name, family, ret, buf, buflen, result, h_errnop);
	return lookup_hostent(name, family, ret, buf, buflen, result, h_errnop);
}

struct hostent *gethostbyname2(const char *name, int family)
{
	static struct hostent hostent;
	static _Alignas(char *) char buf[1024];
	struct hostent *result;

	note_hostent("gethostbyname2", name, family);
	if (fake_is_numeric(name) || (family != AF_INET && family != AF_INET6))
		return REAL(gethostbyname2)(name, family);
	lookup_hostent(name, family, &hostent, buf, sizeof(buf), &result, &h_errno);
	return result;
}
