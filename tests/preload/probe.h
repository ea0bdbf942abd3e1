/* SPDX-License-Identifier: MIT */
/* What the probe programs share: how they give up, look a host up and print what they got. */
#ifndef PROBE_H
#define PROBE_H

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A probe that cannot go on is no result: it says where, and dies of it. */
#define MUST(what) ((what) ? (void)0 : probe_die(__FILE__, __LINE__, #what))

static inline void probe_die(const char *file, int line, const char *what)
{
	printf("%s:%d: failed: %s\n", file, line, what);
	fflush(stdout);
	abort();
}

/* A probe that hangs is killed, so that a run always ends. */
__attribute__((constructor)) static void probe_start(void)
{
	alarm(60);
}

/* The libcs word their messages differently. */
static inline const char *probe_errno(int code, char *ret, size_t size)
{
	static const struct {
		int code;
		const char *name;
	} names[] = {
		{ EAFNOSUPPORT, "EAFNOSUPPORT" },
		{ EAGAIN, "EAGAIN" },
		{ EBADF, "EBADF" },
		{ ECONNREFUSED, "ECONNREFUSED" },
		{ EFAULT, "EFAULT" },
		{ EINPROGRESS, "EINPROGRESS" },
		{ EINVAL, "EINVAL" },
		{ ENETUNREACH, "ENETUNREACH" },
		{ ENOENT, "ENOENT" },
		{ ENOTCONN, "ENOTCONN" },
		{ ENOTSOCK, "ENOTSOCK" },
		{ ETIMEDOUT, "ETIMEDOUT" },
	};

	snprintf(ret, size, "errno %d", code);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].code == code)
			snprintf(ret, size, "%s", names[i].name);
	return ret;
}

/* The address alone, as text. */
static inline const char *probe_text(const struct sockaddr *addr, char *ret, size_t size)
{
	const void *bytes =
		addr->sa_family == AF_INET6
			? (const void *)&((const struct sockaddr_in6 *)(const void *)addr)
				  ->sin6_addr
			: (const void *)&((const struct sockaddr_in *)(const void *)addr)->sin_addr;

	if (!inet_ntop(addr->sa_family, bytes, ret, (socklen_t)size))
		snprintf(ret, size, "family-%d", addr->sa_family);
	return ret;
}

/* The first address that a SOCK_STREAM question gets, or the word "EAI" and its number. */
static inline const char *probe_lookup(const char *host, int family, char *ret, size_t size)
{
	struct addrinfo hints;
	struct addrinfo *list;
	int error;

	memset(&hints, 0, sizeof(hints));
	hints.ai_family = family;
	hints.ai_socktype = SOCK_STREAM;
	error = getaddrinfo(host, NULL, &hints, &list);
	if (error) {
		snprintf(ret, size, "EAI %d", error);
		return ret;
	}
	probe_text(list->ai_addr, ret, size);
	freeaddrinfo(list);
	return ret;
}

#endif
