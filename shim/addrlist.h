/* SPDX-License-Identifier: MIT */
/* Surgery on getaddrinfo's result lists, such that the libc's own freeaddrinfo stays right, on
 * the whole list and on any part of it. */
#ifndef PIN4_ADDRLIST_H
#define PIN4_ADDRLIST_H

#include <netdb.h>
#include <stdbool.h>

/* How the libc lays out a list. */
enum addrlist_layout {
	/* glibc (sysdeps/posix/getaddrinfo.c): each node and its address are one block, just large
	 * enough; freeaddrinfo frees node by node; only the first has the canonical name. */
	ADDRLIST_BLOCKS,
	/* musl (src/network/lookup.h, struct aibuf): one array, each slot with room for a
	 * sockaddr_in6, counted by freeaddrinfo; all nodes share the canonical name. */
	ADDRLIST_ARRAY,
};

/* Turns each AF_INET node of *list into one of AF_INET6 with the mapped address, order and all
 * else kept. Returns false without memory: the list is whole then, and partly mapped. */
bool addrlist_map(struct addrinfo **list, enum addrlist_layout layout);

/* Moves the IPv4 nodes of *list, mapped ones too, before the others; both keep their order, and
 * the first node the canonical name. */
void addrlist_prefer(struct addrinfo **list);

/* The IPv4 address in node, mapped or not. Returns false, *ret untouched, where it has none. */
bool addrlist_ipv4(const struct addrinfo *node, struct in_addr *ret);

#endif
