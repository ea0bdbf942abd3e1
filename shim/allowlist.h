/* SPDX-License-Identifier: MIT */
/* The rules in force: read from the file and PIN4_HOSTS at the first question, and again when the
 * file changes. Async-signal-safe, without a lock; errno stays. */
#ifndef PIN4_ALLOWLIST_H
#define PIN4_ALLOWLIST_H

#include <stdbool.h>
#include <stddef.h>

#include "log.h"
#include "rules.h"
#include "settings.h"

/* The rules in force at this moment. The file is looked at first, once a second at most: if it has
 * changed or is gone, all rules are replaced at once; if it cannot be read or is being written to,
 * they stay, and the log says so once. Of racing threads one looks, and the others go on. What is
 * returned is never freed or changed. NULL without memory, and until the settings are copied. */
const struct rules *allowlist_rules(void);

/* What one reading of the settings and the file gives. */
struct reading {
	struct settings settings;
	const struct rules *rules; /* stay for ever */
	int file_error;            /* an errno, or 0 */
};

/* Reads the settings and the rules that they ask for, for a report. Returns false, with *ret
 * untouched, until the settings are copied and without memory. */
bool allowlist_read(struct reading *ret);

/* The same for settings of whatever origin; what they point to has to stay as long as the rules. */
bool allowlist_gather(const struct settings *settings, struct reading *ret);

/* Reports to the log what is wrong with the file and with the rules, each once; of the rules no
 * more than most. Returns how much is wrong. */
size_t allowlist_complain(const struct reading *reading, size_t most);
void allowlist_complain_file(const char *path, int error, const char *consequence);

/* What these complaints say, into a line of the caller's. */
void allowlist_put_file(struct log_line *line, const char *path, int error,
			const char *consequence);
void allowlist_put_rule(struct log_line *line, const struct rule *rule);

#endif
