/* SPDX-License-Identifier: MIT */
/* Fills the filter; filter.h asks it. It relies on nothing. */
#include "filter.h"

void filter_add(struct filter *filter, const char *name, size_t len, bool is_below)
{
	uint64_t bit = 1ULL << (len < FILTER_LONG ? len : FILTER_LONG);
	size_t dot = is_below && len;
	struct filter_lengths *lengths = &filter->buckets[filter_bucket(name - dot, len + dot)];

	if (is_below)
		lengths->below |= bit;
	else
		lengths->whole |= bit;
}
