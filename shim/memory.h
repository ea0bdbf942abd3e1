/* SPDX-License-Identifier: MIT */
/* Pages of memory from the kernel, past the program's allocator, which may not be safe to call
 * where pin4 runs (a signal handler, a lookup within malloc). */
#ifndef PIN4_MEMORY_H
#define PIN4_MEMORY_H

#include <stddef.h>

/* Maps size bytes of zeros; NULL where there are none to be had. Async-signal-safe; errno stays. */
void *memory_map(size_t size);
void memory_unmap(void *memory, size_t size); /* NULL is fine */

#endif
