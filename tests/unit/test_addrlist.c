/* SPDX-License-Identifier: MIT */
/* Surgery on result lists in both layouts. A list is written as text, a word a node: its kind (4,
 * m for mapped, 6), a digit that all its other fields come from, and "!" for a canonical name. */
#include <arpa/inet.h>
#include <sys/un.h>

#include "addrlist.h"
#include "nomem.h"
#include "unit.h"

enum { NODES_MOST = 8 };

/* musl's struct aibuf, as far as a list shows it. */
struct slot {
	struct addrinfo node;
	union {
		struct sockaddr_in sin;
		struct sockaddr_in6 sin6;
	} address;
};

static struct slot array[NODES_MOST];
static char array_canonname[] = "canon.example";

static const char *address_text(char kind, int id)
{
	static char text[64];
	const char *start = kind == '6'   ? "2001:db8::"
			    : kind == 'm' ? "::ffff:192.0.2."
					  : "192.0.2.";

	sprintf(text, "%s%d", start, id);
	return text;
}

static void *address_of(const struct addrinfo *node)
{
	struct sockaddr_in *sin = (void *)node->ai_addr;
	struct sockaddr_in6 *sin6 = (void *)node->ai_addr;

	return node->ai_family == AF_INET ? (void *)&sin->sin_addr : &sin6->sin6_addr;
}

/* Family and port are at the same place in both kinds of address. */
static void fill_address(struct addrinfo *node, char kind, int id)
{
	struct sockaddr_in *sin = (void *)node->ai_addr;

	node->ai_family = kind == '4' ? AF_INET : AF_INET6;
	node->ai_addrlen = kind == '4' ? sizeof(*sin) : sizeof(struct sockaddr_in6);
	memset(sin, 0, node->ai_addrlen);
	sin->sin_family = (sa_family_t)node->ai_family;
	sin->sin_port = htons((uint16_t)(5000 + id));
	assert_int_equal(inet_pton(node->ai_family, address_text(kind, id), address_of(node)), 1);
	node->ai_socktype = id;
	node->ai_protocol = 10 + id;
	node->ai_flags = 20 + id;
}

/* A node as glibc makes it: one block, just large enough. */
static struct addrinfo *make_block(char kind)
{
	size_t size = kind == '4' ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
	struct addrinfo *node = calloc(1, sizeof(*node) + size);

	assert_non_null(node);
	node->ai_addr = (void *)(node + 1);
	return node;
}

/* The name that a node gets: on glibc the marked one, on musl all where one is marked. */
static char *make_canonname(const char *list, const char *word, enum addrlist_layout layout)
{
	if (layout == ADDRLIST_ARRAY)
		return strchr(list, '!') ? array_canonname : NULL;
	if (word[2] != '!')
		return NULL;
	return strcpy(malloc(sizeof(array_canonname)), array_canonname);
}

static struct addrinfo *make(const char *text, enum addrlist_layout layout)
{
	struct addrinfo *list = NULL;
	struct addrinfo **end = &list;
	const char *word = text;

	memset(array, 0xee, sizeof(array));
	for (struct slot *slot = array; word; slot++) {
		struct addrinfo *node = layout == ADDRLIST_BLOCKS ? make_block(*word) : &slot->node;

		if (layout == ADDRLIST_ARRAY)
			node->ai_addr = (void *)&slot->address;
		node->ai_canonname = make_canonname(text, word, layout);
		fill_address(node, *word, word[1] - '0');
		node->ai_next = NULL;
		*end = node;
		end = &node->ai_next;
		word = strchr(word, ' ');
		word = word ? word + 1 : NULL;
	}
	return list;
}

static char render_kind(const struct addrinfo *node, int id)
{
	const struct sockaddr_in6 *sin6 = (const void *)node->ai_addr;
	bool is_ipv4 = node->ai_family == AF_INET;
	char kind = is_ipv4 ? '4' : IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr) ? 'm' : '6';
	char text[64] = "";

	inet_ntop(node->ai_family, address_of(node), text, sizeof(text));
	assert_string_equal(text, address_text(kind, id));
	assert_int_equal(sin6->sin6_family, node->ai_family);
	assert_int_equal(ntohs(sin6->sin6_port), 5000 + id);
	assert_int_equal(node->ai_addrlen, is_ipv4 ? sizeof(struct sockaddr_in) : sizeof(*sin6));
	assert_true(is_ipv4 || (!sin6->sin6_flowinfo && !sin6->sin6_scope_id));
	return kind;
}

