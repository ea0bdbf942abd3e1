/* SPDX-License-Identifier: MIT */
/* Surgery on getaddrinfo's result lists. It relies on malloc and the libc's freeaddrinfo. */
#include "addrlist.h"

#include <stdlib.h>

#include "mapped.h"

bool addrlist_ipv4(const struct addrinfo *node, struct in_addr *ret)
{
	if (node->ai_family == AF_INET) {
		*ret = ((const struct sockaddr_in *)(const void *)node->ai_addr)->sin_addr;
		return true;
	}
	if (node->ai_family == AF_INET6) {
		const struct sockaddr_in6 *sin6 = (const void *)node->ai_addr;

		if (IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr)) {
			*ret = mapped_ipv4(&sin6->sin6_addr);
			return true;
		}
	}
	return false;
}

/* Makes node, which has room for it, say what the AF_INET address sin says. */
static void write_mapped(struct addrinfo *node, struct sockaddr_in sin)
{
	struct sockaddr_in6 *sin6 = (void *)node->ai_addr;

	*sin6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = sin.sin_port };
	mapped_from(sin.sin_addr, &sin6->sin6_addr);
	node->ai_family = AF_INET6;
	node->ai_addrlen = sizeof(*sin6);
}

/* Puts a copy of node with room for an IPv6 address in its place; NULL, node as it was, without
 * memory. */
static struct addrinfo *replace_block(struct addrinfo *node)
{
	struct addrinfo *wide = malloc(sizeof(*wide) + sizeof(struct sockaddr_in6));

	if (!wide)
		return NULL;
	*wide = *node;
	wide->ai_addr = (void *)(wide + 1);
	free(node); /* the block alone: what it refers to is wide's now */
	return wide;
}

bool addrlist_map(struct addrinfo **list, enum addrlist_layout layout)
{
	for (struct addrinfo **link = list; *link; link = &(*link)->ai_next) {
		struct addrinfo *node = *link;
		struct sockaddr_in sin;

		if (node->ai_family != AF_INET)
			continue;
		sin = *(const struct sockaddr_in *)(const void *)node->ai_addr;
		if (layout == ADDRLIST_BLOCKS) {
			struct addrinfo *wide = replace_block(node);

			if (!wide)
				return false;
			*link = wide;
		}
		write_mapped(*link, sin);
	}
	return true;
}

void addrlist_prefer(struct addrinfo **list)
{
	struct addrinfo *first = *list;
	struct addrinfo **ipv4_end = list;
	struct addrinfo *others = NULL;
	struct addrinfo **others_end = &others;
	struct in_addr ignored;

	for (struct addrinfo *node = first; node; node = node->ai_next) {
		struct addrinfo ***end = addrlist_ipv4(node, &ignored) ? &ipv4_end : &others_end;

		**end = node;
		*end = &node->ai_next;
	}
	*others_end = NULL;
	*ipv4_end = others;
	if (*list != first && !(*list)->ai_canonname) {
		(*list)->ai_canonname = first->ai_canonname;
		first->ai_canonname = NULL;
	}
}
