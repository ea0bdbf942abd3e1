/* SPDX-License-Identifier: MIT */
/* Where a connection to an IPv6 address goes, and when the libc is asked for it. Each case runs in
 * a process of its own, with a lookup of the test's own in the libc's place. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>

#include "book.h"
#include "child.h"
#include "clock.h"
#include "libc.h"
#include "log.h"
#include "route.h"

static const char *known; /* what the lookup answers: addresses with blanks between; NULL: none */

static struct in_addr ipv4(const char *text)
{
	struct in_addr addr;

	child_need(inet_pton(AF_INET, text, &addr) == 1);
	return addr;
}

static struct in6_addr ipv6(const char *text)
{
	struct in6_addr addr;

	child_need(inet_pton(AF_INET6, text, &addr) == 1);
	return addr;
}

/* In the libc's place. The list is the libc's own, because pin4 has the libc free it. */
static int look_up(const char *host, const char *service, const struct addrinfo *hints,
		   struct addrinfo **ret)
{
	const struct addrinfo numeric = { .ai_flags = AI_NUMERICHOST,
					  .ai_family = AF_INET,
					  .ai_socktype = SOCK_STREAM };
	char text[256] = "";
	char *rest = text;

	fprintf(child_answer, "[%s%s%s]", host, service ? " service" : "",
		hints->ai_family == AF_INET && hints->ai_socktype == SOCK_STREAM ? "" : " hints");
	errno = EMFILE;
	if (!known)
		return EAI_AGAIN;
	strcpy(text, known);
	for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " ")) {
		child_need(getaddrinfo(word, NULL, &numeric, ret) == 0);
		ret = &(*ret)->ai_next; /* glibc frees node by node */
	}
	return 0;
}

static void set_up(void)
{
	libc_bind_lookups();
	atomic_store(&libc_table[LIBC_getaddrinfo], (symbol_function)look_up);
	book_open();
	book_add_socket();
}

static void add_ipv6(const char *name, const char *first, const char *second)
{
	struct in6_addr addresses[2] = { ipv6(first), ipv6(second ? second : "::") };

	book_add_ipv6(name, addresses, second ? 2 : 1, 300);
}

static void add_ipv4(const char *name, const char *first, const char *second)
{
	struct in_addr addresses[2] = { ipv4(first), ipv4(second ? second : "0.0.0.0") };

	book_add_ipv4(name, addresses, second ? 2 : 1, 300);
}

/* Asks for the way to addr, len bytes of it, in a block without slack. */
static void say_route_of(const struct sockaddr_in6 *addr, socklen_t len)
{
	char *exact = unit_exact((const char *)addr, len < sizeof(*addr) ? len : sizeof(*addr));
	struct sockaddr_in6 route;
	char text[INET6_ADDRSTRLEN];
	bool is_found;

	memset(&route, 0x55, sizeof(route));
	errno = EXDEV;
	is_found = route_find((struct sockaddr *)exact, len, true, &route);
	child_need(errno == EXDEV);
	free(exact);
	if (!is_found) {
		for (size_t i = 0; i < sizeof(route); i++)
			child_need(((char *)&route)[i] == 0x55);
		fprintf(child_answer, "- ");
		return;
	}
	child_need(route.sin6_family == AF_INET6 && route.sin6_port == addr->sin6_port);
	child_need(!route.sin6_scope_id && !route.sin6_flowinfo);
	fprintf(child_answer, "%s ", inet_ntop(AF_INET6, &route.sin6_addr, text, sizeof(text)));
}

static void say_route(const char *text)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6,
				     .sin6_port = htons(5432),
				     .sin6_addr = ipv6(text) };

	say_route_of(&addr, sizeof(addr));
}

static void walk_both_lists(void)
{
	set_up();
	say_route("2001:db8::1"); /* nothing is known */
	add_ipv6("db.test", "2001:db8::1", "2001:db8::2");
	add_ipv4("db.test", "198.51.100.1", "198.51.100.2");
	say_route("2001:db8::1");
	say_route("2001:db8::2");
	say_route("2001:db8::3");
}

static void walk_shorter_list(void)
{
	set_up();
	add_ipv4("db.test", "198.51.100.1", NULL);
	add_ipv6("db.test", "2001:db8::1", "2001:db8::2");
	say_route("2001:db8::1");
	say_route("2001:db8::2");
}

static void ask_once(void)
{
	set_up();
	known = "198.51.100.7 198.51.100.8";
	add_ipv6("db.test", "2001:db8::1", "2001:db8::2");
	say_route("2001:db8::2");
	known = "198.51.100.9";
	say_route("2001:db8::1");
	say_route("2001:db8::2");
	fprintf(child_answer, "fit=%d", book_has(ipv4("198.51.100.7")));
}

