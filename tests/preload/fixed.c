/* SPDX-License-Identifier: MIT */
/* A program of a fixed address that uses the address of freeaddrinfo: the loader then gives every
 * library a place in the program for it. Prints what a lookup of both.test got. */
#define _GNU_SOURCE
#include "probe.h"

int main(void)
{
	void (*volatile give)(struct addrinfo *) = freeaddrinfo;
	const struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	char text[INET6_ADDRSTRLEN];
	struct addrinfo *list;

	MUST(!getaddrinfo("both.test", NULL, &hints, &list));
	printf("%s\n", probe_text(list->ai_addr, text, sizeof(text)));
	give(list);
	return 0;
}
