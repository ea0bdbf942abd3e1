/* SPDX-License-Identifier: MIT */
/* The test program's own malloc, calloc and free: they count, and fail when told to. They stand
 * before those of the libc, or of a sanitizer, and call them. */
#ifndef PIN4_NOMEM_H
#define PIN4_NOMEM_H

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef RTLD_NEXT
#define RTLD_NEXT ((void *)-1L)
#endif

/* A sanitizer that is linked statically is no next library, and has its own under these names. */
extern __typeof__(malloc) __interceptor_malloc __attribute__((weak));
extern __typeof__(calloc) __interceptor_calloc __attribute__((weak));
extern __typeof__(free) __interceptor_free __attribute__((weak));

static atomic_long nomem_countdown; /* at 1 the next call fails; at 0 none does */
static atomic_long nomem_live;      /* blocks that are not freed */
static atomic_uint nomem_delay;     /* microseconds in calloc, for threads to meet there */

#define NOMEM_REAL(name, real)                                       \
	do {                                                         \
		if (!(real) && __interceptor_##name)                 \
			(real) = __interceptor_##name;               \
		else if (!(real))                                    \
			*(void **)&(real) = dlsym(RTLD_NEXT, #name); \
	} while (0)

/* TSan's own start allocates before TSan can watch. */
#define NOMEM_UNWATCHED __attribute__((no_sanitize("thread")))

NOMEM_UNWATCHED static inline bool nomem_is_due(void)
{
	return nomem_countdown > 0 && atomic_fetch_sub(&nomem_countdown, 1) == 1;
}

NOMEM_UNWATCHED void *malloc(size_t size)
{
	static __typeof__(&malloc) real;

	NOMEM_REAL(malloc, real);
	if (nomem_is_due())
		return NULL;
	nomem_live++;
	return real(size);
}

NOMEM_UNWATCHED void *calloc(size_t count, size_t size)
{
	static __typeof__(&calloc) real;

	NOMEM_REAL(calloc, real);
	if (nomem_is_due())
		return NULL;
	if (nomem_delay)
		usleep(nomem_delay);
	nomem_live++;
	return real(count, size);
}

NOMEM_UNWATCHED void free(void *block)
{
	static __typeof__(&free) real;

	NOMEM_REAL(free, real);
	nomem_live -= block != NULL;
	real(block);
}

#endif
