/* SPDX-License-Identifier: MIT */
/* What a program receives by itself: shown to watch.c where a DNS answer may be in it, and never
 * changed. As async-signal-safe as the calls themselves. */
#include <netinet/in.h>

#include "export.h"
#include "traffic.h"

/* Whether a program sees what a receive with these flags gives only now, and as its next data. */
static bool is_shown(int fd, int flags)
{
	if (flags & (MSG_PEEK | MSG_OOB | MSG_ERRQUEUE))
		return false;
	return !(flags & MSG_TRUNC) || !watch_discard(fd); /* tcp(7): then no byte is written */
}

/* from has room for that many bytes, and *from_len, which may be more, is the sender's length. */
static RARE void show_received(int fd, void *buf, size_t size, ssize_t got,
			       const struct sockaddr *from, socklen_t room,
			       const socklen_t *from_len)
{
	struct iovec part = { .iov_base = buf, .iov_len = size };

	if (got > 0)
		watch_received(fd, &part, 1, (size_t)got < size ? (size_t)got : size,
			       room ? from : NULL, room && *from_len < room ? *from_len : room);
}

static RARE void show_message(int fd, const struct msghdr *message, socklen_t room, ssize_t got)
{
	const struct sockaddr *from = message->msg_name;
	socklen_t len = message->msg_namelen < room ? message->msg_namelen : room;

	if (got > 0)
		watch_received(fd, message->msg_iov, traffic_part_count(message), (size_t)got,
			       len ? from : NULL, len);
}

/* Whether a fortified program's buffer is too small for what it asks for: the libc's function has
 * to be called, which ends the program. */
static inline bool is_short(size_t len, size_t size)
{
	if (len > size)
		libc_bind_calls();
	return len > size;
}

static RARE ssize_t show_recv(int fd, void *buf, size_t len, int flags)
{
	ssize_t got;

	libc_bind_calls();
	got = libc(recv)(fd, buf, len, flags);
	if (is_shown(fd, flags))
		show_received(fd, buf, len, got, NULL, 0, NULL);
	return got;
}

EXPORT ssize_t recv(int fd, void *buf, size_t len, int flags)
{
	if (traffic_is_quiet(WATCH_ASKING, fd))
		return libc(recv)(fd, buf, len, flags);
	return show_recv(fd, buf, len, flags);
}

EXPORT ssize_t __recv_chk(int fd, void *buf, size_t len, size_t size, int flags)
{
	if (traffic_is_quiet(WATCH_ASKING, fd) || is_short(len, size))
		return libc(__recv_chk)(fd, buf, len, size, flags);
	return show_recv(fd, buf, len, flags);
}

static RARE ssize_t show_recvfrom(int fd, void *buf, size_t len, int flags, struct sockaddr *from,
				  socklen_t *from_len)
{
	socklen_t room = from && from_len ? *from_len : 0;
	ssize_t got;

	libc_bind_calls();
	got = libc(recvfrom)(fd, buf, len, flags, from, from_len);
	if (is_shown(fd, flags))
		show_received(fd, buf, len, got, from, room, from_len);
	return got;
}

EXPORT ssize_t recvfrom(int fd, void *buf, size_t len, int flags, struct sockaddr *from,
			socklen_t *from_len)
{
	if (traffic_is_quiet(WATCH_ASKING, fd))
		return libc(recvfrom)(fd, buf, len, flags, from, from_len);
	return show_recvfrom(fd, buf, len, flags, from, from_len);
}

EXPORT ssize_t __recvfrom_chk(int fd, void *buf, size_t len, size_t size, int flags,
			      struct sockaddr *from, socklen_t *from_len)
{
	if (traffic_is_quiet(WATCH_ASKING, fd) || is_short(len, size))
		return libc(__recvfrom_chk)(fd, buf, len, size, flags, from, from_len);
	return show_recvfrom(fd, buf, len, flags, from, from_len);
}

static RARE ssize_t show_read(int fd, void *buf, size_t len)
{
	ssize_t got;

	libc_bind_calls();
	got = libc(read)(fd, buf, len);
	show_received(fd, buf, len, got, NULL, 0, NULL);
	return got;
}

EXPORT ssize_t read(int fd, void *buf, size_t len)
{
	if (traffic_is_quiet(WATCH_ASKING, fd))
		return libc(read)(fd, buf, len);
	return show_read(fd, buf, len);
}

EXPORT ssize_t __read_chk(int fd, void *buf, size_t len, size_t size)
{
	if (traffic_is_quiet(WATCH_ASKING, fd) || is_short(len, size))
		return libc(__read_chk)(fd, buf, len, size);
	return show_read(fd, buf, len);
}

static RARE ssize_t show_recvmsg(int fd, struct msghdr *message, int flags)
{
	socklen_t room = message->msg_name ? message->msg_namelen : 0;
	ssize_t got;

	libc_bind_calls();
	got = libc(recvmsg)(fd, message, flags);
	if (is_shown(fd, flags))
		show_message(fd, message, room, got);
	return got;
}

EXPORT ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	if (traffic_is_quiet(WATCH_ASKING, fd))
		return libc(recvmsg)(fd, message, flags);
	return show_recvmsg(fd, message, flags);
}

static RARE int show_recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
			      struct timespec *timeout)
{
	enum { SHOWN = 64 };
	/* For the senders' addresses, before the kernel writes their lengths there. */
	socklen_t room[SHOWN] = { 0 };
	int got;

	libc_bind_calls();
	for (unsigned i = 0; messages && i < count && i < SHOWN; i++)
		room[i] = messages[i].msg_hdr.msg_name ? messages[i].msg_hdr.msg_namelen : 0;
	got = libc(recvmmsg)(fd, messages, count, flags, timeout);
	for (int i = 0; messages && i < got && i < SHOWN && is_shown(fd, flags); i++)
		show_message(fd, &messages[i].msg_hdr, room[i], (ssize_t)messages[i].msg_len);
	return got;
}

EXPORT int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
		    struct timespec *timeout)
{
	if (traffic_is_quiet(WATCH_ASKING, fd))
		return libc(recvmmsg)(fd, messages, count, flags, timeout);
	return show_recvmmsg(fd, messages, count, flags, timeout);
}
