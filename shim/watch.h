/* SPDX-License-Identifier: MIT */
/* Watches the DNS questions that a program sends by itself, to port 53, and enters their answers
 * into the book. Never alters or delays what is sent or received.
 * Safe in any thread and after fork; errno stays. Descriptors above WATCH_FDS are not watched. */
#ifndef PIN4_WATCH_H
#define PIN4_WATCH_H

#include <netdb.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "export.h"

enum { WATCH_FDS = 65536 };

/* What a descriptor may be marked as. A mark that has outlived its socket costs a look at what
 * another one sends or receives, and nothing else: an answer counts only with its question. */
enum watch_mark {
	WATCH_FRESH,  /* a socket that may yet send a question */
	WATCH_ASKING, /* one that has asked */
	WATCH_MARKS
};

extern HIDDEN _Atomic bool watch_is_any[WATCH_MARKS]; /* true as well before watch_open() */
extern HIDDEN _Atomic uint32_t watch_marks[WATCH_MARKS][WATCH_FDS / 32];

/* Begins to tell that there are no marks. Call it once the libc table is filled. */
void watch_open(void);

/* Whether no descriptor is marked, and the libc table is filled: all that nearly every process
 * pays. Async-signal-safe. */
static inline bool watch_is_idle(enum watch_mark mark)
{
	return !atomic_load_explicit(&watch_is_any[mark], memory_order_relaxed);
}

/* Whether fd is marked. Async-signal-safe. */
static inline bool watch_has(enum watch_mark mark, int fd)
{
	return (unsigned)fd < WATCH_FDS &&
	       atomic_load_explicit(&watch_marks[mark][(unsigned)fd / 32], memory_order_relaxed) >>
			       (unsigned)fd % 32 &
		       1;
}

/* A socket was made. */
void watch_socket(int fd, int domain, int type);

/* A lookup of a host that no rule names gave list: no pinned host may take its addresses from it.
 * Of use only where the program asks DNS by itself too, which is where the book has any. */
void watch_other(const struct addrinfo *list);

/* The program is about to send count buffers, one message or a part of a stream, on fd; to is the
 * destination if it gives one, else NULL. They are read only if they go to port 53: what else is
 * sent may be addresses that the program is not sure of, for the kernel to tell (EFAULT). */
void watch_send(int fd, const struct iovec *parts, size_t count, const struct sockaddr *to,
		socklen_t to_len);

/* The program receives what it does not want to see (MSG_TRUNC). Returns whether fd is a TCP
 * socket, whose bytes are gone then: it is followed no more. */
bool watch_discard(int fd);

/* The program has received len bytes, spread over count buffers, on fd; from is the sender if the
 * program asked for it, else NULL. */
void watch_received(int fd, const struct iovec *parts, size_t count, size_t len,
		    const struct sockaddr *from, socklen_t from_len);

#endif
