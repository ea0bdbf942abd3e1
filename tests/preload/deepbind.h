/* SPDX-License-Identifier: MIT */
/* What the library that is loaded past interposition has for its program. */
#ifndef DEEPBIND_H
#define DEEPBIND_H

/* Prints what an AF_INET6 question about the host gets, asked directly, through a function pointer
 * that the loader filled, and in the library's constructor. */
void deepbind_lookup(const char *host);

/* Connects an IPv6 socket that takes no mapped addresses. As connect(2). */
int deepbind_connect(const char *host, int port);

const char *deepbind_marker(void);
const char *deepbind_own_marker(void);

/* dlopen from this library, and where the file was found. */
int deepbind_load(const char *file, int mode);

#endif
