/* SPDX-License-Identifier: MIT */
/* A server on 127.0.0.1 and a client that only the fit of connect() gets there: the mapped address
 * that a pinned lookup of loop.test gave, on a socket for IPv6 alone. */
#ifndef LOOPBACK_H
#define LOOPBACK_H

#include "probe.h"

#include <poll.h>
#include <stdbool.h>

struct loopback {
	int server;
	struct sockaddr_in6 mapped;
};

static inline struct loopback loopback_open(int backlog)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct loopback ret = { .server = socket(AF_INET, SOCK_STREAM, 0),
				.mapped = { .sin6_family = AF_INET6 } };
	socklen_t len = sizeof(addr);

	MUST(ret.server >= 0 && !bind(ret.server, (struct sockaddr *)&addr, len));
	MUST(!listen(ret.server, backlog));
	MUST(!getsockname(ret.server, (struct sockaddr *)&addr, &len));
	MUST(inet_pton(AF_INET6, "::ffff:127.0.0.1", &ret.mapped.sin6_addr) == 1);
	ret.mapped.sin6_port = addr.sin_port;
	return ret;
}

/* Async-signal-safe, as connect() is. */
static inline int loopback_socket(void)
{
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd >= 0 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on)))
		_exit(99);
	return fd;
}

static inline int loopback_connect(const struct loopback *loopback, int fd)
{
	return connect(fd, (const struct sockaddr *)&loopback->mapped, sizeof(loopback->mapped));
}

/* Who came to the server: an address as text, or "nobody". */
static inline const char *loopback_seen(const struct loopback *loopback, char *ret, size_t size)
{
	struct pollfd pollfd = { .fd = loopback->server, .events = POLLIN };
	struct sockaddr_in peer;
	socklen_t len = sizeof(peer);
	int fd;

	if (poll(&pollfd, 1, 1000) < 1)
		return "nobody";
	fd = accept(loopback->server, (struct sockaddr *)&peer, &len);
	MUST(fd >= 0);
	close(fd);
	return probe_text((struct sockaddr *)&peer, ret, size);
}

#endif
