/* SPDX-License-Identifier: MIT */
/* Decides where a connection goes that the program makes to an IPv6 address in the book. */
#ifndef PIN4_ROUTE_H
#define PIN4_ROUTE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "book.h"

/* Whether addr is the IPv6 address of a pinned host that has an IPv4 one; then *ret is that,
 * mapped, with addr's port: the n-th IPv6 address of a host goes to its n-th IPv4 one, so that a
 * program that walks the one list walks the other. Of an address of a private network (RFC 4193)
 * only if the IPv4 one is private, too; never to one that no other host can have. Reads no byte of
 * addr behind len. errno stays.
 *
 * Where the host is in the book and its IPv4 addresses are not, or no more, asks the libc for
 * them if may_ask, which takes what a lookup takes; else those of before, if any, go on to hold.
 * Async-signal-safe unless may_ask. */
bool route_find(const struct sockaddr *addr, socklen_t len, bool may_ask, struct sockaddr_in6 *ret);

enum { ROUTE_SHORTEST = offsetof(struct sockaddr_in6, sin6_scope_id) }; /* RFC 2133 */

/* Whether route_find() has to be asked at all. Async-signal-safe. */
static inline bool route_may_find(const struct sockaddr *addr, socklen_t len)
{
	struct in6_addr ipv6;
	sa_family_t family;

	if (!book_has_routes() || !addr || len < ROUTE_SHORTEST ||
	    len > sizeof(struct sockaddr_storage))
		return false;
	memcpy(&family, addr, sizeof(family)); /* addr need not be aligned */
	memcpy(&ipv6, (const char *)addr + offsetof(struct sockaddr_in6, sin6_addr), sizeof(ipv6));
	return family == AF_INET6 && book_may_find(&ipv6);
}

#endif
