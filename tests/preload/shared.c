/* SPDX-License-Identifier: MIT */
/* Asks DNS by itself, in a network of its own, for v4only.test, which says to have the IPv6 address
 * of both.test too; then the libc for each HOST, and last connects to that address: shared CALL
 * HOST... prints the address that it has reached, or why it has reached none. CALL is getaddrinfo
 * or gethostbyname2.
 */
#define _GNU_SOURCE
#include "probe.h"

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>

static const char address[] = "2001:db8::2";

/* Nothing in it but the loopback interface, which has the address of v4only.test too. */
static void make_network(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	struct ifreq alias = { .ifr_name = "lo:1" };
	struct sockaddr_in addr = { .sin_family = AF_INET };
	int fd;

	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
		printf("no network\n");
		exit(0);
	}
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	MUST(fd >= 0 && !ioctl(fd, SIOCSIFFLAGS, &request));
	MUST(inet_pton(AF_INET, "192.0.2.1", &addr.sin_addr) == 1);
	memcpy(&alias.ifr_addr, &addr, sizeof(addr));
	MUST(!ioctl(fd, SIOCSIFADDR, &alias));
	close(fd);
}

/* One question, and as the server its answer too. */
static void ask(void)
{
	static const unsigned char query[] = "\x12\x34\1\0\0\1\0\0\0\0\0\0"
					     "\6v4only\4test\0\0\x1c\0\1";
	static const unsigned char record[] = "\xc0\x0c\0\x1c\0\1\0\0\0\x3c\0\x10";
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(53) };
	socklen_t len = sizeof(addr);
	int server = socket(AF_INET, SOCK_DGRAM, 0);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	const size_t asked = sizeof(query) - 1;
	const size_t answered = asked + sizeof(record) - 1 + sizeof(struct in6_addr);
	unsigned char message[128];

	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	MUST(server >= 0 && !bind(server, (struct sockaddr *)&addr, len));
	MUST(fd >= 0 && !connect(fd, (struct sockaddr *)&addr, len));
	MUST(send(fd, query, asked, 0) == (ssize_t)asked);
	MUST(recvfrom(server, message, sizeof(message), 0, (struct sockaddr *)&addr, &len) ==
	     (ssize_t)asked);
	message[2] |= 0x80;
	message[7] = 1;
	memcpy(message + asked, record, sizeof(record) - 1);
	MUST(inet_pton(AF_INET6, address, message + asked + sizeof(record) - 1) == 1);
	MUST(sendto(server, message, answered, 0, (struct sockaddr *)&addr, len) ==
	     (ssize_t)answered);
	MUST(recv(fd, message, sizeof(message), 0) == (ssize_t)answered);
	close(server);
	close(fd);
}

static void reach(void)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_port = htons(9) };
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	char text[INET6_ADDRSTRLEN];

	MUST(fd >= 0 && inet_pton(AF_INET6, address, &addr.sin6_addr) == 1);
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
	make_network();
	ask();
	for (int i = 2; i < argc; i++)
		if (!strcmp(argv[1], "getaddrinfo"))
			MUST(strcmp(probe_lookup(argv[i], AF_INET6, text, sizeof(text)), address) ==
			     0);
		else
			MUST(gethostbyname2(argv[i], AF_INET6));
	reach();
	return 0;
}
