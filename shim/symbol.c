/* SPDX-License-Identifier: MIT */
/* Finds functions by the hash tables of the gABI and of GNU. It relies on dl_iterate_phdr. */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include "symbol.h"

#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "export.h"

/* What one object's dynamic section says of its symbols. */
struct object {
	const ElfW(Sym) * symbols;
	const char *strings;
	const ElfW(Half) * versions; /* NULL where it has none */
	const uint32_t *gnu_hash;
	const uint32_t *sysv_hash; /* DT_HASH, where there is no DT_GNU_HASH */
	ElfW(Addr) base;
	ElfW(Addr) value; /* of the symbols to find, of whatever version; 0: of the default one */
};

/* What is looked for, and where; then what is found, or what is put in whose place. */
struct search {
	const char *names;
	size_t count;
	enum symbol_place place;
	const ElfW(Phdr) * vdso; /* its headers; NULL where there is none */
	bool is_past;            /* this library has come by */
	symbol_function *found;
	const symbol_function *from;
	const symbol_function *to;
};

enum { VERSION_HIDDEN = 0x8000 };

extern const char __ehdr_start __attribute__((visibility("hidden"))); /* the linker's */

/* Leaves name's terminator in *end, which the hash comes by anyway. */
static uint32_t gnu_hash(const char *name, const char **end)
{
	uint32_t hash = 5381;

	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	*end = name;
	return hash;
}

static uint32_t sysv_hash(const char *name)
{
	uint32_t hash = 0;

	while (*name) {
		hash = (hash << 4) + (unsigned char)*name++;
		hash ^= hash >> 24 & 0xf0;
	}
	return hash & 0x0fffffff;
}

/* Whether symbol i is the definition to find of a function of that name. An IFUNC is none here: its
 * value is what chooses the function. */
static inline bool is_wanted(const struct object *object, uint32_t i, const char *name)
{
	const ElfW(Sym) *symbol = &object->symbols[i];
	const char *other = object->strings + symbol->st_name;
	bool is_hidden = object->versions && object->versions[i] & VERSION_HIDDEN;

	if ((symbol->st_info & 15) != STT_FUNC || symbol->st_shndx == SHN_UNDEF ||
	    (object->value ? symbol->st_value != object->value : is_hidden))
		return false;
	while (*name == *other && *name) { /* each start does this for every name */
		name++;
		other++;
	}
	return *name == *other;
}

static uint32_t find_gnu(const struct object *object, const char *name, uint32_t hash)
{
	enum { WORD_BITS = sizeof(ElfW(Addr)) * 8 };
	const uint32_t *table = object->gnu_hash;
	uint32_t buckets = table[0];
	uint32_t first = table[1];
	const ElfW(Addr) *bloom = (const void *)&table[4];
	const uint32_t *bucket = (const void *)&bloom[table[2]];
	const uint32_t *chain = bucket + buckets;
	ElfW(Addr) word = bloom[hash / WORD_BITS & (table[2] - 1)];
	uint32_t i;

	if (!(word >> hash % WORD_BITS & word >> (hash >> table[3]) % WORD_BITS & 1))
		return 0;
	i = bucket[hash % buckets];
	if (i < first)
		return 0;
	for (;; i++) {
		uint32_t other = chain[i - first];

		if ((other | 1) == (hash | 1) && is_wanted(object, i, name))
			return i;
		if (other & 1)
			return 0;
	}
}

static RARE uint32_t find_sysv(const struct object *object, const char *name)
{
	const uint32_t *table = object->sysv_hash;
	const uint32_t *chain = table + 2 + table[0];
	uint32_t i = table[2 + sysv_hash(name) % table[0]];

	while (i && !is_wanted(object, i, name))
		i = chain[i];
	return i;
}

/* An address in a dynamic section: glibc's loader relocates most of them in place, musl's none,
 * and nobody those of the vDSO. Linux before 3.16 links it at an address that is negative here. */
static const void *address(ElfW(Addr) base, ElfW(Addr) value)
{
	return (const void *)((int64_t)value < (int64_t)base ? base + value : value);
}

