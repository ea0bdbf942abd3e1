/* SPDX-License-Identifier: MIT */
/* Surgery on struct hostent: generated ones, which lie anyhow in a buffer of any length. */
#include <arpa/inet.h>

#include "fuzz.h"
#include "hostent.h"

enum { MAX_ADDRESSES = 9, MAX_ALIASES = 5, IPV6_OTHERS = 3 };

static char buf[4096];

/* Puts len bytes at the next multiple of align, after a gap. */
static void *place(char **at, size_t gap, size_t align, const void *bytes, size_t len)
{
	char *to = *at + gap;

	to += -(uintptr_t)to % align;
	if (bytes)
		memcpy(to, bytes, len);
	*at = to + len;
	return to;
}

static void fill(struct hostent *host, struct input *input, char **at, size_t addresses,
		 size_t aliases)
{
	*host = (struct hostent){ .h_addrtype = AF_INET, .h_length = 4 };
	if (take(input, 2))
		host->h_name = place(at, take(input, 8), 1, "name.test", 10);
	host->h_addr_list =
		place(at, take(input, 8), _Alignof(char *), NULL, (addresses + 1) * sizeof(char *));
	for (size_t i = 0; i < addresses; i++) {
		unsigned char address[4] = { 192, 0, 2, (unsigned char)take(input, 256) };

		host->h_addr_list[i] = place(at, take(input, 8), 1, address, 4);
	}
	host->h_addr_list[addresses] = NULL;
	host->h_aliases =
		place(at, take(input, 8), _Alignof(char *), NULL, (aliases + 1) * sizeof(char *));
	for (size_t i = 0; i < aliases; i++)
		host->h_aliases[i] = place(at, take(input, 8), 1, "alias.test", 11);
	host->h_aliases[aliases] = NULL;
	if (!host->h_name)
		host->h_name = place(at, take(input, 8), 1, "name.test", 10);
}

static void compare(const struct hostent *host, const struct hostent *before, size_t addresses,
		    size_t others, size_t len)
{
	MUST(host->h_addrtype == AF_INET6 && host->h_length == 16);
	MUST(strcmp(host->h_name, "name.test") == 0);
	for (size_t i = 0; host->h_aliases[i]; i++)
		MUST(strcmp(host->h_aliases[i], "alias.test") == 0);
	for (size_t i = 0; i < addresses; i++) {
		struct in6_addr address;

		MUST(host->h_addr_list[i] >= buf && host->h_addr_list[i] + 16 <= buf + len);
		memcpy(&address, host->h_addr_list[i], 16);
		MUST(IN6_IS_ADDR_V4MAPPED(&address));
		MUST(memcmp(&address.s6_addr[12], before->h_addr_list[i], 4) == 0);
	}
	for (size_t i = 0; i < others; i++)
		MUST(*host->h_addr_list[addresses + i] == (char)i);
	MUST(!host->h_addr_list[addresses + others]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input input = { data, len };
	char *at = buf;
	char ipv6_bytes[IPV6_OTHERS][16] = { { 0 }, { 1 }, { 2 } };
	char *ipv6_list[IPV6_OTHERS + 1] = { ipv6_bytes[0], ipv6_bytes[1], ipv6_bytes[2], NULL };
	struct hostent ipv6 = { .h_addr_list = ipv6_list, .h_length = 16, .h_addrtype = AF_INET6 };
	size_t addresses = take(&input, MAX_ADDRESSES);
	size_t aliases = take(&input, MAX_ALIASES);
	bool has_ipv6 = take(&input, 2);
	size_t room = take(&input, 256) + 256 * take(&input, 2);
	size_t others = has_ipv6 ? IPV6_OTHERS : 0;
	size_t need = (addresses + others + 1) * sizeof(char *) + addresses * 16;
	struct hostent host, before;

	memset(buf, 0x55, sizeof(buf));
	fill(&host, &input, &at, addresses, aliases);
	before = host;
	MUST(hostent_end(&host, buf, sizeof(buf)) == at);
	if (hostent_map(&host, has_ipv6 ? &ipv6 : NULL, buf, (size_t)(at - buf) + room)) {
		compare(&host, &before, addresses, others, (size_t)(at - buf) + room);
		MUST(room >= need);
	} else {
		MUST(memcmp(&host, &before, sizeof(host)) == 0);
		MUST(room < need + _Alignof(char *));
	}
	for (char *c = at + room; c < buf + sizeof(buf); c++)
		MUST(*c == 0x55);
	return 0;
}
