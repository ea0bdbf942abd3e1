/* SPDX-License-Identifier: MIT */
/* What the fuzz targets share: an input that is eaten from its front, and a way to die loudly.
 * A target is fuzz_NAME.c and defines LLVMFuzzerTestOneInput; run builds each with libFuzzer, or
 * with replay.c, which needs no clang. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The input broke a promise; libFuzzer keeps it, the replay fails. */
#define MUST(what) ((what) ? (void)0 : fuzz_die(__FILE__, __LINE__, #what))

struct input {
	const uint8_t *data;
	size_t len;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static inline void fuzz_die(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: broken: %s\n", file, line, what);
	abort();
}

/* The next byte, below limit; 0 behind the end. */
static inline unsigned take(struct input *input, unsigned limit)
{
	unsigned byte = 0;

	if (input->len > 0) {
		byte = *input->data++;
		input->len--;
	}
	return byte % limit;
}

/* The bytes up to the next one that is stop, or to the end, as text in a block of their own, so
 * that a sanitizer sees a read beyond them. The caller frees it. */
static inline char *take_text(struct input *input, int stop, size_t *len)
{
	const uint8_t *end = input->len ? memchr(input->data, stop, input->len) : NULL;
	char *text;

	*len = end ? (size_t)(end - input->data) : input->len;
	text = malloc(*len + 1);
	MUST(text);
	if (*len > 0)
		memcpy(text, input->data, *len);
	text[*len] = '\0';
	input->data += *len;
	input->len -= *len;
	take(input, 256);
	return text;
}

#endif
