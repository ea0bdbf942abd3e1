/* SPDX-License-Identifier: MIT */
/* Finds the waiting question of a received message, and rebuilds it in the program's buffers. It
 * relies on system calls that only a process makes that has asked about a pinned host. */
#include "dns/answer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

#include "dns/ask.h"
#include "export.h"
#include "libc.h"

enum {
	ROOM = 4096,     /* for answers in scattered buffers, or longer than the program's */
	WAIT_SECONDS = 5 /* for the second answer, as long as resolvers wait (RES_TIMEOUT) */
};

/* The part of a received message that pin4 works on: the program's own buffer, or a copy. */
struct window {
	unsigned char *bytes;
	size_t len;
	size_t size;
	unsigned char room[ROOM];
};

/* How many bytes a message's buffers hold, up to most. */
static size_t sum_parts(const struct msghdr *message, size_t most)
{
	size_t sum = 0;

	for (size_t i = 0; i < (unsigned)message->msg_iovlen && sum < most; i++) {
		size_t len = message->msg_iov[i].iov_len;

		sum += len < most - sum ? len : most - sum;
	}
	return sum;
}

/* Copies the first bytes of a message's buffers to the window, or back: as many as it has. */
static void copy_parts(const struct msghdr *message, struct window *window, bool is_back)
{
	size_t done = 0;

	for (size_t i = 0; i < (unsigned)message->msg_iovlen && done < window->len; i++) {
		const struct iovec *part = &message->msg_iov[i];
		size_t len = window->len - done;

		if (len > part->iov_len)
			len = part->iov_len;
		if (!len)
			continue;
		if (is_back)
			memcpy(part->iov_base, window->bytes + done, len);
		else
			memcpy(window->bytes + done, part->iov_base, len);
		done += len;
	}
}

/* Opens a window on what was received, got bytes of which the program's buffers may hold less. One
 * that asks how long the message is (MSG_PEEK with MSG_TRUNC) is shown all of it. */
static void open_window(int fd, const struct msghdr *message, int flags, size_t got,
			struct window *ret)
{
	const struct iovec *part = message->msg_iov;
	ssize_t all;

	ret->bytes = ret->room;
	if ((unsigned)message->msg_iovlen == 1 && (got <= part->iov_len || !(flags & MSG_PEEK))) {
		ret->bytes = part->iov_base;
		ret->size = part->iov_len;
		ret->len = got < ret->size ? got : ret->size;
	} else if (flags & MSG_PEEK && flags & MSG_TRUNC) {
		all = libc(recv)(fd, ret->room, ROOM, MSG_PEEK | MSG_DONTWAIT);
		ret->size = ROOM;
		ret->len = all > 0 ? (size_t)all : 0;
	} else {
		ret->size = sum_parts(message, ROOM);
		ret->len = got < ret->size ? got : ret->size;
		copy_parts(message, ret, false);
	}
}

/* Copies back what was not worked on in place. */
static void close_window(const struct msghdr *message, struct window *window)
{
	if (window->bytes == window->room)
		copy_parts(message, window, true);
}

/* There is no A record: sends the question as the program asked it. */
static bool ask_again(int fd, int flags, const struct asked *asked)
{
	const struct sockaddr *to = asked->to_len ? (const void *)&asked->to : NULL;
	char none;

	if (flags & MSG_PEEK) /* the answer still stands in the socket's queue */
		libc(recv)(fd, &none, sizeof(none), MSG_DONTWAIT);
	return libc(sendto)(fd, asked->msg, asked->len, MSG_DONTWAIT | MSG_NOSIGNAL, to,
			    asked->to_len) >= 0;
}

RARE bool answer_rebuild(int fd, const struct msghdr *message, int flags, ssize_t *got)
{
	struct window window;
	struct message_answer answer;
	struct question question;
	struct lookup lookup;
	enum message_outcome outcome;
	const struct asked *asked;
	bool is_pinned;

	open_window(fd, message, flags, (size_t)*got, &window);
	asked = questions_take(window.bytes, window.len);
	if (!asked)
		return true;
	is_pinned = message_read_question(asked->msg, asked->len, &question) &&
		    ask_is_pinned(question.name, &lookup);
	outcome = message_rebuild(window.bytes, window.len, window.size, asked->end, &answer);
	if (outcome == MESSAGE_NO_RECORD && !ask_again(fd, flags, asked)) {
		message_set_type(window.bytes, asked->end, MESSAGE_AAAA);
		outcome = MESSAGE_RESTORED;
	}
	if (outcome == MESSAGE_NO_RECORD)
		questions_release(asked, QUESTIONS_REMEMBERED);
	else
		questions_release(asked, (flags & MSG_PEEK) ? QUESTIONS_WAITS : QUESTIONS_ANSWERED);
	if (is_pinned)
		ask_report(&lookup, outcome, &answer);
	if (outcome == MESSAGE_NO_RECORD)
		return false;
	if ((size_t)*got <= window.size)
		*got = (ssize_t)answer.len;
	window.len = answer.len;
	close_window(message, &window);
	return true;
}

/* How long a receive on fd may wait. */
static struct timespec patience(int fd)
{
	struct timeval most = { 0 };
	socklen_t len = sizeof(most);

	if (syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, &most, &len) != 0 ||
	    (!most.tv_sec && !most.tv_usec) || most.tv_sec >= WAIT_SECONDS)
		return (struct timespec){ .tv_sec = WAIT_SECONDS };
	return (struct timespec){ .tv_sec = most.tv_sec, .tv_nsec = most.tv_usec * 1000 };
}

/* Receives in place of an answer that the program must not see: where it may block, it waits for a
 * bounded time. The sender's address is that of the first answer, and so stays. */
static RARE ssize_t receive_again(int fd, const struct msghdr *message, int flags)
{
	struct msghdr plain = { .msg_iov = message->msg_iov, .msg_iovlen = message->msg_iovlen };
	struct pollfd wanted = { .fd = fd, .events = POLLIN };
	struct timespec most;
	long ready = 0;

	if (!(flags & MSG_DONTWAIT) && !(syscall(SYS_fcntl, fd, F_GETFL) & O_NONBLOCK)) {
		most = patience(fd);
		ready = syscall(SYS_ppoll, &wanted, 1, &most, NULL, 0);
	}
	if (ready > 0)
		return libc(recvmsg)(fd, &plain, flags | MSG_DONTWAIT);
	if (ready == 0)
		errno = EAGAIN;
	return -1;
}

RARE ssize_t answer_look(int fd, const struct msghdr *message, int flags, ssize_t got)
{
	int saved = errno;

	while (got > 0 && !(flags & (MSG_OOB | MSG_ERRQUEUE)) &&
	       !answer_rebuild(fd, message, flags, &got))
		got = receive_again(fd, message, flags);
	if (got >= 0)
		errno = saved;
	return got;
}
