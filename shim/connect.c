/* SPDX-License-Identifier: MIT */
/* connect: to where the book leads, and once more where a socket does not fit its address.
 * Async-signal-safe once the library has started. */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "book.h"
#include "export.h"
#include "fit.h"
#include "libc.h"
#include "route.h"

/* connect again, with what was refused changed so that it fits. Leaves errno as the refusal has it
 * where nothing can be done. */
static RARE int connect_again(int fd, const struct sockaddr *addr, socklen_t len)
{
	struct sockaddr_in6 mapped;
	int error = errno;

	if (fit_address(fd, addr, len, error, &mapped))
		return libc(connect)(fd, (void *)&mapped, sizeof(mapped));
	errno = error;
	return -1;
}

static __attribute__((noinline)) int connect_fitted(int fd, const struct sockaddr *addr,
						    socklen_t len)
{
	int before = errno;
	int result = libc(connect)(fd, addr, len);

	if (result == 0 || (errno != ENETUNREACH && errno != EINVAL && errno != EAFNOSUPPORT))
		return result;
	result = connect_again(fd, addr, len);
	if (result == 0)
		errno = before; /* not the refusal's */
	return result;
}

/* A socket that cannot reach IPv4, such as one that is bound to an IPv6 address, goes where the
 * program wants. */
static RARE int connect_routed(int fd, const struct sockaddr *addr, socklen_t len)
{
	struct sockaddr_in6 route;
	int before = errno;
	bool is_routed;

	libc_bind_calls();
	is_routed = route_find(addr, len, true, &route) && fit_opens(fd);
	errno = before;
	if (!is_routed)
		return connect_fitted(fd, addr, len);
	return libc(connect)(fd, (const struct sockaddr *)(const void *)&route, sizeof(route));
}

/* A connection in a process that has looked up pinned hosts and has IPv6 sockets. */
static __attribute__((noinline)) int connect_watched(int fd, const struct sockaddr *addr,
						     socklen_t len)
{
	if (!libc(connect) || route_may_find(addr, len))
		return connect_routed(fd, addr, len);
	return connect_fitted(fd, addr, len);
}

EXPORT int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	if (book_is_idle())
		return libc(connect)(fd, addr, len);
	return connect_watched(fd, addr, len);
}
