/* SPDX-License-Identifier: MIT */
/* A preload that makes lists of its own, as proxychains does: the canonical name stands inside the
 * node, and its freeaddrinfo knows that. Each host has one address of each family. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>

struct node {
	struct addrinfo info;
	struct sockaddr_in6 addr;
	char name[64];
};

static void add(int family, const char *host, struct addrinfo **list)
{
	struct node *node = calloc(1, sizeof(*node));
	struct sockaddr_in *sin = (void *)&node->addr;

	if (!node)
		abort();
	node->addr.sin6_family = (sa_family_t)family;
	if (family == AF_INET)
		inet_pton(family, "192.0.2.77", &sin->sin_addr);
	else
		inet_pton(family, "2001:db8::77", &node->addr.sin6_addr);
	snprintf(node->name, sizeof(node->name), "own.%s", host);
	node->info = (struct addrinfo){ .ai_family = family,
					.ai_socktype = SOCK_STREAM,
					.ai_addr = (void *)&node->addr,
					.ai_addrlen = family == AF_INET ? sizeof(*sin)
									: sizeof(node->addr),
					.ai_canonname = node->name,
					.ai_next = *list };
	*list = &node->info;
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		struct addrinfo **res)
{
	int family = hints ? hints->ai_family : AF_UNSPEC;

	(void)service;
	*res = NULL;
	if (family != AF_INET6)
		add(AF_INET, node, res);
	if (family != AF_INET)
		add(AF_INET6, node, res);
	return 0;
}

void freeaddrinfo(struct addrinfo *list)
{
	while (list) {
		struct addrinfo *next = list->ai_next;

		free(list);
		list = next;
	}
}
