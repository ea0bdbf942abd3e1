/* SPDX-License-Identifier: MIT */
/* Pairs DNS questions with their answers. It relies on policy.c for which hosts count. */
#include "watch.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "book.h"
#include "cache.h"
#include "policy.h"
#include "snoop.h"
#include "stream.h"
#include "watch_peer.h"

enum {
	PATIENCE = 60, /* seconds: an answer that comes later is none to the program either */
	DNS_HEADER = 12,
	QUESTION_LEAST = DNS_HEADER + 3 + 4, /* header, a name of one letter, type and class */
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
	uint32_t name[2]; /* its hash, as it is spelled */
	uint32_t socket;
	uint32_t state;
	uint32_t asked;  /* when, in seconds */
	uint32_t server; /* the hash of its address */
	uint32_t is_connected;
};

enum question_state { QUESTION_PINNED, QUESTION_OTHER, QUESTION_ANSWERED };

static struct cache questions = {
	.sets = 256,
	.key_words = 2,
	.words = sizeof(struct question_record) / sizeof(uint32_t),
};

static void set_mark(enum watch_mark mark, int fd, bool is_set)
{
	uint32_t bit = 1U << (unsigned)fd % 32;

	if ((unsigned)fd >= WATCH_FDS)
		return;
	if (is_set) {
		atomic_fetch_or(&watch_marks[mark][(unsigned)fd / 32], bit);
		if (watch_is_idle(mark)) /* every send reads it: nothing is written in vain */
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
	set_mark(WATCH_ASKING, fd, false);
	stream_close(fd);
}

bool watch_discard(int fd)
{
	int saved = errno;
	bool is_tcp = watch_is_stream(fd);

	if (is_tcp)
		stream_close(fd);
	errno = saved;
	return is_tcp;
}

/* Whether the start of what is sent could be that of a query with one question. */
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

/* A hash of the one question's name, letter by letter: a program may have mixed upper and lower
 * case so that only who saw the question can answer it. There is no pointer in it (snoop.c), and so
 * no zero but the root's. */
static void hash_name(const unsigned char *msg, uint32_t ret[2])
{
	hostname_hash((const char *)msg + DNS_HEADER, ret);
}

/* Enters a question into what waits for answers. Those about other hosts count too: an address that
 * a pinned host has as well must not be taken from them. */
static void note_question(int fd, const unsigned char *msg, size_t len, uint32_t server,
			  bool is_connected)
{
	struct snoop_question question;
	struct question_record record;

	if ((unsigned)fd >= WATCH_FDS || !snoop_question(msg, len, &question))
		return;
	record = (struct question_record){
		.fd = (uint32_t)fd,
		.id_and_type = (uint32_t)question.id << 16 | question.type,
		.socket = watch_identity(fd),
		.asked = seconds(),
		.state = policy_is_pinned(question.name) ? QUESTION_PINNED : QUESTION_OTHER,
		.server = server,
		.is_connected = is_connected,
	};
	hash_name(msg, record.name);
	cache_put(&questions, &record);
	set_mark(WATCH_ASKING, fd, true);
}

/* Enters the questions that a stream carries, each with its length before it. */
static void note_stream_questions(int fd, const unsigned char *bytes, size_t len, uint32_t server)
{
	for (size_t at = 0; len - at > 2;) {
		size_t message = (size_t)(bytes[at] << 8 | bytes[at + 1]);

		at += 2;
		if (len - at < message)
			return;
		note_question(fd, bytes + at, message, server, true);
		at += message;
	}
}

/* What goes to a DNS server: on a stream its length stands before a query, or went by itself. */
static void note_sent(int fd, const struct iovec *parts, size_t count, uint32_t server,
		      bool is_connected)
{
	unsigned char bytes[1024];
	size_t len = stream_gather(parts, count, SIZE_MAX, bytes, sizeof(bytes));
	bool is_framed = len > 2 && looks_like_query(bytes + 2, len - 2);
	bool is_plain = looks_like_query(bytes, len);
	bool is_tcp = (is_framed || is_plain) && watch_is_stream(fd);

	if (is_tcp)
		stream_open(fd);
	if (is_tcp && is_framed)
		note_stream_questions(fd, bytes, len, server);
	else if (is_plain)
		note_question(fd, bytes, len, server, is_connected);
}

void watch_send(int fd, const struct iovec *parts, size_t count, const struct sockaddr *to,
		socklen_t to_len)
{
	int saved = errno;
	uint32_t server;
	enum watch_peer peer = watch_peer(fd, to, to_len, &server);

	if (peer == PEER_DNS)
		note_sent(fd, parts, count, server, !to);
	else if (peer == PEER_OTHER && !(to && watch_has(WATCH_ASKING, fd)))
		set_mark(WATCH_FRESH, fd, false);
	errno = saved;
}

/* Whether the question that a record holds was asked on the socket that fd now is, and of who
 * answers: server is the sender's hash, where the program was told, or else 0. */
static bool is_asked_here(int fd, const struct question_record *record, uint32_t server)
{
	if (record->is_connected && watch_peer(fd, NULL, 0, &server) != PEER_DNS)
		return false;
	return record->server == server && record->socket == watch_identity(fd);
}

/* Enters an answer into the book, if this process asked for it on this socket, this server. */
static void note_answer(int fd, const unsigned char *msg, size_t len, uint32_t server)
{
	struct question_record record = { .fd = (uint32_t)fd };
	struct question_record key;
	struct snoop_question question;
	struct snoop_answer answer;
	uint32_t name[2];
	bool is_pinned;

	if (!snoop_reply(msg, len, &question))
		return;
	record.id_and_type = (uint32_t)question.id << 16 | question.type;
	key = record;
	hash_name(msg, name);
	if (!cache_get(&questions, &key, &record) || record.state == QUESTION_ANSWERED ||
	    memcmp(record.name, name, sizeof(name)) != 0 || seconds() - record.asked > PATIENCE ||
	    !is_asked_here(fd, &record, server) || !snoop_answer(msg, len, &answer))
		return;
	is_pinned = record.state == QUESTION_PINNED;
	record.state = QUESTION_ANSWERED;
	cache_put(&questions, &record);
	if (!is_pinned)
		book_disown(answer.ipv6, answer.ipv6_count);
	else if (question.type == SNOOP_AAAA)
		book_add_ipv6(question.name, answer.ipv6, answer.ipv6_count, answer.ttl);
	else /* an answer without addresses says nothing of how long that will be so */
		book_add_ipv4(question.name, answer.ipv4, answer.ipv4_count,
			      answer.ipv4_count ? answer.ttl : 0);
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
		note_answer(fd, msg, len, from ? watch_server(from, from_len) : 0);
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
