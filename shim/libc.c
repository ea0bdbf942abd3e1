/* SPDX-License-Identifier: MIT */
/* Fills the table of the real functions. It relies on symbol.c alone, and on no libc version. */
#include "libc.h"

#include <errno.h>

_Atomic(symbol_function) libc_table[LIBC_COUNT];
_Atomic bool libc_is_filled;
_Atomic bool libc_has_own_lists;

/* The stand-ins; what they are called with does not matter to them, and an int is in the same place
 * as a long. */
static long no_call(void)
{
	errno = ENOSYS;
	return -1;
}

static int no_list(void)
{
	errno = ENOSYS;
	return EAI_SYSTEM;
}

static void *no_pointer(void)
{
	errno = ENOSYS;
	return NULL;
}

static int no_host_r(const char *name, int family, struct hostent *ret, char *buf, size_t buflen,
		     struct hostent **result, int *h_errnop)
{
	(void)name, (void)family, (void)ret, (void)buf, (void)buflen;
	*result = NULL;
	*h_errnop = NO_RECOVERY;
	return ENOSYS;
}

static symbol_function stand_in_of(size_t row)
{
#define LIBC_STAND_IN(name, stand_in) \
	if (row == LIBC_##name)       \
		return (symbol_function)(stand_in);
	LIBC_ROWS(LIBC_STAND_IN)
#undef LIBC_STAND_IN
	return NULL;
}

/* The names of all rows, one behind the other. */
#define LIBC_NAME(name, stand_in) #name "\0"
static const char names[] = LIBC_ROWS(LIBC_NAME);

/* Looks for each row that is empty or has its stand-in. What is found stays: from libc_redirect()
 * on, the loader would find pin4 itself. */
static void fill(const void **owner)
{
	symbol_function before[LIBC_COUNT];
	symbol_function found[LIBC_COUNT];

	for (size_t row = 0; row < LIBC_COUNT; row++) {
		before[row] = atomic_load(&libc_table[row]);
		found[row] = before[row] && before[row] != stand_in_of(row) ? before[row] : NULL;
	}
	symbol_find(names, LIBC_COUNT, SYMBOL_NEXT, found, owner);
	/* The libc stands before pin4 where the program opened it by itself. */
	if (!found[LIBC___libc_start_main])
		symbol_find(names, LIBC_COUNT, SYMBOL_OTHERS, found, owner);
	for (size_t row = 0; row < LIBC_COUNT; row++)
		atomic_compare_exchange_strong(&libc_table[row], &before[row],
					       found[row] ? found[row] : stand_in_of(row));
}

void libc_find_all(void)
{
	const void *owner[LIBC_COUNT] = { 0 };
	symbol_function first = NULL;

	fill(owner);
	/* Not pin4's own reference: in a program of a fixed address that may lead to its PLT. */
	symbol_find("freeaddrinfo", 1, SYMBOL_OTHERS, &first, NULL);
	libc_has_own_lists = owner[LIBC_freeaddrinfo] == owner[LIBC___libc_start_main] &&
			     first == libc_table[LIBC_freeaddrinfo];
	libc_is_filled = true;
}

symbol_function libc_find_extra(enum libc_row row)
{
	libc_bind();
	if (atomic_load(&libc_table[row]) == stand_in_of(row))
		fill(NULL);
	return atomic_load(&libc_table[row]);
}

void libc_redirect(void)
{
	symbol_function real[LIBC_COUNT];
	symbol_function ours[LIBC_COUNT] = { 0 };

	fill(NULL);
	for (size_t row = 0; row < LIBC_COUNT; row++)
		real[row] = atomic_load(&libc_table[row]);
	symbol_find(names, LIBC_COUNT, SYMBOL_HERE, ours, NULL);
	symbol_redirect(names, LIBC_COUNT, real, ours);
}
