/* SPDX-License-Identifier: MIT */
/* The book: a fixed, lock-free set of IPv4 addresses. It relies on calloc, once. */
#include "book.h"

#include <stdint.h>
#include <stdlib.h>

enum {
	BOOK_SETS = 512,
	BOOK_WAYS = 4,
};

_Atomic(enum book_state) book_state;

struct book_set {
	_Atomic in_addr_t address[BOOK_WAYS]; /* newest first; 0 is free, and no host's address */
};

static _Atomic(struct book_set *) sets;

static struct book_set *set_of(struct book_set *all, struct in_addr addr)
{
	return &all[(uint32_t)(addr.s_addr * 2654435769U) >> 23];
}

_Static_assert(BOOK_SETS == 1 << (32 - 23), "set_of() takes the top nine bits");

static struct book_set *get_sets(void)
{
	struct book_set *all = atomic_load(&sets);
	struct book_set *made;

	if (all || !(made = calloc(BOOK_SETS, sizeof(*made))))
		return all;
	if (atomic_compare_exchange_strong(&sets, &all, made))
		return made;
	free(made);
	return all;
}

void book_open(void)
{
	enum book_state closed = BOOK_CLOSED;

	atomic_compare_exchange_strong(&book_state, &closed, BOOK_EMPTY);
}

/* Writers that race may each forget an address of this set: the set is a cache. */
void book_add(struct in_addr addr)
{
	struct book_set *all = addr.s_addr && !book_has(addr) ? get_sets() : NULL;
	in_addr_t moved = addr.s_addr;
	struct book_set *set;

	if (!all)
		return;
	set = set_of(all, addr);
	for (size_t i = 0; i < BOOK_WAYS; i++)
		moved = atomic_exchange_explicit(&set->address[i], moved, memory_order_relaxed);
	atomic_store(&book_state, BOOK_USED);
}

bool book_has(struct in_addr addr)
{
	struct book_set *all = atomic_load(&sets);
	struct book_set *set;

	if (!all)
		return false;
	set = set_of(all, addr);
	for (size_t i = 0; i < BOOK_WAYS; i++)
		if (addr.s_addr &&
		    atomic_load_explicit(&set->address[i], memory_order_relaxed) == addr.s_addr)
			return true;
	return false;
}
