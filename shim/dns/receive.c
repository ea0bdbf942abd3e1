/* SPDX-License-Identifier: MIT */
/* What a program receives: looked at after the call, so that a reader that waited before a question
 * left is served too. As async-signal-safe as the calls themselves. */
#include <errno.h>
#include <stdint.h>
#include <time.h>

#include "dns/answer.h"
#include "dns/questions.h"
#include "export.h"
#include "libc.h"

static RARE ssize_t look(int fd, void *buf, size_t len, int flags, ssize_t got)
{
	struct iovec part = { .iov_base = buf, .iov_len = len };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	return answer_look(fd, &message, flags, got);
}

/* The entries are split in two: a process that asks nothing pays for no look after the call. */

static __attribute__((noinline)) ssize_t recv_looked(int fd, void *buf, size_t len, int flags)
{
	ssize_t got = libc(recv)(fd, buf, len, flags);

	return questions_is_any() ? look(fd, buf, len, flags, got) : got;
}

EXPORT ssize_t recv(int fd, void *buf, size_t len, int flags)
{
	libc_bind();
	if (questions_are_expected())
		return recv_looked(fd, buf, len, flags);
	return libc(recv)(fd, buf, len, flags);
}

/* A fortified program's buffer that is too small for what it asks for ends the program. */
EXPORT ssize_t __recv_chk(int fd, void *buf, size_t len, size_t size, int flags)
{
	libc_bind();
	if (questions_are_expected() && len <= size)
		return recv_looked(fd, buf, len, flags);
	return libc(__recv_chk)(fd, buf, len, size, flags);
}

static __attribute__((noinline)) ssize_t recvfrom_looked(int fd, void *buf, size_t len, int flags,
							 struct sockaddr *from, socklen_t *from_len)
{
	ssize_t got = libc(recvfrom)(fd, buf, len, flags, from, from_len);

	return questions_is_any() ? look(fd, buf, len, flags, got) : got;
}

EXPORT ssize_t recvfrom(int fd, void *buf, size_t len, int flags, struct sockaddr *from,
			socklen_t *from_len)
{
	libc_bind();
	if (questions_are_expected())
		return recvfrom_looked(fd, buf, len, flags, from, from_len);
	return libc(recvfrom)(fd, buf, len, flags, from, from_len);
}

EXPORT ssize_t __recvfrom_chk(int fd, void *buf, size_t len, size_t size, int flags,
			      struct sockaddr *from, socklen_t *from_len)
{
	libc_bind();
	if (questions_are_expected() && len <= size)
		return recvfrom_looked(fd, buf, len, flags, from, from_len);
	return libc(__recvfrom_chk)(fd, buf, len, size, flags, from, from_len);
}

static __attribute__((noinline)) ssize_t read_looked(int fd, void *buf, size_t len)
{
	ssize_t got = libc(read)(fd, buf, len);

	return questions_is_any() ? look(fd, buf, len, 0, got) : got;
}

EXPORT ssize_t read(int fd, void *buf, size_t len)
{
	libc_bind();
	if (questions_are_expected())
		return read_looked(fd, buf, len);
	return libc(read)(fd, buf, len);
}

EXPORT ssize_t __read_chk(int fd, void *buf, size_t len, size_t size)
{
	libc_bind();
	if (questions_are_expected() && len <= size)
		return read_looked(fd, buf, len);
	return libc(__read_chk)(fd, buf, len, size);
}

static RARE ssize_t look_at_parts(int fd, const struct iovec *parts, int count, ssize_t got)
{
	struct msghdr message = { .msg_iov = (struct iovec *)(uintptr_t)parts };

	message.msg_iovlen = (__typeof__(message.msg_iovlen))count; /* an int in musl */
	return answer_look(fd, &message, 0, got);
}

static __attribute__((noinline)) ssize_t readv_looked(int fd, const struct iovec *parts, int count)
{
	ssize_t got = libc(readv)(fd, parts, count);

	return questions_is_any() ? look_at_parts(fd, parts, count, got) : got;
}

EXPORT ssize_t readv(int fd, const struct iovec *parts, int count)
{
	libc_bind();
	if (questions_are_expected())
		return readv_looked(fd, parts, count);
	return libc(readv)(fd, parts, count);
}

static __attribute__((noinline)) ssize_t recvmsg_looked(int fd, struct msghdr *message, int flags)
{
	ssize_t got = libc(recvmsg)(fd, message, flags);

	return questions_is_any() ? answer_look(fd, message, flags, got) : got;
}

EXPORT ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	libc_bind();
	if (questions_are_expected())
		return recvmsg_looked(fd, message, flags);
	return libc(recvmsg)(fd, message, flags);
}

/* One of several messages that the program must not see becomes an empty one; that one alone is
 * received again. */
static RARE int look_at_messages(int fd, struct mmsghdr *messages, int flags, int got)
{
	int saved = errno;

	for (int i = 0; i < got; i++) {
		ssize_t len = (ssize_t)messages[i].msg_len;

		if (got == 1)
			len = answer_look(fd, &messages[i].msg_hdr, flags, len);
		else if (len > 0 && !answer_rebuild(fd, &messages[i].msg_hdr, flags, &len))
			len = 0;
		if (len < 0)
			return -1;
		messages[i].msg_len = (unsigned)len;
	}
	errno = saved;
	return got;
}

static __attribute__((noinline)) int recvmmsg_looked(int fd, struct mmsghdr *messages,
						     unsigned count, int flags,
						     struct timespec *timeout)
{
	int got = libc(recvmmsg)(fd, messages, count, flags, timeout);

	return questions_is_any() ? look_at_messages(fd, messages, flags, got) : got;
}

EXPORT int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags,
		    struct timespec *timeout)
{
	libc_bind();
	if (questions_are_expected())
		return recvmmsg_looked(fd, messages, count, flags, timeout);
	return libc(recvmmsg)(fd, messages, count, flags, timeout);
}