static bool read_object(const struct dl_phdr_info *info, struct object *ret)
{
	const ElfW(Dyn) *dynamic = NULL;

	for (size_t i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			dynamic = (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
	*ret = (struct object){ .base = info->dlpi_addr };
	for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
		const void *at = address(ret->base, dynamic->d_un.d_ptr);

		switch (dynamic->d_tag) {
		case DT_SYMTAB:
			ret->symbols = at;
			break;
		case DT_STRTAB:
			ret->strings = at;
			break;
		case DT_VERSYM:
			ret->versions = at;
			break;
		case DT_GNU_HASH:
			ret->gnu_hash = at;
			break;
		case DT_HASH:
			ret->sysv_hash = at;
			break;
		}
	}
	return ret->symbols && ret->strings && (ret->gnu_hash || ret->sysv_hash);
}

/* The symbol of that name and gnu_hash(), or 0. */
static uint32_t find(const struct object *object, const char *name, uint32_t hash)
{
	return object->gnu_hash ? find_gnu(object, name, hash) : find_sysv(object, name);
}

static bool is_here(const struct dl_phdr_info *info)
{
	return info->dlpi_addr == (uintptr_t)&__ehdr_start;
}

/* The vDSO's functions only look like the libc's. It is known by its headers: how far it was moved
 * is not its address, where it was not linked at 0. */
static bool is_in_place(const struct dl_phdr_info *info, const struct search *search)
{
	bool is_vdso = info->dlpi_phdr == search->vdso;

	if (search->place == SYMBOL_HERE)
		return is_here(info);
	return is_vdso == (search->place == SYMBOL_KERNEL) &&
	       (search->is_past || search->place != SYMBOL_NEXT);
}

static int search_object(struct dl_phdr_info *info, size_t size, void *data)
{
	struct search *search = data;
	struct object object;
	const char *name = search->names;
	const char *end;
	bool is_missing = false;
	bool is_in = is_in_place(info, search);

	(void)size;
	search->is_past |= is_here(info);
	if (!is_in || !read_object(info, &object))
		return 0;
	for (size_t i = 0; i < search->count; i++, name = end + 1) {
		uint32_t hash = gnu_hash(name, &end);
		uint32_t at;

		if (search->found[i])
			continue;
		at = find(&object, name, hash);
		if (at)
			search->found[i] =
				(symbol_function)(object.base + object.symbols[at].st_value);
		else
			is_missing = true;
	}
	return !is_missing; /* nothing is left to look for */
}

void symbol_find(const char *names, size_t count, enum symbol_place place, symbol_function *found)
{
	struct search search = {
		.names = names,
		.count = count,
		.place = place,
		.found = found,
	};
	int saved = errno; /* getauxval calls it an error that there is none */
	const char *vdso = (const char *)getauxval(AT_SYSINFO_EHDR);

	if (vdso)
		search.vdso = (const void *)(vdso + ((const ElfW(Ehdr) *)vdso)->e_phoff);
	errno = saved;
	dl_iterate_phdr(search_object, &search);
}

/* The protection of the segment that at is in; PROT_NONE where it is in none. */
static int protection(const struct dl_phdr_info *info, uintptr_t at)
{
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD &&
		    at - info->dlpi_addr - segment->p_vaddr < segment->p_memsz)
			return ((segment->p_flags & PF_R) ? PROT_READ : 0) |
			       ((segment->p_flags & PF_W) ? PROT_WRITE : 0) |
			       ((segment->p_flags & PF_X) ? PROT_EXEC : 0);
	}
	return PROT_NONE;
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
	struct object object;

	(void)size;
	if (!redirection->is_past || !read_object(info, &object)) {
		redirection->is_past |= is_here(info);
		return 0;
	}
	for (size_t i = 0; i < redirection->count; i++, name = end + 1) {
		ElfW(Addr) to = (ElfW(Addr))redirection->to[i] - object.base;
		uint32_t hash = gnu_hash(name, &end);
		uint32_t at;

		if (!redirection->from[i] || !redirection->to[i])
			continue;
		object.value = (ElfW(Addr))redirection->from[i] - object.base;
		while ((at = find(&object, name, hash)) &&
		       write_value(info, &object.symbols[at].st_value, to))
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
		.from = from,
		.to = to,
	};

	dl_iterate_phdr(redirect_object, &redirection);
}
