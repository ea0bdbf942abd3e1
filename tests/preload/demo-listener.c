/* SPDX-License-Identifier: MIT */
/* The server of "make demo": listens on 127.0.0.1 alone, prints its port, and tells each
 * client from which address it came. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static void greet(int fd, const struct sockaddr_in *peer)
{
	char name[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &peer->sin_addr, name, sizeof(name));
	dprintf(fd, "hello, you came over IPv4 from %s\n", name);
}

int main(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);
	int server = socket(AF_INET, SOCK_STREAM, 0);

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (server < 0 || bind(server, (struct sockaddr *)&addr, len) || listen(server, 8) ||
	    getsockname(server, (struct sockaddr *)&addr, &len)) {
		perror("demo-listener");
		return 1;
	}
	/* In case the demo is killed before its trap can run. */
	alarm(600);
	printf("%d\n", ntohs(addr.sin_port));
	fclose(stdout);
	for (;;) {
		int fd = accept(server, (struct sockaddr *)&addr, &len);

		if (fd < 0)
			return 1;
		greet(fd, &addr);
		close(fd);
	}
}
