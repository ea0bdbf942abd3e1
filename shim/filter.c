/* SPDX-License-Identifier: MIT */
/* Fills the filter; filter.h asks it. It relies on one writer at a time. */
#include "filter.h"

static uint64_t load(const _Atomic uint64_t *lengths)
{
	return atomic_load_explicit(lengths, memory_order_relaxed);
}

static void store(_Atomic uint64_t *lengths, uint64_t value)
{
	atomic_store_explicit(lengths, value, memory_order_relaxed);
}

void filter_add(struct filter *filter, const char *name, size_t len, bool is_below)
{
	size_t dot = is_below && len;
	struct filter_lengths *lengths = &filter->buckets[filter_bucket(name - dot, len + dot)];
	_Atomic uint64_t *which = is_below ? &lengths->below : &lengths->whole;

	store(which, load(which) | filter_length(len));
}

void filter_widen(struct filter *filter, const struct filter *other)
{
	for (size_t i = 0; i <= FILTER_BUCKETS; i++) {
		struct filter_lengths *to = &filter->buckets[i];
		const struct filter_lengths *from = &other->buckets[i];

		store(&to->whole, load(&to->whole) | load(&from->whole));
		store(&to->below, load(&to->below) | load(&from->below));
	}
}

void filter_copy(struct filter *filter, const struct filter *other)
{
	for (size_t i = 0; i <= FILTER_BUCKETS; i++) {
		store(&filter->buckets[i].whole, load(&other->buckets[i].whole));
		store(&filter->buckets[i].below, load(&other->buckets[i].below));
	}
}
