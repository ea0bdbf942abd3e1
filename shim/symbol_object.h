/* SPDX-License-Identifier: MIT */
/* The dynamic symbols of one object, as dl_iterate_phdr shows it. Between the files of this module.
 * Reads mapped memory alone: no lock, no allocation, errno stays but for symbol_function_of(). */
#ifndef PIN4_SYMBOL_OBJECT_H
#define PIN4_SYMBOL_OBJECT_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* struct dl_phdr_info */
#endif
#include <link.h>
#include <stdbool.h>
#include <stdint.h>

#include "symbol.h"

/* What one object's dynamic section says of its symbols. */
struct symbol_object {
	const ElfW(Sym) * symbols;
	const char *strings;
	const ElfW(Half) * versions; /* NULL where it has none */
	const uint32_t *gnu_hash;
	const uint32_t *sysv_hash; /* DT_HASH, where there is no DT_GNU_HASH */
	ElfW(Addr) base;
	ElfW(Addr) value; /* of the symbols to find, of any version; 0: see symbol_find_in() */
};

/* Returns false for an object without symbols. *ret refers to the object's own memory. */
bool symbol_read_object(const struct dl_phdr_info *info, struct symbol_object *ret);

/* The hash of a name, for symbol_find_in(); its terminator in *end. */
uint32_t symbol_hash(const char *name, const char **end);

/* The definition of a function of that name and hash, or NULL: of the default version, or of
 * another where there is none, as glibc has __res_query for programs of before 2.34. An IFUNC
 * counts as one unless object->value is set, since its value is what chooses the function. */
const ElfW(Sym) *
	symbol_find_in(const struct symbol_object *object, const char *name, uint32_t hash);

/* The function that a definition stands for. Calls the resolver of an IFUNC. */
symbol_function symbol_function_of(const struct symbol_object *object, const ElfW(Sym) * symbol);

/* The PT_LOAD segment that an address of this process is in, or NULL. */
const ElfW(Phdr) * symbol_find_segment(const struct dl_phdr_info *info, uintptr_t at);

#endif
