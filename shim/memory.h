/* SPDX-License-Identifier: MIT */
/* Pages of memory from the kernel, past the program's allocator. */
#ifndef PIN4_MEMORY_H
#define PIN4_MEMORY_H

#include <stddef.h>

/* Maps size bytes of zeros; NULL where there are none to be had. Async-signal-safe; errno stays. */
void *memory_map(size_t size);
void memory_unmap(void *memory, size_t size);

#endif
