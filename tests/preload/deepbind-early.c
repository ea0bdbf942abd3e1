/* SPDX-License-Identifier: MIT */
/* A preload that stands behind pin4, whose constructor runs before pin4's and loads a library past
 * interposition. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>

__attribute__((constructor)) static void start(void)
{
	const char *file = getenv("deep_library");

	if (!file || !dlopen(file, RTLD_NOW | RTLD_DEEPBIND))
		abort();
}
