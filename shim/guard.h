/* SPDX-License-Identifier: MIT */
/* How many of the libc's lookups of hosts that a rule matches the thread is inside of. */
#ifndef PIN4_GUARD_H
#define PIN4_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "export.h"

enum { GUARD_LEVELS = 4 };

/* The stack frames of those lookups, the outermost first; 0: no more. The stack grows down, so that
 * each is below the one before. A program may leave a lookup by siglongjmp (an alarm as a
 * time-out), and nothing reports that: a call from the same frame or an outer one shows that it is
 * over. */
extern HIDDEN _Thread_local uintptr_t guard_frames[GUARD_LEVELS + 1]
	__attribute__((tls_model("initial-exec")));

#define GUARD_INLINE static inline __attribute__((always_inline))

GUARD_INLINE unsigned guard_depth(void)
{
	unsigned depth = 0;

	while (guard_frames[depth] > (uintptr_t)__builtin_frame_address(0))
		depth++;
	return depth;
}

/* What is called until guard_leave() is inside. Call both from one function, where
 * guard_is_piling_up() is false. */
GUARD_INLINE void guard_enter(void)
{
	unsigned depth = guard_depth();

	guard_frames[depth] = (uintptr_t)__builtin_frame_address(0);
	guard_frames[depth + 1] = 0;
}

GUARD_INLINE void guard_leave(void)
{
	guard_frames[guard_depth()] = 0;
}

/* Reports to the log, once in a process, that lookups pile up. */
void guard_report(const char *host);

/* Whether a lookup of host is inside so many that it has to be handed on to the libc. A lookup
 * within a lookup is an NSS module's, and is decided like any other, unless they pile up: then the
 * module asks itself what it is asked, and the libc's own answer ends that. */
GUARD_INLINE bool guard_is_piling_up(const char *host)
{
	if (guard_depth() < GUARD_LEVELS)
		return false;
	guard_report(host);
	return true;
}

#endif
