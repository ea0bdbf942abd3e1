/* SPDX-License-Identifier: MIT */
/* What the program may call, and what the compiler should know of the rest. */
#ifndef PIN4_EXPORT_H
#define PIN4_EXPORT_H

#define EXPORT __attribute__((visibility("default")))

/* For variables that another file defines: read directly, not through a table of addresses. */
#define HIDDEN __attribute__((visibility("hidden")))

/* Keeps a rare path, and what it needs of the stack, out of an entry that runs often. */
#define RARE __attribute__((noinline, cold))

#endif
