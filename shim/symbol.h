/* SPDX-License-Identifier: MIT */
/* Finds functions in the objects that the loader has mapped, as dlsym(3) does: that stands in libdl
 * before glibc 2.34, and may allocate. */
#ifndef PIN4_SYMBOL_H
#define PIN4_SYMBOL_H

#include <stddef.h>

typedef void (*symbol_function)(void);

enum symbol_place {
	SYMBOL_ANYWHERE, /* from the program on */
	SYMBOL_HERE,     /* in this library alone */
	SYMBOL_NEXT,     /* from the object behind this library on (RTLD_NEXT) */
	SYMBOL_OTHERS,   /* from the program on, this library left out */
};

/* Looks for count functions, whose names stand one behind the other in names, each terminated.
 * Where found[i] is NULL, it becomes the first definition of the i-th name in that place, and stays
 * NULL where there is none: of its default version, or of one that only older programs are linked
 * to where there is no default. A definition of no type counts, and so does the function that an
 * IFUNC chooses; what the vDSO has (vdso(7)) does not. owner, which may be NULL, gets for each that
 * is found what differs from object to object. Takes the loader's lock, which a child of fork may
 * find locked for ever: call it before main. errno stays. */
void symbol_find(const char *names, size_t count, enum symbol_place place, symbol_function *found,
		 const void **owner);

/* Makes the loader find to[i] where it would find the i-th name's definition from[i], of whatever
 * version, in an object behind this library, from now on: the symbol table says so, in this process
 * alone. Nothing that is bound already changes. NULL in from or to: that name is left alone.
 * Idempotent; threads that race wait for the loader's lock. Where the table cannot be written to,
 * it stays as it is. errno stays. */
void symbol_redirect(const char *names, size_t count, const symbol_function *from,
		     const symbol_function *to);

#endif
