/* SPDX-License-Identifier: MIT */
/* Tells a call that pin4 itself caused from one that the program made. */
#ifndef PIN4_GUARD_H
#define PIN4_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "export.h"

/* The stack frame of this thread's outermost guarded call; 0 outside of one. It is an address
 * and not a count, because a program may leave a lookup by siglongjmp (an alarm as a time-out):
 * a frame that lies above the stored one proves the stored one dead. The stack grows down. */
extern HIDDEN _Thread_local uintptr_t guard_frame __attribute__((tls_model("initial-exec")));

/* Whether this thread is inside a guarded call further up its stack: an allocator that resolves
 * a name while pin4 allocates, an NSS module that does while the libc looks up a pinned host.
 * Such a call goes straight to the libc. */
static inline bool guard_is_inside(void)
{
	return guard_frame > (uintptr_t)__builtin_frame_address(0);
}

static inline void guard_enter(void)
{
	guard_frame = (uintptr_t)__builtin_frame_address(0);
}

static inline void guard_leave(void)
{
	guard_frame = 0;
}

#endif
