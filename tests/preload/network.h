/* SPDX-License-Identifier: MIT */
/* A program with a resolver of its own, in a network of its own: it asks for v4only.test, whose A
 * record the libc knows, and is told an IPv6 address. */
#ifndef PIN4_NETWORK_H
#define PIN4_NETWORK_H

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>

#include "probe.h"

#define NETWORK_IPV4 "192.0.2.1"   /* of v4only.test */
#define NETWORK_IPV6 "2001:db8::2" /* that it says to have; both.test has it, too */

/* Nothing in it but the loopback interface, which has the address of v4only.test too. */
static inline void network_make(void)
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
	MUST(inet_pton(AF_INET, NETWORK_IPV4, &addr.sin_addr) == 1);
	memcpy(&alias.ifr_addr, &addr, sizeof(addr));
	MUST(!ioctl(fd, SIOCSIFADDR, &alias));
	close(fd);
}

/* One question, and as the server its answer too. */
static inline void network_ask(void)
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
	MUST(inet_pton(AF_INET6, NETWORK_IPV6, message + asked + sizeof(record) - 1) == 1);
	MUST(sendto(server, message, answered, 0, (struct sockaddr *)&addr, len) ==
	     (ssize_t)answered);
	MUST(recv(fd, message, sizeof(message), 0) == (ssize_t)answered);
	close(server);
	close(fd);
}

#endif
