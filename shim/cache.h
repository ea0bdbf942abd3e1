/* SPDX-License-Identifier: MIT */
/* A small cache of records made of 32-bit words: fixed size, no lock, the oldest of a few places
 * goes first. All of it is async-signal-safe and wait-free: a place that somebody writes to at
 * this moment is passed over. */
#ifndef PIN4_CACHE_H
#define PIN4_CACHE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cache {
	const uint32_t sets;                /* a power of two */
	const uint32_t key_words;           /* that a record starts with */
	const uint32_t words;               /* of a whole record */
	_Atomic(_Atomic uint32_t *) places; /* mapped at the first put */
};

/* Keys and records are arrays of uint32_t, or structures of nothing else.
 *
 * Copies the record with that key into record, all words of it. Returns false where there is none,
 * which costs a hash and a look at one word of each place; record's words mean nothing then. */
bool cache_get(struct cache *cache, const void *key, void *record);

/* Puts a record, in the place of the one with the same key, or of the oldest that might stand
 * where it belongs. Forgets it without memory. */
void cache_put(struct cache *cache, const void *record);

#endif
