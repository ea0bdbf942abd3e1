/* SPDX-License-Identifier: MIT */
/* Reads an object's symbols by the hash tables of the gABI and of GNU. It relies on getauxval. */
#include "symbol_object.h"

#include <sys/auxv.h>

#include "export.h"

enum { VERSION_HIDDEN = 0x8000 };

uint32_t symbol_hash(const char *name, const char **end)
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

static unsigned type_of(const ElfW(Sym) * symbol)
{
	return symbol->st_info & 15;
}

/* Whether symbol i is a definition to find of a function of that name. The value of an IFUNC is no
 * function, but what chooses one. */
static inline bool is_wanted(const struct symbol_object *object, uint32_t i, const char *name)
{
	const ElfW(Sym) *symbol = &object->symbols[i];
	const char *other = object->strings + symbol->st_name;
	unsigned type = type_of(symbol);

	if (symbol->st_shndx == SHN_UNDEF || (object->value && symbol->st_value != object->value) ||
	    (type != STT_FUNC && type != STT_NOTYPE && (type != STT_GNU_IFUNC || object->value)))
		return false;
	while (*name == *other && *name) { /* each start does this for every name */
		name++;
		other++;
	}
	return *name == *other;
}

static inline bool is_old(const struct symbol_object *object, uint32_t i)
{
	return object->versions && object->versions[i] & VERSION_HIDDEN && !object->value;
}

static uint32_t find_gnu(const struct symbol_object *object, const char *name, uint32_t hash)
{
	enum { WORD_BITS = sizeof(ElfW(Addr)) * 8 };
	const uint32_t *table = object->gnu_hash;
	uint32_t buckets = table[0];
	uint32_t first = table[1];
	const ElfW(Addr) *bloom = (const void *)&table[4];
	const uint32_t *bucket = (const void *)&bloom[table[2]];
	const uint32_t *chain = bucket + buckets;
	ElfW(Addr) word = bloom[hash / WORD_BITS & (table[2] - 1)];
	uint32_t old = 0;
	uint32_t i;

	if (!(word >> hash % WORD_BITS & word >> (hash >> table[3]) % WORD_BITS & 1))
		return 0;
	i = bucket[hash % buckets];
	if (i < first)
		return 0;
	for (;; i++) {
		uint32_t other = chain[i - first];

		if ((other | 1) == (hash | 1) && is_wanted(object, i, name)) {
			if (!is_old(object, i))
				return i;
			old = i;
		}
		if (other & 1)
			return old;
	}
}

static RARE uint32_t find_sysv(const struct symbol_object *object, const char *name)
{
	const uint32_t *table = object->sysv_hash;
	const uint32_t *chain = table + 2 + table[0];
	uint32_t old = 0;

	for (uint32_t i = table[2 + sysv_hash(name) % table[0]]; i; i = chain[i])
		if (is_wanted(object, i, name)) {
			if (!is_old(object, i))
				return i;
			old = i;
		}
	return old;
}

const ElfW(Phdr) * symbol_find_segment(const struct dl_phdr_info *info, uintptr_t at)
{
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_LOAD &&
		    at - info->dlpi_addr - segment->p_vaddr < segment->p_memsz)
			return segment;
	}
	return NULL;
}

/* An address in a dynamic section: glibc's loader relocates most of them in place, musl's none. */
static const void *address(const struct dl_phdr_info *info, const ElfW(Dyn) * entry)
{
	ElfW(Addr) at = entry->d_un.d_ptr;

	return (const void *)(symbol_find_segment(info, at) ? at : info->dlpi_addr + at);
}

bool symbol_read_object(const struct dl_phdr_info *info, struct symbol_object *ret)
{
	const ElfW(Dyn) *dynamic = NULL;

	for (size_t i = 0; i < info->dlpi_phnum; i++)
		if (info->dlpi_phdr[i].p_type == PT_DYNAMIC)
			dynamic = (const void *)(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
	*ret = (struct symbol_object){ .base = info->dlpi_addr };
	for (; dynamic && dynamic->d_tag != DT_NULL; dynamic++) {
		switch (dynamic->d_tag) {
		case DT_SYMTAB:
			ret->symbols = address(info, dynamic);
			break;
		case DT_STRTAB:
			ret->strings = address(info, dynamic);
			break;
		case DT_VERSYM:
			ret->versions = address(info, dynamic);
			break;
		case DT_GNU_HASH:
			ret->gnu_hash = address(info, dynamic);
			break;
		case DT_HASH:
			ret->sysv_hash = address(info, dynamic);
			break;
		}
	}
	return ret->symbols && ret->strings && (ret->gnu_hash || ret->sysv_hash);
}

const ElfW(Sym) *
	symbol_find_in(const struct symbol_object *object, const char *name, uint32_t hash)
{
	uint32_t i = object->gnu_hash ? find_gnu(object, name, hash) : find_sysv(object, name);

	return i ? &object->symbols[i] : NULL;
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

symbol_function symbol_function_of(const struct symbol_object *object, const ElfW(Sym) * symbol)
{
	ElfW(Addr) at = object->base + symbol->st_value;

	return type_of(symbol) == STT_GNU_IFUNC ? choose(at) : (symbol_function)at;
}
