/* SPDX-License-Identifier: MIT */
/* Who a socket talks to, and which socket it is. Async-signal-safe; errno may change. */
#ifndef PIN4_WATCH_PEER_H
#define PIN4_WATCH_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

enum watch_peer {
	PEER_NONE, /* not connected yet */
	PEER_DNS,  /* port 53 */
	PEER_OTHER,
};

/* Who gets what is sent on fd to the address to or, where that is NULL, to the one that fd is
 * connected to. Of a DNS server *server is its watch_server(), else untouched. */
enum watch_peer watch_peer(int fd, const struct sockaddr *to, socklen_t to_len, uint32_t *server);

/* A hash of a server's address and port; never 0. What IPv6 has besides does not tell servers
 * apart. */
uint32_t watch_server(const struct sockaddr *addr, socklen_t len);

bool watch_is_stream(int fd);

/* Tells a socket from those that have its number before or after it; 0 where there is none. */
uint32_t watch_identity(int fd);

#endif
