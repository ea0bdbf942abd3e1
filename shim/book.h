/* SPDX-License-Identifier: MIT */
/* What this process learned about pinned hosts: the IPv4 addresses that pinned lookups gave. */
#ifndef PIN4_BOOK_H
#define PIN4_BOOK_H

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "export.h"

enum book_state {
	BOOK_CLOSED, /* start has not run: nothing is known, the libc table may be empty */
	BOOK_EMPTY,
	BOOK_USED,
};

extern HIDDEN _Atomic(enum book_state) book_state;

/* Whether there is nothing to look up and the libc table is filled: one load, which is all that
 * a process without pinned lookups pays. Async-signal-safe. */
static inline bool book_is_idle(void)
{
	return atomic_load_explicit(&book_state, memory_order_relaxed) == BOOK_EMPTY;
}

/* Opens the book. Call it once the libc table is filled; idempotent. */
void book_open(void);

/* Notes that a pinned lookup gave addr. The book has a fixed size: where it is full, the oldest
 * neighbour is forgotten, and without memory the new one is. Not async-signal-safe. */
void book_add(struct in_addr addr);

/* Whether addr was noted. Reads atomics only: async-signal-safe, no lock, no memory. */
bool book_has(struct in_addr addr);

#endif
