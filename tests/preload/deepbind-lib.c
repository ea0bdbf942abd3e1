/* SPDX-License-Identifier: MIT */
/* The library that deepbind.c loads past interposition. It looks up in the three ways in which a
 * library can come to a function: a call, an address in its data, its constructor. */
#define _GNU_SOURCE
#include "deepbind.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef int (*lookup_function)(const char *, const char *, const struct addrinfo *,
			       struct addrinfo **);

static const lookup_function pointer = getaddrinfo;
static char at_start[256];

static const char *answer(lookup_function lookup, const char *host, char *ret, size_t size)
{
	const struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	int error = lookup(host, NULL, &hints, &list);
	size_t len = 0;

	if (error) {
		snprintf(ret, size, "EAI %d", error);
		return ret;
	}
	for (const struct addrinfo *node = list; node; node = node->ai_next) {
		char text[INET6_ADDRSTRLEN];
		const struct sockaddr_in6 *sin6 = (const void *)node->ai_addr;

		inet_ntop(AF_INET6, &sin6->sin6_addr, text, sizeof(text));
		len += (size_t)snprintf(ret + len, size - len, "%s%s", len ? "," : "", text);
	}
	freeaddrinfo(list);
	return ret;
}

__attribute__((constructor)) static void start(void)
{
	const char *host = getenv("DEEPBIND_AT_START");

	if (host)
		answer(getaddrinfo, host, at_start, sizeof(at_start));
}

void deepbind_lookup(const char *host)
{
	lookup_function volatile through = pointer;
	char called[256];
	char pointed[256];

	printf("%s called=%s pointed=%s at_start=%s\n", host,
	       answer(getaddrinfo, host, called, sizeof(called)),
	       answer(through, host, pointed, sizeof(pointed)), at_start);
}

int deepbind_connect(const char *host, int port)
{
	const struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	const int on = 1;
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	struct addrinfo *list;
	char service[8];
	int result;

	snprintf(service, sizeof(service), "%d", port);
	if (getaddrinfo(host, service, &hints, &list) != 0 ||
	    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)) != 0)
		return -1;
	result = connect(fd, list->ai_addr, list->ai_addrlen);
	freeaddrinfo(list);
	return result;
}

const char *deepbind_marker(void)
{
	return "the library's";
}

const char *deepbind_own_marker(void)
{
	return deepbind_marker();
}

int deepbind_load(const char *file, int mode)
{
	void *handle = dlopen(file, mode);
	Dl_info info = { 0 };

	if (!handle || !dladdr(dlsym(handle, "deepbind_lookup"), &info))
		return printf("%s\n", dlerror()), 1;
	printf("%s\n", info.dli_fname);
	return 0;
}
