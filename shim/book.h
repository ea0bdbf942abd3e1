/* SPDX-License-Identifier: MIT */
/* The book: what this process learned about pinned hosts. It knows which IPv4 addresses belong to
 * one, and, of those whose DNS answers the program read itself, the names and IPv6 addresses. All
 * of it has a fixed size, takes no lock and is async-signal-safe. */
#ifndef PIN4_BOOK_H
#define PIN4_BOOK_H

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "export.h"
#include "hostname.h"

enum book_state {
	BOOK_CLOSED, /* start has not run: nothing is known, the libc table may be empty */
	BOOK_EMPTY,
	BOOK_USED,
	BOOK_ROUTED, /* there are IPv6 addresses in it */
};

extern HIDDEN _Atomic(enum book_state) book_state;

/* Whether there is nothing to look up and the libc table is filled: one load, which is all that
 * a process without pinned lookups pays. */
static inline bool book_is_idle(void)
{
	return atomic_load_explicit(&book_state, memory_order_relaxed) == BOOK_EMPTY;
}

/* Whether book_find() may find anything. */
static inline bool book_has_routes(void)
{
	return atomic_load_explicit(&book_state, memory_order_relaxed) == BOOK_ROUTED;
}

/* Opens the book. Call it once the libc table is filled; idempotent. */
void book_open(void);

/* Notes that addr is an IPv4 address of a pinned host. */
void book_add(struct in_addr addr);

/* Whether addr was noted. */
bool book_has(struct in_addr addr);

enum { BOOK_ADDRESSES = 16 }; /* IPv4 ones of a host; those behind are not kept */

struct book_host {
	char name[HOSTNAME_MAX + 1]; /* terminated, lower case */
	size_t index;                /* which of its IPv6 addresses was asked for, from 0 */
	size_t count;                /* of ipv4 that are known; 0 where nobody asked, or none is */
	bool is_fresh; /* whether ipv4 and count still hold: the TTL has not run out */
	uint32_t ttl;  /* of its IPv6 addresses, for want of a better one */
	struct in_addr ipv4[BOOK_ADDRESSES];
};

/* Notes the IPv6 addresses of a pinned host, in the order in which the program got them, but for
 * those that are no host's alone: loopback, link-local, mapped and the like. They stay
 * until others push them out: programs keep addresses for longer than any TTL. */
void book_add_ipv6(const char *name, const struct in6_addr *ipv6, size_t count, uint32_t ttl);

/* Notes all the IPv4 addresses of a pinned host, for ttl seconds, no less than
 * BOOK_TTL_LEAST and no more than BOOK_TTL_MOST; count may be 0. */
void book_add_ipv4(const char *name, const struct in_addr *ipv4, size_t count, uint32_t ttl);

enum {
	BOOK_TTL_LEAST = 10,
	BOOK_TTL_MOST = 7 * 24 * 60 * 60, /* RFC 8767 4 */
};

/* Notes that IPv6 addresses are those of a host that is not pinned: whatever pinned host has one
 * of them too, nobody can tell whom a connection to it is meant for, and it is left alone. */
void book_disown(const struct in6_addr *ipv6, size_t count);

/* The pinned host that an IPv6 address belongs to, and no other host as far as is known. Returns
 * false, *ret untouched, if to none. */
bool book_find(const struct in6_addr *ipv6, struct book_host *ret);

#endif
