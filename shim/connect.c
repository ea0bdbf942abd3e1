/* SPDX-License-Identifier: MIT */
/* connect: to the address that the program gives, and once more where its socket and that address
 * do not fit. Async-signal-safe. */
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "export.h"
#include "fit.h"
#include "libc.h"

/* connect was refused: again, changed so that it fits, or errno as the refusal has it. */
static RARE int connect_again(int fd, const struct sockaddr *addr, socklen_t len, int before)
{
	struct sockaddr_in6 mapped;
	int refusal = errno;
	int result = -1;

	if (fit_address(fd, addr, len, refusal, &mapped)) {
		result = libc(connect)(fd, (const struct sockaddr *)(const void *)&mapped,
				       sizeof(mapped));
		refusal = result ? errno : before;
	}
	errno = refusal;
	return result;
}

static __attribute__((noinline)) int connect_fitted(int fd, const struct sockaddr *addr,
						    socklen_t len)
{
	int before = errno;
	int result = libc(connect)(fd, addr, len);

	return result ? connect_again(fd, addr, len, before) : result;
}

EXPORT int connect(int fd, const struct sockaddr *addr, socklen_t len)
{
	libc_bind();
	if (fit_is_used())
		return connect_fitted(fd, addr, len);
	return libc(connect)(fd, addr, len);
}
