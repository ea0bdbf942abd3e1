/* SPDX-License-Identifier: MIT */
/* Surgery on struct hostent. It relies on nothing but the caller's buffer. */
#include "hostent.h"

#include <stdint.h>
#include <string.h>

#include "mapped.h"

struct span {
	char *buf;
	size_t len;
	size_t used;
};

/* Counts the size bytes at data as used, where they lie in the buffer at all. */
static void use(struct span *span, const void *data, size_t size)
{
	size_t at = (size_t)((uintptr_t)data - (uintptr_t)span->buf);

	if (at < span->len && at + size > span->used)
		span->used = at + size;
}

static void use_text(struct span *span, const char *text)
{
	size_t size = 0;

	while (text && text[size++])
		;
	use(span, text, size);
}

static size_t count(char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

char *hostent_end(const struct hostent *host, char *buf, size_t len)
{
	struct span span = { .buf = buf, .len = len };
	size_t aliases = count(host->h_aliases);
	size_t addresses = count(host->h_addr_list);

	use_text(&span, host->h_name);
	use(&span, host->h_aliases, (aliases + 1) * sizeof(char *));
	use(&span, host->h_addr_list, (addresses + 1) * sizeof(char *));
	for (size_t i = 0; i < aliases; i++)
		use_text(&span, host->h_aliases[i]);
	for (size_t i = 0; i < addresses; i++)
		use(&span, host->h_addr_list[i], (size_t)host->h_length);
	return buf + span.used;
}

bool hostent_map(struct hostent *host, const struct hostent *ipv6, char *buf, size_t len)
{
	size_t mapped = count(host->h_addr_list);
	size_t others = ipv6 ? count(ipv6->h_addr_list) : 0;
	char *end = hostent_end(host, buf, len);
	size_t pad = -(uintptr_t)end % _Alignof(char *);
	size_t room = len - (size_t)(end - buf);
	size_t need =
		pad + (mapped + others + 1) * sizeof(char *) + mapped * sizeof(struct in6_addr);
	struct in6_addr *address;
	char **list;

	if (room < need)
		return false;
	list = (void *)(end + pad);
	address = (void *)(list + mapped + others + 1);
	for (size_t i = 0; i < mapped; i++) {
		struct in_addr ipv4;

		memcpy(&ipv4, host->h_addr_list[i], sizeof(ipv4));
		mapped_from(ipv4, &address[i]);
		list[i] = (char *)&address[i];
	}
	for (size_t i = 0; i < others; i++)
		list[mapped + i] = ipv6->h_addr_list[i];
	list[mapped + others] = NULL;
	host->h_addr_list = list;
	host->h_addrtype = AF_INET6;
	host->h_length = sizeof(struct in6_addr);
	return true;
}
