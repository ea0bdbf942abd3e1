/* SPDX-License-Identifier: MIT */
/* Finds the library's own file, and commands as execvp(3) does. */
#ifndef PIN4_FIND_H
#define PIN4_FIND_H

#include "variables.h"

enum { FIND_PATH_MAX = 4096 }; /* the kernel's PATH_MAX: what a result takes of text at most */

enum find_result { FIND_OK, FIND_NOTHING, FIND_NO_PROGRAM };

/* Finishes an absolute path in text: of path, seen from the working directory. NULL where that is
 * not known. */
char *find_absolute(struct text *text, const char *path);

/* The same of the file that this program was started from. */
char *find_self(struct text *text);

/* Whether the file at path is a regular one that this user can read. */
bool find_is_readable(const char *path);

/* Finds the file that execvp(3) would run: in path, the value of PATH, unless name has a slash.
 * FIND_NO_PROGRAM where there is only one that cannot be executed. *ret, in text or name itself, is
 * NULL only with FIND_NOTHING. */
enum find_result find_command(struct text *text, const char *name, const char *path,
			      const char **ret);

#endif