static void ask_for_many(void)
{
	char text[256] = "";
	struct in6_addr addr = ipv6("2001:db8::1");
	struct book_host host;

	set_up();
	for (int i = 1; i <= BOOK_ADDRESSES + 2; i++)
		sprintf(text + strlen(text), "%s192.0.2.%d", i > 1 ? " " : "", i);
	known = text;
	add_ipv6("db.test", "2001:db8::1", NULL);
	say_route("2001:db8::1");
	child_need(book_find(&addr, &host));
	fprintf(child_answer, "%zu", host.count);
}

static void ask_in_vain(void)
{
	set_up();
	add_ipv6("db.test", "2001:db8::1", NULL);
	say_route("2001:db8::1");
	known = "198.51.100.7";
	say_route("2001:db8::1"); /* nobody asks again for a while */
}

static void ask_when_stale(void)
{
	clock_seconds = 1000;
	set_up();
	add_ipv6("db.test", "2001:db8::1", NULL); /* for 300 seconds */
	known = "198.51.100.7";
	say_route("2001:db8::1");
	clock_seconds = 1299;
	known = "198.51.100.8";
	say_route("2001:db8::1");
	clock_seconds = 1300;
	say_route("2001:db8::1");
	clock_seconds = 1600;
	known = NULL;
	say_route("2001:db8::1"); /* no answer: the addresses of before stay, for ten seconds */
	say_route("2001:db8::1");
	clock_seconds = 1609;
	known = "198.51.100.9";
	say_route("2001:db8::1");
	clock_seconds = 1610;
	say_route("2001:db8::1");
}

static void know_that_there_is_none(void)
{
	set_up();
	add_ipv6("db.test", "2001:db8::1", NULL);
	book_add_ipv4("db.test", NULL, 0, 60);
	known = "198.51.100.7";
	say_route("2001:db8::1");
}

static void leave_disowned(void)
{
	struct in6_addr addr = ipv6("2001:db8::2");

	set_up();
	add_ipv4("db.test", "198.51.100.1", NULL);
	add_ipv6("db.test", "2001:db8::1", "2001:db8::2");
	book_disown(&addr, 1);
	say_route("2001:db8::1");
	say_route("2001:db8::2");
}

/* What stands in an answer, and is no address that a pinned host alone can have. */
static void leave_nobodys(void)
{
	static const char *const addresses[] = { "::ffff:192.0.2.1", "::1", "::", "fe80::1",
						 "ff02::1" };

	set_up();
	add_ipv4("db.test", "198.51.100.1", NULL);
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		add_ipv6("db.test", addresses[i], NULL);
		say_route(addresses[i]);
	}
}

/* Who answers for a pinned name must not lead a private network's connections out of it. */
static void leave_private_networks(void)
{
	static const char *const ipv4_addresses[] = { "10.0.0.1",    "172.16.0.1",  "172.31.255.1",
						      "192.168.0.1", "100.64.0.1",  "127.0.0.1",
						      "169.254.1.1", "9.255.255.1", "172.15.0.1",
						      "172.32.0.1",  "192.169.0.1", "100.128.0.1",
						      "198.51.100.1" };

	set_up();
	add_ipv6("db.test", "fdaa:0:1::30", "fc00::1");
	for (size_t i = 0; i < sizeof(ipv4_addresses) / sizeof(*ipv4_addresses); i++) {
		add_ipv4("db.test", ipv4_addresses[i], NULL);
		say_route("fdaa:0:1::30");
	}
	say_route("fc00::1");
	add_ipv6("db.test", "fe00::1", "fbff::1"); /* the addresses beside them are public */
	say_route("fe00::1");
	say_route("fbff::1");
}

/* This machine's, the link's, nobody's: who answers for a pinned name must not lead there what was
 * checked to go elsewhere. */
static void leave_no_other_hosts(void)
{
	static const char *const addresses[] = { "127.0.0.1",      "127.255.0.1",
						 "0.0.0.1",        "169.254.169.254",
						 "224.0.0.1",      "255.255.255.255",
						 "223.255.255.255" };

	set_up();
	add_ipv6("db.test", "2001:db8::1", NULL);
	for (size_t i = 0; i < sizeof(addresses) / sizeof(*addresses); i++) {
		add_ipv4("db.test", addresses[i], NULL);
		say_route("2001:db8::1");
	}
}

/* A send must not wait: it takes what is known, also if it is stale. */
static void find_without_asking(void)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_addr = ipv6("2001:db8::1") };
	struct sockaddr_in6 route;

	clock_seconds = 1000;
	set_up();
	known = "198.51.100.7";
	add_ipv6("db.test", "2001:db8::1", NULL);
	fprintf(child_answer, "%d ", route_find((void *)&addr, sizeof(addr), false, &route));
	add_ipv4("db.test", "198.51.100.1", NULL);
	clock_seconds = 9000;
	fprintf(child_answer, "%d ", route_find((void *)&addr, sizeof(addr), false, &route));
}

