/* SPDX-License-Identifier: MIT */
/* Pages of memory, by system call number. */
#include "memory.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SYS_mmap2 /* SYS_mmap takes its arguments in memory there */
#define NUMBER_OF_MMAP SYS_mmap2
#else
#define NUMBER_OF_MMAP SYS_mmap
#endif

void *memory_map(size_t size)
{
	int saved = errno;
	/* The last argument comes by the stack, where only a long fills its whole place. */
	long mapped = syscall(NUMBER_OF_MMAP, NULL, size, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);

	errno = saved;
	return mapped == -1 ? NULL : (void *)mapped;
}

void memory_unmap(void *memory, size_t size)
{
	int saved = errno;

	if (memory)
		syscall(SYS_munmap, memory, size);
	errno = saved;
}
