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

/* Asks the libc for the IPv4 addresses of a host. Where it has none, or does not answer, those of
 * before stay, and nobody asks again for a while. */
static void refresh(struct book_host *host)
{
	const struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	size_t count = 0;

	libc_bind_lookups();
	guard_enter(&guard_lookup);
	if (libc(getaddrinfo)(host->name, NULL, &hints, &list) != 0)
		list = NULL;
	guard_leave(&guard_lookup);
	for (const struct addrinfo *node = list; node && count < BOOK_ADDRESSES;
	     node = node->ai_next)
		host->ipv4[count++] = ((struct sockaddr_in *)(void *)node->ai_addr)->sin_addr;
	if (list) {
		freeaddrinfo(list);
		host->count = count;
	}
	book_add_ipv4(host->name, host->ipv4, host->count, host->ttl);
}

/* Whether an address is one of private networks (RFC 1918, 6598, 3927), or this machine's. */
static bool is_private(struct in_addr addr)
{
	uint32_t number = ntohl(addr.s_addr);

	return number >> 24 == 10 || number >> 20 == 0xac1 || number >> 16 == 0xc0a8 ||
	       number >> 22 == 0x191 || number >> 16 == 0xa9fe || number >> 24 == 127;
}

/* Whether a connection would leave a private network. Who answers for a pinned name could else have
 * those to himself that are for another host there: any other address may be the host's own. */
static bool is_leaving(const struct in6_addr *ipv6, struct in_addr ipv4)
{
	return (ipv6->s6_addr[0] & 0xfe) == 0xfc && !is_private(ipv4); /* RFC 4193 */
}

static void report(const struct book_host *host, struct in_addr ipv4, bool is_taken)
{
	struct log_line line;

	if (!log_wants(LOG_INFO))
		return;
	log_begin(&line, LOG_INFO);
	log_text(&line, "connect host=");
	log_escaped(&line, host->name, strlen(host->name));
	log_text(&line, " asked=IPv6 answer=");
	log_text(&line, is_taken ? "::ffff:" : "none: a private address, and ");
	log_ipv4(&line, ipv4);
	log_text(&line, is_taken ? "" : " is a public one");
	log_end(&line);
}

bool route_find(const struct sockaddr *addr, socklen_t len, struct sockaddr_in6 *ret)
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
	if (!host.is_fresh && !guard_is_piling_up())
		refresh(&host);
	errno = saved;
	if (!host.count)
		return false;
	ipv4 = host.ipv4[host.index % host.count];
	if (is_leaving(&sin6.sin6_addr, ipv4)) {
		report(&host, ipv4, false);
		return false;
	}
	*ret = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = sin6.sin6_port };
	mapped_from(ipv4, &ret->sin6_addr);
	report(&host, ipv4, true);
	return true;
}
