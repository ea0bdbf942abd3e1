/* SPDX-License-Identifier: MIT */
/* Fills the table of the real functions. It relies on symbol.c alone, and on no libc version. */
#include "libc.h"

#include <errno.h>

_Atomic(symbol_function) libc_table[LIBC_COUNT];
_Atomic(enum libc_kind) libc_kind;

/* The stand-ins; what they are called with does not matter to them. */
static int no_call(void)
{
	errno = ENOSYS;
	return -1;
}

static long no_call_long(void)
{
	return no_call();
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

static symbol_function stand_in_of(enum libc_row row)
{
#define LIBC_STAND_IN(name, stand_in) \
	if (row == LIBC_##name)       \
		return (symbol_function)(stand_in);
	LIBC_CALLS(LIBC_STAND_IN)
	LIBC_LOOKUPS(LIBC_STAND_IN)
	LIBC_EXTRAS(LIBC_STAND_IN)
#undef LIBC_STAND_IN
	return NULL;
}

/* The names of all rows, one behind the other, and where those of a kind begin. */
#define LIBC_NAME(name, stand_in) #name "\0"
static const char names[] = LIBC_CALLS(LIBC_NAME) LIBC_LOOKUPS(LIBC_NAME) LIBC_EXTRAS(LIBC_NAME);
enum {
	CALL_NAMES = 0,
	LOOKUP_NAMES = sizeof(LIBC_CALLS(LIBC_NAME)) - 1,
	EXTRA_NAMES = sizeof(LIBC_CALLS(LIBC_NAME) LIBC_LOOKUPS(LIBC_NAME)) - 1,
};

/* Fills the rows from first to before end, whose names begin at names[at]. A row of LIBC_EXTRAS
 * that is found nowhere stays empty, to be looked up again. */
static void fill(enum libc_row first, enum libc_row end, size_t at)
{
	symbol_function found[LIBC_COUNT] = { 0 };
	size_t count = (size_t)(end - first);

	symbol_find(names + at, count, SYMBOL_NEXT, found);
	for (size_t i = 0; i < count; i++) {
		size_t row = first + i;
		symbol_function none = NULL;

		if (!found[i] && row < LIBC_EXTRA)
			found[i] = stand_in_of((enum libc_row)row);
		if (found[i])
			atomic_compare_exchange_strong(&libc_table[row], &none, found[i]);
	}
}

void libc_find_calls(void)
{
	fill(LIBC_connect, LIBC_CALL_COUNT, CALL_NAMES);
}

void libc_find_lookups(void)
{
	libc_bind_calls();
	fill(LIBC_getaddrinfo, LIBC_EXTRA, LOOKUP_NAMES);
}

symbol_function libc_find_extra(enum libc_row row)
{
	symbol_function real;

	fill(LIBC_EXTRA, LIBC_COUNT, EXTRA_NAMES);
	real = atomic_load(&libc_table[row]);
	return real ? real : stand_in_of(row);
}

void libc_redirect(void)
{
	symbol_function real[LIBC_COUNT];
	symbol_function ours[LIBC_COUNT] = { 0 };
	int saved = errno;

	libc_bind_lookups();
	fill(LIBC_EXTRA, LIBC_COUNT, EXTRA_NAMES);
	for (int row = 0; row < LIBC_COUNT; row++)
		real[row] = atomic_load(&libc_table[row]);
	symbol_find(names, LIBC_COUNT, SYMBOL_HERE, ours);
	symbol_redirect(names, LIBC_COUNT, real, ours);
	errno = saved;
}

enum libc_kind libc_find_kind(void)
{
	symbol_function glibcs_own = NULL; /* gnu_get_libc_version is gcompat's for musl, too */
	enum libc_kind kind;

	symbol_find("__nss_configure_lookup", 1, SYMBOL_ANYWHERE, &glibcs_own);
	kind = glibcs_own ? LIBC_GLIBC : LIBC_OTHER;
	atomic_store(&libc_kind, kind);
	return kind;
}
