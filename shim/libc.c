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

#define LIBC_NAME(name, stand_in) #name "\0"
static const char call_names[] = LIBC_CALLS(LIBC_NAME);
static const char lookup_names[] = LIBC_LOOKUPS(LIBC_NAME);
static const char all_names[] =
	LIBC_CALLS(LIBC_NAME) LIBC_LOOKUPS(LIBC_NAME) LIBC_EXTRAS(LIBC_NAME);

static void store(enum libc_row row, symbol_function real)
{
	symbol_function none = NULL;

	if (real)
		atomic_compare_exchange_strong(&libc_table[row], &none, real);
}

#define LIBC_STORE(name, stand_in) \
	store(LIBC_##name, found[LIBC_##name] ? found[LIBC_##name] : (symbol_function)(stand_in));

void libc_find_calls(void)
{
	symbol_function found[LIBC_CALL_COUNT] = { 0 };

	symbol_find(call_names, LIBC_CALL_COUNT, SYMBOL_NEXT, found);
	LIBC_CALLS(LIBC_STORE)
}

void libc_find_lookups(void)
{
	symbol_function found[LIBC_EXTRA] = { 0 };

	libc_bind_calls();
	symbol_find(lookup_names, LIBC_EXTRA - LIBC_CALL_COUNT, SYMBOL_NEXT,
		    found + LIBC_CALL_COUNT);
	LIBC_LOOKUPS(LIBC_STORE)
}

static void bind_extras(void)
{
	symbol_function found[LIBC_COUNT] = { 0 };

	symbol_find(all_names, LIBC_COUNT, SYMBOL_NEXT, found);
	for (int row = LIBC_EXTRA; row < LIBC_COUNT; row++)
		store((enum libc_row)row, found[row]);
}

symbol_function libc_find_extra(enum libc_row row)
{
	symbol_function real;

	bind_extras();
	real = atomic_load(&libc_table[row]);
#define LIBC_STAND_IN(name, stand_in)    \
	if (!real && row == LIBC_##name) \
		real = (symbol_function)(stand_in);
	LIBC_EXTRAS(LIBC_STAND_IN)
#undef LIBC_STAND_IN
	return real;
}

void libc_redirect(void)
{
	symbol_function real[LIBC_COUNT];
	symbol_function ours[LIBC_COUNT] = { 0 };
	int saved = errno;

	libc_bind_lookups();
	bind_extras();
	for (int row = 0; row < LIBC_COUNT; row++)
		real[row] = atomic_load(&libc_table[row]);
	symbol_find(all_names, LIBC_COUNT, SYMBOL_HERE, ours);
	symbol_redirect(all_names, LIBC_COUNT, real, ours);
	errno = saved;
}

enum libc_kind libc_find_kind(void)
{
	symbol_function version = NULL;
	enum libc_kind kind;

	symbol_find("gnu_get_libc_version", 1, SYMBOL_ANYWHERE, &version);
	kind = version ? LIBC_GLIBC : LIBC_OTHER;
	atomic_store(&libc_kind, kind);
	return kind;
}
