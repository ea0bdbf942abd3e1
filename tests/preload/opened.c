/* SPDX-License-Identifier: MIT */
/* Opens libpin4.so by itself and asks it, not the libc, for both.test: pin4 stands behind the libc
 * then. Its argument is the library. */
#define _GNU_SOURCE
#include "probe.h"

#include <dlfcn.h>

int main(int argc, char **argv)
{
	const struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	char text[INET6_ADDRSTRLEN];
	__typeof__(&getaddrinfo) its_own;
	struct addrinfo *list;
	void *pin4 = dlopen(argc > 1 ? argv[1] : NULL, RTLD_NOW);
	int error;

	MUST(pin4);
	*(void **)&its_own = dlsym(pin4, "getaddrinfo");
	error = its_own("both.test", NULL, &hints, &list);
	printf("%d %s\n", error,
	       error ? strerror(errno) : probe_text(list->ai_addr, text, sizeof(text)));
	if (!error)
		freeaddrinfo(list);
	return 0;
}
