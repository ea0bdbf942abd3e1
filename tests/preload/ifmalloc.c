/* SPDX-License-Identifier: MIT */
/* An allocator whose functions are IFUNCs. It puts a mark before each block, without which free
 * ends the program: so a block of the libc's that goes to it shows. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MARK = 0x11223344 };

struct block {
	uint64_t mark;
	uint64_t size;
	unsigned char bytes[];
};

static _Alignas(16) unsigned char pool[64 << 20];
static size_t used;

static void *take(size_t size)
{
	size_t at = __atomic_fetch_add(&used, (sizeof(struct block) + size + 15) & ~(size_t)15,
				       __ATOMIC_SEQ_CST);
	struct block *block = (struct block *)(void *)&pool[at];

	*block = (struct block){ MARK, size };
	return block->bytes;
}

static struct block *block_of(void *memory)
{
	struct block *block = (struct block *)(void *)((unsigned char *)memory - sizeof(*block));

	if (block->mark != MARK)
		abort();
	return block;
}

static void give(void *memory)
{
	if (memory)
		block_of(memory)->size = 0;
}

static void *take_clear(size_t count, size_t size)
{
	return take(count * size); /* no block is used twice */
}

static void *take_again(void *memory, size_t size)
{
	void *ret = take(size);
	size_t old = memory ? block_of(memory)->size : 0;

	return memory ? memcpy(ret, memory, old < size ? old : size) : ret;
}

#define CHOICE(name, chosen)                         \
	static __typeof__(&name) choose_##name(void) \
	{                                            \
		return chosen;                       \
	}                                            \
	__attribute__((ifunc("choose_" #name))) __typeof__(name) name

CHOICE(malloc, take);
CHOICE(free, give);
CHOICE(calloc, take_clear);
CHOICE(realloc, take_again);