/* The text of a list, all fields of each node having been looked at. */
static void render(const struct addrinfo *list, enum addrlist_layout layout, char *ret)
{
	*ret = '\0';
	for (const struct addrinfo *node = list; node; node = node->ai_next) {
		int id = node->ai_socktype;

		assert_int_equal(node->ai_protocol, 10 + id);
		assert_int_equal(node->ai_flags, 20 + id);
		ret += sprintf(ret, "%s%c%d", node == list ? "" : " ", render_kind(node, id), id);
		if (layout == ADDRLIST_ARRAY) {
			assert_ptr_equal(node->ai_canonname, list->ai_canonname);
			assert_ptr_equal(node->ai_addr, &((const struct slot *)node)->address);
		}
		if (node->ai_canonname && (layout == ADDRLIST_BLOCKS || node == list)) {
			assert_string_equal(node->ai_canonname, array_canonname);
			ret += sprintf(ret, "!");
		}
	}
}

/* By the libc's own function, from the last node to the first: each is a list of its own. */
static void free_sublists(struct addrinfo *list)
{
	struct addrinfo *last[NODES_MOST];
	size_t count = 0;

	for (struct addrinfo *node = list; node; node = node->ai_next)
		last[count++] = node;
	while (count--) {
		if (count)
			last[count - 1]->ai_next = NULL;
		freeaddrinfo(last[count]);
	}
}

struct list_row {
	const char *list;
	const char *mapped;
	const char *preferred;
};

static void check_array(void **state)
{
	const struct list_row *row = *state;
	struct addrinfo *list = make(row->list, ADDRLIST_ARRAY);
	char got[128];

	assert_true(addrlist_map(&list, ADDRLIST_ARRAY));
	render(list, ADDRLIST_ARRAY, got);
	assert_string_equal(got, row->mapped);
	for (size_t i = 0; list; i++, list = list->ai_next) /* in place */
		assert_ptr_equal(list, &array[i].node);
	list = make(row->list, ADDRLIST_ARRAY);
	addrlist_prefer(&list);
	render(list, ADDRLIST_ARRAY, got);
	assert_string_equal(got, row->preferred);
}

#define ARRAY(name, list, mapped, preferred) \
	UNIT_ROW(name "_in_an_array", check_array, list_row, list, mapped, preferred)

#ifdef __GLIBC__ /* elsewhere freeaddrinfo does not take blocks */
static void check_blocks(void **state)
{
	const struct list_row *row = *state;
	long live = nomem_live;
	struct addrinfo *list = make(row->list, ADDRLIST_BLOCKS);
	char got[128];

	assert_true(addrlist_map(&list, ADDRLIST_BLOCKS));
	render(list, ADDRLIST_BLOCKS, got);
	assert_string_equal(got, row->mapped);
	freeaddrinfo(list);
	list = make(row->list, ADDRLIST_BLOCKS);
	addrlist_prefer(&list);
	render(list, ADDRLIST_BLOCKS, got);
	assert_string_equal(got, row->preferred);
	assert_true(addrlist_map(&list, ADDRLIST_BLOCKS));
	free_sublists(list);
	assert_int_equal(nomem_live, live);
}

static void map_without_memory_at_each_call_leaves_the_list_whole(void **state)
{
	static const char *const wanted[] = { "41! 62 43 m4 45", "m1! 62 43 m4 45",
					      "m1! 62 m3 m4 45", "m1! 62 m3 m4 m5" };
	long live = nomem_live;

	(void)state;
	for (int call = 1; call <= 4; call++) {
		struct addrinfo *list = make(wanted[0], ADDRLIST_BLOCKS);
		char got[128];

		nomem_countdown = call;
		assert_int_equal(addrlist_map(&list, ADDRLIST_BLOCKS), call == 4);
		nomem_countdown = 0;
		render(list, ADDRLIST_BLOCKS, got);
		assert_string_equal(got, wanted[call - 1]);
		freeaddrinfo(list);
		assert_int_equal(nomem_live, live);
	}
}

