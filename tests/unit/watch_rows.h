/* SPDX-License-Identifier: MIT */
/* A table's row for watch.c: what a program sends and receives, step by step, and what then stands
 * in the book. Each runs in a process of its own. */
#ifndef PIN4_WATCH_ROWS_H
#define PIN4_WATCH_ROWS_H

#include <errno.h>
#include <stdbool.h>

#include "book.h"
#include "child.h"
#include "dns.h"
#include "watch.h"

enum { WATCH_STREAMS = 900 }; /* descriptors from there on are meant to be TCP sockets */

enum watch_deed { DONE, SEND, RECEIVE, CONNECT, SOCKET, ACCEPT };

struct watch_step {
	enum watch_deed deed;
	int fd;
	const char *peer;    /* "ADDRESS" or "ADDRESS@PORT", without one 53; NULL for none */
	const char *message; /* on a stream "MESSAGE;MESSAGE", each with its length before it */
	size_t part;         /* bytes in a buffer, or a read of a stream; 0 for all in one */
};

struct watch_row {
	const char *said; /* of the addresses 2001:db8::1 and ::2 */
	struct watch_step steps[10];
};

static inline socklen_t watch_address(const char *text, struct sockaddr_storage *ret)
{
	struct sockaddr_in6 *sin6 = (void *)ret;
	struct sockaddr_in *sin = (void *)ret;
	char host[INET6_ADDRSTRLEN] = "";
	unsigned port = 53;

	memset(ret, 0, sizeof(*ret));
	if (!text)
		return 0;
	sscanf(text, "%45[^@]@%u", host, &port);
	sin->sin_port = htons((uint16_t)port); /* at the same place in both */
	if (inet_pton(AF_INET, host, &sin->sin_addr) == 1) {
		sin->sin_family = AF_INET;
		return sizeof(*sin);
	}
	child_need(inet_pton(AF_INET6, host, &sin6->sin6_addr) == 1);
	sin6->sin6_family = AF_INET6;
	return sizeof(*sin6);
}

/* A socket under that number, connected to where nobody listens: nothing is ever sent on it. */
static inline void watch_connect(int fd, const struct sockaddr_storage *peer, socklen_t len)
{
	int made = socket(peer->ss_family, SOCK_DGRAM, 0);

	child_need(made >= 0 && connect(made, (const void *)peer, len) == 0);
	child_need(dup2(made, fd) == fd);
}

/* A new socket under that number, by socket() or by a call that nobody tells of. */
static inline void watch_make(int fd, bool is_told)
{
	int made = socket(AF_INET, SOCK_DGRAM, 0);

	child_need(made >= 0 && dup2(made, fd) == fd);
	if (is_told)
		watch_socket(fd, AF_INET, SOCK_DGRAM);
}

static inline void watch_write(struct dns *to, const char *text, bool is_stream)
{
	char *copy = strdup(text);
	char *rest = copy;

	for (char *word = strsep(&rest, ";"); word; word = strsep(&rest, ";")) {
		static struct dns one;

		dns_write(&one, word);
		if (is_stream)
			dns_put16(to, (unsigned)one.len);
		dns_put(to, one.bytes, one.len);
	}
	free(copy);
}

static inline void watch_take(const struct watch_step *step)
{
	struct sockaddr_storage peer;
	socklen_t len = watch_address(step->peer, &peer);
	const struct sockaddr *addr = len ? (struct sockaddr *)&peer : NULL;
	static struct dns message;
	struct iovec parts[1500];
	size_t count = 0;

	message.len = 0;
	if (step->message)
		watch_write(&message, step->message, step->fd >= WATCH_STREAMS);
	for (size_t at = 0; at < message.len; count++) {
		size_t part = step->part ? step->part : message.len;

		part = part < message.len - at ? part : message.len - at;
		child_need(count < sizeof(parts) / sizeof(*parts));
		parts[count] = (struct iovec){ unit_exact((char *)message.bytes + at, part), part };
		at += part;
	}
	errno = EXDEV;
	if (step->deed == CONNECT)
		watch_connect(step->fd, &peer, len);
	else if (step->deed == SOCKET || step->deed == ACCEPT)
		watch_make(step->fd, step->deed == SOCKET);
	else if (step->deed == SEND)
		watch_send(step->fd, parts, count, addr, len);
	else if (step->fd < WATCH_STREAMS || !step->part)
		watch_received(step->fd, parts, count, message.len, addr, len);
	else
		for (size_t i = 0; i < count; i++)
			watch_received(step->fd, &parts[i], 1, parts[i].iov_len, addr, len);
	child_need(step->deed == CONNECT || errno == EXDEV);
	while (count)
		free(parts[--count].iov_base);
}

static inline void watch_say_book(const char *text)
{
	char ipv4[INET_ADDRSTRLEN];
	struct in6_addr address;
	struct book_host host;

	inet_pton(AF_INET6, text, &address);
	if (!book_find(&address, &host)) {
		fprintf(child_answer, " -");
		return;
	}
	fprintf(child_answer, " %s/%zu", host.name, host.index);
	for (size_t i = 0; i < host.count; i++)
		fprintf(child_answer, ",%s", inet_ntop(AF_INET, &host.ipv4[i], ipv4, sizeof(ipv4)));
}

static inline void watch_walk(const void *arg)
{
	const struct watch_row *row = arg;

	setenv("PIN4_HOSTS", "*.pin.test prefer:first.pin.test except:not.pin.test", 1);
	setenv("PIN4_CONFIG", "/dev/null", 1);
	book_open();
	watch_open();
	for (const struct watch_step *step = row->steps; step->deed; step++)
		watch_take(step);
	watch_say_book("2001:db8::1");
	watch_say_book("2001:db8::2");
}

static inline void watch_check(void **state)
{
	const struct watch_row *row = *state;
	struct child child;

	child_run(watch_walk, row, &child);
	assert_string_equal(child.said, row->said);
	assert_string_equal(child.log, "");
}

#define WATCH(name, said, ...) UNIT_ROW(#name, watch_check, watch_row, said, { __VA_ARGS__ })

#define NS "192.0.2.53"
#define Q6 "#0100 ?www.pin.test/AAAA"
#define Q4 "#0100 ?www.pin.test/A"
#define A6 "?www.pin.test/AAAA =*12/60/AAAA/2001:db8::1"
#define A4 "?www.pin.test/A =*12/60/A/198.51.100.1"
#define ONE " www.pin.test/0 -"
#define NONE " - -"

#define ASKED                   \
	{                       \
		SEND, 7, NS, Q6 \
	}
#define ANSWERED                   \
	{                          \
		RECEIVE, 7, NS, A6 \
	}

#endif
