/* SPDX-License-Identifier: MIT */
/* A DNS server on 127.0.0.1, in a process of its own, that answers by the first label of a name and
 * keeps what it was asked; and questions to it, and what they and their answers come to as text. */
#ifndef DNSWORLD_H
#define DNSWORLD_H

#include "probe.h"

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { DNS_ROOM = 4096, DNS_SEEN = 64, DNS_A = 1, DNS_CNAME = 5, DNS_AAAA = 28 };

struct dns_message {
	size_t len;
	unsigned char bytes[DNS_ROOM];
};

/* What server and program share. */
struct dns_log {
	atomic_uint seen;
	atomic_uint answered;
	struct dns_message questions[DNS_SEEN];
};

struct dns_world {
	struct dns_log *log;
	struct sockaddr_in addr;
	pid_t server;
};

static inline void dns_put(struct dns_message *to, const void *bytes, size_t len)
{
	MUST(to->len + len <= sizeof(to->bytes));
	memcpy(to->bytes + to->len, bytes, len);
	to->len += len;
}

static inline void dns_put_name(struct dns_message *to, const char *host)
{
	while (*host) {
		unsigned char len = (unsigned char)strcspn(host, ".");

		dns_put(to, &len, 1);
		dns_put(to, host, len);
		host += len + (host[len] == '.');
	}
	dns_put(to, "", 1);
}

/* Where the question ends; nothing here has a pointer in it. */
static inline size_t dns_question_end(const unsigned char *msg)
{
	size_t at = 12;

	while (msg[at])
		at += 1u + msg[at];
	return at + 5;
}

/* One more record among the answers; its owner is the question's name, or host. */
static inline void dns_put_record(struct dns_message *to, const char *host, unsigned char type,
				  unsigned char ttl, const void *data, size_t len)
{
	const unsigned char fixed[] = { 0, type, 0, 1, 0, 0, 0, ttl, 0, (unsigned char)len };

	if (host)
		dns_put_name(to, host);
	else
		dns_put(to, "\xc0\x0c", 2);
	dns_put(to, fixed, sizeof(fixed));
	dns_put(to, data, len);
	to->bytes[7]++;
}

static inline void dns_put_address(struct dns_message *to, const char *host, const char *address)
{
	unsigned char bytes[16];

	if (inet_pton(AF_INET, address, bytes) == 1)
		dns_put_record(to, host, DNS_A, 60, bytes, 4);
	else if (inet_pton(AF_INET6, address, bytes) == 1)
		dns_put_record(to, host, DNS_AAAA, 60, bytes, 16);
}

/* A chain whose links stand in the wrong order. */
static inline void dns_put_chain(struct dns_message *to)
{
	dns_put_address(to, "c.test", "192.0.2.1");
	dns_put_record(to, "b.test", DNS_CNAME, 30, "\1c\4test", 8);
	dns_put_record(to, NULL, DNS_CNAME, 70, "\1b\4test", 8);
}

static inline bool dns_is_label(const unsigned char *msg, const char *label)
{
	return msg[12] == strlen(label) &&
	       strncasecmp((const char *)msg + 13, label, strlen(label)) == 0;
}

static inline void dns_put_addresses(struct dns_message *to, bool is_a)
{
	char address[INET6_ADDRSTRLEN];
	int count = dns_is_label(to->bytes, "many") ? 40 : 1;

	for (int i = 1; i <= count; i++) {
		snprintf(address, sizeof(address), is_a ? "192.0.2.%d" : "2001:db8::%d", i);
		if (!is_a && dns_is_label(to->bytes, "self"))
			snprintf(address, sizeof(address), "::1");
		dns_put_address(to, NULL, address);
	}
}

/* The server's answer to a question; one without length is not sent. */
static inline void dns_answer(const struct dns_message *asked, struct dns_message *ret)
{
	const unsigned char *msg = asked->bytes;
	size_t end = dns_question_end(msg);
	bool is_a = msg[end - 3] == DNS_A;

	ret->len = 0;
	if (dns_is_label(msg, "mute") || (!is_a && dns_is_label(msg, "lost")))
		return;
	dns_put(ret, msg, end);
	ret->bytes[2] |= 0x80;
	ret->bytes[3] = 0xa0; /* RA, and AD to be lost where the answer is rebuilt */
	ret->bytes[11] = 0;
	if (dns_is_label(msg, "servfail"))
		ret->bytes[3] |= 2;
	else if (dns_is_label(msg, "nxdomain"))
		ret->bytes[3] |= 3;
	else if (dns_is_label(msg, "chain") && is_a)
		dns_put_chain(ret);
	else if (!(is_a && (dns_is_label(msg, "nodata") || dns_is_label(msg, "lost"))) &&
		 !dns_is_label(msg, "cut"))
		dns_put_addresses(ret, is_a);
	if (dns_is_label(msg, "cut") || dns_is_label(msg, "part"))
		ret->bytes[2] |= 2;
	dns_put(ret, msg + end, asked->len - end); /* its OPT record */
	ret->bytes[11] = msg[11];
}

