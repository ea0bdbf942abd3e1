/* SPDX-License-Identifier: MIT */
/* Surgery on the struct hostent that gethostbyname2_r fills. Pure. */
#ifndef PIN4_HOSTENT_H
#define PIN4_HOSTENT_H

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>

/* The first byte of buf, len bytes long, behind everything that host keeps in it. */
char *hostent_end(const struct hostent *host, char *buf, size_t len);

/* Turns host, an AF_INET one whose data lie in buf, len bytes long, into an AF_INET6 one: its
 * addresses mapped, then those of ipv6, which may be NULL. The new addresses are put behind
 * what host keeps in buf; nothing of ipv6 may lie there. Returns false, host untouched, where
 * buf has no room. */
bool hostent_map(struct hostent *host, const struct hostent *ipv6, char *buf, size_t len);

#endif
