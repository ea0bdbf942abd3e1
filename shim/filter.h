/* SPDX-License-Identifier: MIT */
/* Tells of most hosts that no rule matches them, by their last eight bytes and a few instructions.
 * What passes may still match nothing. Pure; async-signal-safe to ask. */
#ifndef PIN4_FILTER_H
#define PIN4_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FILTER_BYTES = 8,
	FILTER_BITS = 1024,
};

/* All zero lets nothing pass. */
struct filter {
	uint64_t bits[FILTER_BITS / 64];
	unsigned lengths;  /* bit n: some endings have FILTER_BYTES - n bytes */
	bool passes_all;   /* "*" is a rule */
	bool passes_short; /* the name of a rule is shorter than FILTER_BYTES */
};

/* The place of the last FILTER_BYTES - skipped bytes of those that stand before end. Letters are
 * folded; that makes a few other characters one, which costs a needless pass at worst. */
static inline unsigned filter_place(const char *end, unsigned skipped)
{
	uint64_t word;

	__builtin_memcpy(&word, end - FILTER_BYTES, sizeof(word));
	word |= 0x2020202020202020;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	word >>= 8 * skipped;
#else
	word <<= 8 * skipped;
#endif
	return (unsigned)(word * 0x9e3779b97f4a7c15 >> 54);
}

_Static_assert(FILTER_BITS == 1 << (64 - 54), "filter_place() takes the top ten bits");

static inline bool filter_has(const struct filter *filter, unsigned place)
{
	return filter->bits[place / 64] >> place % 64 & 1;
}

/* Lets hosts pass that end in the len bytes at ending: those of a name, which has to be the whole
 * host, or a domain's with the dot before it. */
void filter_add(struct filter *filter, const char *ending, size_t len, bool is_whole);

/* Whether a rule may match host, a terminated string. */
static inline bool filter_passes(const struct filter *filter, const char *host)
{
	const char *end = host;

	if (filter->passes_all)
		return true;
	for (;; end += 4) { /* no strlen, which is a call and dearer for a name's length */
		if (!end[0])
			break;
		if (!end[1]) {
			end += 1;
			break;
		}
		if (!end[2]) {
			end += 2;
			break;
		}
		if (!end[3]) {
			end += 3;
			break;
		}
	}
	end -= end != host && end[-1] == '.';
	if (end - host < FILTER_BYTES)
		return filter->passes_short;
	for (unsigned left = filter->lengths; left; left &= left - 1)
		if (filter_has(filter, filter_place(end, (unsigned)__builtin_ctz(left))))
			return true;
	return false;
}

#endif
