/* SPDX-License-Identifier: MIT */
/* The launcher's own messages. It relies on system calls by number. */
#include "say.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

void leave(int status)
{
	for (;;)
		syscall(SYS_exit_group, status);
}

static struct iovec piece(const char *bytes, size_t len)
{
	return (struct iovec){ (void *)(uintptr_t)bytes, len };
}

/* Writes a line, in one call, in which what stands for a "%". */
void say(int fd, const char *message, const char *what)
{
	const char *rest = message;
	struct iovec pieces[5] = { piece("pin4: ", fd == STDERR_FILENO ? 6 : 0) };

	while (*rest && *rest != '%')
		rest++;
	pieces[1] = piece(message, (size_t)(rest - message));
	if (*rest++) {
		pieces[2] = piece(what, strlen(what));
		pieces[3] = piece(rest, strlen(rest));
	}
	pieces[4] = piece("\n", 1);
	syscall(SYS_writev, fd, pieces, sizeof(pieces) / sizeof(*pieces));
}

void die(int status, const char *message, const char *what)
{
	say(STDERR_FILENO, message, what);
	leave(status);
}
