/* SPDX-License-Identifier: MIT */
/* The launcher's own messages, and its end. */
#ifndef PIN4_SAY_H
#define PIN4_SAY_H

enum { EXIT_USAGE = 2, EXIT_NOT_LOADED = 3, EXIT_NO_PROGRAM = 126, EXIT_NOT_FOUND = 127 };

__attribute__((noreturn)) void leave(int status);

/* Writes message and a line end to fd, on descriptor 2 with "pin4: " in front. what, which may be
 * NULL without it, stands in place of a "%". */
void say(int fd, const char *message, const char *what);

/* The same on descriptor 2, and ends the process. */
__attribute__((noreturn)) void die(int status, const char *message, const char *what);

#endif
