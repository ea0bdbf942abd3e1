/* SPDX-License-Identifier: MIT */
/* Stands in for libFuzzer: feeds a fuzz target each file that it is given, and each file's starts
 * of half and of a quarter its length. TAP, one case a file. */
#include "fuzz.h"

static void feed(const char *path, size_t *count)
{
	uint8_t buf[1 << 16];
	FILE *file = fopen(path, "rb");
	const char *name = path;
	size_t len;

	MUST(file);
	len = fread(buf, 1, sizeof(buf), file);
	fclose(file);
	for (size_t part = len, i = 0; i < 3; part /= 2, i++) {
		uint8_t *copy = malloc(part ? part : 1);

		MUST(copy);
		memcpy(copy, buf, part);
		LLVMFuzzerTestOneInput(copy, part);
		free(copy);
	}
	for (const char *c = path; *c; c++)
		if (strncmp(c, "/corpus/", 8) == 0)
			name = c + 8;
	printf("ok %zu - fuzz_%s_holds_all_promises\n", ++*count, name);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	size_t count = 0;

	for (int i = 1; i < argc; i++)
		feed(argv[i], &count);
	printf("1..%zu\n", count);
	return count == 0;
}
