/* SPDX-License-Identifier: MIT */
/* Asks DNS by itself for v4only.test, and sends datagrams to the IPv6 address that it is told, by
 * sockets of many kinds. Prints for each which server has it: that at the host's IPv4 address, or
 * the one at that IPv6 address. */
#define _GNU_SOURCE
#include "network.h"

#include <poll.h>
#include <stdbool.h>

enum how { CONNECT, SENDTO, SENDMSG, SENDMMSG };

struct attempt {
	const char *name;
	enum how how;
	bool v6only;
	bool is_source_given; /* with the message (IPV6_PKTINFO) */
	const char *bound;
};

static const struct attempt attempts[] = {
	{ "sendto", SENDTO, .bound = NULL },
	{ "sendmsg", SENDMSG, .bound = NULL },
	{ "sendmmsg", SENDMMSG, .bound = NULL },
	{ "sendto-v6only", SENDTO, .v6only = true },
	{ "sendmsg-v6only", SENDMSG, .v6only = true },
	{ "sendmmsg-v6only", SENDMMSG, .v6only = true },
	{ "sendto-v6only-bound-any", SENDTO, .v6only = true, .bound = "::" },
	{ "sendto-bound-any", SENDTO, .bound = "::" },
	{ "sendto-bound-v6", SENDTO, .bound = NETWORK_IPV6 },
	{ "sendmsg-bound-v6", SENDMSG, .bound = NETWORK_IPV6 },
	{ "sendmmsg-bound-v6", SENDMMSG, .bound = NETWORK_IPV6 },
	{ "sendmsg-with-source", SENDMSG, .is_source_given = true },
	{ "sendmmsg-with-source", SENDMMSG, .is_source_given = true },
	{ "connect-v6only", CONNECT, .v6only = true },
	{ "connect-bound-v6", CONNECT, .bound = NETWORK_IPV6 },
};

static struct sockaddr_in6 ipv6_address(const char *text, in_port_t port)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	MUST(inet_pton(AF_INET6, text, &addr.sin6_addr) == 1);
	return addr;
}

/* <linux/ipv6.h> has it, and does not go with <netinet/in.h>. */
struct ipv6_request {
	struct in6_addr addr;
	uint32_t prefix;
	int index;
};

/* The kernel takes the address into use a little later (net/ipv6/addrconf.c). */
static void add_ipv6(void)
{
	struct sockaddr_in6 addr = ipv6_address(NETWORK_IPV6, 0);
	struct ipv6_request request = { addr.sin6_addr, 128, (int)if_nametoindex("lo") };
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	MUST(fd >= 0 && !ioctl(fd, SIOCSIFADDR, &request));
	while (bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		MUST(errno == EADDRNOTAVAIL && !usleep(1000));
	close(fd);
}

static int make_server(const void *addr, socklen_t len)
{
	int fd = socket(((const struct sockaddr *)addr)->sa_family, SOCK_DGRAM, 0);

	MUST(fd >= 0 && !bind(fd, addr, len));
	return fd;
}

static int make_client(const struct attempt *attempt)
{
	struct sockaddr_in6 addr;
	int on = attempt->v6only;
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	MUST(fd >= 0 && !setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)));
	if (attempt->bound) {
		addr = ipv6_address(attempt->bound, 0);
		MUST(!bind(fd, (struct sockaddr *)&addr, sizeof(addr)));
	}
	return fd;
}

static bool send_by(enum how how, int fd, struct sockaddr_in6 *to, bool is_source_given)
{
	struct iovec part = { (char[]){ 'x' }, 1 };
	struct mmsghdr message = { .msg_hdr = { .msg_name = to,
						.msg_namelen = sizeof(*to),
						.msg_iov = &part,
						.msg_iovlen = 1 } };
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(struct in6_pktinfo)),
				  .cmsg_level = IPPROTO_IPV6,
				  .cmsg_type = IPV6_PKTINFO } };
	struct in6_pktinfo source = { .ipi6_addr = to->sin6_addr };

	if (is_source_given) {
		memcpy(CMSG_DATA(&control.header), &source, sizeof(source));
		message.msg_hdr.msg_control = &control;
		message.msg_hdr.msg_controllen = sizeof(control);
	}
	if (how == CONNECT)
		return !connect(fd, (struct sockaddr *)to, sizeof(*to)) && send(fd, "x", 1, 0) == 1;
	if (how == SENDTO)
		return sendto(fd, "x", 1, 0, (struct sockaddr *)to, sizeof(*to)) == 1;
	if (how == SENDMSG)
		return sendmsg(fd, &message.msg_hdr, 0) == 1;
	return sendmmsg(fd, &message, 1, 0) == 1 && message.msg_len == 1;
}

static void try(const struct attempt *attempt, const struct pollfd servers[2])
{
	struct sockaddr_in6 to = ipv6_address(NETWORK_IPV6, 9);
	int fd = make_client(attempt);
	struct pollfd ready[2] = { servers[0], servers[1] };
	char text[32];
	char byte;

	printf("%s: ", attempt->name);
	if (!send_by(attempt->how, fd, &to, attempt->is_source_given)) {
		printf("%s\n", probe_errno(errno, text, sizeof(text)));
	} else {
		MUST(poll(ready, 2, 5000) == 1);
		printf("%s\n", ready[0].revents ? "IPv4" : "IPv6");
		MUST(recv(ready[0].revents ? ready[0].fd : ready[1].fd, &byte, 1, 0) == 1);
	}
	close(fd);
}

int main(void)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET, .sin_port = htons(9) };
	struct sockaddr_in6 ipv6 = ipv6_address(NETWORK_IPV6, 9);
	struct pollfd servers[2] = { { .events = POLLIN }, { .events = POLLIN } };
	int fd;

	network_make();
	add_ipv6();
	MUST(inet_pton(AF_INET, NETWORK_IPV4, &ipv4.sin_addr) == 1);
	servers[0].fd = make_server(&ipv4, sizeof(ipv4));
	servers[1].fd = make_server(&ipv6, sizeof(ipv6));
	network_ask();
	fd = socket(AF_INET6, SOCK_DGRAM,
		    0); /* a connect asks for the A record, a send waits for none */
	MUST(fd >= 0 && !connect(fd, (struct sockaddr *)&ipv6, sizeof(ipv6)));
	close(fd);
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
		try(&attempts[i], servers);
	return 0;
}
