/* SPDX-License-Identifier: MIT */
/* The cache: keys of any size, the oldest goes first, counters that wrap, and records that are
 * never mixed while others write. */
#include <pthread.h>

#include "cache.h"
#include "child.h"

enum { WAYS = 4, SEQUENCE = 0, TIME = 1, PLACE = 2 }; /* of cache.c: words of a place */

enum { WORDS_MOST = 24 };

/* A record with all words of number, but for the last word of the key, which is last. */
static void fill(uint32_t *record, const struct cache *cache, uint32_t number, uint32_t last)
{
	for (uint32_t i = 0; i < cache->words; i++)
		record[i] = number;
	record[cache->key_words - 1] = last;
}

struct size {
	uint32_t key_words;
	uint32_t words;
};

static void check_keys(void **state)
{
	const struct size *size = *state;
	struct cache cache = { .sets = 64, .key_words = size->key_words, .words = size->words };
	uint32_t record[WORDS_MOST], found[WORDS_MOST], again[WORDS_MOST];

	fill(again, &cache, 7, 1000);
	fill(record, &cache, 0, 0);
	assert_false(cache_get(&cache, record, found));
	cache_put(&cache, again);
	assert_false(cache_get(&cache, record, found));
	cache_put(&cache, record); /* a key of nothing but zeros is one, too */
	assert_true(cache_get(&cache, record, found));
	assert_memory_equal(record, found, size->words * 4);
	for (uint32_t i = 1; i <= 20; i++) {
		fill(record, &cache, 7, i);
		assert_false(cache_get(&cache, record, found));
		cache_put(&cache, record);
		memset(found, 0x55, sizeof(found));
		assert_true(cache_get(&cache, record, found));
		assert_memory_equal(record, found, size->words * 4);
		for (size_t j = size->words; j < WORDS_MOST; j++)
			assert_int_equal(found[j], 0x55555555);
	}
	memcpy(again, record, sizeof(again));
	for (uint32_t i = size->key_words; i < size->words; i++)
		again[i] = 99; /* all but the key */
	cache_put(&cache, again);
	assert_true(cache_get(&cache, record, found));
	assert_memory_equal(again, found, size->words * 4);
	for (uint32_t i = 0; i < size->key_words; i++) { /* no part of a key is the key */
		memcpy(again, record, sizeof(again));
		again[i] ^= 0x80000000;
		assert_false(cache_get(&cache, again, found));
	}
}

#define KEYS(name, key_words, words) UNIT_ROW(#name, check_keys, size, key_words, words)

/* Which of the first records there are, as digits. */
static void say_known(struct cache *cache, uint32_t count)
{
	for (uint32_t i = 1; i <= count; i++) {
		uint32_t found[2];

		if (cache_get(cache, &i, found))
			fprintf(child_answer, "%u", i);
		child_need(!cache_get(cache, &i, found) || found[0] == i);
	}
	fprintf(child_answer, " ");
}

static void put(struct cache *cache, uint32_t key, uint32_t value)
{
	cache_put(cache, (uint32_t[]){ key, value });
}

static uint32_t get(struct cache *cache, uint32_t key)
{
	uint32_t found[2];

	return cache_get(cache, &key, found) ? found[1] : 0;
}

static struct cache one_set = { .sets = 1, .key_words = 1, .words = 2 };

static void push_out(void)
{
	for (uint32_t i = 1; i <= 6; i++) {
		put(&one_set, i, i);
		say_known(&one_set, i);
	}
	put(&one_set, 3, 30); /* is young again */
	put(&one_set, 7, 7);
	put(&one_set, 8, 8);
	say_known(&one_set, 8);
	fprintf(child_answer, "%u", get(&one_set, 3));
}

/* Records that were written before the count of all writes came round to 0. */
static void wrap_time(void)
{
	_Atomic uint32_t *places;

	for (uint32_t i = 1; i <= 4; i++)
		put(&one_set, i, i);
	places = atomic_load(&one_set.places);
	places[0 * (PLACE + 2) + TIME] = 0xfffffff3;
	places[1 * (PLACE + 2) + TIME] = 0xfffffff1; /* the oldest */
	places[2 * (PLACE + 2) + TIME] = 0xfffffff2;
	for (uint32_t i = 5; i <= 9; i++) {
		put(&one_set, i, i);
		say_known(&one_set, i);
	}
}

static void wrap_sequence(void)
{
	_Atomic uint32_t *places;

	put(&one_set, 1, 1);
	places = atomic_load(&one_set.places);
	places[SEQUENCE] = 0xfffffffa;
	for (uint32_t i = 1; i <= 6; i++) {
		put(&one_set, 1, i);
		fprintf(child_answer, "%u", get(&one_set, 1));
		child_need(places[SEQUENCE] % 2 == 0 && places[SEQUENCE] != 0);
	}
}

