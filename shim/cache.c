/* SPDX-License-Identifier: MIT */
/* The cache. It relies on memory of the kernel's and on atomics. */
#include "cache.h"

#include "memory.h"

/* A place is two words and a record: a sequence, odd while somebody writes and 0 while it is
 * empty, and the time of writing, which is a count of all writes. */
enum { PLACE_SEQUENCE, PLACE_TIME, PLACE_RECORD, WAYS = 4 };

typedef _Atomic uint32_t word;

static uint32_t load(word *at)
{
	return atomic_load_explicit(at, memory_order_relaxed);
}

static word *place_of(const struct cache *cache, word *places, const uint32_t *key, uint32_t way)
{
	uint32_t hash = 2166136261U;

	for (uint32_t i = 0; i < cache->key_words; i++)
		hash = (hash ^ key[i]) * 0x9e3779b1U;
	/* The low bits of a product know the low bits alone, and of an address in network order
	 * that is its network: the high ones have to come down, and to be mixed once more. */
	hash = (hash ^ hash >> 16) * 0x85ebca6bU;
	hash ^= hash >> 13;
	hash = (hash & (cache->sets - 1)) * WAYS + way;
	return places + (size_t)hash * (PLACE_RECORD + cache->words);
}

static word *map(struct cache *cache)
{
	size_t size = (size_t)cache->sets * WAYS * (PLACE_RECORD + cache->words) * sizeof(word);
	word *places = atomic_load_explicit(&cache->places, memory_order_acquire);
	word *mapped;

	if (places || !(mapped = memory_map(size)))
		return places;
	if (atomic_compare_exchange_strong(&cache->places, &places, mapped))
		return mapped;
	memory_unmap(mapped, size);
	return places;
}

/* Whether the place holds that key and, if so and record is not NULL, the whole of it. A writer
 * in between makes it a no. */
static bool read_place(const struct cache *cache, word *place, const uint32_t *key,
		       uint32_t *record)
{
	uint32_t sequence = atomic_load_explicit(&place[PLACE_SEQUENCE], memory_order_acquire);

	if (!sequence || sequence & 1)
		return false;
	for (uint32_t i = 0; i < cache->key_words; i++)
		if (load(&place[PLACE_RECORD + i]) != key[i])
			return false;
	for (uint32_t i = 0; record && i < cache->words; i++)
		record[i] = load(&place[PLACE_RECORD + i]);
	atomic_thread_fence(memory_order_acquire);
	return load(&place[PLACE_SEQUENCE]) == sequence;
}

bool cache_get(struct cache *cache, const void *key, void *record)
{
	const uint32_t *words = key;
	word *places = atomic_load_explicit(&cache->places, memory_order_acquire);
	word *place;

	if (!places)
		return false;
	place = place_of(cache, places, words, 0);
	for (int way = 0; way < WAYS; way++, place += PLACE_RECORD + cache->words)
		if (load(&place[PLACE_RECORD]) == words[0] && load(&place[PLACE_SEQUENCE]) &&
		    read_place(cache, place, words, record))
			return true;
	return false;
}

/* The place for a record: its own, an empty one, or the oldest that nobody writes to; or NULL.
 * Times wrap, so they are compared by their distance from now. */
static word *choose(const struct cache *cache, word *places, const uint32_t *key, uint32_t now)
{
	word *oldest = NULL;

	for (uint32_t way = 0; way < WAYS; way++) {
		word *place = place_of(cache, places, key, way);

		if (read_place(cache, place, key, NULL) || !load(&place[PLACE_SEQUENCE]))
			return place;
		if (load(&place[PLACE_SEQUENCE]) & 1)
			continue;
		if (!oldest || now - load(&place[PLACE_TIME]) > now - load(&oldest[PLACE_TIME]))
			oldest = place;
	}
	return oldest;
}

void cache_put(struct cache *cache, const void *record)
{
	const uint32_t *words = record;
	static word writes;
	word *places = map(cache);
	uint32_t now = atomic_fetch_add_explicit(&writes, 1, memory_order_relaxed);

	for (int tries = 0; places && tries < WAYS; tries++) {
		word *place = choose(cache, places, words, now);
		uint32_t sequence = place ? load(&place[PLACE_SEQUENCE]) : 1;

		if (sequence & 1 || !atomic_compare_exchange_strong(&place[PLACE_SEQUENCE],
								    &sequence, sequence + 1))
			continue;
		atomic_thread_fence(memory_order_release);
		atomic_store_explicit(&place[PLACE_TIME], now, memory_order_relaxed);
		for (uint32_t i = 0; i < cache->words; i++)
			atomic_store_explicit(&place[PLACE_RECORD + i], words[i],
					      memory_order_relaxed);
		sequence = sequence + 2 ? sequence + 2 : 2; /* 0 is an empty place */
		atomic_store_explicit(&place[PLACE_SEQUENCE], sequence, memory_order_release);
		return;
	}
}
