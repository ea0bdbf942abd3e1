/* SPDX-License-Identifier: MIT */
/* What the entries that send and those that receive have in common. */
#ifndef PIN4_TRAFFIC_H
#define PIN4_TRAFFIC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "libc.h"
#include "watch.h"

/* Whether the descriptor's traffic is nobody's business here. All that most calls pay: each entry
 * is split in two, so that this needs neither stack nor registers saved. */
static inline bool traffic_is_quiet(enum watch_mark mark, int fd)
{
	return watch_is_idle(mark) || (libc_is_bound(LIBC_LAST_CALL) && !watch_has(mark, fd));
}

/* musl's msg_iovlen is an int with padding behind it that programs need not clear. */
static inline size_t traffic_part_count(const struct msghdr *message)
{
	return (unsigned)message->msg_iovlen;
}

#endif
