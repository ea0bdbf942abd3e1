/* SPDX-License-Identifier: MIT */
/* Tells a call that pin4 itself, or the libc for it, caused from one that the program made. */
#ifndef PIN4_GUARD_H
#define PIN4_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "export.h"

/* What a thread is inside of: how many calls deep, and the stack frame of the outermost. The frame
 * is there because a program may leave a lookup by siglongjmp (an alarm as a time-out), and nothing
 * tells: the next call from the same frame or an outer one proves what was counted dead. The stack
 * grows down. */
struct guard {
	uintptr_t frame;
	unsigned depth;
};

#define GUARD extern HIDDEN _Thread_local struct guard __attribute__((tls_model("initial-exec")))

GUARD guard_lookup; /* the libc's lookup of a host that a rule matches */

/* How many calls under this guard the caller stands in. */
static inline unsigned guard_depth(const struct guard *guard)
{
	return guard->frame > (uintptr_t)__builtin_frame_address(0) ? guard->depth : 0;
}

/* Call both from one function; what is called between them is inside. */
static inline void guard_enter(struct guard *guard)
{
	guard->depth = guard_depth(guard) + 1;
	if (guard->depth == 1)
		guard->frame = (uintptr_t)__builtin_frame_address(0);
}

static inline void guard_leave(struct guard *guard)
{
	if (--guard->depth == 0)
		guard->frame = 0;
}

/* A lookup within a lookup is an NSS module's. It is decided like any other, unless they pile up:
 * then the module asks itself what it is asked, and the libc's own answer ends that. */
enum { GUARD_LOOKUPS = 4 };

static inline bool guard_is_piling_up(void)
{
	return guard_depth(&guard_lookup) >= GUARD_LOOKUPS;
}

#endif
