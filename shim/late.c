/* SPDX-License-Identifier: MIT */
/* The libc's functions that a process needs only once it looks up a name: bound then, and not by
 * the loader in every process that starts. Inside the library they go by their own names. */
#include <netdb.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "libc.h"

#define LATE_ROWS(ROW)    \
	ROW(calloc)       \
	ROW(free)         \
	ROW(freeaddrinfo) \
	ROW(malloc)       \
	ROW(time)

static struct {
#define LATE_SLOT(name) _Atomic(__typeof__(&(name))) name;
	LATE_ROWS(LATE_SLOT)
#undef LATE_SLOT
	_Atomic(int *(*)(void)) h_errno_location; /* its declaration has attributes of its own */
} table;

static void find(void)
{
	atomic_store(&table.h_errno_location, (int *(*)(void))libc_find("__h_errno_location"));
#define LATE_FIND(name) atomic_store(&table.name, (__typeof__(&(name)))libc_find(#name));
	LATE_ROWS(LATE_FIND)
#undef LATE_FIND
}

/* The real function, or NULL where the libc has none. Threads that race store the same values. */
#define late(name)                                                                   \
	(atomic_load_explicit(&table.name, memory_order_relaxed) ? (void)0 : find(), \
	 atomic_load_explicit(&table.name, memory_order_relaxed))

void *malloc(size_t size)
{
	__typeof__(&malloc) real = late(malloc);

	return real ? real(size) : NULL;
}

void *calloc(size_t count, size_t size)
{
	__typeof__(&calloc) real = late(calloc);

	return real ? real(count, size) : NULL;
}

void free(void *memory)
{
	__typeof__(&free) real = late(free);

	if (real)
		real(memory);
}

void freeaddrinfo(struct addrinfo *list)
{
	__typeof__(&freeaddrinfo) real = late(freeaddrinfo);

	if (real)
		real(list);
}

time_t time(time_t *ret)
{
	__typeof__(&time) real = late(time);

	return real ? real(ret) : 0;
}

int *__h_errno_location(void)
{
	static int nowhere;
	int *(*real)(void) = late(h_errno_location);

	return real ? real() : &nowhere;
}
