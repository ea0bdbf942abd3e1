/* SPDX-License-Identifier: MIT */
/* Pairs DNS questions with their answers. It relies on policy.c for which hosts count. */
#include "watch.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "book.h"
#include "cache.h"
#include "policy.h"
#include "snoop.h"
#include "stream.h"

enum {
	DNS_PORT = 53,
	PATIENCE = 60, /* seconds: an answer that comes later is none to the program either */
	QUESTION_LEAST = 12 + 3 + 4, /* header, a name of one letter, type and class */
};

_Atomic bool watch_is_any[WATCH_MARKS] = { true, true };
_Atomic uint32_t watch_marks[WATCH_MARKS][WATCH_FDS / 32];

void watch_open(void)
{
	for (int i = 0; i < WATCH_MARKS; i++)
		atomic_store(&watch_is_any[i], false);
}

/* A question that waits for its answer, as a record of cache.c. */
struct question_record {
	uint32_t fd;
	uint32_t id_and_type;
	uint32_t name[2]; /* its hash */
	uint32_t socket;  /* how many sockets had that descriptor before */
	uint32_t state;
	uint32_t asked;  /* when, in seconds */
	uint32_t server; /* the hash of its address; 0 on a connected socket */
};

enum question_state { QUESTION_PINNED, QUESTION_OTHER, QUESTION_ANSWERED };

static struct cache questions = {
	.sets = 256,
	.key_words = 2,
	.words = sizeof(struct question_record) / sizeof(uint32_t),
};

static _Atomic uint16_t sockets[WATCH_FDS];

static void set_mark(enum watch_mark mark, int fd, bool is_set)
{
	uint32_t bit = 1U << (unsigned)fd % 32;

	if ((unsigned)fd >= WATCH_FDS)
		return;
	if (is_set) {
		atomic_fetch_or(&watch_marks[mark][(unsigned)fd / 32], bit);
		atomic_store(&watch_is_any[mark], true);
	} else if (watch_has(mark, fd)) {
		atomic_fetch_and(&watch_marks[mark][(unsigned)fd / 32], ~bit);
	}
}

void watch_socket(int fd, int domain, int type)
{
	const int kind = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
	bool may_ask = (domain == AF_INET || domain == AF_INET6) &&
		       (kind == SOCK_DGRAM || kind == SOCK_STREAM);

	if (may_ask && !policy_may_pin())
		return;
	set_mark(WATCH_FRESH, fd, may_ask);
	if (!watch_has(WATCH_ASKING, fd))
		return;
	atomic_fetch_add(&sockets[fd], 1);
	set_mark(WATCH_ASKING, fd, false);
	stream_close(fd);
}

static uint32_t hash(uint32_t hash, const void *bytes, size_t len)
{
	for (const unsigned char *b = bytes; len--; b++)
		hash = (hash ^ *b) * 16777619U;
	return hash;
}

static bool is_to_port_53(const struct sockaddr *addr, socklen_t len)
{
	struct sockaddr_in sin; /* the port is at the same place in a sockaddr_in6 */

	if (len < sizeof(sin))
		return false;
	memcpy(&sin, addr, sizeof(sin));
	return (sin.sin_family == AF_INET || sin.sin_family == AF_INET6) &&
	       sin.sin_port == htons(DNS_PORT);
}

/* A server's address and port; never 0. What IPv6 has besides does not tell servers apart. */
static uint32_t hash_server(const struct sockaddr *addr, socklen_t len)
{
	struct sockaddr_storage copy = { .ss_family = AF_UNSPEC };
	const struct sockaddr_in *sin = (const void *)&copy;
	const struct sockaddr_in6 *sin6 = (const void *)&copy;
	uint32_t sum;

	memcpy(&copy, addr, len < sizeof(copy) ? len : sizeof(copy));
	sum = hash(2166136261U, &sin->sin_port, sizeof(sin->sin_port));
	if (copy.ss_family == AF_INET)
		sum = hash(sum, &sin->sin_addr, sizeof(sin->sin_addr));
	else
		sum = hash(sum, &sin6->sin6_addr, sizeof(sin6->sin6_addr));
	return sum ? sum : 1;
}

static bool is_stream(int fd)
{
	int type = 0;
	socklen_t len = sizeof(type);

	return syscall(SYS_getsockopt, fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 &&
	       type == SOCK_STREAM;
}

enum peer { PEER_NONE, PEER_DNS, PEER_OTHER };

static enum peer peer_of(int fd)
{
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	if (syscall(SYS_getpeername, fd, &peer, &len) != 0)
		return PEER_NONE; /* not connected yet: what is sent now fails and comes again */
	return is_to_port_53((struct sockaddr *)&peer, len) ? PEER_DNS : PEER_OTHER;
}

/* Whether the start of what is sent could be that of a query with one question: told before any
 * system call. */
static bool looks_like_query(const unsigned char *msg, size_t len)
{
	return len >= QUESTION_LEAST && !(msg[2] & 0xf8) && msg[4] == 0 && msg[5] == 1 &&
	       msg[6] == 0 && msg[7] == 0 && msg[8] == 0 && msg[9] == 0;
}

static uint32_t seconds(void)
{
	struct timespec time = { 0 };

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &time);
	return (uint32_t)time.tv_sec;
}

