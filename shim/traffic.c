/* SPDX-License-Identifier: MIT */
/* What a program sends by itself: shown to watch.c where a DNS question may be in it, and led to
 * IPv4 where the book says so. As async-signal-safe as the calls themselves. */
#include "traffic.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

#include "book.h"
#include "export.h"
#include "fit.h"
#include "route.h"

static RARE void show_sent(int fd, const void *buf, size_t len)
{
	struct iovec part = { .iov_len = len };

	memcpy(&part.iov_base, &buf, sizeof(buf)); /* const, and it stays so */
	watch_send(fd, &part, 1, NULL, 0);
}

EXPORT int socket(int domain, int type, int protocol)
{
	int fd;

	libc_bind_calls();
	fd = libc(socket)(domain, type, protocol);
	if (fd >= 0 && domain == AF_INET6)
		book_add_socket();
	if (fd >= 0)
		watch_socket(fd, domain, type);
	return fd;
}

static RARE ssize_t show_send(int fd, const void *buf, size_t len, int flags)
{
	libc_bind_calls();
	show_sent(fd, buf, len);
	return libc(send)(fd, buf, len, flags);
}

EXPORT ssize_t send(int fd, const void *buf, size_t len, int flags)
{
	if (traffic_is_quiet(WATCH_FRESH, fd))
		return libc(send)(fd, buf, len, flags);
	return show_send(fd, buf, len, flags);
}

/* Whether a send is nobody's business here: nothing to show, nowhere else to lead it, and it makes
 * no connection that might have to fit (MSG_FASTOPEN). */
static inline bool is_untouched(int fd, int flags)
{
	return traffic_is_quiet(WATCH_FRESH, fd) && !book_has_routes() &&
	       (!(flags & MSG_FASTOPEN) || book_is_idle());
}

static ssize_t send_to(int fd, const struct msghdr *message, int flags, struct sockaddr_in6 *to)
{
	struct msghdr copy = *message;

	copy.msg_name = to;
	copy.msg_namelen = sizeof(*to);
	return libc(sendmsg)(fd, &copy, flags);
}

/* Sends a message to where the book leads it, into *ret. Returns false, with errno as before, where
 * it has to go as it is: a socket or a source address may not reach IPv4. Only a send that connects
 * waits for a lookup. */
static RARE bool send_routed(int fd, const struct msghdr *message, int flags, ssize_t *ret)
{
	struct sockaddr_in6 route;
	int before = errno;

	if (message->msg_name &&
	    route_find(message->msg_name, message->msg_namelen, flags & MSG_FASTOPEN, &route) &&
	    fit_opens(fd)) {
		errno = before;
		*ret = send_to(fd, message, flags, &route);
		if (*ret >= 0 || errno != EINVAL)
			return true;
	}
	errno = before;
	return false;
}

/* A send as it is was refused: once more if it makes a connection, changed so that it fits. */
static RARE ssize_t send_again(int fd, const struct msghdr *message, int flags, int before)
{
	struct sockaddr_in6 mapped;
	ssize_t sent = -1;
	int error = errno;

	if (flags & MSG_FASTOPEN &&
	    fit_address(fd, message->msg_name, message->msg_namelen, error, &mapped)) {
		sent = send_to(fd, message, flags, &mapped);
		error = sent < 0 ? errno : before;
	}
	errno = error;
	return sent;
}

static RARE ssize_t route_sendto(int fd, const void *buf, size_t len, int flags,
				 const struct sockaddr *to, socklen_t to_len)
{
	struct iovec part = { .iov_len = len };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_name = (void *)(uintptr_t)to,
				  .msg_namelen = to_len };
	int before = errno;
	ssize_t sent;

	memcpy(&part.iov_base, &buf, sizeof(buf)); /* const, and it stays so */
	libc_bind_calls();
	if (watch_has(WATCH_FRESH, fd))
		watch_send(fd, &part, 1, to, to_len);
	if (send_routed(fd, &message, flags, &sent))
		return sent;
	sent = libc(sendto)(fd, buf, len, flags, to, to_len);
	return sent < 0 ? send_again(fd, &message, flags, before) : sent;
}

EXPORT ssize_t sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *to,
		      socklen_t to_len)
{
	if (is_untouched(fd, flags))
		return libc(sendto)(fd, buf, len, flags, to, to_len);
	return route_sendto(fd, buf, len, flags, to, to_len);
}

static RARE void show_message(int fd, const struct msghdr *message)
{
	if (watch_has(WATCH_FRESH, fd))
		watch_send(fd, message->msg_iov, traffic_part_count(message), message->msg_name,
			   message->msg_namelen);
}

static RARE ssize_t route_message(int fd, const struct msghdr *message, int flags)
{
	int before = errno;
	ssize_t sent;

	if (send_routed(fd, message, flags, &sent))
		return sent;
	sent = libc(sendmsg)(fd, message, flags);
	return sent < 0 ? send_again(fd, message, flags, before) : sent;
}

static RARE ssize_t route_sendmsg(int fd, const struct msghdr *message, int flags)
{
	libc_bind_calls();
	if (!message)
		return libc(sendmsg)(fd, message, flags);
	show_message(fd, message);
	return route_message(fd, message, flags);
}

EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	if (is_untouched(fd, flags))
		return libc(sendmsg)(fd, message, flags);
	return route_sendmsg(fd, message, flags);
}

static RARE int route_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	const unsigned most = 1024; /* UIO_MAXIOV: the kernel stops there too */
	bool is_any_routed = flags & MSG_FASTOPEN;
	unsigned sent = 0;

	libc_bind_calls();
	for (unsigned i = 0; messages && i < count && i < most; i++) {
		const struct msghdr *message = &messages[i].msg_hdr;

		show_message(fd, message);
		is_any_routed |= route_may_find(message->msg_name, message->msg_namelen);
	}
	if (!messages || !is_any_routed)
		return libc(sendmmsg)(fd, messages, count, flags);
	for (; sent < count && sent < most; sent++) {
		ssize_t len = route_message(fd, &messages[sent].msg_hdr, flags);

		if (len < 0)
			return sent ? (int)sent : -1;
		messages[sent].msg_len = (unsigned)len;
	}
	return (int)sent;
}

EXPORT int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	if (is_untouched(fd, flags))
		return libc(sendmmsg)(fd, messages, count, flags);
	return route_sendmmsg(fd, messages, count, flags);
}

static RARE ssize_t show_write(int fd, const void *buf, size_t len)
{
	libc_bind_calls();
	show_sent(fd, buf, len);
	return libc(write)(fd, buf, len);
}

EXPORT ssize_t write(int fd, const void *buf, size_t len)
{
	if (traffic_is_quiet(WATCH_FRESH, fd))
		return libc(write)(fd, buf, len);
	return show_write(fd, buf, len);
}

static RARE ssize_t show_writev(int fd, const struct iovec *parts, int count)
{
	libc_bind_calls();
	if (parts && count > 0)
		watch_send(fd, parts, (size_t)count, NULL, 0);
	return libc(writev)(fd, parts, count);
}

EXPORT ssize_t writev(int fd, const struct iovec *parts, int count)
{
	if (traffic_is_quiet(WATCH_FRESH, fd))
		return libc(writev)(fd, parts, count);
	return show_writev(fd, parts, count);
}
