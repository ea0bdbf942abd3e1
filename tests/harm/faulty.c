/* SPDX-License-Identifier: MIT */
/* A preload behind libpin4.so that makes one call fail, and then touches the file FAULT_MARK:
 * FAULT_MALLOC=N, the N-th malloc, calloc or realloc of libpin4.so (glibc 2.36 itself hangs or
 * aborts when one of its own fails while it reads nsswitch.conf); FAULT_SYSCALL=N:ERRNO, the N-th
 * call of syscall(), by which pin4 makes all of its system calls. glibc only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static void mark(void)
{
	const char *path = getenv("FAULT_MARK");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666) : -1;

	if (fd >= 0)
		close(fd);
}

static bool fails_now(const char *variable, _Atomic long *count)
{
	const char *wanted = getenv(variable);

	if (!wanted || atomic_fetch_add(count, 1) + 1 != atol(wanted))
		return false;
	mark();
	return true;
}

static bool malloc_fails(void *caller)
{
	static _Atomic long count;
	Dl_info info;

	if (!getenv("FAULT_MALLOC") || !dladdr(caller, &info) ||
	    !strstr(info.dli_fname, "libpin4") || !fails_now("FAULT_MALLOC", &count))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return malloc_fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return malloc_fails(__builtin_return_address(0)) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return malloc_fails(__builtin_return_address(0)) ? NULL : __libc_realloc(old, size);
}

long syscall(long number, ...)
{
	static _Atomic long count;
	static __typeof__(&syscall) real;
	const char *wanted = getenv("FAULT_SYSCALL");
	const char *error = wanted ? strchr(wanted, ':') : NULL;
	va_list args;
	long arg[6];

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		arg[i] = va_arg(args, long);
	va_end(args);
	if (!real)
		real = (__typeof__(real))dlvsym(RTLD_NEXT, "syscall", "GLIBC_2.2.5");
	if (error && fails_now("FAULT_SYSCALL", &count)) {
		errno = atoi(error + 1);
		return -1;
	}
	return real(number, arg[0], arg[1], arg[2], arg[3], arg[4], arg[5]);
}