/* Enters a question into what waits for answers. Those about other hosts count too: an address that
 * a pinned host has as well must not be taken from them. */
static void note_question(int fd, const unsigned char *msg, size_t len, uint32_t server)
{
	struct snoop_question question;
	struct question_record record;

	if ((unsigned)fd >= WATCH_FDS || !snoop_question(msg, len, &question))
		return;
	record = (struct question_record){
		.fd = (uint32_t)fd,
		.id_and_type = (uint32_t)question.id << 16 | question.type,
		.socket = atomic_load(&sockets[fd]),
		.asked = seconds(),
		.state = policy_is_pinned(question.name) ? QUESTION_PINNED : QUESTION_OTHER,
		.server = server,
	};
	hostname_hash(question.name, record.name);
	cache_put(&questions, &record);
	set_mark(WATCH_ASKING, fd, true);
}

/* Enters the questions that a stream carries, each with its length before it. */
static void note_stream_questions(int fd, const unsigned char *bytes, size_t len)
{
	stream_open(fd);
	for (size_t at = 0; len - at > 2;) {
		size_t message = (size_t)(bytes[at] << 8 | bytes[at + 1]);

		at += 2;
		if (len - at < message)
			return;
		note_question(fd, bytes + at, message, 0);
		at += message;
	}
}

void watch_send(int fd, const struct iovec *parts, size_t count, const struct sockaddr *to,
		socklen_t to_len)
{
	unsigned char bytes[1024];
	size_t len = stream_gather(parts, count, SIZE_MAX, bytes, sizeof(bytes));
	bool is_framed = len > 2 && looks_like_query(bytes + 2, len - 2);
	bool is_plain = looks_like_query(bytes, len);
	enum peer peer = PEER_OTHER;
	int saved = errno;

	if (!to && (is_framed || is_plain))
		peer = peer_of(fd);
	if (to && is_plain) {
		if (is_to_port_53(to, to_len))
			note_question(fd, bytes, len, hash_server(to, to_len));
	} else if (peer == PEER_OTHER) {
		set_mark(WATCH_FRESH, fd, false);
	} else if (peer == PEER_DNS && is_framed && is_stream(fd)) {
		note_stream_questions(fd, bytes, len);
	} else if (peer == PEER_DNS && is_plain) {
		note_question(fd, bytes, len, 0);
	}
	errno = saved;
}

/* Enters an answer into the book, if this process asked for it on this socket, this server. */
static void note_answer(int fd, const unsigned char *msg, size_t len, uint32_t server)
{
	struct question_record record = { .fd = (uint32_t)fd };
	struct question_record key;
	struct snoop_answer answer;
	uint32_t name[2];
	bool is_pinned;

	if (!snoop_answer(msg, len, &answer))
		return;
	record.id_and_type = (uint32_t)answer.question.id << 16 | answer.question.type;
	hostname_hash(answer.question.name, name);
	key = record;
	if (!cache_get(&questions, &key, &record) || record.state == QUESTION_ANSWERED ||
	    memcmp(record.name, name, sizeof(name)) != 0 ||
	    record.socket != atomic_load(&sockets[fd]) || seconds() - record.asked > PATIENCE ||
	    (record.server && record.server != server))
		return;
	is_pinned = record.state == QUESTION_PINNED;
	record.state = QUESTION_ANSWERED;
	cache_put(&questions, &record);
	if (!is_pinned)
		book_disown(answer.ipv6, answer.ipv6_count);
	else if (answer.question.type == SNOOP_AAAA)
		book_add_ipv6(answer.question.name, answer.ipv6, answer.ipv6_count, answer.ttl);
	else
		book_add_ipv4(answer.question.name, answer.ipv4, answer.ipv4_count, answer.ttl);
}

static void note_stream_answer(int fd, const unsigned char *msg, size_t len)
{
	note_answer(fd, msg, len, 0);
}

void watch_received(int fd, const struct iovec *parts, size_t count, size_t len,
		    const struct sockaddr *from, socklen_t from_len)
{
	unsigned char copy[STREAM_MESSAGE];
	const unsigned char *msg = copy;
	int saved = errno;

	if (!stream_feed(fd, parts, count, len, note_stream_answer)) {
		if (count && parts[0].iov_len >= len)
			msg = parts[0].iov_base;
		else
			len = stream_gather(parts, count, len, copy, sizeof(copy));
		note_answer(fd, msg, len, from ? hash_server(from, from_len) : 0);
	}
	errno = saved;
}

void watch_other(const struct addrinfo *list)
{
	for (; list; list = list->ai_next)
		if (list->ai_family == AF_INET6)
			book_disown(&((const struct sockaddr_in6 *)(const void *)list->ai_addr)
					     ->sin6_addr,
				    1);
}
