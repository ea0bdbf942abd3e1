/* SPDX-License-Identifier: MIT */
/* Looks loop.test up, connects a socket that does not fit the answer to a server of its own on
 * 127.0.0.1, and prints what connect said, what the server saw and what became of the socket. */
#define _GNU_SOURCE
#include "probe.h"

#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define NO_LOOKUP (-1)
#define KEPT ENOTUNIQ /* an errno that no call of ours sets */

struct attempt {
	const char *name;
	int asked; /* family of the question; NO_LOOKUP: the address comes from nowhere */
	int type;
	bool v6only;
	const char *bound;
	bool nonblocking;
	socklen_t longer; /* how much longer than its family's structure the address says to be */
	bool refused;     /* nobody listens there */
	const char *fastopen; /* the send that connects */
};

static const struct attempt attempts[] = {
	{ "mapped", AF_INET6, SOCK_STREAM, .v6only = false },
	{ "mapped-udp", AF_INET6, SOCK_DGRAM, .v6only = false },
	{ "mapped-v6only", AF_INET6, SOCK_STREAM, .v6only = true },
	{ "mapped-v6only-udp", AF_INET6, SOCK_DGRAM, .v6only = true },
	{ "mapped-v6only-nonblocking", AF_INET6, SOCK_STREAM, .v6only = true, .nonblocking = true },
	{ "mapped-v6only-refused", AF_INET6, SOCK_STREAM, .v6only = true, .refused = true },
	{ "mapped-v6only-fastopen", AF_INET6, SOCK_STREAM, .v6only = true, .fastopen = "sendto" },
	{ "mapped-v6only-fastopen-sendmsg", AF_INET6, SOCK_STREAM, .v6only = true,
	  .fastopen = "sendmsg" },
	{ "mapped-v6only-fastopen-sendmmsg", AF_INET6, SOCK_STREAM, .v6only = true,
	  .fastopen = "sendmmsg" },
	{ "mapped-v6only-unasked", NO_LOOKUP, SOCK_STREAM, .v6only = true },
	{ "mapped-v6only-bound-any", AF_INET6, SOCK_STREAM, .v6only = true, .bound = "::" },
	{ "mapped-bound-any", AF_INET6, SOCK_STREAM, .bound = "::" },
	{ "mapped-bound-mapped", AF_INET6, SOCK_STREAM, .bound = "::ffff:127.0.0.1" },
	{ "mapped-bound-v6", AF_INET6, SOCK_STREAM, .bound = "::1" },
	{ "mapped-bound-v6-udp", AF_INET6, SOCK_DGRAM, .bound = "::1" },
	{ "mapped-unasked", NO_LOOKUP, SOCK_STREAM, .v6only = false },
	{ "inet", AF_UNSPEC, SOCK_STREAM, .v6only = false },
	{ "inet-long", AF_UNSPEC, SOCK_STREAM, .longer = 12 },
	{ "inet-longest", AF_UNSPEC, SOCK_STREAM, .longer = sizeof(struct sockaddr_storage) - 16 },
	{ "inet-udp", AF_UNSPEC, SOCK_DGRAM, .v6only = false },
	{ "inet-v6only", AF_UNSPEC, SOCK_STREAM, .v6only = true },
	{ "inet-v6only-udp", AF_UNSPEC, SOCK_DGRAM, .v6only = true },
	{ "inet-nonblocking", AF_UNSPEC, SOCK_STREAM, .nonblocking = true },
	{ "inet-refused", AF_UNSPEC, SOCK_STREAM, .refused = true },
	{ "inet-fastopen", AF_UNSPEC, SOCK_STREAM, .fastopen = "sendto" },
	{ "inet-fastopen-sendmsg", AF_UNSPEC, SOCK_STREAM, .fastopen = "sendmsg" },
	{ "inet-fastopen-sendmmsg", AF_UNSPEC, SOCK_STREAM, .fastopen = "sendmmsg" },
	{ "inet-bound-v6", AF_UNSPEC, SOCK_STREAM, .bound = "::1" },
	{ "inet-asked-inet", AF_INET, SOCK_STREAM, .v6only = false },
};

static int make_server(int type, in_port_t *ret)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, type, 0);

	MUST(fd >= 0 && !bind(fd, (struct sockaddr *)&addr, len));
	MUST(type == SOCK_DGRAM || !listen(fd, 5));
	MUST(!getsockname(fd, (struct sockaddr *)&addr, &len));
	*ret = addr.sin_port;
	return fd;
}

static int make_client(const struct attempt *attempt)
{
	int fd = socket(AF_INET6, attempt->type, 0);
	int on = attempt->v6only;
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6 };

	MUST(fd >= 0 && !setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)));
	if (attempt->bound) {
		MUST(inet_pton(AF_INET6, attempt->bound, &addr.sin6_addr) == 1);
		MUST(!bind(fd, (struct sockaddr *)&addr, sizeof(addr)));
	}
	if (attempt->nonblocking)
		MUST(!fcntl(fd, F_SETFL, O_NONBLOCK));
	return fd;
}

