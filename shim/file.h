/* SPDX-License-Identifier: MIT */
/* The few system calls on files that pin4 makes, by number: fstat() and its kin are no symbols
 * before glibc 2.33, and none of these is a cancellation point this way. */
#ifndef PIN4_FILE_H
#define PIN4_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/* fstat(2). Async-signal-safe. Returns false with errno set, *ret untouched. */
bool file_stat(int fd, struct stat *ret);

/* stat(2), the same. */
bool file_look(const char *path, struct stat *ret);

/* Opens a file to read it, whatever it is, without waiting for it and without making it the
 * terminal of this process. The descriptor closes on exec; the caller closes it. -1 with errno. */
int file_open(const char *path);
void file_close(int fd); /* leaves errno alone */

/* Reads up to len bytes from fd on until the end; the count, or -1 with errno. EINTR is not an
 * error. */
long file_read(int fd, char *buf, size_t len);

/* Reads the regular file at path whole, at most max bytes, into *text, of which the caller unmaps
 * *len + 1 bytes. Async-signal-safe. Returns 0, or an errno, with *text and *len untouched: EINVAL
 * for what is no regular file, EFBIG for more than max, EAGAIN for one that changed meanwhile. */
int file_load(const char *path, size_t max, char **text, size_t *len);

#endif