#define LIST(name, list, mapped, preferred)    \
	ARRAY(#name, list, mapped, preferred), \
		UNIT_ROW(#name "_in_blocks", check_blocks, list_row, list, mapped, preferred)
#else
#define LIST(name, list, mapped, preferred) ARRAY(#name, list, mapped, preferred)
#endif

/* Every list of up to six nodes against the definition of a stable partition. */
static void prefer_of_every_short_list_is_a_stable_partition(void **state)
{
	static const int powers[] = { 1, 3, 9, 27, 81, 243, 729 };
	char text[64], wanted[64], got[64];

	(void)state;
	for (int len = 1; len <= 6; len++)
		for (int n = 0; n < powers[len]; n++) {
			struct addrinfo *list;
			char *to = text;
			char *end = wanted;

			for (int i = 0; i < len; i++)
				to += sprintf(to, "%s%c%d", i ? " " : "", "4m6"[n / powers[i] % 3],
					      i + 1);
			for (int is_ipv6 = 0; is_ipv6 < 2; is_ipv6++)
				for (char *c = text; c < to; c += 3)
					if ((*c == '6') == is_ipv6)
						end += sprintf(end, "%s%.2s",
							       end == wanted ? "" : " ", c);
			list = make(text, ADDRLIST_ARRAY);
			addrlist_prefer(&list);
			render(list, ADDRLIST_ARRAY, got);
			assert_string_equal(got, wanted);
		}
}

static void ipv4_of_each_kind_is_told(void **state)
{
	struct sockaddr_un unix_address = { .sun_family = AF_UNIX };
	struct addrinfo other = { .ai_family = AF_UNIX, .ai_addr = (void *)&unix_address };
	struct addrinfo *list = make("41 m2 63", ADDRLIST_ARRAY);
	struct in_addr addr = { 0 };

	(void)state;
	assert_true(addrlist_ipv4(list, &addr));
	assert_int_equal(addr.s_addr, htonl(0xc0000201));
	assert_true(addrlist_ipv4(list->ai_next, &addr));
	assert_int_equal(addr.s_addr, htonl(0xc0000202));
	assert_false(addrlist_ipv4(list->ai_next->ai_next, &addr));
	assert_false(addrlist_ipv4(&other, &addr));
	assert_int_equal(addr.s_addr, htonl(0xc0000202));
}

static const struct CMUnitTest tests[] = {
	LIST(list_of_one_ipv4, "41!", "m1!", "41!"),
	LIST(list_of_one_ipv6, "61!", "61!", "61!"),
	LIST(list_without_canonname, "41 42", "m1 m2", "41 42"),
	LIST(list_of_ipv4_alone, "41! 42 43", "m1! m2 m3", "41! 42 43"),
	LIST(list_of_ipv6_alone, "61! 62 63", "61! 62 63", "61! 62 63"),
	LIST(list_with_ipv6_first, "61! 42", "61! m2", "42! 61"),
	LIST(list_with_ipv6_first_without_canonname, "61 42", "61 m2", "42 61"),
	LIST(list_with_ipv6_last, "41! 62", "m1! 62", "41! 62"),
	LIST(list_with_mapped_behind_ipv6, "61! m2 43", "61! m2 m3", "m2! 43 61"),
	LIST(list_of_both_in_turn, "61! 42 63 44 65", "61! m2 63 m4 65", "42! 44 61 63 65"),
	LIST(list_with_two_runs, "61! 62 43 44 65 66", "61! 62 m3 m4 65 66", "43! 44 61 62 65 66"),
	LIST(list_of_one_address_with_three_types, "61! 61 61 42 42 42", "61! 61 61 m2 m2 m2",
	     "42! 42 42 61 61 61"),
#ifdef __GLIBC__
	cmocka_unit_test(map_without_memory_at_each_call_leaves_the_list_whole),
#endif
	cmocka_unit_test(prefer_of_every_short_list_is_a_stable_partition),
	cmocka_unit_test(ipv4_of_each_kind_is_told),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
