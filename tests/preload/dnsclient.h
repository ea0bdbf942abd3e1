/* SPDX-License-Identifier: MIT */
/* A program that asks the server of dnsworld.h: what it sends, and what it prints of what it gets.
 */
#ifndef DNSCLIENT_H
#define DNSCLIENT_H

#include "dnsworld.h"

#define KEPT ENOTUNIQ /* an errno that no call of ours sets */

static struct dns_world world;
static const char *zone;
static unsigned id = 0x1230;
static unsigned number; /* of the next question that the server will see */

static inline struct dns_message ask_for(const char *label)
{
	return dns_question(DNS_AAAA, id++, label, zone);
}

/* Sends a question and prints what the server saw of it. */
static inline void ask(int fd, const struct dns_message *asked)
{
	MUST(send(fd, asked->bytes, asked->len, 0) == (ssize_t)asked->len);
	dns_await(&world, ++number);
	printf(" wire=%s", dns_seen(&world, number - 1, asked));
}

/* The same of the second question, where the first left as an A question. */
static inline void ask_second(const struct dns_message *asked)
{
	if (strcmp(dns_seen(&world, number - 1, asked), "A"))
		return;
	dns_await(&world, ++number);
	printf(" wire=%s", dns_seen(&world, number - 1, asked));
}

static inline void tell(const struct dns_message *asked, const void *bytes, ssize_t len)
{
	printf(" answer=");
	dns_print(asked, bytes, len);
}

static inline void receive(int fd, const struct dns_message *asked, int flags, size_t room)
{
	unsigned char buf[DNS_ROOM];
	ssize_t got;

	memset(buf, 0xee, sizeof(buf));
	errno = KEPT;
	got = recv(fd, buf, room, flags);
	if (got >= 0)
		MUST(errno == KEPT && buf[room] == 0xee);
	tell(asked, buf, got);
}

/* Whether buf holds one AAAA record with that address behind the question as it was asked. */
static inline bool is_answer(const struct dns_message *asked, const unsigned char *buf, ssize_t got,
			     const char *address)
{
	unsigned char wanted[16];
	size_t end = asked->len;

	MUST(inet_pton(AF_INET6, address, wanted) == 1);
	return got == (ssize_t)end + 28 && !memcmp(buf, asked->bytes, 2) &&
	       !memcmp(buf + 12, asked->bytes + 12, end - 12) && buf[7] == 1 &&
	       !memcmp(buf + end + 12, wanted, 16);
}

static inline void one(const char *label, size_t room, const char *opt, size_t opt_len)
{
	int fd = dns_socket(&world);
	struct dns_message asked = ask_for(label);

	if (opt) {
		dns_put(&asked, opt, opt_len);
		asked.bytes[11] = 1;
	}
	printf("%s %zu:", label, room);
	ask(fd, &asked);
	receive(fd, &asked, MSG_DONTWAIT, room);
	puts("");
	close(fd);
}

struct scenario {
	const char *name;
	void (*run)(void);
};

/* Runs the scenario of that name, beside a server of its own. */
static inline int run_scenario(const struct scenario *scenarios, size_t count, const char *name)
{
	world = dns_open();
	for (size_t i = 0; i < count; i++)
		if (!strcmp(scenarios[i].name, name))
			scenarios[i].run();
	dns_close(&world);
	return 0;
}

#endif
