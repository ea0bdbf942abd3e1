/* SPDX-License-Identifier: MIT */
/* Finds functions in the loader's order. It relies on dl_iterate_phdr and on symbol_object.c. */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include "symbol.h"

#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "export.h"
#include "symbol_object.h"

/* What is looked for, and where; then what is found, or what is put in whose place. */
struct search {
	const char *names;
	size_t count;
	enum symbol_place place;
	const ElfW(Phdr) * vdso; /* its headers; NULL where there is none */
	bool is_past;            /* this library has come by */
	symbol_function *found;
	const void **owner; /* may be NULL */
	const symbol_function *from;
	const symbol_function *to;
};

/* By an address of ours: the base is no address where a library is linked at another than 0. */
static bool is_here(const struct dl_phdr_info *info)
{
	return symbol_find_segment(info, (uintptr_t)symbol_find);
}

/* The vDSO's functions only look like the libc's. It is known by its headers: how far it was moved
 * is not its address, where it was not linked at 0. */
static bool is_in_place(const struct dl_phdr_info *info, const struct search *search)
{
	if (info->dlpi_phdr == search->vdso)
		return false;
	switch (search->place) {
	case SYMBOL_HERE:
		return is_here(info);
	case SYMBOL_NEXT:
		return search->is_past;
	case SYMBOL_OTHERS:
		return !is_here(info);
	default:
		return true;
	}
}

static int search_object(struct dl_phdr_info *info, size_t size, void *data)
{
	struct search *search = data;
	struct symbol_object object;
	const char *name = search->names;
	const char *end;
	bool is_missing = false;
	bool is_in = is_in_place(info, search);

	(void)size;
	search->is_past = search->is_past || is_here(info);
	if (!is_in || !symbol_read_object(info, &object))
		return 0;
	for (size_t i = 0; i < search->count; i++, name = end + 1) {
		uint32_t hash = symbol_hash(name, &end);
		const ElfW(Sym) * symbol;

		if (search->found[i])
			continue;
		symbol = symbol_find_in(&object, name, hash);
		if (symbol)
			search->found[i] = symbol_function_of(&object, symbol);
		else
			is_missing = true;
		if (symbol && search->owner)
			search->owner[i] = info->dlpi_phdr;
	}
	return !is_missing; /* nothing is left to look for */
}

static void walk(int (*visit)(struct dl_phdr_info *info, size_t size, void *data),
		 struct search *search)
{
	int saved = errno; /* getauxval calls it an error that there is none */
	const char *vdso = (const char *)getauxval(AT_SYSINFO_EHDR);

	if (vdso)
		search->vdso = (const void *)(vdso + ((const ElfW(Ehdr) *)vdso)->e_phoff);
	dl_iterate_phdr(visit, search);
	errno = saved;
}

void symbol_find(const char *names, size_t count, enum symbol_place place, symbol_function *found,
		 const void **owner)
{
	struct search search = {
		.names = names,
		.count = count,
		.place = place,
		.found = found,
		.owner = owner,
	};

	walk(search_object, &search);
}

/* The protection of the segment that at is in; PROT_NONE where it is in none. */
static int protection(const struct dl_phdr_info *info, uintptr_t at)
{
	const ElfW(Phdr) *segment = symbol_find_segment(info, at);
	ElfW(Word) flags = segment ? segment->p_flags : 0;

	return ((flags & PF_R) ? PROT_READ : 0) | ((flags & PF_W) ? PROT_WRITE : 0) |
	       ((flags & PF_X) ? PROT_EXEC : 0);
}

/* Writes value to a symbol table, which the loader maps for reading. Other threads may read it
 * meanwhile. The page is never writable and executable at once: that may be forbidden. */
static RARE bool write_value(const struct dl_phdr_info *info, const ElfW(Addr) * at,
			     ElfW(Addr) value)
{
	size_t size = getauxval(AT_PAGESZ);
	uintptr_t page = (uintptr_t)at & -size;
	int usual = protection(info, (uintptr_t)at);

	if (!(usual & PROT_READ) || syscall(SYS_mprotect, page, size, PROT_READ | PROT_WRITE) != 0)
		return false;
	atomic_store((_Atomic(ElfW(Addr)) *)(uintptr_t)at, value);
	syscall(SYS_mprotect, page, size, usual);
	return true;
}

static RARE int redirect_object(struct dl_phdr_info *info, size_t size, void *data)
{
	struct search *redirection = data;
	const char *name = redirection->names;
	const char *end;
	struct symbol_object object;

	(void)size;
	if (!is_in_place(info, redirection) || !symbol_read_object(info, &object)) {
		redirection->is_past = redirection->is_past || is_here(info);
		return 0;
	}
	for (size_t i = 0; i < redirection->count; i++, name = end + 1) {
		ElfW(Addr) to = (ElfW(Addr))redirection->to[i] - object.base;
		uint32_t hash = symbol_hash(name, &end);
		const ElfW(Sym) * symbol;

		if (!redirection->from[i] || !redirection->to[i])
			continue;
		object.value = (ElfW(Addr))redirection->from[i] - object.base;
		while ((symbol = symbol_find_in(&object, name, hash)) &&
		       write_value(info, &symbol->st_value, to))
			;
	}
	return 0;
}

RARE void symbol_redirect(const char *names, size_t count, const symbol_function *from,
			  const symbol_function *to)
{
	struct search redirection = {
		.names = names,
		.count = count,
		.place = SYMBOL_NEXT,
		.from = from,
		.to = to,
	};

	walk(redirect_object, &redirection);
}
