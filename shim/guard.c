/* SPDX-License-Identifier: MIT */
/* Holds the thread's mark; guard.h has the rest. */
#include "guard.h"

_Thread_local uintptr_t guard_frame;
