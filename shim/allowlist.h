/* SPDX-License-Identifier: MIT */
/* The rules in force: read at the first host name that is looked up, published whole. */
#ifndef PIN4_ALLOWLIST_H
#define PIN4_ALLOWLIST_H

#include <stdatomic.h>
#include <stddef.h>

#include "export.h"
#include "rules.h"
#include "settings.h"

/* What one reading of the settings and the file gave. */
struct reading {
	struct settings settings;
	struct rules *rules;
	char *file_text; /* what rules refer to; NULL without a file */
	int file_error;  /* an errno, or 0 */
};

/* Reads the settings and the rules that they ask for. Returns false, with nothing to free, while
 * the settings are not copied and without memory. */
bool allowlist_read(struct reading *ret);
void allowlist_free(struct reading *reading);

/* Reports to the log what is wrong with the file and with the rules, each once; of the rules no
 * more than most. Returns how much is wrong. */
size_t allowlist_complain(const struct reading *reading, size_t most);

extern HIDDEN _Atomic(const struct rules *) allowlist_rules;

/* Reads the settings and the rules, publishes them and reports to the log what is wrong with them;
 * of racing threads the first does, and the rules of the others are dropped. Returns the rules in
 * force, or NULL where there are none yet: before the settings are copied, without memory, in a
 * call that pin4 itself caused. Not async-signal-safe. */
const struct rules *allowlist_load(void);

/* The rules in force, or NULL before the first lookup. */
static inline const struct rules *allowlist_peek(void)
{
	return atomic_load_explicit(&allowlist_rules, memory_order_acquire);
}

/* The rules in force, from the first lookup on; NULL as above. */
static inline const struct rules *allowlist(void)
{
	const struct rules *rules = allowlist_peek();

	return rules ? rules : allowlist_load();
}

#endif
