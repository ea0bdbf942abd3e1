/* SPDX-License-Identifier: MIT */
/* The rules in force: read at the first host name that is looked up, read again when their file
 * has changed, published whole. */
#ifndef PIN4_ALLOWLIST_H
#define PIN4_ALLOWLIST_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

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

/* The same for settings of whatever origin; what they point to has to stay as long as the rules. */
bool allowlist_gather(const struct settings *settings, struct reading *ret);
void allowlist_free(struct reading *reading);

/* Reports to the log what is wrong with the file and with the rules, each once; of the rules no
 * more than most. Returns how much is wrong. */
size_t allowlist_complain(const struct reading *reading, size_t most);
void allowlist_complain_file(const char *path, int error, const char *consequence);

/* What these complaints say, into a line of the caller's. */
void allowlist_put_file(struct log_line *line, const char *path, int error,
			const char *consequence);
void allowlist_put_rule(struct log_line *line, const struct rule *rule);

extern HIDDEN _Atomic(const struct rules *) allowlist_rules;
extern HIDDEN _Atomic(_Atomic(unsigned) *) allowlist_counter;
extern HIDDEN _Atomic(uint32_t) allowlist_looked; /* the second of the last look; 0: never look */

/* Of the rules in force, and while they are replaced of both: a host that it holds back matches
 * none of them. To ask it nobody has to enter. Of use once allowlist_refresh() says so; the
 * libc's lookups are bound by then. */
extern HIDDEN struct filter allowlist_filter;

/* Reads the settings and the rules, publishes them and reports to the log what is wrong with them;
 * of racing threads the first does, and the rules of the others are dropped. Returns whether there
 * are rules now: not before the settings are copied, without memory, or in a call that pin4 itself
 * caused. Not async-signal-safe. */
bool allowlist_load(void);

static inline bool allowlist_is_loaded(void)
{
	return atomic_load_explicit(&allowlist_rules, memory_order_relaxed);
}

/* Looks whether the rules file has changed, and if so reads it and replaces the rules in force, as
 * a whole; now is the time in seconds. A file that is gone, cannot be read or is being written to
 * leaves the rules as they are, and the log says so once. Of racing threads one looks, and the
 * others go on. Returns whether there are rules and they can change: not before the first
 * allowlist_load(), and not while PIN4 is off. errno stays. Not async-signal-safe. */
bool allowlist_look(uint32_t now);

/* The same, once a second at most. Call it before allowlist_enter(). The time is never 0. */
static inline bool allowlist_refresh(void)
{
	uint32_t now = (uint32_t)time(NULL);

	return now == atomic_load_explicit(&allowlist_looked, memory_order_acquire) ||
	       allowlist_look(now);
}

/* The rules in force, which stay as they are until allowlist_leave() with what this returns; NULL
 * before the first allowlist_load(). In between there must be no call that may block, fork, or end
 * the thread: while anyone is inside, no rules that were in force meanwhile are freed. */
static inline _Atomic(unsigned) *allowlist_enter(const struct rules **ret)
{
	_Atomic(unsigned) *counter = atomic_load(&allowlist_counter);

	if (counter)
		atomic_fetch_add(counter, 1);
	*ret = counter ? atomic_load(&allowlist_rules) : NULL;
	return counter;
}

static inline void allowlist_leave(_Atomic(unsigned) *counter)
{
	if (counter)
		atomic_fetch_sub(counter, 1);
}

#endif
