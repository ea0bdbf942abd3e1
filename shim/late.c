/* SPDX-License-Identifier: MIT */
/* The libc's functions that a process needs only once it looks up a name: bound then, and not by
 * the loader in every process that starts. Inside the library they go by their own names. */
#include <netdb.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "export.h"
#include "symbol.h"

#define LATE_ROWS(ROW)     \
	ROW(calloc)        \
	ROW(clock_gettime) \
	ROW(free)          \
	ROW(freeaddrinfo)  \
	ROW(malloc)        \
	ROW(__h_errno_location)

enum late_row {
#define LATE_ROW(name) LATE_##name,
	LATE_ROWS(LATE_ROW)
#undef LATE_ROW
		LATE_COUNT
};

static _Atomic(symbol_function) table[LATE_COUNT];

typedef time_t clock_function(time_t *ret);

static clock_function find_clock;
static _Atomic(clock_function *) kernel_clock = find_clock;

static RARE symbol_function find(enum late_row row)
{
#define LATE_NAME(name) #name "\0"
	static const char names[] = LATE_ROWS(LATE_NAME);
#undef LATE_NAME
	symbol_function found[LATE_COUNT] = { 0 };

	symbol_find(names, LATE_COUNT, SYMBOL_ANYWHERE, found);
	for (int i = 0; i < LATE_COUNT; i++)
		atomic_store_explicit(&table[i], found[i], memory_order_relaxed);
	return found[row];
}

/* The real function, or NULL where the libc has none. Threads that race store the same values. */
static inline symbol_function get(enum late_row row)
{
	symbol_function real = atomic_load_explicit(&table[row], memory_order_relaxed);

	return real ? real : find(row);
}

void *malloc(size_t size)
{
	__typeof__(&malloc) real = (__typeof__(&malloc))get(LATE_malloc);

	return real ? real(size) : NULL;
}

void *calloc(size_t count, size_t size)
{
	__typeof__(&calloc) real = (__typeof__(&calloc))get(LATE_calloc);

	return real ? real(count, size) : NULL;
}

void free(void *memory)
{
	__typeof__(&free) real = (__typeof__(&free))get(LATE_free);

	if (real)
		real(memory);
}

void freeaddrinfo(struct addrinfo *list)
{
	__typeof__(&freeaddrinfo) real = (__typeof__(&freeaddrinfo))get(LATE_freeaddrinfo);

	if (real)
		real(list);
}

static RARE time_t read_clock(time_t *ret)
{
	__typeof__(&clock_gettime) real = (__typeof__(&clock_gettime))get(LATE_clock_gettime);
	struct timespec now = { .tv_sec =
					1 }; /* without a clock it is always the same, and not 0 */

	if (real)
		real(CLOCK_REALTIME_COARSE, &now);
	if (ret)
		*ret = now.tv_sec;
	return now.tv_sec;
}

static RARE time_t find_clock(time_t *ret)
{
	symbol_function found = NULL;

	symbol_find("__vdso_time", 1, SYMBOL_KERNEL, &found);
	atomic_store_explicit(&kernel_clock, found ? (clock_function *)found : read_clock,
			      memory_order_relaxed);
	return time(ret);
}

/* By the kernel's own function, where it has one (x86): each lookup asks, and it takes a quarter
 * of what clock_gettime takes. Its clock too is the coarse one, which stamps files. */
time_t time(time_t *ret)
{
	return atomic_load_explicit(&kernel_clock, memory_order_relaxed)(ret);
}

int *__h_errno_location(void)
{
	static int nowhere;
	int *(*real)(void) = (int *(*)(void))get(LATE___h_errno_location);

	return real ? real() : &nowhere;
}
