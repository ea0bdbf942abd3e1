/* SPDX-License-Identifier: MIT */
/* The settings: what the environment said when the program started. */
#ifndef PIN4_SETTINGS_H
#define PIN4_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "export.h"
#include "log.h"

#define SETTINGS_CONFIG "/etc/pin4.conf"

/* Every pointer is to memory that stays. */
struct settings {
	bool is_off;
	bool is_config_named; /* PIN4_CONFIG was set, so that its file has to be there */
	enum log_level log_level;
	const char *log_file; /* NULL for descriptor 2 */
	const char *config;
	const char *hosts; /* "" when unset */
};

/* Copies the PIN4 variables, because programs overwrite and clear their environment. Idempotent;
 * returns false while another thread is at it. In an AT_SECURE program (getauxval(3)) nothing is
 * copied. No system call while they fit 1 KiB. Async-signal-safe. */
bool settings_copy(void);

/* The copy. "doctor" finds it at the same place in another process that has mapped the same file:
 * the mark tells that it is there. */
struct settings_copied {
	uint64_t mark;
	const char *variables; /* "NAME=value", each terminated, an empty one at the end */
	size_t size;           /* in bytes, the end included */
};

#define SETTINGS_MARK UINT64_C(0x50494e3453455454)

extern HIDDEN struct settings_copied settings_copied;

/* The first value of a variable in such a copy, as getenv(3) has it, or NULL. */
const char *settings_get(const char *variables, const char *name);

/* The settings in such a copy, which stays the caller's. */
void settings_parse(const char *variables, struct settings *ret);

/* Reads this process's copy. Call it after settings_copy() has returned true; any thread may. */
void settings_read(struct settings *ret);

/* PIN4_CHECK, or NULL when it is unset: all that start needs to know. */
const char *settings_check(void);

/* Reports each variable that pin4 does not know, or whose value it does not, to the log. */
void settings_complain(void);

#endif
