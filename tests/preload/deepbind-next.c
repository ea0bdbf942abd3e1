/* SPDX-License-Identifier: MIT */
/* A preload that stands behind pin4, wraps connect, and looks for the real one at each call. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <sys/socket.h>

int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	int (*real)(int, const struct sockaddr *, socklen_t) =
		(int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "connect");

	puts("the next preload connects");
	return real(fd, addr, len);
}
