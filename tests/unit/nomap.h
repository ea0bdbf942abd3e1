/* SPDX-License-Identifier: MIT */
/* Memory from the kernel that fails when told to, and is counted. It stands before the libc's
 * syscall(), by which pin4 maps, and maps by the libc's functions: TSan knows those. */
#ifndef PIN4_NOMAP_H
#define PIN4_NOMAP_H

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#ifndef RTLD_NEXT
#define RTLD_NEXT ((void *)-1L)
#endif

static atomic_long nomap_countdown; /* at 1 the next mapping fails; at 0 none does */
static atomic_long nomap_live;      /* mappings that are there */

__attribute__((no_sanitize("address", "thread"))) long syscall(long number, ...)
{
	static long (*real)(long, ...);
	long word[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		word[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_mmap) {
		if (nomap_countdown > 0 && atomic_fetch_sub(&nomap_countdown, 1) == 1) {
			errno = ENOMEM;
			return -1;
		}
		nomap_live++;
		return (long)mmap((void *)word[0], (size_t)word[1], (int)word[2], (int)word[3],
				  (int)word[4], word[5]);
	}
	if (number == SYS_munmap) {
		nomap_live--;
		return munmap((void *)word[0], (size_t)word[1]);
	}
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	return real(number, word[0], word[1], word[2], word[3], word[4], word[5]);
}

#endif
