/* SPDX-License-Identifier: MIT */
/* Makes a socket and an IPv4 address fit each other, where the program made the socket before it
 * knew. Async-signal-safe; the descriptor is never replaced. */
#ifndef PIN4_FIT_H
#define PIN4_FIT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

/* Whether fd reaches mapped addresses as far as its options go. IPV6_V6ONLY is cleared where that
 * is in the way and fd has no local address yet. errno may change. */
bool fit_opens(int fd);

/* A connect, or a send that connects (MSG_FASTOPEN), to addr was refused with error. Returns
 * whether it is worth another try, to *ret: addr is one that a pinned lookup gave, and fd now
 * reaches it. Where it is such a one and nothing helps, the log says so. Reads no byte of addr
 * behind len. errno may change. */
bool fit_address(int fd, const struct sockaddr *addr, socklen_t len, int error,
		 struct sockaddr_in6 *ret);

#endif
