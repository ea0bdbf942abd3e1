/* SPDX-License-Identifier: MIT */
/* Puts DNS messages together from what a TCP socket gives (RFC 1035 4.2.2: two bytes of length,
 * then the message), a few sockets at a time. Fixed size, no lock, async-signal-safe. */
#ifndef PIN4_STREAM_H
#define PIN4_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

enum { STREAM_MESSAGE = 4096 }; /* larger messages go by unread */

/* Copies the first bytes of count buffers that hold len in all, at most size; returns how many. */
size_t stream_gather(const struct iovec *parts, size_t count, size_t len, unsigned char *to,
		     size_t size);

/* Follows fd from here on; where as many are followed already as can be, one of them is given
 * up. */
void stream_open(int fd);

/* Follows fd no more. */
void stream_close(int fd);

/* Takes in what fd has received and calls take for each message that is complete with it. Returns
 * false where fd is not followed. */
bool stream_feed(int fd, const struct iovec *parts, size_t count, size_t len,
		 void (*take)(int fd, const unsigned char *msg, size_t len));

#endif
