/* SPDX-License-Identifier: MIT */
/* The book's hosts: which name and addresses an IPv6 address leads to, for how long, and what is
 * never told. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>

#include "book.h"
#include "child.h"
#include "clock.h"

static struct in_addr ipv4(uint32_t number)
{
	return (struct in_addr){ htonl(0xc6336400 + number) };
}

static struct in6_addr ipv6(uint32_t number)
{
	struct in6_addr addr = { .s6_addr = { 0x20, 0x01, 0x0d, 0xb8 } };

	number = htonl(number);
	memcpy(&addr.s6_addr[12], &number, sizeof(number));
	return addr;
}

static void add_ipv6(const char *name, uint32_t first, size_t count, uint32_t ttl)
{
	struct in6_addr addresses[32];

	for (size_t i = 0; i < count; i++)
		addresses[i] = ipv6(first + (uint32_t)i);
	book_add_ipv6(name, addresses, count, ttl);
}

static void add_ipv4(const char *name, uint32_t first, size_t count, uint32_t ttl)
{
	struct in_addr addresses[32];

	for (size_t i = 0; i < count; i++)
		addresses[i] = ipv4(first + (uint32_t)i);
	book_add_ipv4(name, addresses, count, ttl);
}

static void disown(uint32_t number)
{
	struct in6_addr addr = ipv6(number);

	book_disown(&addr, 1);
}

/* NAME/INDEX/TTL, "+" where the IPv4 addresses are fresh, and their last bytes. */
static void say(uint32_t number)
{
	struct in6_addr addr = ipv6(number);
	struct book_host host;

	memset(&host, 0x55, sizeof(host));
	if (!book_find(&addr, &host)) {
		for (size_t i = 0; i < sizeof(host); i++)
			child_need(((char *)&host)[i] == 0x55);
		fprintf(child_answer, "- ");
		return;
	}
	child_need(book_may_find(&addr));
	fprintf(child_answer, "%s/%zu/%u%s", host.name, host.index, host.ttl,
		host.is_fresh ? "+" : "");
	for (size_t i = 0; i < host.count; i++)
		fprintf(child_answer, "%s%u", i ? "," : "", ntohl(host.ipv4[i].s_addr) & 255);
	fprintf(child_answer, " ");
}

static void pass_through_states(void)
{
	book_open();
	fprintf(child_answer, "%d%d ", book_is_idle(), book_has_routes());
	add_ipv6("a.test", 1, 0, 300);
	fprintf(child_answer, "%d%d ", book_is_idle(), book_has_routes());
	disown(9);
	fprintf(child_answer, "%d%d ", book_is_idle(), book_has_routes());
	add_ipv4("a.test", 1, 1, 300);
	fprintf(child_answer, "%d%d ", book_is_idle(), book_has_routes());
	add_ipv6("a.test", 1, 1, 300);
	fprintf(child_answer, "%d%d ", book_is_idle(), book_has_routes());
	book_add_socket();
	fprintf(child_answer, "%d%d ", book_is_idle(), book_has_routes());
}

static void route_after_socket(void)
{
	book_open();
	book_add_socket();
	add_ipv4("a.test", 1, 1, 300);
	fprintf(child_answer, "%d%d ", book_is_idle(), book_has_routes());
	add_ipv6("a.test", 1, 1, 300);
	fprintf(child_answer, "%d%d ", book_is_idle(), book_has_routes());
}

static void ask_for_strangers(void)
{
	long passed = 0;

	add_ipv6("a.test", 1, 32, 300);
	for (uint32_t i = 1000; i < 2000; i++) {
		struct in6_addr addr = ipv6(i);

		passed += book_may_find(&addr);
		child_need(!book_find(&addr, &(struct book_host){ .count = 0 }));
	}
	fprintf(child_answer, "%d", passed < 50);
}

static void find_both(void)
{
	say(1);
	add_ipv6("a.test", 1, 2, 300);
	say(1);
	add_ipv4("a.test", 7, 3, 60);
	say(1);
	say(2);
	say(3);
	fprintf(child_answer, "fit=%d%d", book_has(ipv4(9)), book_has(ipv4(10)));
}

