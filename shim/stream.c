/* SPDX-License-Identifier: MIT */
/* Puts messages together. It relies on atomics alone. */
#include "stream.h"

#include <stdatomic.h>
#include <string.h>

enum {
	STREAMS = 8,
	LOOKS = 2 * STREAMS, /* at each stream, for a new one */
};

static struct stream {
	size_t len;
	_Atomic int fd; /* plus 1; 0 for none */
	_Atomic bool is_busy;
	unsigned char bytes[2 + STREAM_MESSAGE];
} streams[STREAMS];

size_t stream_gather(const struct iovec *parts, size_t count, size_t len, unsigned char *to,
		     size_t size)
{
	size_t done = 0;

	for (size_t i = 0; i < count && done < len && done < size; i++) {
		size_t part = parts[i].iov_len;

		part = part < len - done ? part : len - done;
		part = part < size - done ? part : size - done;
		memcpy(to + done, parts[i].iov_base, part);
		done += part;
	}
	return done;
}

static struct stream *find(int fd)
{
	for (size_t i = 0; i < STREAMS; i++)
		if (atomic_load(&streams[i].fd) == fd + 1)
			return &streams[i];
	return NULL;
}

void stream_close(int fd)
{
	struct stream *stream = find(fd);
	int old = fd + 1;

	if (stream)
		atomic_compare_exchange_strong(&stream->fd, &old, 0);
}

void stream_open(int fd)
{
	struct stream *stream = find(fd);

	if (stream)
		return; /* a second question on the same socket goes on where it is */
	/* A free one first, then any; not one that somebody works on, as a thread may have for ever
	 * that was not forked along. */
	for (size_t i = 0; i < LOOKS; i++) {
		stream = &streams[((unsigned)fd + i) % STREAMS];
		if (atomic_exchange(&stream->is_busy, true))
			continue;
		if (i >= STREAMS || !atomic_load(&stream->fd)) {
			atomic_store(&stream->fd, fd + 1);
			stream->len = 0;
			i = LOOKS;
		}
		atomic_store(&stream->is_busy, false);
	}
}

/* Hands on each message that is whole, and keeps the rest. Returns false where the place of the
 * next one is not known: one is too large, or empty, as in a file of zeros that has the number of a
 * closed socket. */
static bool drain(struct stream *stream, int fd,
		  void (*take)(int fd, const unsigned char *msg, size_t len))
{
	size_t at = 0;

	while (stream->len - at >= 2) {
		const unsigned char *next = stream->bytes + at;
		size_t message = (size_t)(next[0] << 8 | next[1]);

		if (!message || message > STREAM_MESSAGE)
			return false;
		if (stream->len - at < 2 + message)
			break;
		take(fd, next + 2, message);
		at += 2 + message;
	}
	stream->len -= at;
	memmove(stream->bytes, stream->bytes + at, stream->len);
	return true;
}

static void feed(struct stream *stream, int fd, const unsigned char *bytes, size_t len,
		 void (*take)(int fd, const unsigned char *msg, size_t len))
{
	while (len) {
		size_t room = sizeof(stream->bytes) - stream->len;
		size_t part = len < room ? len : room;

		memcpy(stream->bytes + stream->len, bytes, part);
		stream->len += part;
		bytes += part;
		len -= part;
		if (!drain(stream, fd, take)) {
			stream_close(fd);
			return;
		}
	}
}

bool stream_feed(int fd, const struct iovec *parts, size_t count, size_t len,
		 void (*take)(int fd, const unsigned char *msg, size_t len))
{
	struct stream *stream = find(fd);

	if (!stream)
		return false;
	if (atomic_exchange(&stream->is_busy, true)) {
		stream_close(fd); /* two threads that read one stream: nobody knows its order */
		return true;
	}
	for (size_t i = 0; i < count && len && atomic_load(&stream->fd) == fd + 1; i++) {
		size_t part = parts[i].iov_len < len ? parts[i].iov_len : len;

		feed(stream, fd, parts[i].iov_base, part, take);
		len -= part;
	}
	atomic_store(&stream->is_busy, false);
	return true;
}
