/* SPDX-License-Identifier: MIT */
/* Tells which rules may match a host, from its last bytes and its length alone: for most hosts
 * none, in a few instructions. Async-signal-safe; any thread may ask while one changes it. */
#ifndef PIN4_FILTER_H
#define PIN4_FILTER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	FILTER_BYTES = 4, /* that choose a bucket */
	FILTER_BUCKETS = 256,
	FILTER_LONG = 63, /* stands for all lengths from itself on */
};

/* The lengths of the names, without "*.", of the rules for what ends in some bytes: for n bytes bit
 * 63 - n, so that the longest comes first. Length 0 is that of "*". */
struct filter_lengths {
	_Atomic uint64_t whole; /* of rules for a name */
	_Atomic uint64_t below; /* of rules for what is below one */
};

static inline uint64_t filter_length(size_t bytes)
{
	return 1ULL << (bytes < FILTER_LONG ? FILTER_LONG - bytes : 0);
}

/* All zero lets nothing pass but what always does. The last bucket is of names and hosts too short
 * to choose one by. */
struct filter {
	struct filter_lengths buckets[FILTER_BUCKETS + 1];
};

/* Letters are folded; that makes a few other characters one, which costs a needless pass at worst.
 */
static inline size_t filter_bucket(const char *name, size_t len)
{
	uint32_t word;

	if (len < FILTER_BYTES)
		return FILTER_BUCKETS;
	memcpy(&word, name + len - FILTER_BYTES, sizeof(word));
	return (word | 0x20202020) * 0x9e3779b1 >> 24;
}

struct filter_answer {
	uint64_t whole;
	uint64_t below;
};

/* The lengths of the rules for what ends as host does. */
static inline struct filter_answer filter_ask(const struct filter *filter, const char *host,
					      size_t len)
{
	const struct filter_lengths *lengths = &filter->buckets[filter_bucket(host, len)];
	const struct filter_lengths *shorter = &filter->buckets[FILTER_BUCKETS];

	return (struct filter_answer){
		.whole = atomic_load_explicit(&lengths->whole, memory_order_relaxed),
		.below = atomic_load_explicit(&lengths->below, memory_order_relaxed) |
			 atomic_load_explicit(&shorter->below, memory_order_relaxed),
	};
}

/* Whether any rule may match host. One that is short, long or has a trailing dot always passes. */
static inline bool filter_passes(const struct filter *filter, const char *host, size_t len)
{
	struct filter_answer rules;

	if (len < FILTER_BYTES || len > FILTER_LONG || host[len - 1] == '.')
		return true;
	rules = filter_ask(filter, host, len);
	if (!(rules.whole | rules.below))
		return false;
	if (rules.whole >> (FILTER_LONG - len) & 1 || rules.below & filter_length(0))
		return true;
	/* Bit n now says that a name may begin at host[n]; a dot is before it, and a byte more. */
	rules.below = rules.below >> (FILTER_LONG - len) & ~3ULL;
	for (; rules.below; rules.below &= rules.below - 1)
		if (host[__builtin_ctzll(rules.below) - 1] == '.')
			return true;
	return false;
}

/* Adds a rule for name, trimmed and len bytes long, or for what is below it: then, unless it has
 * no bytes, which is "*", a dot has to stand before it. */
void filter_add(struct filter *filter, const char *name, size_t len, bool is_below);

/* Lets pass what another one does, too, or that alone. */
void filter_widen(struct filter *filter, const struct filter *other);
void filter_copy(struct filter *filter, const struct filter *other);

#endif
