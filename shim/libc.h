/* SPDX-License-Identifier: MIT */
/* The real functions behind those that pin4 interposes, in one table. */
#ifndef PIN4_LIBC_H
#define PIN4_LIBC_H

#include <netdb.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "export.h"

/* A new interposed function is a row here and an EXPORT elsewhere; nothing restates a signature. */
#define LIBC_ROWS(ROW)      \
	ROW(connect)        \
	ROW(getaddrinfo)    \
	ROW(gethostbyname2) \
	ROW(gethostbyname2_r)

struct libc_table {
#define LIBC_SLOT(name) _Atomic(__typeof__(&(name))) name;
	LIBC_ROWS(LIBC_SLOT)
#undef LIBC_SLOT
};

extern HIDDEN struct libc_table libc_table;

/* The real function: libc(connect)(fd, addr, len). Valid once libc_bind() has returned; every
 * exported entry sees to that before its first call. One relaxed load; async-signal-safe. */
#define libc(name) atomic_load_explicit(&libc_table.name, memory_order_relaxed)

/* Fill the table, the one with connect alone, which start needs, the other whole: for each row,
 * the next definition behind pin4 in the loader's order, so that other preloads keep their place.
 * A function that the libc lacks is answered by one that fails as that function does (ENOSYS,
 * EAI_SYSTEM). Idempotent: threads that race store the same values. Not async-signal-safe. Touch
 * neither errno nor the descriptors. */
void libc_bind_connect(void);
void libc_bind(void);

/* The function of that name as the program itself would find it, or NULL. */
typedef void (*libc_function)(void);
libc_function libc_find(const char *name);

/* Whether this process runs on glibc; otherwise it is musl, or laid out like it. */
bool libc_is_glibc(void);

#endif
