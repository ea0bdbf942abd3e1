/* SPDX-License-Identifier: MIT */
/* Asks for a host in every way that pin4 takes part in, connects, and prints a line for each:
 *	faults HOST	the lines begin with "1", and with "2" when all is done once more
 * Between the two it ends what faulty.c does. With FAULT_FILES in its environment, it has no
 * descriptor left in the first round; with FAULT_PAUSE, that many seconds lie between the two. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static int round_number;

/* Without malloc, unlike printf. */
#define SAY(...) dprintf(STDOUT_FILENO, __VA_ARGS__)

static void say_address(const char *what, int family, const void *address)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(family, address, text, sizeof(text));
	SAY("%d %s %s\n", round_number, what, text);
}

static void look_up(const char *what, const char *host, int family)
{
	const struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	int error = getaddrinfo(host, "443", &hints, &list);

	if (error) {
		SAY("%d %s EAI %d\n", round_number, what, error);
		return;
	}
	for (struct addrinfo *node = list; node; node = node->ai_next)
		say_address(
			what, node->ai_family,
			node->ai_family == AF_INET
				? (void *)&((struct sockaddr_in *)(void *)node->ai_addr)->sin_addr
				: (void *)&((struct sockaddr_in6 *)(void *)node->ai_addr)
					  ->sin6_addr);
	freeaddrinfo(list);
}

static void say_hostent(const char *what, const struct hostent *host, int error)
{
	if (!host)
		SAY("%d %s h_errno %d\n", round_number, what, error);
	for (size_t i = 0; host && host->h_addr_list[i]; i++)
		say_address(what, host->h_addrtype, host->h_addr_list[i]);
}

static void look_up_older(const char *name)
{
	static _Alignas(16) char buf[8192];
	struct hostent host;
	struct hostent *result = NULL;
	int h_error = 0;

	gethostbyname2_r(name, AF_INET6, &host, buf, sizeof(buf), &result, &h_error);
	say_hostent("gethostbyname2_r", result, h_error);
	result = gethostbyname2(name, AF_INET6);
	say_hostent("gethostbyname2", result, h_errno);
}

/* To a port that nobody serves; the answer tells how far the connection got. */
static void try_connect(const char *what, const char *address, int v6only)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_port = htons(1) };
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	inet_pton(AF_INET6, address, &sin6.sin6_addr);
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof(v6only));
	errno = 0;
	connect(fd, (void *)&sin6, sizeof(sin6));
	SAY("%d connect %s errno %d\n", round_number, what, errno);
	close(fd);
}

static void limit_files(rlim_t most)
{
	struct rlimit limit = { .rlim_max = 64 };

	limit.rlim_cur = most;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int argc, char **argv)
{
	const char *host = argc > 1 ? argv[1] : "localhost";

	for (round_number = 1; round_number <= 2; round_number++) {
		limit_files(getenv("FAULT_FILES") ? STDERR_FILENO + 1 : 64);
		look_up("inet6", host, AF_INET6);
		look_up("inet", host, AF_INET);
		look_up("unspec", host, AF_UNSPEC);
		look_up("numeric", "127.0.0.1", AF_UNSPEC);
		look_up_older(host);
		try_connect("mapped", "::ffff:127.0.0.1", 0);
		try_connect("fitted", "::ffff:127.0.0.1", 1);
		try_connect("inet6", "::1", 1);
		unsetenv("FAULT_MALLOC");
		unsetenv("FAULT_SYSCALL");
		unsetenv("FAULT_FILES");
		if (round_number == 1 && getenv("FAULT_PAUSE"))
			sleep((unsigned)atoi(getenv("FAULT_PAUSE")));
	}
	return 0;
}
