/* SPDX-License-Identifier: MIT */
/* What a program sends: a question about a pinned host leaves as an A question, and a connection
 * that a send makes (MSG_FASTOPEN) is made to fit as connect's is. As async-signal-safe as the
 * calls themselves. */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "dns/ask.h"
#include "export.h"
#include "fit.h"
#include "libc.h"

enum {
	SEGMENT = 103,        /* UDP_SEGMENT (linux/udp.h): one send is many datagrams */
	PARTS_MOST = 16,      /* of a question */
	MESSAGES_MOST = 1024, /* UIO_MAXIOV: the kernel stops there too */
};

/* What may be a question: sent changed, or as it is; and whatever is sent before pin4 has started.
 */
static RARE ssize_t send_likely(int fd, const void *buf, size_t len, int flags,
				const struct sockaddr *to, socklen_t to_len)
{
	struct changed changed;
	ssize_t sent;

	libc_bind();
	if (!ask_is_likely(buf, len) || !ask_change(fd, buf, len, flags, to, to_len, &changed))
		return libc(sendto)(fd, buf, len, flags, to, to_len);
	sent = libc(sendto)(fd, changed.msg, len, flags, to, to_len);
	if (sent < 0)
		questions_drop(buf, &changed.question);
	return sent;
}

EXPORT ssize_t send(int fd, const void *buf, size_t len, int flags)
{
	if (ask_is_likely(buf, len) || !libc_is_bound())
		return send_likely(fd, buf, len, flags, NULL, 0);
	return libc(send)(fd, buf, len, flags);
}

/* A send that makes a connection was refused: once more, changed so that it fits. */
static RARE ssize_t send_fitted(int fd, const struct msghdr *message, int flags, int before)
{
	struct sockaddr_in6 mapped;
	struct msghdr copy;
	ssize_t sent = -1;
	int error = errno;

	if (error != EFAULT &&
	    fit_address(fd, message->msg_name, message->msg_namelen, error, &mapped)) {
		copy = *message;
		copy.msg_name = &mapped;
		copy.msg_namelen = sizeof(mapped);
		sent = libc(sendmsg)(fd, &copy, flags);
		error = sent < 0 ? errno : before;
	}
	errno = error;
	return sent;
}

static RARE ssize_t sendto_connecting(int fd, const void *buf, size_t len, int flags,
				      const struct sockaddr *to, socklen_t to_len)
{
	struct iovec part = { .iov_base = (void *)(uintptr_t)buf, .iov_len = len };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_name = (void *)(uintptr_t)to,
				  .msg_namelen = to_len };
	int before = errno;
	ssize_t sent;

	libc_bind();
	sent = libc(sendto)(fd, buf, len, flags, to, to_len);
	return sent < 0 ? send_fitted(fd, &message, flags, before) : sent;
}

EXPORT ssize_t sendto(int fd, const void *buf, size_t len, int flags, const struct sockaddr *to,
		      socklen_t to_len)
{
	if (flags & MSG_FASTOPEN)
		return sendto_connecting(fd, buf, len, flags, to, to_len);
	if (ask_is_likely(buf, len) || !libc_is_bound())
		return send_likely(fd, buf, len, flags, to, to_len);
	return libc(sendto)(fd, buf, len, flags, to, to_len);
}

/* Whether a message is sent in segments. CMSG_NXTHDR() may call into the libc. */
static bool has_segments(const struct msghdr *message)
{
	/* Lengths are ints with padding behind them in musl, as msg_iovlen is. */
	const char *controls = message->msg_control;
	size_t len = ask_is_address(controls) ? (unsigned)message->msg_controllen : 0;
	struct cmsghdr control;

	for (size_t at = 0; at < len && len - at >= sizeof(control);) {
		memcpy(&control, controls + at, sizeof(control));
		if (control.cmsg_level == IPPROTO_UDP && control.cmsg_type == SEGMENT)
			return true;
		if ((unsigned)control.cmsg_len < sizeof(control))
			break;
		at += CMSG_ALIGN((unsigned)control.cmsg_len);
	}
	return false;
}

