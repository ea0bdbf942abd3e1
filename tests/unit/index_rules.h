/* SPDX-License-Identifier: MIT */
/* An index in malloc's memory of exactly its size, so that sanitizers see what goes beyond it. */
#ifndef PIN4_INDEX_RULES_H
#define PIN4_INDEX_RULES_H

#include <stdlib.h>

#include "rules.h"

/* The caller frees it. */
static inline struct rules *index_rules(const struct rules_text *texts, size_t count)
{
	size_t size = rules_size(texts, count);
	void *memory = calloc(1, size);

	return memory ? rules_index(memory, size, texts, count) : NULL;
}

#endif
