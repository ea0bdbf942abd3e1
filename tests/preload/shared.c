/* SPDX-License-Identifier: MIT */
/* Asks DNS by itself, in a network of its own, for v4only.test, which says to have the IPv6 address
 * of both.test too; then the libc for each HOST, and last connects to that address: shared CALL
 * HOST... prints the address that it has reached, or why it has reached none. CALL is getaddrinfo
 * or gethostbyname2.
 */
#define _GNU_SOURCE
#include "network.h"

static void reach(void)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_port = htons(9) };
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	char text[INET6_ADDRSTRLEN];

	MUST(fd >= 0 && inet_pton(AF_INET6, NETWORK_IPV6, &addr.sin6_addr) == 1);
	if (connect(fd, (struct sockaddr *)&addr, len)) {
		printf("%s\n", probe_errno(errno, text, sizeof(text)));
		return;
	}
	MUST(!getpeername(fd, (struct sockaddr *)&addr, &len));
	printf("%s\n", probe_text((struct sockaddr *)&addr, text, sizeof(text)));
}

int main(int argc, char **argv)
{
	char text[INET6_ADDRSTRLEN];

	MUST(argc > 1);
	network_make();
	network_ask();
	for (int i = 2; i < argc; i++)
		if (!strcmp(argv[1], "getaddrinfo"))
			MUST(strcmp(probe_lookup(argv[i], AF_INET6, text, sizeof(text)),
				    NETWORK_IPV6) == 0);
		else
			MUST(gethostbyname2(argv[i], AF_INET6));
	reach();
	return 0;
}