static void tell_of_private_networks(void)
{
	log_remember_stderr();
	log_open(LOG_INFO, NULL);
	set_up();
	add_ipv6("db.test", "fdaa:0:1::30", NULL);
	add_ipv4("db.test", "198.51.100.1", NULL);
	say_route("fdaa:0:1::30");
}

static void look_within_bounds(void)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_addr = ipv6("2001:db8::1") };
	struct sockaddr_in6 route;

	set_up();
	add_ipv4("db.test", "198.51.100.1", NULL);
	add_ipv6("db.test", "2001:db8::1", NULL);
	child_need(!route_find(NULL, 0, true, &route));
	child_need(!route_find(NULL, sizeof(addr), true, &route));
	for (socklen_t len = 0; len < offsetof(struct sockaddr_in6, sin6_scope_id); len++)
		say_route_of(&addr, len);
	say_route_of(&addr, offsetof(struct sockaddr_in6, sin6_scope_id));
	say_route_of(&addr, sizeof(addr));
	addr.sin6_scope_id = 2;
	addr.sin6_flowinfo = 3;
	say_route_of(&addr, sizeof(addr));
	say_route_of(&addr, sizeof(struct sockaddr_storage) + 1);
	say_route_of(&addr, (socklen_t)-1);
	addr.sin6_family = AF_UNSPEC;
	say_route_of(&addr, sizeof(addr));
	addr.sin6_family = AF_INET;
	say_route_of(&addr, sizeof(addr));
}

static void tell(void)
{
	log_remember_stderr();
	log_open(LOG_INFO, NULL);
	walk_both_lists();
}

#define TWO_ROUTES "- ::ffff:198.51.100.1 ::ffff:198.51.100.2 - "
#define DASHES "- - - - - - - - - - - - - - - - - - - - - - - - "

static const struct CMUnitTest tests[] = {
	CHILD(route_of_both_lists_is_walked_alike, walk_both_lists, TWO_ROUTES, ""),
	CHILD(route_with_fewer_ipv4_addresses_starts_again, walk_shorter_list,
	      "::ffff:198.51.100.1 ::ffff:198.51.100.1 ", ""),
	CHILD(route_without_ipv4_addresses_asks_once, ask_once,
	      "[db.test.]::ffff:198.51.100.8 ::ffff:198.51.100.7 ::ffff:198.51.100.8 fit=1", ""),
	CHILD(route_with_18_ipv4_addresses_keeps_16, ask_for_many, "[db.test.]::ffff:192.0.2.1 16",
	      ""),
	CHILD(route_without_any_answer_is_left_alone, ask_in_vain, "[db.test.]- - ", ""),
	CHILD(route_of_stale_addresses_asks_again, ask_when_stale,
	      "[db.test.]::ffff:198.51.100.7 ::ffff:198.51.100.7 [db.test.]::ffff:198.51.100.8 "
	      "[db.test.]::ffff:198.51.100.8 ::ffff:198.51.100.8 ::ffff:198.51.100.8 "
	      "[db.test.]::ffff:198.51.100.9 ",
	      ""),
	CHILD(route_of_host_without_a_record_is_left_alone, know_that_there_is_none, "- ", ""),
	CHILD(route_of_disowned_address_is_left_alone, leave_disowned, "::ffff:198.51.100.1 - ",
	      ""),
	CHILD(route_of_mapped_and_local_addresses_is_left_alone, leave_nobodys, "- - - - - ", ""),
	CHILD(route_out_of_a_private_network_is_not_taken, leave_private_networks,
	      "::ffff:10.0.0.1 ::ffff:172.16.0.1 ::ffff:172.31.255.1 ::ffff:192.168.0.1 "
	      "::ffff:100.64.0.1 - - - - - - - - - "
	      "::ffff:198.51.100.1 ::ffff:198.51.100.1 ",
	      ""),
	CHILD(route_to_what_is_no_other_host_is_not_taken, leave_no_other_hosts,
	      "- - - - - - ::ffff:223.255.255.255 ", ""),
	CHILD(route_of_a_send_asks_nobody, find_without_asking, "0 1 ", ""),
	CHILD(route_out_of_a_private_network_is_told, tell_of_private_networks, "- ",
	      "info: connect host=db.test asked=IPv6 answer=none: 198.51.100.1 is a public "
	      "address, and the IPv6 one is private\n"),
	CHILD(route_of_addresses_of_any_length_is_safe, look_within_bounds,
	      DASHES "::ffff:198.51.100.1 ::ffff:198.51.100.1 ::ffff:198.51.100.1 - - - - ", ""),
	CHILD(route_that_is_taken_is_told, tell, TWO_ROUTES,
	      "info: connect host=db.test asked=IPv6 answer=::ffff:198.51.100.1\n"
	      "info: connect host=db.test asked=IPv6 answer=::ffff:198.51.100.2\n"),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
