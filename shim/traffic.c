/* SPDX-License-Identifier: MIT */
/* What a program sends by itself: shown to watch.c where a DNS question may be in it, and led to
 * IPv4 where the book says so. As async-signal-safe as the calls themselves. */
#include "traffic.h"

#include <netinet/in.h>
#include <string.h>

#include "book.h"
#include "export.h"
#include "route.h"

static RARE void show_sent(int fd, const void *buf, size_t len, const struct sockaddr *to,
			   socklen_t to_len)
{
	struct iovec part = { .iov_len = len };

	memcpy(&part.iov_base, &buf, sizeof(buf)); /* const, and it stays so */
	watch_send(fd, &part, 1, to, to_len);
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
	show_sent(fd, buf, len, NULL, 0);
	return libc(send)(fd, buf, len, flags);
}

EXPORT ssize_t send(int fd, const void *buf, size_t len, int flags)
{
	if (traffic_is_quiet(WATCH_FRESH, fd))
		return libc(send)(fd, buf, len, flags);
	return show_send(fd, buf, len, flags);
}

static RARE ssize_t route_sendto(int fd, const void *buf, size_t len, int flags,
				 const struct sockaddr *to, socklen_t to_len)
{
	struct sockaddr_in6 route;

	libc_bind_calls();
	if (watch_has(WATCH_FRESH, fd))
		show_sent(fd, buf, len, to, to_len);
	if (route_find(to, to_len, &route))
		return libc(sendto)(fd, buf, len, flags, (void *)&route, sizeof(route));
	return libc(sendto)(fd, buf, len, flags, to, to_len);
}

EXPORT ssize_t sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *to,
		      socklen_t to_len)
{
	if (traffic_is_quiet(WATCH_FRESH, fd) && (!to || !book_has_routes()))
		return libc(sendto)(fd, buf, len, flags, to, to_len);
	return route_sendto(fd, buf, len, flags, to, to_len);
}

/* Shows a message and, if it goes to an address that is in the book, makes *copy of it, one that
 * goes to *route. */
static RARE bool is_rerouted(int fd, const struct msghdr *message, struct msghdr *copy,
			     struct sockaddr_in6 *route)
{
	if (watch_has(WATCH_FRESH, fd))
		watch_send(fd, message->msg_iov, traffic_part_count(message), message->msg_name,
			   message->msg_namelen);
	if (!message->msg_name || !route_find(message->msg_name, message->msg_namelen, route))
		return false;
	*copy = *message;
	copy->msg_name = route;
	copy->msg_namelen = sizeof(*route);
	return true;
}

static RARE ssize_t route_sendmsg(int fd, const struct msghdr *message, int flags)
{
	struct sockaddr_in6 route;
	struct msghdr copy;

	libc_bind_calls();
	if (is_rerouted(fd, message, &copy, &route))
		message = &copy;
	return libc(sendmsg)(fd, message, flags);
}

EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	if (traffic_is_quiet(WATCH_FRESH, fd) && !book_has_routes())
		return libc(sendmsg)(fd, message, flags);
	return route_sendmsg(fd, message, flags);
}

/* Whether one of the messages has to be shown, or goes to an address that is in the book. */
static bool is_any_ours(int fd, const struct mmsghdr *messages, unsigned count)
{
	struct sockaddr_in6 route;

	if (watch_has(WATCH_FRESH, fd))
		return true;
	for (unsigned i = 0; i < count; i++)
		if (messages[i].msg_hdr.msg_name &&
		    route_find(messages[i].msg_hdr.msg_name, messages[i].msg_hdr.msg_namelen,
			       &route))
			return true;
	return false;
}

static RARE int route_sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	const unsigned most = 1024; /* UIO_MAXIOV: the kernel stops there too */
	unsigned sent = 0;

	libc_bind_calls();
	if (!is_any_ours(fd, messages, count))
		return libc(sendmmsg)(fd, messages, count, flags);
	for (; sent < count && sent < most; sent++) {
		ssize_t len = route_sendmsg(fd, &messages[sent].msg_hdr, flags);

		if (len < 0)
			return sent ? (int)sent : -1;
		messages[sent].msg_len = (unsigned)len;
	}
	return (int)sent;
}

EXPORT int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	if (traffic_is_quiet(WATCH_FRESH, fd) && !book_has_routes())
		return libc(sendmmsg)(fd, messages, count, flags);
	return route_sendmmsg(fd, messages, count, flags);
}

static RARE ssize_t show_write(int fd, const void *buf, size_t len)
{
	libc_bind_calls();
	show_sent(fd, buf, len, NULL, 0);
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
	if (count > 0)
		watch_send(fd, parts, (size_t)count, NULL, 0);
	return libc(writev)(fd, parts, count);
}

EXPORT ssize_t writev(int fd, const struct iovec *parts, int count)
{
	if (traffic_is_quiet(WATCH_FRESH, fd))
		return libc(writev)(fd, parts, count);
	return show_writev(fd, parts, count);
}
