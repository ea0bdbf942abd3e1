/* SPDX-License-Identifier: MIT */
/* A resolver for races.c, preloaded behind libpin4.so: hN.pin.test is 127.0.1.N and ::1, every
 * other name 127.0.1.200 and ::1. It takes its time, in a place where a thread may be cancelled. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As glibc does: one block for a node and its address. */
static struct addrinfo *make_node(int family, const void *address, const struct addrinfo *hints)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6 };
	size_t len = family == AF_INET ? sizeof(sin) : sizeof(sin6);
	struct addrinfo *node = malloc(sizeof(*node) + len);

	if (!node)
		abort();
	memcpy(family == AF_INET ? (void *)&sin.sin_addr : (void *)&sin6.sin6_addr, address,
	       family == AF_INET ? 4 : 16);
	*node = (struct addrinfo){ .ai_flags = hints->ai_flags,
				   .ai_family = family,
				   .ai_socktype = SOCK_STREAM,
				   .ai_protocol = IPPROTO_TCP,
				   .ai_addrlen = (socklen_t)len,
				   .ai_addr = (void *)(node + 1) };
	memcpy(node->ai_addr, family == AF_INET ? (void *)&sin : (void *)&sin6, len);
	return node;
}

int getaddrinfo(const char *host, const char *service, const struct addrinfo *hints,
		struct addrinfo **res)
{
	static _Thread_local unsigned seed;
	struct in_addr ipv4 = { htonl(0x7f000100 + 200) };
	struct addrinfo **tail = res;
	int number;

	(void)service;
	/* Not random(), whose lock a forked child may find taken. */
	usleep((useconds_t)(rand_r(&seed) % 64));
	if (sscanf(host, "h%d.pin.test", &number) == 1)
		ipv4.s_addr = htonl(0x7f000100 + (in_addr_t)number);
	if (hints->ai_family != AF_INET) {
		*tail = make_node(AF_INET6, &in6addr_loopback, hints);
		tail = &(*tail)->ai_next;
	}
	if (hints->ai_family != AF_INET6)
		*tail = make_node(AF_INET, &ipv4, hints);
	return 0;
}
