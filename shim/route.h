/* SPDX-License-Identifier: MIT */
/* Decides where a connection goes that the program makes to an IPv6 address in the book. */
#ifndef PIN4_ROUTE_H
#define PIN4_ROUTE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

/* Whether addr is the IPv6 address of a pinned host that has an IPv4 one; then *ret is that,
 * mapped, with addr's port: the n-th IPv6 address of a host goes to its n-th IPv4 one, so that a
 * program that walks the one list walks the other. Reads no byte of addr behind len. errno stays.
 *
 * Where the host is in the book and its IPv4 addresses are not, or no more, asks the libc for
 * them, which takes what a lookup takes; else async-signal-safe. */
bool route_find(const struct sockaddr *addr, socklen_t len, struct sockaddr_in6 *ret);

#endif
