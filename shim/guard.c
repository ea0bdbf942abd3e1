/* SPDX-License-Identifier: MIT */
/* Holds the thread's guards; guard.h has the rest. */
#include "guard.h"

_Thread_local struct guard guard_lookup;
