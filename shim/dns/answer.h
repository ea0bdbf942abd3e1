/* SPDX-License-Identifier: MIT */
/* What becomes of a received message while questions wait. Async-signal-safe. */
#ifndef PIN4_DNS_ANSWER_H
#define PIN4_DNS_ANSWER_H

#include <stdbool.h>
#include <sys/socket.h>

/* Rebuilds a received message, *got bytes in message's buffers, if it answers a waiting question,
 * and sets *got to its length then. Returns false if the program must not see it: the host has no A
 * record, and the question is asked as it was. errno may change. */
bool answer_rebuild(int fd, const struct msghdr *message, int flags, ssize_t *got);

/* The same, and receives again in place of what the program must not see: at once, where the
 * program does not want to wait (EAGAIN), else for a bounded time. got and the result are as
 * recvmsg(2) returns them; errno stays on success. Of message only the buffers are used. */
ssize_t answer_look(int fd, const struct msghdr *message, int flags, ssize_t got);

#endif
