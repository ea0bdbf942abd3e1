/* SPDX-License-Identifier: MIT */
/* The library as a program: the launcher. It runs without a libc, see entry.c. */
#ifndef PIN4_LAUNCH_H
#define PIN4_LAUNCH_H

/* Does what argv says, with environ as the environment, and becomes the command or exits. The
 * library's other modules can be called, except where they need thread-local storage or a function
 * that symbol.c finds by name. */
_Noreturn void launch(char **argv);

#endif
