/* SPDX-License-Identifier: MIT */
/* Makes a socket and an IPv4 address fit each other, where the program made the socket before it
 * knew. Async-signal-safe, without a lock; the descriptor is never replaced. */
#ifndef PIN4_FIT_H
#define PIN4_FIT_H

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>

#include "export.h"

extern HIDDEN atomic_bool fit_used;

/* Whether a pinned lookup of this process gave any address yet: before that nothing has to fit. */
static inline bool fit_is_used(void)
{
	return atomic_load_explicit(&fit_used, memory_order_relaxed);
}

/* Notes that a pinned lookup gave addr. The last few hundred are kept. */
void fit_add(struct in_addr addr);

/* A connect, or a send that connects (MSG_FASTOPEN), to addr was refused with error. Returns
 * whether it is worth another try, to *ret: addr is one that a pinned lookup gave, and fd now
 * reaches it, for which IPV6_V6ONLY is cleared where that is in the way and fd has no local
 * address. Where it is such a one and nothing helps, the log says so. Reads no byte of addr behind
 * len. errno may change. */
bool fit_address(int fd, const struct sockaddr *addr, socklen_t len, int error,
		 struct sockaddr_in6 *ret);

#endif
