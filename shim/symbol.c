/* SPDX-License-Identifier: MIT */
/* Finds functions by the symbol tables in memory. It relies on dl_iterate_phdr and getauxval. */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include "symbol.h"

#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "export.h"

enum { VERSION_HIDDEN = 0x8000 };

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

/* What one object's dynamic section says of its symbols. */
struct object {
	const ElfW(Sym) * symbols;
	const char *strings;
	const ElfW(Half) * versions; /* NULL where it has none */
	const uint32_t *gnu_hash;    /* NULL where it has DT_HASH alone */
	const uint32_t *sysv_hash;
};

static const ElfW(Phdr) * find_segment(const struct dl_phdr_info *info, uintptr_t at)
{
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD &&
		    at - info->dlpi_addr - segment->p_vaddr < segment->p_memsz)
			return segment;
	}
	return NULL;
}

/* By an address of ours: the base is no address where a library is linked at another than 0. */
static bool is_here(const struct dl_phdr_info *info)
{
	return find_segment(info, (uintptr_t)symbol_find);
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

/* An address in a dynamic section: glibc's loader relocates most of them in place, musl's none. */
static const void *address(const struct dl_phdr_info *info, const ElfW(Dyn) * entry)
{
	ElfW(Addr) at = entry->d_un.d_ptr;

	return (const void *)(find_segment(info, at) ? at : info->dlpi_addr + at);
}

/* Returns false for an object without symbols. */
static bool read_object(const struct dl_phdr_info *info, struct object *ret)
{
	const ElfW(Dyn) *dynamic = NULL;

	for (size_t i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			dynamic = (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
	*ret = (struct object){ .symbols = NULL };
	for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
		if (dynamic->d_tag == DT_SYMTAB)
			ret->symbols = address(info, dynamic);
		if (dynamic->d_tag == DT_STRTAB)
			ret->strings = address(info, dynamic);
		if (dynamic->d_tag == DT_VERSYM)
			ret->versions = address(info, dynamic);
		if (dynamic->d_tag == DT_GNU_HASH)
			ret->gnu_hash = address(info, dynamic);
		if (dynamic->d_tag == DT_HASH)
			ret->sysv_hash = address(info, dynamic);
	}
	return ret->symbols && ret->strings && (ret->gnu_hash || ret->sysv_hash);
}

static unsigned type_of(const ElfW(Sym) * symbol)
{
	return symbol->st_info & 15;
}

/* Whether symbol i is a definition of a function of that name, and where value is not 0, the one
 * with that value. The value of an IFUNC is no function, but what chooses one. */
static bool is_wanted(const struct object *object, uint32_t i, const char *name, ElfW(Addr) value)
{
	const ElfW(Sym) *symbol = &object->symbols[i];
	unsigned type = type_of(symbol);

	return symbol->st_shndx != SHN_UNDEF && (!value || symbol->st_value == value) &&
	       (type == STT_FUNC || type == STT_NOTYPE || (type == STT_GNU_IFUNC && !value)) &&
	       strcmp(name, object->strings + symbol->st_name) == 0;
}

/* Whether only programs that were linked long ago are bound to symbol i. */
static bool is_old(const struct object *object, uint32_t i)
{
	return object->versions && object->versions[i] & VERSION_HIDDEN;
}

/* DT_HASH is read for the number of symbols only: objects that have nothing else are rare. */
static RARE uint32_t find_sysv(const struct object *object, const char *name, ElfW(Addr) value)
{
	uint32_t old = 0;

	for (uint32_t i = 1; i < object->sysv_hash[1]; i++)
		if (is_wanted(object, i, name, value)) {
			if (value || !is_old(object, i))
				return i;
			old = i;
		}
	return old;
}

/* The definition of a name, 0 where there is none. With a value other than 0: of any version. */
static uint32_t find(const struct object *object, const char *name, ElfW(Addr) value)
{
	const uint32_t *table = object->gnu_hash;
	const uint32_t *bucket, *chain;
	uint32_t hash = 5381;
	uint32_t old = 0;
	uint32_t i;

	if (!table)
		return find_sysv(object, name, value);
	for (const char *c = name; *c; c++)
		hash = hash * 33 + (unsigned char)*c;
	bucket = table + 4 + table[2] * (sizeof(ElfW(Addr)) / sizeof(*table)); /* bloom filter */
	chain = bucket + table[0] - table[1];
	i = bucket[hash % table[0]];
	for (bool is_more = i; is_more; i++) {
		is_more = !(chain[i] & 1);
		if ((chain[i] | 1) != (hash | 1) || !is_wanted(object, i, name, value))
			continue;
		if (value || !is_old(object, i))
			return i;
		old = i;
	}
	return old;
}

/* What an IFUNC chooses. aarch64's get the processor's features in this way (glibc's
 * sysdeps/aarch64/dl-irel.h), and no other machine's look at what they get. */
static RARE symbol_function choose(ElfW(Addr) resolver)
{
	const uint64_t has_features = (uint64_t)1 << 62; /* _IFUNC_ARG_HWCAP */
	const unsigned long features[3] = { sizeof(features), getauxval(AT_HWCAP),
					    getauxval(AT_HWCAP2) };

	return ((symbol_function(*)(uint64_t, const void *))resolver)(features[1] | has_features,
								      features);
}

static int search_object(struct dl_phdr_info *info, size_t size, void *data)
{
	struct search *search = data;
	const char *name = search->names;
	struct object object;
	bool is_missing = false;
	bool is_in = is_in_place(info, search);

	(void)size;
	search->is_past = search->is_past || is_here(info);
	if (!is_in || !read_object(info, &object))
		return 0;
	for (size_t n = 0; n < search->count; n++, name += strlen(name) + 1) {
		uint32_t i = search->found[n] ? 0 : find(&object, name, 0);
		ElfW(Addr) at = info->dlpi_addr + object.symbols[i].st_value;

		is_missing = is_missing || (!i && !search->found[n]);
		if (!i)
			continue;
		search->found[n] = type_of(&object.symbols[i]) == STT_GNU_IFUNC
					   ? choose(at)
					   : (symbol_function)at;
		if (search->owner)
			search->owner[n] = info->dlpi_phdr;
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
	struct search search = { names, count, place, .found = found, .owner = owner };

	walk(search_object, &search);
}

/* Writes value to a symbol table, which the loader maps for reading. Other threads may read it
 * meanwhile. The page is never writable and executable at once: that may be forbidden. */
static RARE bool write_value(const struct dl_phdr_info *info, const ElfW(Addr) * at,
			     ElfW(Addr) value)
{
	const ElfW(Phdr) *segment = find_segment(info, (uintptr_t)at);
	size_t size = getauxval(AT_PAGESZ);
	uintptr_t page = (uintptr_t)at & -size;
	int usual = PROT_READ;

	if (!segment)
		return false;
	if (segment->p_flags & PF_W)
		usual |= PROT_WRITE;
	if (segment->p_flags & PF_X)
		usual |= PROT_EXEC;
	if (syscall(SYS_mprotect, page, size, PROT_READ | PROT_WRITE) != 0)
		return false;
	atomic_store((_Atomic(ElfW(Addr)) *)(uintptr_t)at, value);
	syscall(SYS_mprotect, page, size, usual);
	return true;
}

static RARE int redirect_object(struct dl_phdr_info *info, size_t size, void *data)
{
	struct search *search = data;
	const char *name = search->names;
	struct object object;
	bool is_in = is_in_place(info, search);

	(void)size;
	search->is_past = search->is_past || is_here(info);
	if (!is_in || !read_object(info, &object))
		return 0;
	for (size_t n = 0; n < search->count; n++, name += strlen(name) + 1) {
		ElfW(Addr) from = (ElfW(Addr))search->from[n] - info->dlpi_addr;
		ElfW(Addr) to = (ElfW(Addr))search->to[n] - info->dlpi_addr;
		uint32_t i;

		if (!search->from[n] || !search->to[n] || to == from)
			continue;
		while ((i = find(&object, name, from)) &&
		       write_value(info, &object.symbols[i].st_value, to))
			;
	}
	return 0;
}

RARE void symbol_redirect(const char *names, size_t count, const symbol_function *from,
			  const symbol_function *to)
{
	struct search search = { names, count, SYMBOL_NEXT, .from = from, .to = to };

	walk(redirect_object, &search);
}
