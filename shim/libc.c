/* SPDX-License-Identifier: MIT */
/* Finds the real functions. It relies on dlsym alone, and on no libc version for that. */
#include "libc.h"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef RTLD_NEXT /* <dlfcn.h> shows it under _GNU_SOURCE only, which spoils connect's type */
#define RTLD_NEXT ((void *)-1L)
#define RTLD_DEFAULT ((void *)0)
#endif

/* Weak, because each exists in some libcs only: dlsym left libdl for libc in glibc 2.34, and
 * needing libdl would cost every process on newer ones the loading of an empty library. Before
 * that, glibc's own NSS found libdl's functions through these two (elf/dl-libc.c). */
#pragma weak dlsym
extern void *__libc_dlopen_mode(const char *name, int mode) __attribute__((weak));
extern __typeof__(&dlsym) __libc_dlsym(void *handle, const char *name) __attribute__((weak));

#define LIBC_DLOPEN 0x80000000 /* __RTLD_DLOPEN, include/dlfcn.h in glibc */

struct libc_table libc_table;

static int missing_connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	return (int)syscall(SYS_connect, fd, addr, len);
}

static int missing_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
			       struct addrinfo **res)
{
	(void)node, (void)service, (void)hints, (void)res;
	errno = ENOSYS;
	return EAI_SYSTEM;
}

static struct hostent *missing_gethostbyname2(const char *name, int family)
{
	(void)name, (void)family;
	errno = ENOSYS;
	return NULL;
}

static int missing_gethostbyname2_r(const char *name, int family, struct hostent *ret, char *buf,
				    size_t buflen, struct hostent **result, int *h_errnop)
{
	(void)name, (void)family, (void)ret, (void)buf, (void)buflen;
	*result = NULL;
	*h_errnop = NO_RECOVERY;
	return ENOSYS;
}

static __typeof__(&dlsym) find_dlsym(void)
{
	void *libdl;

	if (dlsym || !__libc_dlopen_mode || !__libc_dlsym)
		return dlsym;
	libdl = __libc_dlopen_mode("libdl.so.2", RTLD_NOW | (int)LIBC_DLOPEN);
	return libdl ? __libc_dlsym(libdl, "dlsym") : NULL;
}

/* The row of the function that real is, or, where it is NULL, of its stand-in. */
#define LIBC_STORE(name, real)                                                       \
	atomic_store_explicit(&libc_table.name,                                      \
			      (real) ? (__typeof__(&(name)))(real) : missing_##name, \
			      memory_order_relaxed)

void libc_bind_connect(void)
{
	__typeof__(&dlsym) find = find_dlsym();
	void *real = find ? find(RTLD_NEXT, "connect") : NULL;

	LIBC_STORE(connect, real);
}

void libc_bind(void)
{
	int saved = errno;
	__typeof__(&dlsym) find = find_dlsym();
	void *real;

#define LIBC_FIND(name)                              \
	real = find ? find(RTLD_NEXT, #name) : NULL; \
	LIBC_STORE(name, real);
	LIBC_ROWS(LIBC_FIND)
#undef LIBC_FIND
	errno = saved;
}

libc_function libc_find(const char *name)
{
	__typeof__(&dlsym) find = find_dlsym();
	void *found = find ? find(RTLD_DEFAULT, name) : NULL;
	libc_function function;

	memcpy(&function, &found, sizeof(function)); /* as dlsym(3) says: ISO C has no such cast */
	return function;
}

bool libc_is_glibc(void)
{
	enum { UNKNOWN, GLIBC, OTHER };
	static _Atomic int kind;

	if (atomic_load_explicit(&kind, memory_order_relaxed) == UNKNOWN)
		atomic_store(&kind, libc_find("gnu_get_libc_version") ? GLIBC : OTHER);
	return atomic_load_explicit(&kind, memory_order_relaxed) == GLIBC;
}