static void add_ipv4_first(void)
{
	add_ipv4("a.test", 7, 1, 60);
	add_ipv6("a.test", 1, 1, 300);
	say(1);
}

static void add_others(void)
{
	add_ipv6("a.test", 1, 1, 300);
	add_ipv4("a.test", 7, 2, 60);
	add_ipv6("b.test", 2, 1, 30);
	add_ipv4("b.test", 9, 1, 60);
	say(1);
	say(2);
	add_ipv4("a.test", 20, 1, 60); /* other addresses than before */
	say(1);
	add_ipv4("a.test", 0, 0, 60); /* none any more */
	say(1);
	add_ipv6("b.test", 1, 1, 30); /* an address that changes hands */
	say(1);
}

static void add_too_many(void)
{
	add_ipv6("a.test", 1, 32, 300);
	add_ipv4("a.test", 1, BOOK_ADDRESSES + 1, 60);
	say(32);
	fprintf(child_answer, "fit=%d%d", book_has(ipv4(16)), book_has(ipv4(17)));
}

static void add_long_names(void)
{
	add_ipv6(N253, 1, 1, 300);
	add_ipv6("x", 2, 1, 300);
	say(1);
	say(2);
}

static void disown_some(void)
{
	add_ipv6("a.test", 1, 3, 300);
	disown(1);
	disown(1);
	say(1);
	say(2);
	disown(3);
	add_ipv6("a.test", 1, 3, 300);
	say(1);
	say(2);
	say(3);
}

/* Says whether addresses with that TTL, which are noted at start, hold after so many seconds. */
static void say_fresh(time_t start, uint32_t ttl, time_t seconds)
{
	clock_seconds = start;
	add_ipv6("a.test", 1, 1, 300);
	add_ipv4("a.test", 1, 1, ttl);
	clock_seconds = start + seconds;
	say(1);
}

static void hold_for_ttl(void)
{
	say_fresh(1000, 60, 0);
	say_fresh(1000, 60, 59);
	say_fresh(1000, 60, 60);
	say_fresh(1000, 60, 1000000);
}

static void hold_for_10_seconds(void)
{
	say_fresh(1000, 0, 9);
	say_fresh(1000, 0, 10);
	say_fresh(1000, 9, 9);
	say_fresh(1000, 9, 10);
}

static void hold_while_clock_wraps(void)
{
	say_fresh(0xfffffff0, 60, 5);
	say_fresh(0xfffffff0, 60, 59);
	say_fresh(0xfffffff0, 60, 60);
}

/* The greatest TTL of RFC 2181, those above, and that of an answer without any record. */
static void hold_for_great_ttl(void)
{
	say_fresh(1000, INT32_MAX, 0);
	say_fresh(1000, 0x80000000, 0);
	say_fresh(1000, UINT32_MAX, BOOK_TTL_MOST - 1);
	say_fresh(1000, UINT32_MAX, BOOK_TTL_MOST);
}

static void add_many(void)
{
	unsigned hosts = 0;

	for (uint32_t i = 1; i <= 20000; i++) {
		char name[32];
		struct in6_addr addr = ipv6(i);
		struct book_host host;

		sprintf(name, "host%u.test", i);
		add_ipv6(name, i, 1, 300);
		child_need(book_find(&addr, &host) && strcmp(host.name, name) == 0);
	}
	for (uint32_t i = 1; i <= 20000; i++) {
		char name[32];
		struct in6_addr addr = ipv6(i);
		struct book_host host;

		sprintf(name, "host%u.test", i);
		if (!book_find(&addr, &host))
			continue;
		child_need(strcmp(host.name, name) == 0 && host.index == 0);
		hosts++;
	}
	fprintf(child_answer, "%s", hosts > 3500 && hosts <= 4096 ? "most of 4096" : "few");
}

enum { ROUNDS = 20000 };

