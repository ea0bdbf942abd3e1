/* SPDX-License-Identifier: MIT */
/* A program as an image may have it, with nothing beside: says that it ran, or, given a HOST, what
 * address it connects to when it only asks for IPv6, on port 5432. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	char address[INET6_ADDRSTRLEN];
	struct addrinfo *list;
	int error;

	if (argc < 2)
		return puts("the program ran") < 0;
	error = getaddrinfo(argv[1], "5432", &hints, &list);
	if (error) {
		puts(gai_strerror(error));
		return 1;
	}
	inet_ntop(AF_INET6, &((struct sockaddr_in6 *)(void *)list->ai_addr)->sin6_addr, address,
		  sizeof(address));
	puts(address);
	return connect(socket(AF_INET6, SOCK_STREAM, 0), list->ai_addr, list->ai_addrlen) != 0;
}
