/* SPDX-License-Identifier: MIT */
/* Fills the filter; filter.h asks it. It relies on nothing. */
#include "filter.h"

#include <string.h>

void filter_add(struct filter *filter, const char *ending, size_t len, bool is_whole)
{
	char bytes[FILTER_BYTES] = { 0 };
	unsigned skipped = len < FILTER_BYTES ? (unsigned)(FILTER_BYTES - len) : 0;
	size_t used = FILTER_BYTES - skipped;
	unsigned place;

	if (skipped) /* a short host reaches it without its bits being asked for */
		filter->passes_short = true;
	if (!len)
		filter->passes_all = true;
	if (!len || (skipped && is_whole))
		return;
	memcpy(bytes + skipped, ending + len - used, used);
	place = filter_place(bytes + FILTER_BYTES, skipped);
	filter->bits[place / 64] |= 1ULL << place % 64;
	filter->lengths |= 1U << skipped;
}
