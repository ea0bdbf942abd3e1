/* SPDX-License-Identifier: MIT */
/* Whether a program file would load the library, told from the file alone, without running it. */
#ifndef PIN4_PROGRAM_H
#define PIN4_PROGRAM_H

#include <stddef.h>

enum program_fault {
	PROGRAM_LOADS,
	PROGRAM_UNREADABLE, /* errno says why */
	PROGRAM_NO_PROGRAM, /* neither ELF nor "#!" */
	PROGRAM_OTHER_CLASS,
	PROGRAM_OTHER_MACHINE,
	PROGRAM_STATIC,
	PROGRAM_GO, /* static or not */
	PROGRAM_SETUID,
	PROGRAM_CAPABLE,
};

/* Looks at the file at path; where that is a script, at its interpreter, as execve(2) would.
 * *culprit gets the path of the file that was judged, NUL-terminated. */
enum program_fault program_look(const char *path, char culprit[256]);

/* What is wrong, and what works with such a program instead, as a phrase for people. */
const char *program_reason(enum program_fault fault);

#endif
