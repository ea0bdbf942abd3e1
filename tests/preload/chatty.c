/* SPDX-License-Identifier: MIT */
/* An allocator, preloaded, whose malloc connects and looks up, as profilers do that report to a
 * server: the path on which dlsym -> malloc -> connect -> dlsym would go round for ever. */
#define _GNU_SOURCE
#include "probe.h"

#include <stdbool.h>
#include <stddef.h>

static _Alignas(16) char heap[8 << 20];
static size_t used;
static bool busy;

void *malloc(size_t size)
{
	const struct sockaddr_in6 nobody = { .sin6_family = AF_INET6 };
	char *ret = heap + used;
	struct addrinfo hints;
	struct addrinfo *list;

	size = (size + 31) & ~(size_t)15;
	if (size > sizeof(heap) - used)
		return NULL;
	used += size;
	*(size_t *)(void *)ret = size - 16;
	if (!busy) {
		busy = true;
		connect(-1, (const struct sockaddr *)&nobody, sizeof(nobody));
		memset(&hints, 0, sizeof(hints));
		hints.ai_flags = AI_NUMERICHOST;
		if (!getaddrinfo("127.0.0.1", NULL, &hints, &list))
			freeaddrinfo(list);
		busy = false;
	}
	return ret + 16;
}

void free(void *pointer)
{
	(void)pointer;
}

void *calloc(size_t count, size_t size)
{
	/* The heap is never used twice, so it is still zero. */
	return malloc(count * size);
}

void *realloc(void *pointer, size_t size)
{
	void *ret = malloc(size);
	size_t old = pointer ? *(size_t *)(void *)((char *)pointer - 16) : 0;

	if (ret && pointer)
		memcpy(ret, pointer, old < size ? old : size);
	return ret;
}
