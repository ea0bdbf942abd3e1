/* SPDX-License-Identifier: MIT */
/* The client of "make demo": asks for AF_INET6 only, as Erlang does when it is given inet6.
 * Tries each address that the lookup gave and prints what the server says. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Returns a connected socket, or -1. */
static int connect_to(const struct addrinfo *ai, const char *name)
{
	int fd = socket(ai->ai_family, ai->ai_socktype, ai->ai_protocol);

	if (fd >= 0 && connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
		return fd;
	printf("client: connect to %s: %s\n", name, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static int converse(int fd, const char *name)
{
	char line[128];
	ssize_t len = read(fd, line, sizeof(line) - 1);

	close(fd);
	if (len <= 0)
		return 1;
	line[len] = '\0';
	printf("client: connected to %s\nserver: %s", name, line);
	return 0;
}

int main(int argc, char **argv)
{
	struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	int error;

	if (argc != 3) {
		fprintf(stderr, "usage: demo-client HOST PORT\n");
		return 2;
	}
	error = getaddrinfo(argv[1], argv[2], &hints, &list);
	if (error) {
		printf("client: lookup of %s: %s\n", argv[1], gai_strerror(error));
		return 1;
	}
	for (const struct addrinfo *ai = list; ai; ai = ai->ai_next) {
		const struct sockaddr_in6 *sin6 = (const void *)ai->ai_addr;
		char name[INET6_ADDRSTRLEN];
		int fd;

		inet_ntop(AF_INET6, &sin6->sin6_addr, name, sizeof(name));
		fd = connect_to(ai, name);
		if (fd >= 0) {
			freeaddrinfo(list);
			return converse(fd, name);
		}
	}
	freeaddrinfo(list);
	return 1;
}