/* Gives one name all addresses of one number, then of another. */
static void *add_by_turns(void *arg)
{
	for (uint32_t i = 0; i < ROUNDS; i++) {
		struct in_addr same[BOOK_ADDRESSES];
		uint32_t number = (uint32_t)(uintptr_t)arg + i % 5;

		for (size_t j = 0; j < BOOK_ADDRESSES; j++)
			same[j] = ipv4(number);
		book_add_ipv4("a.test", same, 1 + number % BOOK_ADDRESSES, 300);
		add_ipv6(i % 2 ? "a.test" : "b.test", 1, 1, 300);
	}
	return NULL;
}

static void race(void)
{
	struct in6_addr addr = ipv6(1);
	pthread_t writers[2];
	size_t wrong = 0;

	add_ipv6("a.test", 1, 1, 300);
	for (size_t i = 0; i < 2; i++)
		pthread_create(&writers[i], NULL, add_by_turns, (void *)(i * 100));
	for (int i = 0; i < ROUNDS; i++) {
		struct book_host host;

		if (!book_find(&addr, &host))
			continue;
		wrong += strcmp(host.name, "a.test") != 0 && strcmp(host.name, "b.test") != 0;
		for (size_t j = 0; j < host.count; j++)
			wrong += host.ipv4[j].s_addr != host.ipv4[0].s_addr ||
				 host.count !=
					 1 + (ntohl(host.ipv4[0].s_addr) & 255) % BOOK_ADDRESSES;
	}
	for (size_t i = 0; i < 2; i++)
		pthread_join(writers[i], NULL);
	fprintf(child_answer, "%zu", wrong);
}

#define SIXTEEN "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16"

static const struct CMUnitTest tests[] = {
	CHILD(state_with_ipv6_addresses_has_routes, pass_through_states, "10 10 10 10 10 01 ", ""),
	CHILD(state_with_ipv6_addresses_after_a_socket_has_routes, route_after_socket, "00 01 ",
	      ""),
	CHILD(may_find_of_strangers_is_mostly_no, ask_for_strangers, "1", ""),
	CHILD(find_after_both_answers_has_all, find_both,
	      "- a.test/0/300 a.test/0/300+7,8,9 a.test/1/300+7,8,9 - fit=10", ""),
	CHILD(find_after_ipv4_came_first_has_all, add_ipv4_first, "a.test/0/300+7 ", ""),
	CHILD(find_after_changes_has_the_last, add_others,
	      "a.test/0/300+7,8 b.test/0/30+9 a.test/0/300+20 a.test/0/300+ b.test/0/30+9 ", ""),
	CHILD(find_after_17_ipv4_addresses_has_16, add_too_many, "a.test/31/300+" SIXTEEN " fit=10",
	      ""),
	CHILD(find_of_names_of_any_length_has_them, add_long_names, N253 "/0/300 x/0/300 ", ""),
	CHILD(find_of_disowned_is_nobody, disown_some, "- a.test/1/300 - a.test/1/300 - ", ""),
	CHILD(addresses_within_their_ttl_are_fresh, hold_for_ttl,
	      "a.test/0/300+1 a.test/0/300+1 a.test/0/3001 a.test/0/3001 ", ""),
	CHILD(addresses_with_a_short_ttl_are_fresh_for_10_seconds, hold_for_10_seconds,
	      "a.test/0/300+1 a.test/0/3001 a.test/0/300+1 a.test/0/3001 ", ""),
	CHILD(addresses_while_the_clock_wraps_are_fresh, hold_while_clock_wraps,
	      "a.test/0/300+1 a.test/0/300+1 a.test/0/3001 ", ""),
	CHILD(addresses_with_a_great_ttl_are_fresh_for_a_week, hold_for_great_ttl,
	      "a.test/0/300+1 a.test/0/300+1 a.test/0/300+1 a.test/0/3001 ", ""),
	CHILD(add_of_20000_hosts_keeps_the_last, add_many, "most of 4096", ""),
	CHILD(find_while_others_write_is_never_mixed, race, "0", ""),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
