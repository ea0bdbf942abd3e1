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
#include <string.h>

#include "export.h"
#include "hostname.h"

enum book_state {
	BOOK_CLOSED, /* start has not run: nothing is known, the libc table may be empty */
	BOOK_EMPTY,  /* nothing is known that a connection here could need */
	BOOK_USED,   /* there are IPv4 addresses in it, and IPv6 sockets in this process */
	BOOK_ROUTED, /* there are IPv6 addresses in it, and such sockets */
};

extern HIDDEN _Atomic(enum book_state) book_state;

/* Whether there is nothing to look up and the libc table is filled: one load, which is all that
 * a process without pinned lookups or without IPv6 sockets pays. */
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

/* Notes that the program has made an IPv6 socket. No other kind can do without an address that it
 * was given, and so a process with none has no use for the book. */
void book_add_socket(void);

/* Notes that addr is an IPv4 address of a pinned host. */
void book_add(struct in_addr addr);

/* Whether addr was noted. */
bool book_has(struct in_addr addr);

enum { BOOK_BITS = 4096 };

extern HIDDEN _Atomic uint64_t book_bits[BOOK_BITS / 64]; /* of the IPv6 addresses */

/* The bit of an IPv6 address; other addresses may share it. */
static inline unsigned book_bit(const struct in6_addr *ipv6)
{
	uint64_t half[2];

	memcpy(half, ipv6, sizeof(half));
	return (unsigned)((half[0] ^ half[1]) * 0x9e3779b97f4a7c15 >> 52);
}

/* Whether book_find() has to be asked of an address at all: no for nearly all that no pinned host
 * has, for a fraction of the price. */
static inline bool book_may_find(const struct in6_addr *ipv6)
{
	unsigned bit = book_bit(ipv6);

	return atomic_load_explicit(&book_bits[bit / 64], memory_order_relaxed) >> bit % 64 & 1;
}

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
