/* SPDX-License-Identifier: MIT */
/* The resolver of a libc that the tests make up: a preload that stands behind libpin4.so, answers
 * the names of fakezone.c in the layout of the libc that it is compiled for (whose own freeaddrinfo
 * frees them), and writes each question to the file FAKE_LOG. Numeric hosts are left to the libc;
 * of other names there are none, so that no test asks a name server. */
#define _GNU_SOURCE
#include "fakezone.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void note_addrinfo(const char *node, const char *service, const struct addrinfo *hints)
{
	char line[512];
	const struct addrinfo none = { 0 };
	const struct addrinfo *h = hints ? hints : &none;

	snprintf(line, sizeof(line), "getaddrinfo %s %s %s socktype=%d protocol=%d flags=0x%x%s\n",
		 node ? node : "NULL", service ? service : "NULL", fake_family_name(h->ai_family),
		 h->ai_socktype, h->ai_protocol, (unsigned int)h->ai_flags,
		 hints ? "" : " hints=NULL");
	fake_note(line);
}

/* What an NSS module or the program itself does while the libc is in a lookup. */
static void call_back(const char *name, int family)
{
	const struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;

	if (!strcmp(name, "inside.test")) {
		void (*hook)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "probe_inside");

		if (hook)
			hook();
	}
	if (!strcmp(name, "nss.test") && !getaddrinfo("both.test", NULL, &hints, &list))
		freeaddrinfo(list);
	if (!strcmp(name, "mirror.test") && family == AF_INET &&
	    !getaddrinfo(name, NULL, &hints, &list))
		freeaddrinfo(list);
}

static void fill(struct addrinfo *node, void *sockaddr, const struct addrinfo *like,
		 const struct fake_address *address)
{
	const struct sockaddr_in *from = (const struct sockaddr_in *)(void *)like->ai_addr;
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = from->sin_port };
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_port = from->sin_port };
	bool is4 = address->family == AF_INET;

	memcpy(&sin.sin_addr, address->bytes, 4);
	memcpy(&sin6.sin6_addr, address->bytes, 16);
	node->ai_family = address->family;
	node->ai_socktype = like->ai_socktype;
	node->ai_protocol = like->ai_protocol;
	node->ai_addrlen = is4 ? sizeof(sin) : sizeof(sin6);
	node->ai_addr = sockaddr;
	node->ai_next = NULL;
	memcpy(sockaddr, is4 ? (void *)&sin : (void *)&sin6, node->ai_addrlen);
}

#ifdef __GLIBC__
/* One block a node, the hints' flags in each, a canonical name of its own on the first alone. */
static struct addrinfo *make_list(const struct fake_address *addresses, int count,
				  const struct addrinfo *like, int flags, const char *canonical)
{
	struct addrinfo *list = NULL;
	struct addrinfo **tail = &list;

	for (int i = 0; i < count; i++)
		for (const struct addrinfo *l = like; l; l = l->ai_next) {
			size_t len = addresses[i].family == AF_INET ? sizeof(struct sockaddr_in)
								    : sizeof(struct sockaddr_in6);
			struct addrinfo *node = malloc(sizeof(*node) + len);

			if (!node)
				abort();
			fill(node, node + 1, l, &addresses[i]);
			node->ai_flags = flags;
			node->ai_canonname =
				list || !(flags & AI_CANONNAME) ? NULL : strdup(canonical);
			*tail = node;
			tail = &node->ai_next;
		}
	return list;
}
#else
/* As in musl's src/network/lookup.h: one array, which knows its slots and counts them. */
struct aibuf {
	struct addrinfo ai;
	union {
		struct sockaddr_in sin;
		struct sockaddr_in6 sin6;
	} sa;
	volatile int lock[1];
	short slot, ref;
};

static struct addrinfo *make_list(const struct fake_address *addresses, int count,
				  const struct addrinfo *like, int flags, const char *canonical)
{
	size_t likes = 0;
	size_t nodes, k = 0;
	struct aibuf *out;
	char *name;

	(void)flags;
	for (const struct addrinfo *l = like; l; l = l->ai_next)
		likes++;
	nodes = likes * (size_t)count;
	out = calloc(1, nodes * sizeof(*out) + strlen(canonical) + 1);
	if (!out)
		abort();
	name = strcpy((char *)&out[nodes], canonical);
	for (int i = 0; i < count; i++)
		for (const struct addrinfo *l = like; l; l = l->ai_next, k++) {
			fill(&out[k].ai, &out[k].sa, l, &addresses[i]);
			out[k].ai.ai_canonname = name;
			out[k].slot = (short)k;
			if (k > 0)
				out[k - 1].ai.ai_next = &out[k].ai;
		}
	out[0].ref = (short)nodes;
	return &out->ai;
}
#endif

static int expand(const char *service, const struct addrinfo *query, struct addrinfo **ret)
{
	struct addrinfo hints = *query;

	hints.ai_family = AF_INET;
	hints.ai_flags &= ~(AI_CANONNAME | AI_V4MAPPED | AI_ALL | AI_ADDRCONFIG);
	return REAL(getaddrinfo)("127.0.0.1", service, &hints, ret);
}

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		struct addrinfo **res)
{
	const struct fake_host *host = fake_find(node);
	struct fake_address addresses[FAKE_MAX_ADDRESSES];
	struct addrinfo query = { .ai_flags = AI_V4MAPPED | AI_ADDRCONFIG };
	struct addrinfo *like;
	int flags, count, error;

	note_addrinfo(node, service, hints);
	if (hints)
		query = *hints;
	flags = query.ai_flags;
	if (!node || fake_is_numeric(node) ||
	    (query.ai_family != AF_UNSPEC && query.ai_family != AF_INET &&
	     query.ai_family != AF_INET6))
		return REAL(getaddrinfo)(node, service, hints, res);
	if (!host || flags & AI_NUMERICHOST)
		return EAI_NONAME;
	call_back(node, query.ai_family);

	/* The libc itself knows best which nodes a socktype, protocol and service make, and it too
	 * refuses a bad one before it looks for the name. */
	error = expand(service, &query, &like);
	if (error)
		return error;
	error = fake_answer(host, query.ai_family, flags & AI_V4MAPPED, flags & AI_ALL, addresses,
			    &count);
	if (!error)
		*res = make_list(addresses, count, like, flags,
				 host->canonical ? host->canonical : node);
	REAL(freeaddrinfo)(like);
	return error;
}
