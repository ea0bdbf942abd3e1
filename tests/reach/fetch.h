/* SPDX-License-Identifier: MIT */
/* One HTTP request, as the C clients make it once they have an address. */
#ifndef PIN4_REACH_FETCH_H
#define PIN4_REACH_FETCH_H

#include <netinet/in.h>

/* Connects to port 80 of addr. Returns the client address that the server saw, or the error; valid
 * until the next call. */
const char *fetch(const struct in6_addr *addr);

#endif