/* Whether the parts of a message may be a question; then *len is their length, and room has a copy
 * of them. */
static RARE bool gather(const struct msghdr *message, unsigned char *room, size_t *len)
{
	const struct iovec *parts = message->msg_iov;
	size_t count = (unsigned)message->msg_iovlen;

	*len = 0;
	if (count > PARTS_MOST)
		return false;
	for (size_t i = 0; i < count; i++) {
		const void *base = parts[i].iov_base;

		if (parts[i].iov_len > MESSAGE_MOST - *len ||
		    (!ask_is_address(base) && (base || parts[i].iov_len)))
			return false;
		*len += parts[i].iov_len;
	}
	if (*len < MESSAGE_LEAST)
		return false;
	for (size_t i = 0, at = 0; i < count; at += parts[i++].iov_len)
		if (parts[i].iov_len)
			memcpy(room + at, parts[i].iov_base, parts[i].iov_len);
	return message_has_question(room);
}

/* Whether a message may be a question, by its first part alone where that holds a header. */
static inline bool is_likely(const struct msghdr *message)
{
	const struct iovec *parts = message->msg_iov;
	/* musl's msg_iovlen is an int with padding behind it that programs need not clear. */
	unsigned count = (unsigned)message->msg_iovlen;

	if (!count || !ask_is_address(parts))
		return false;
	if (count == 1 || parts->iov_len >= MESSAGE_LEAST)
		return ask_is_likely(parts->iov_base, parts->iov_len);
	return true;
}

static RARE bool sendmsg_changed(int fd, const struct msghdr *message, int flags, ssize_t *sent)
{
	unsigned char room[MESSAGE_MOST];
	struct changed changed;
	struct iovec part = { .iov_base = changed.msg };
	struct msghdr copy = *message;

	if (!gather(message, room, &part.iov_len) || has_segments(message) ||
	    !ask_change(fd, room, part.iov_len, flags, message->msg_name, message->msg_namelen,
			&changed))
		return false;
	copy.msg_iov = &part;
	copy.msg_iovlen = 1;
	*sent = libc(sendmsg)(fd, &copy, flags);
	if (*sent < 0)
		questions_drop(room, &changed.question);
	return true;
}

static RARE ssize_t send_message(int fd, const struct msghdr *message, int flags)
{
	int before = errno;
	ssize_t sent;

	libc_bind();
	if (!(flags & MSG_FASTOPEN) && is_likely(message) &&
	    sendmsg_changed(fd, message, flags, &sent))
		return sent;
	sent = libc(sendmsg)(fd, message, flags);
	return sent < 0 && flags & MSG_FASTOPEN ? send_fitted(fd, message, flags, before) : sent;
}

EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	if (ask_is_address(message) && (flags & MSG_FASTOPEN || is_likely(message)))
		return send_message(fd, message, flags);
	libc_bind();
	return libc(sendmsg)(fd, message, flags);
}

static bool is_any_likely(const struct mmsghdr *messages, unsigned count)
{
	for (unsigned i = 0; i < count && i < MESSAGES_MOST; i++)
		if (is_likely(&messages[i].msg_hdr))
			return true;
	return false;
}

static RARE int send_messages(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	for (unsigned i = 0; i < count && i < MESSAGES_MOST; i++) {
		ssize_t sent = send_message(fd, &messages[i].msg_hdr, flags);

		if (sent < 0)
			return i ? (int)i : -1;
		messages[i].msg_len = (unsigned)sent;
	}
	return (int)(count < MESSAGES_MOST ? count : MESSAGES_MOST);
}

EXPORT int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags)
{
	libc_bind();
	if (ask_is_address(messages) && (flags & MSG_FASTOPEN || is_any_likely(messages, count)))
		return send_messages(fd, messages, count, flags);
	return libc(sendmmsg)(fd, messages, count, flags);
}
