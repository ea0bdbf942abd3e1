/* SPDX-License-Identifier: MIT */
/* What most unit tests share: cmocka behind the headers that it wants, names at their limits,
 * blocks without slack, a fixed sequence of numbers, and a directory that goes away. */
#ifndef PIN4_UNIT_H
#define PIN4_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define L10 "abcdefghij"
#define L60 L10 L10 L10 L10 L10 L10
#define L63 L60 "abc"
#define N253 L63 "." L63 "." L63 "." L60 "a"

/* A row of a table of cases: check gets a pointer to the struct as *state. */
/* clang-format off */
#define UNIT_ROW(name, check, type, ...) \
	{ name, check, NULL, NULL, &(struct type){ __VA_ARGS__ } }
/* clang-format on */

/* A copy in a block of its very size: a sanitizer sees a read beyond it. The caller frees it. */
static inline char *unit_exact(const char *bytes, size_t len)
{
	char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	return copy;
}

/* The next number below limit, the same ones in each run. */
static inline uint32_t unit_random(uint32_t limit)
{
	static uint32_t seed;

	if (!seed) {
		seed = 20077;
		printf("# seed %u\n", seed);
	}
	seed = seed * 1664525U + 1013904223U;
	return (seed >> 8) % limit;
}

/* Makes the file path, anew if there is one. Ends the process where it cannot. */
static inline void unit_write_file(const char *path, const void *bytes, size_t len, mode_t mode)
{
	FILE *file;

	unlink(path);
	file = fopen(path, "w");
	if (!file || fwrite(bytes, 1, len, file) != len || fclose(file) != 0 || chmod(path, mode))
		abort();
}

static char unit_directory[] = "/tmp/pin4-unit-XXXXXX";

/* As a group's set-up and its end: the tests run in an empty directory, which others may read. */
static inline int unit_enter_directory(void **state)
{
	(void)state;
	return !mkdtemp(unit_directory) || chdir(unit_directory) || chmod(unit_directory, 0755);
}

static inline int unit_leave_directory(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r '%s'", unit_directory);
	return system(command);
}

#endif
