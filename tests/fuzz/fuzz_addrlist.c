/* SPDX-License-Identifier: MIT */
/* Surgery on result lists: generated ones in the layout of either libc, mapped, sorted and freed
 * in parts. A byte a node says what it is. */
#include <arpa/inet.h>

#include "addrlist.h"
#include "fuzz.h"

enum { MAX_NODES = 12 };

/* musl's src/network/lookup.h */
struct slot {
	struct addrinfo ai;
	union {
		struct sockaddr_in sin;
		struct sockaddr_in6 sin6;
	} sa;
	volatile int lock[1];
	short slot, ref;
};

/* What a node has to say in the end. */
struct wanted {
	int family;
	unsigned char address[16];
	in_port_t port;
	int socktype;
	struct addrinfo *node; /* where it was */
};

static struct wanted wanted[MAX_NODES];
static size_t count;

static void fill(struct addrinfo *node, void *sockaddr, unsigned byte, size_t i)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(byte) };
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_port = htons(byte) };
	bool is_ipv4 = byte % 3 == 0;

	sin.sin_addr.s_addr = htonl(0xc0000200 + byte);
	memset(&sin6.sin6_addr, 0, 16);
	sin6.sin6_addr.s6_addr[15] = (unsigned char)i;
	sin6.sin6_addr.s6_addr[0] = 0x20;
	if (byte % 3 == 1) { /* mapped already */
		memset(&sin6.sin6_addr, 0, 10);
		memset(&sin6.sin6_addr.s6_addr[10], 0xff, 2);
	}
	*node = (struct addrinfo){
		.ai_family = is_ipv4 ? AF_INET : AF_INET6,
		.ai_socktype = 1 + (int)byte % 2,
		.ai_addrlen = is_ipv4 ? sizeof(sin) : sizeof(sin6),
		.ai_addr = sockaddr,
	};
	memcpy(sockaddr, is_ipv4 ? (void *)&sin : (void *)&sin6, node->ai_addrlen);
	wanted[i] = (struct wanted){ .family = node->ai_family,
				     .port = htons(byte),
				     .socktype = node->ai_socktype,
				     .node = node };
	memcpy(wanted[i].address, is_ipv4 ? (void *)&sin.sin_addr : (void *)&sin6.sin6_addr,
	       is_ipv4 ? 4 : 16);
}

static struct addrinfo *make_blocks(struct input *input)
{
	struct addrinfo *list = NULL;
	struct addrinfo **tail = &list;

	for (size_t i = 0; i < count; i++) {
		unsigned byte = take(input, 256);
		size_t len = byte % 3 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
		struct addrinfo *node = malloc(sizeof(*node) + len);

		MUST(node);
		fill(node, node + 1, byte, i);
		node->ai_canonname = i ? NULL : strdup("canonical.test");
		*tail = node;
		tail = &node->ai_next;
	}
	return list;
}

static struct slot *make_array(struct input *input, char *canonical)
{
	struct slot *slots = calloc(count, sizeof(*slots));

	MUST(slots);
	for (size_t i = 0; i < count; i++) {
		fill(&slots[i].ai, &slots[i].sa, take(input, 256), i);
		slots[i].ai.ai_canonname = canonical;
		slots[i].slot = (short)i;
		if (i > 0)
			slots[i - 1].ai.ai_next = &slots[i].ai;
	}
	return slots;
}

static void map_wanted(void)
{
	for (size_t i = 0; i < count; i++) {
		if (wanted[i].family != AF_INET)
			continue;
		wanted[i].family = AF_INET6;
		memcpy(wanted[i].address + 12, wanted[i].address, 4);
		memset(wanted[i].address, 0, 10);
		memset(wanted[i].address + 10, 0xff, 2);
	}
}

static bool is_ipv4(const struct wanted *node)
{
	return node->family == AF_INET ||
	       IN6_IS_ADDR_V4MAPPED((const struct in6_addr *)(const void *)node->address);
}

static void prefer_wanted(void)
{
	struct wanted sorted[MAX_NODES];
	size_t n = 0;

	for (int turn = 1; turn >= 0; turn--)
		for (size_t i = 0; i < count; i++)
			if (is_ipv4(&wanted[i]) == turn)
				sorted[n++] = wanted[i];
	memcpy(wanted, sorted, sizeof(sorted));
}

static void compare(const struct addrinfo *list, bool is_array)
{
	size_t i = 0;

	for (const struct addrinfo *node = list; node; node = node->ai_next, i++) {
		const struct sockaddr_in *sin = (const void *)node->ai_addr;
		const struct sockaddr_in6 *sin6 = (const void *)node->ai_addr;
		bool is6 = wanted[i].family == AF_INET6;
		struct in_addr addr;

		MUST(i < count && node->ai_family == wanted[i].family);
		MUST(node->ai_addr->sa_family == wanted[i].family);
		MUST(node->ai_addrlen == (is6 ? sizeof(*sin6) : sizeof(*sin)));
		MUST(node->ai_socktype == wanted[i].socktype);
		MUST((is6 ? sin6->sin6_port : sin->sin_port) == wanted[i].port);
		MUST(memcmp(is6 ? (const void *)&sin6->sin6_addr : (const void *)&sin->sin_addr,
			    wanted[i].address, is6 ? 16 : 4) == 0);
		MUST(addrlist_ipv4(node, &addr) == is_ipv4(&wanted[i]));
		MUST(!is_array || node == wanted[i].node);
		MUST(!node->ai_canonname == !(is_array || i == 0));
		MUST(!node->ai_canonname || strcmp(node->ai_canonname, "canonical.test") == 0);
	}
	MUST(i == count);
}

/* The libc's own freeaddrinfo, on the whole list or on its parts from some node on. */
static void free_in_parts(struct addrinfo *list, unsigned first)
{
	struct addrinfo *node = list;

	for (unsigned i = 1; i < first && node; i++)
		node = node->ai_next;
	if (first > 0 && node && node->ai_next) {
		freeaddrinfo(node->ai_next);
		node->ai_next = NULL;
	}
	freeaddrinfo(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input input = { data, len };
	bool is_array = take(&input, 2);
	unsigned surgery = take(&input, 4);
	unsigned first = take(&input, MAX_NODES);
	struct addrinfo *list;
	struct slot *slots = NULL;

	char canonical[] = "canonical.test";

	count = 1 + take(&input, MAX_NODES - 1);
	slots = is_array ? make_array(&input, canonical) : NULL;
	list = is_array ? &slots->ai : make_blocks(&input);
	if (surgery & 1) {
		MUST(addrlist_map(&list, is_array ? ADDRLIST_ARRAY : ADDRLIST_BLOCKS));
		map_wanted();
	}
	if (surgery & 2) {
		addrlist_prefer(&list);
		prefer_wanted();
	}
	compare(list, is_array);
	if (is_array)
		free(slots);
	else
		free_in_parts(list, first);
	return 0;
}
