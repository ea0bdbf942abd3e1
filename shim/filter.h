/* SPDX-License-Identifier: MIT */
/* Tells which rules may match a host, from its last bytes and its length alone: for most hosts
 * none, in a few instructions. Pure; async-signal-safe to ask. */
#ifndef PIN4_FILTER_H
#define PIN4_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	FILTER_BYTES = 4, /* that choose a bucket */
	FILTER_BUCKETS = 256,
	FILTER_LONG = 63, /* stands for all lengths from itself on */
};

/* The lengths of the names, without "*.", of the rules for what ends in some bytes: bit n for n
 * bytes. Length 0 is that of "*". */
struct filter_lengths {
	uint64_t whole; /* of rules for a name */
	uint64_t below; /* of rules for what is below one */
};

/* All zero lets nothing pass. The last bucket is for names and hosts of too few bytes to choose
 * one by. */
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

/* The lengths of the rules that may match host, trimmed and len bytes long. */
static inline struct filter_lengths filter_ask(const struct filter *filter, const char *host,
					       size_t len)
{
	struct filter_lengths lengths = filter->buckets[filter_bucket(host, len)];

	lengths.whole &= 1ULL << (len < FILTER_LONG ? len : FILTER_LONG);
	lengths.below |= filter->buckets[FILTER_BUCKETS].below;
	return lengths;
}

/* Whether host has labels before its last bytes ones, so that a rule of that length for what is
 * below a name may match it. */
static inline bool filter_is_below(const char *host, size_t len, size_t bytes)
{
	return bytes < FILTER_LONG ? !bytes || (bytes + 1 < len && host[len - bytes - 1] == '.')
				   : len > FILTER_LONG;
}

/* Whether any rule may. */
static inline bool filter_passes(const struct filter *filter, const char *host, size_t len)
{
	struct filter_lengths lengths = filter_ask(filter, host, len);

	if (lengths.whole)
		return true;
	for (; lengths.below; lengths.below &= lengths.below - 1)
		if (filter_is_below(host, len, (size_t)__builtin_ctzll(lengths.below)))
			return true;
	return false;
}

/* Adds a rule for name, trimmed and len bytes long, or for what is below it. A name of no bytes is
 * that of "*". Where there is a name to be below of, the byte before it has to be a dot. */
void filter_add(struct filter *filter, const char *name, size_t len, bool is_below);

#endif