/* The address that the lookup gave, or that a program has without a lookup. */
static socklen_t get_address(int asked, struct sockaddr_storage *ret)
{
	struct addrinfo hints = { .ai_family = asked, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)ret;
	socklen_t len;

	memset(ret, 0, sizeof(*ret));
	if (asked == NO_LOOKUP) {
		sin6->sin6_family = AF_INET6;
		MUST(inet_pton(AF_INET6, "::ffff:127.0.0.1", &sin6->sin6_addr) == 1);
		return sizeof(*sin6);
	}
	MUST(!getaddrinfo("loop.test", NULL, &hints, &list));
	len = list->ai_addrlen;
	memcpy(ret, list->ai_addr, len);
	freeaddrinfo(list);
	return len;
}

/* Puts the address before a page that nobody may read: what lies beyond its length is not ours. A
 * length beyond any address's is filled up with zeros. */
static struct sockaddr *at_edge(const struct sockaddr_storage *addr, socklen_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	MUST(pages != MAP_FAILED && !mprotect(pages + page, page, PROT_NONE));
	return memcpy(pages + page - len, addr, len < sizeof(*addr) ? len : sizeof(*addr));
}

/* Returns as connect() does. */
static int send_connecting(const char *how, int fd, struct sockaddr *addr, socklen_t len)
{
	struct iovec part = { (char[]){ 'x' }, 1 };
	struct mmsghdr message = { .msg_hdr = { .msg_name = addr,
						.msg_namelen = len,
						.msg_iov = &part,
						.msg_iovlen = 1 } };

	if (!strcmp(how, "sendto"))
		return sendto(fd, "x", 1, MSG_FASTOPEN, addr, len) == 1 ? 0 : -1;
	if (!strcmp(how, "sendmsg"))
		return sendmsg(fd, &message.msg_hdr, MSG_FASTOPEN) == 1 ? 0 : -1;
	return sendmmsg(fd, &message, 1, MSG_FASTOPEN) == 1 && message.msg_len == 1 ? 0 : -1;
}

static void finish_connecting(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLOUT };
	char text[32];
	int error = -1;
	socklen_t len = sizeof(error);

	MUST(poll(&pollfd, 1, 5000) == 1);
	MUST(!getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len));
	printf(" then=%s", error ? probe_errno(error, text, sizeof(text)) : "connected");
}

/* Only then will the server see anything, and is worth waiting for. */
static bool is_over_ipv4(int fd)
{
	struct sockaddr_in6 peer;
	socklen_t len = sizeof(peer);

	return !getpeername(fd, (struct sockaddr *)&peer, &len) &&
	       IN6_IS_ADDR_V4MAPPED(&peer.sin6_addr);
}

static void print_seen(int server, int type, bool expected)
{
	struct pollfd pollfd = { .fd = server, .events = POLLIN };
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	char text[INET6_ADDRSTRLEN];
	char byte;

	if (poll(&pollfd, 1, expected ? 5000 : 0) < 1) {
		printf(" server=nothing");
		return;
	}
	if (type == SOCK_DGRAM)
		MUST(recvfrom(server, &byte, 1, 0, (struct sockaddr *)&peer, &len) == 1);
	else
		MUST(accept(server, (struct sockaddr *)&peer, &len) >= 0);
	printf(" server=%s", probe_text((struct sockaddr *)&peer, text, sizeof(text)));
}

static void print_socket(int fd)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);
	char text[INET6_ADDRSTRLEN];
	int v6only = -1;
	socklen_t v6only_len = sizeof(v6only);

	if (!getpeername(fd, (struct sockaddr *)&peer, &len))
		printf(" peer=%s", probe_text((struct sockaddr *)&peer, text, sizeof(text)));
	MUST(!getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, &v6only_len));
	printf(" v6only=%d%s\n", v6only, fcntl(fd, F_GETFL) & O_NONBLOCK ? " nonblocking" : "");
}

static void try(const struct attempt *attempt)
{
	struct sockaddr_storage addr;
	socklen_t len = get_address(attempt->asked, &addr);
	in_port_t port;
	int server = make_server(attempt->type, &port);
	int fd = make_client(attempt);
	char text[32];
	int result, error;

	((struct sockaddr_in *)&addr)->sin_port = port; /* the same place in both families */
	if (attempt->refused)
		close(server);
	len += attempt->longer;
	errno = KEPT;
	if (attempt->fastopen)
		result = send_connecting(attempt->fastopen, fd, at_edge(&addr, len), len);
	else
		result = connect(fd, at_edge(&addr, len), len);
	error = errno;
	printf("%s: %s", attempt->name, result ? probe_errno(error, text, sizeof(text)) : "0");
	if (!result && error != KEPT)
		printf(" errno=%d", error);
	if (result && error == EINPROGRESS)
		finish_connecting(fd);
	if (!result && attempt->type == SOCK_DGRAM)
		MUST(send(fd, "x", 1, 0) == 1);
	if (!attempt->refused)
		print_seen(server, attempt->type, is_over_ipv4(fd));
	print_socket(fd);
}

/* fit [NAME...]: those attempts, or all; each in a process of its own, which has seen no other. */
int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		bool wanted = argc < 2;
		pid_t child;

		for (int k = 1; k < argc; k++)
			wanted |= !strcmp(argv[k], attempts[i].name);
		if (!wanted)
			continue;
		fflush(stdout);
		child = fork();
		MUST(child >= 0);
		if (!child) {
			try(&attempts[i]);
			return 0;
		}
		MUST(waitpid(child, NULL, 0) == child);
	}
	return 0;
}