__attribute__((noreturn)) static inline void dns_serve(int fd, struct dns_log *log)
{
	struct dns_message answer;

	for (;;) {
		struct dns_message *asked = &log->questions[log->seen % DNS_SEEN];
		struct sockaddr_in6 from;
		socklen_t len = sizeof(from);
		ssize_t got = recvfrom(fd, asked->bytes, sizeof(asked->bytes), 0,
				       (struct sockaddr *)&from, &len);

		if (got < 17)
			continue;
		asked->len = (size_t)got;
		log->seen++;
		dns_answer(asked, &answer);
		if (answer.len)
			sendto(fd, answer.bytes, answer.len, 0, (struct sockaddr *)&from, len);
		log->answered++;
	}
}

static inline int dns_bind(struct sockaddr_in *ret)
{
	socklen_t len = sizeof(*ret);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	*ret = (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_addr = { htonl(INADDR_LOOPBACK) } };
	MUST(fd >= 0 && !bind(fd, (struct sockaddr *)ret, len));
	MUST(!getsockname(fd, (struct sockaddr *)ret, &len));
	return fd;
}

static inline struct dns_log *dns_log_open(void)
{
	struct dns_log *log =
		mmap(NULL, sizeof(*log), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	MUST(log != MAP_FAILED);
	return log;
}

static inline struct dns_world dns_open(void)
{
	struct dns_world world = { .log = dns_log_open() };
	int fd = dns_bind(&world.addr);

	fflush(stdout);
	world.server = fork();
	MUST(world.server >= 0);
	if (!world.server) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(60);
		dns_serve(fd, world.log);
	}
	close(fd);
	return world;
}

static inline void dns_close(struct dns_world *world)
{
	kill(world->server, SIGKILL);
	MUST(waitpid(world->server, NULL, 0) == world->server);
}

/* A socket that is connected to the server. */
static inline int dns_socket(const struct dns_world *world)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	MUST(fd >= 0 && !connect(fd, (const struct sockaddr *)&world->addr, sizeof(world->addr)));
	return fd;
}

/* A question about label.zone with that ID; opt is the end of it, or empty. */
static inline struct dns_message dns_question(unsigned char type, unsigned id, const char *label,
					      const char *zone)
{
	struct dns_message ret = { 0 };
	char host[256];

	snprintf(host, sizeof(host), "%s.%s", label, zone);
	dns_put(&ret, "\0\0\1\0\0\1\0\0\0\0\0\0", 12);
	ret.bytes[0] = (unsigned char)(id >> 8);
	ret.bytes[1] = (unsigned char)id;
	dns_put_name(&ret, host);
	dns_put(&ret, (unsigned char[]){ 0, type, 0, 1 }, 4);
	return ret;
}

/* Until the server has answered so many questions, or kept silent. */
static inline void dns_await(const struct dns_world *world, unsigned answered)
{
	while (world->log->answered < answered)
		usleep(500);
}

/* What of a question the server saw as its number-th: "A" and "AAAA" are it, with that type. */
static inline const char *dns_seen(const struct dns_world *world, unsigned number,
				   const struct dns_message *asked)
{
	struct dns_message seen;
	size_t end = dns_question_end(asked->bytes);
	const char *type = "AAAA";

	if (world->log->seen <= number)
		return "nothing";
	seen = world->log->questions[number];
	if (seen.bytes[end - 3] == DNS_A && asked->bytes[end - 3] == DNS_AAAA) {
		seen.bytes[end - 3] = DNS_AAAA;
		type = "A";
	} else if (asked->bytes[end - 3] != DNS_AAAA) {
		type = "same";
	}
	return seen.len == asked->len && !memcmp(seen.bytes, asked->bytes, seen.len) ? type : "odd";
}

/* Prints an answer of len bytes, or an errno: whether its ID and question are those of asked, its
 * error, its flags, its records, and how much of it stands behind them. */
static inline void dns_print(const struct dns_message *asked, const void *bytes, ssize_t len)
{
	const unsigned char *msg = bytes;
	size_t at = dns_question_end(asked->bytes);
	char text[INET6_ADDRSTRLEN];

	if (len < 0 || (size_t)len < at) {
		printf("%s", len < 0 ? probe_errno(errno, text, sizeof(text)) : "too short");
		return;
	}
	printf("%s", memcmp(msg, asked->bytes, 2) || memcmp(msg + 12, asked->bytes + 12, at - 12)
			     ? msg[at - 3] == DNS_A ? "another, for A," : "another"
			     : "its own");
	if (msg[3] & 15)
		printf(" rcode=%d", msg[3] & 15);
	printf("%s%s", msg[2] & 2 ? " TC" : "", msg[3] & 0x20 ? " AD" : "");
	for (int i = msg[7]; i > 0 && at + 12 <= (size_t)len; i--) {
		size_t name = at;

		while (msg[name] && msg[name] < 0xc0)
			name += 1u + msg[name];
		at = name + (msg[name] ? 2 : 1);
		if (at + 10 + msg[at + 9] > (size_t)len) {
			printf(" ...");
			return;
		}
		if (msg[at + 1] == DNS_A || msg[at + 1] == DNS_AAAA)
			inet_ntop(msg[at + 1] == DNS_A ? AF_INET : AF_INET6, msg + at + 10, text,
				  sizeof(text));
		else
			snprintf(text, sizeof(text), "type%d", msg[at + 1]);
		printf(" %s/%d", text, msg[at + 7]);
		at += 10u + msg[at + 9];
	}
	if ((size_t)len > at)
		printf(" +%zu", (size_t)len - at);
	else if (at > (size_t)len)
		printf(" -%zu", at - (size_t)len);
}

#endif
