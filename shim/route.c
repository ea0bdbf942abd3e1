/* SPDX-License-Identifier: MIT */
/* Decides by the book. It relies on the libc for IPv4 addresses that the book lacks. */
#include "route.h"

#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "libc.h"
#include "log.h"
#include "mapped.h"

/* Asks the libc for the IPv4 addresses of a host, by the name that the program asked DNS for: a dot
 * at the end keeps the search list out (RFC 1535). Where it has none, or does not answer, those of
 * before stay, and nobody asks again for a moment. */
static void refresh(struct book_host *host)
{
	const struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM };
	size_t len = strlen(host->name);
	char name[HOSTNAME_MAX + sizeof(".")];
	struct addrinfo *list = NULL;
	size_t count = 0;

	memcpy(name, host->name, len);
	memcpy(name + len, ".", sizeof("."));
	libc_bind_lookups();
	guard_enter(&guard_lookup);
	if (libc(getaddrinfo)(name, NULL, &hints, &list) != 0)
		list = NULL;
	guard_leave(&guard_lookup);
	for (const struct addrinfo *node = list; node && count < BOOK_ADDRESSES;
	     node = node->ai_next)
		host->ipv4[count++] = ((struct sockaddr_in *)(void *)node->ai_addr)->sin_addr;
	if (list)
		host->count = count;
	book_add_ipv4(host->name, host->ipv4, host->count, list ? host->ttl : 0);
	if (list)
		freeaddrinfo(list);
}

/* Whether an address is one of private networks (RFC 1918, 6598). */
static bool is_private(struct in_addr addr)
{
	uint32_t number = ntohl(addr.s_addr);

	return number >> 24 == 10 || number >> 20 == 0xac1 || number >> 16 == 0xc0a8 ||
	       number >> 22 == 0x191;
}

/* Whether another host can have an address: it is neither this machine's (RFC 1122 3.2.1.3), nor of
 * the link (RFC 3927), where clouds keep their secrets, nor for many. */
static bool is_somebodys(struct in_addr addr)
{
	uint32_t number = ntohl(addr.s_addr);

	return number >> 24 && number >> 24 != 127 && number >> 16 != 0xa9fe && number >> 28 < 0xe;
}

/* Whether a connection would leave a private network. Who answers for a pinned name could else have
 * those to himself that are for another host there: any other address may be the host's own. */
static bool is_leaving(const struct in6_addr *ipv6, struct in_addr ipv4)
{
	return (ipv6->s6_addr[0] & 0xfe) == 0xfc && !is_private(ipv4); /* RFC 4193 */
}

/* why_not: NULL where the address is taken. */
static void report(const struct book_host *host, struct in_addr ipv4, const char *why_not)
{
	struct log_line line;

	if (!log_wants(LOG_INFO))
		return;
	log_begin(&line, LOG_INFO);
	log_text(&line, "connect host=");
	log_escaped(&line, host->name, strlen(host->name));
	log_text(&line, " asked=IPv6 answer=");
	log_text(&line, why_not ? "none: " : "::ffff:");
	log_ipv4(&line, ipv4);
	log_text(&line, why_not ? why_not : "");
	log_end(&line);
}

bool route_find(const struct sockaddr *addr, socklen_t len, bool may_ask, struct sockaddr_in6 *ret)
{
	struct sockaddr_in6 sin6;
	struct book_host host;
	struct in_addr ipv4;
	int saved;

	if (!route_may_find(addr, len))
		return false;
	memcpy(&sin6, addr, ROUTE_SHORTEST);
	if (!book_find(&sin6.sin6_addr, &host))
		return false;
	saved = errno;
	if (may_ask && !host.is_fresh && !guard_is_piling_up())
		refresh(&host);
	errno = saved;
	if (!host.count)
		return false;
	ipv4 = host.ipv4[host.index % host.count];
	if (!is_somebodys(ipv4)) {
		report(&host, ipv4, " is no other host's");
		return false;
	}
	if (is_leaving(&sin6.sin6_addr, ipv4)) {
		report(&host, ipv4, " is a public address, and the IPv6 one is private");
		return false;
	}
	*ret = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = sin6.sin6_port };
	mapped_from(ipv4, &ret->sin6_addr);
	report(&host, ipv4, NULL);
	return true;
}
