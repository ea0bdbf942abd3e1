/* SPDX-License-Identifier: MIT */
/* Looks HOST up after descriptor 2 has become something else, and prints what arrived there:
 * fd2 socket|file|closed HOST ("closed": the shell has closed it before the program started). */
#define _GNU_SOURCE
#include "probe.h"

#include <fcntl.h>

static void print_arrived(int fd)
{
	char bytes[512];
	ssize_t count = read(fd, bytes, sizeof(bytes) - 1);

	bytes[count > 0 ? count : 0] = '\0';
	printf("arrived=%s\n", count > 0 ? bytes : "nothing");
}

int main(int argc, char **argv)
{
	char path[] = "/tmp/pin4-fd2-XXXXXX";
	char text[INET6_ADDRSTRLEN];
	int fds[2];

	MUST(argc == 3);
	if (strcmp(argv[1], "closed") != 0)
		close(2);
	if (strcmp(argv[1], "file") != 0) {
		MUST(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds));
	} else {
		fds[0] = mkstemp(path);
		fds[1] = open(path, O_RDONLY);
		unlink(path);
	}
	MUST(fds[0] == 2 && fds[1] > 2);
	printf("%s\n", probe_lookup(argv[2], AF_INET6, text, sizeof(text)));
	print_arrived(fds[1]);
	return 0;
}
