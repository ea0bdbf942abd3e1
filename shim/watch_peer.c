/* SPDX-License-Identifier: MIT */
/* Who a socket talks to, and which socket it is. It relies on what the kernel says now, because a
 * number may be another socket's by then. */
#include "watch_peer.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "file.h"

static uint32_t hash(uint32_t hash, const void *bytes, size_t len)
{
	for (const unsigned char *b = bytes; len--; b++)
		hash = (hash ^ *b) * 16777619U;
	return hash;
}

static bool is_to_port_53(const struct sockaddr *addr, socklen_t len)
{
	struct sockaddr_in sin; /* the port is at the same place in a sockaddr_in6 */

	if (len < sizeof(sin))
		return false;
	memcpy(&sin, addr, sizeof(sin));
	return (sin.sin_family == AF_INET || sin.sin_family == AF_INET6) &&
	       sin.sin_port == htons(53);
}

uint32_t watch_server(const struct sockaddr *addr, socklen_t len)
{
	struct sockaddr_storage copy = { .ss_family = AF_UNSPEC };
	const struct sockaddr_in *sin = (const void *)&copy;
	const struct sockaddr_in6 *sin6 = (const void *)&copy;
	uint32_t sum;

	memcpy(&copy, addr, len < sizeof(copy) ? len : sizeof(copy));
	sum = hash(2166136261U, &sin->sin_port, sizeof(sin->sin_port));
	if (copy.ss_family == AF_INET)
		sum = hash(sum, &sin->sin_addr, sizeof(sin->sin_addr));
	else
		sum = hash(sum, &sin6->sin6_addr, sizeof(sin6->sin6_addr));
	return sum ? sum : 1;
}

bool watch_is_stream(int fd)
{
	int type = 0;
	socklen_t len = sizeof(type);

	return syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
	       type == SOCK_STREAM;
}

uint32_t watch_identity(int fd)
{
	struct stat st;

	return file_stat(fd, &st) ? (uint32_t)st.st_ino : 0;
}

enum watch_peer watch_peer(int fd, const struct sockaddr *to, socklen_t to_len, uint32_t *server)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	if (!to && syscall(SYS_getpeername, fd, &peer, &len) != 0)
		return errno == ENOTCONN ? PEER_NONE /* what is sent now fails and comes again */
					 : PEER_OTHER;
	if (!to)
		to = (struct sockaddr *)&peer;
	else
		len = to_len;
	if (!is_to_port_53(to, len))
		return PEER_OTHER;
	*server = watch_server(to, len);
	return PEER_DNS;
}
