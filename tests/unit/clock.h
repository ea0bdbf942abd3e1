/* SPDX-License-Identifier: MIT */
/* A monotonic clock that a test moves. It stands before the libc's syscall(), by which pin4 reads
 * the time. */
#ifndef PIN4_CLOCK_H
#define PIN4_CLOCK_H

#include <dlfcn.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <time.h>

#ifndef RTLD_NEXT
#define RTLD_NEXT ((void *)-1L)
#endif

static time_t clock_seconds; /* what the clock shows, where it is not 0 */

__attribute__((no_sanitize("address"))) long syscall(long number, ...)
{
	static long (*real)(long, ...);
	long word[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		word[i] = va_arg(args, long);
	va_end(args);
	if (number == SYS_clock_gettime && word[0] == CLOCK_MONOTONIC && clock_seconds) {
		*(struct timespec *)word[1] = (struct timespec){ .tv_sec = clock_seconds };
		return 0;
	}
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	return real(number, word[0], word[1], word[2], word[3], word[4], word[5]);
}

#endif
