/* SPDX-License-Identifier: MIT */
/* Tells a call that pin4 itself, or the libc for it, caused from one that the program made. */
#ifndef PIN4_GUARD_H
#define PIN4_GUARD_H

#include <stdbool.h>
#include <stdint.h>

#include "export.h"

enum { GUARD_LEVELS = 4 };

/* The stack frames of the calls that a thread is inside of, the outermost first; 0: no more. The
 * stack grows down, so that each is below the one before. They are there because a program may
 * leave a lookup by siglongjmp (an alarm as a time-out), and nothing reports that: a call from the
 * same frame or an outer one shows that what was inside is over. */
struct guard {
	uintptr_t frames[GUARD_LEVELS];
};

#define GUARD extern HIDDEN _Thread_local struct guard __attribute__((tls_model("initial-exec")))

GUARD guard_lookup; /* the libc's lookup of a host that a rule matches */

#define GUARD_INLINE static inline __attribute__((always_inline))

/* How many calls under this guard the caller is inside of, at most GUARD_LEVELS. */
GUARD_INLINE unsigned guard_depth(const struct guard *guard)
{
	unsigned depth = 0;

	while (depth < GUARD_LEVELS && guard->frames[depth] > (uintptr_t)__builtin_frame_address(0))
		depth++;
	return depth;
}

GUARD_INLINE void guard_set(struct guard *guard, uintptr_t frame)
{
	for (unsigned i = guard_depth(guard); i < GUARD_LEVELS; i++) {
		guard->frames[i] = frame;
		frame = 0;
	}
}

/* Call both from one function; what is called between them is inside. Where the guard is full, they
 * do nothing. */
GUARD_INLINE void guard_enter(struct guard *guard)
{
	guard_set(guard, (uintptr_t)__builtin_frame_address(0));
}

GUARD_INLINE void guard_leave(struct guard *guard)
{
	guard_set(guard, 0);
}

/* Reports to the log, once in a process, that lookups pile up. */
void guard_report(const char *host);

/* Whether a lookup of host is inside so many that it has to be handed on to the libc. A lookup
 * within a lookup is an NSS module's, and is decided like any other, unless they pile up: then the
 * module asks itself what it is asked, and the libc's own answer ends that. */
GUARD_INLINE bool guard_is_piling_up(const char *host)
{
	if (guard_depth(&guard_lookup) < GUARD_LEVELS)
		return false;
	guard_report(host);
	return true;
}

#endif