/* A place whose writer was stopped midway is passed over, and so is a set of such. */
static void pass_over_busy(void)
{
	_Atomic uint32_t *places;

	for (uint32_t i = 1; i <= 4; i++)
		put(&one_set, i, i);
	places = atomic_load(&one_set.places);
	places[1 * (PLACE + 2) + SEQUENCE]++;
	say_known(&one_set, 4);
	for (uint32_t i = 5; i <= 8; i++)
		put(&one_set, i, i);
	say_known(&one_set, 8);
	for (int way = 0; way < WAYS; way++)
		places[way * (PLACE + 2) + SEQUENCE] |= 1;
	put(&one_set, 9, 9);
	say_known(&one_set, 9);
}

static void fill_all_sets(void)
{
	struct cache cache = { .sets = 256, .key_words = 1, .words = 2 };
	unsigned known = 0;

	for (uint32_t i = 1; i <= 20000; i++) {
		put(&cache, i, i + 5);
		child_need(get(&cache, i) == i + 5);
	}
	for (uint32_t i = 1; i <= 20000; i++)
		known += get(&cache, i) != 0;
	fprintf(child_answer, "%u", known);
}

enum { ROUNDS = 150000, KEYS_MOST = 12, WRITERS = 2 };

static struct cache shared = { .sets = 1, .key_words = 4, .words = WORDS_MOST };
static atomic_bool is_over;

/* Each record is of one number, its key, and behind the key of another one. */
static void *write_records(void *arg)
{
	uint32_t seed = 1 + (uint32_t)(uintptr_t)arg;

	for (uint32_t i = 0; i < ROUNDS; i++) {
		uint32_t record[WORDS_MOST];

		seed = seed * 1664525U + 1013904223U;
		for (int j = 0; j < WORDS_MOST; j++)
			record[j] = j < 4 ? (seed >> 16) % KEYS_MOST
					  : i * WRITERS + (uint32_t)(uintptr_t)arg;
		cache_put(&shared, record);
	}
	return NULL;
}

/* As pin4 reads: into the very words that the key is in. */
static void *read_records(void *arg)
{
	size_t *wrong = arg;
	uint32_t record[WORDS_MOST];

	for (uint32_t i = 0; !atomic_load(&is_over); i++) {
		for (int j = 0; j < 4; j++)
			record[j] = i % KEYS_MOST;
		if (!cache_get(&shared, record, record))
			continue;
		for (int j = 0; j < 4; j++)
			wrong[0] += record[j] != i % KEYS_MOST;
		for (int j = 5; j < WORDS_MOST; j++)
			wrong[1] += record[j] != record[4];
		wrong[2]++;
	}
	return NULL;
}

static void race(void)
{
	pthread_t writers[WRITERS], reader;
	size_t wrong[3] = { 0 };

	pthread_create(&reader, NULL, read_records, wrong);
	for (size_t i = 0; i < WRITERS; i++)
		pthread_create(&writers[i], NULL, write_records, (void *)i);
	for (size_t i = 0; i < WRITERS; i++)
		pthread_join(writers[i], NULL);
	atomic_store(&is_over, true);
	pthread_join(reader, NULL);
	fprintf(child_answer, "%zu with another key, %zu mixed, %s", wrong[0], wrong[1],
		wrong[2] ? "some read" : "none read");
}

static const struct CMUnitTest tests[] = {
	KEYS(key_of_1_word_is_told_from_others, 1, 1),
	KEYS(key_of_1_word_leads_to_its_record, 1, 3),
	KEYS(key_of_2_words_leads_to_its_record, 2, 24),
	KEYS(key_of_3_words_leads_to_its_record, 3, 4),
	KEYS(key_of_4_words_is_told_from_others, 4, 4),
	KEYS(key_of_4_words_leads_to_its_record, 4, 7),
	CHILD(put_into_a_full_set_pushes_out_the_oldest, push_out,
	      "1 12 123 1234 2345 3456 3678 30", ""),
	CHILD(put_while_time_wraps_pushes_out_the_oldest, wrap_time, "1345 1456 4567 5678 6789 ",
	      ""),
	CHILD(put_while_sequence_wraps_is_read, wrap_sequence, "123456", ""),
	CHILD(put_beside_busy_places_passes_them_over, pass_over_busy, "134 678  ", ""),
	CHILD(put_of_20000_fills_all_places, fill_all_sets, "1024", ""),
	CHILD(get_while_others_put_is_never_mixed, race, "0 with another key, 0 mixed, some read",
	      ""),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
