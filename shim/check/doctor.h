/* SPDX-License-Identifier: MIT */
/* Between the files of the doctor's report: processes as /proc shows them. */
#ifndef PIN4_DOCTOR_H
#define PIN4_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log.h"

struct process {
	unsigned pid, parent;
	unsigned uid, gid; /* the effective ones */
	bool has_ended;    /* and its parent has not noticed */
	bool is_shown;
	char name[32]; /* as /proc/PID/status escapes it */
};

/* All processes but this one. */
struct family {
	struct process *all;
	size_t count;
	char *text; /* FAMILY_TEXT bytes, for whoever reads a file */
};

enum { FAMILY_MOST = 1 << 16, FAMILY_TEXT = 4 << 20 };

/* Returns false where /proc cannot be read. The memory stays until the process ends. */
bool family_read(struct family *ret);

struct process *family_find(const struct family *family, unsigned pid);

/* A descendant of that name, or of any if it is NULL. */
const struct process *family_find_below(const struct family *family, unsigned pid,
					const char *name);

/* The path of a file below /proc/PID, in line. */
const char *family_path(struct log_line *line, unsigned pid, const char *file);

/* Reads such a file into family->text, with two NULs behind it. Returns its length, or -1 with
 * errno. */
long family_load(const struct family *family, unsigned pid, const char *file);

/* Where the process has mapped libpin4.so; 0 if it has not. Uses family->text. */
uintptr_t family_find_library(const struct family *family, unsigned pid);

/* Prints why a process does not have the library. preload is its LD_PRELOAD, NULL if that is
 * lost. */
void doctor_print_reason(const struct process *process, const char *preload);

#endif
