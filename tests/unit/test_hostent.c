/* SPDX-License-Identifier: MIT */
/* Surgery on struct hostent, in buffers of every length and alignment around what it needs. */
#include <arpa/inet.h>

#include "hostent.h"
#include "unit.h"

/* What a libc may have put where: counts, and what does not lie in the buffer. */
struct shape {
	size_t aliases;
	size_t addresses;
	size_t ipv6;
	bool is_name_last; /* behind the lists, as in glibc's files backend */
	bool is_name_outside;
	bool is_list_outside;
};

static char outside_name[] = "outside.example";
static char *outside_list[] = { NULL };

static char *put(char **at, const void *data, size_t size)
{
	char *to = *at;

	memcpy(to, data, size);
	*at += size;
	return to;
}

static char *align(char *at)
{
	return at + (-(uintptr_t)at & (sizeof(char *) - 1));
}

static size_t room_for(const struct shape *shape)
{
	return 64 + 32 * (shape->aliases + shape->addresses) + 16 * sizeof(char *);
}

static void put_name(struct hostent *host, char **at)
{
	host->h_name = put(at, "db.example", sizeof("db.example"));
}

/* Fills buf as a libc does, 198.51.100.1 and so on; returns the first free byte. */
static char *fill(const struct shape *shape, struct hostent *host, char *buf)
{
	char *at = align(buf);

	*host = (struct hostent){ .h_name = outside_name,
				  .h_aliases = outside_list,
				  .h_addrtype = AF_INET,
				  .h_length = sizeof(struct in_addr) };
	if (shape->is_name_outside && shape->is_list_outside && !shape->addresses)
		at = buf;
	if (!shape->is_list_outside) {
		host->h_aliases = (void *)at;
		at += (shape->aliases + 1) * sizeof(char *);
	}
	host->h_addr_list = shape->addresses || !shape->is_list_outside ? (void *)at : outside_list;
	if (host->h_addr_list != outside_list)
		at += (shape->addresses + 1) * sizeof(char *);
	if (!shape->is_name_outside && !shape->is_name_last)
		put_name(host, &at);
	for (size_t i = 0; i < shape->aliases; i++)
		host->h_aliases[i] = put(&at, "alias.example", sizeof("alias.example"));
	for (size_t i = 0; i < shape->addresses; i++) {
		struct in_addr addr = { htonl(0xc6336400 + 1 + (uint32_t)i) };

		host->h_addr_list[i] = put(&at, &addr, sizeof(addr));
	}
	if (!shape->is_name_outside && shape->is_name_last)
		put_name(host, &at);
	host->h_aliases[shape->aliases] = NULL;
	host->h_addr_list[shape->addresses] = NULL;
	return at;
}

/* 2001:db8::1 and so on, in memory of the test's own. */
static void fill_ipv6(size_t count, struct hostent *host)
{
	static struct in6_addr addresses[8];
	static char *list[9];

	for (size_t i = 0; i < count; i++) {
		inet_pton(AF_INET6, "2001:db8::", &addresses[i]);
		addresses[i].s6_addr[15] = (uint8_t)(i + 1);
		list[i] = (char *)&addresses[i];
	}
	list[count] = NULL;
	*host = (struct hostent){ .h_name = outside_name,
				  .h_aliases = outside_list,
				  .h_addrtype = AF_INET6,
				  .h_length = sizeof(struct in6_addr),
				  .h_addr_list = list };
}

static void assert_mapped(const struct shape *shape, const struct hostent *host)
{
	size_t i = 0;

	assert_int_equal(host->h_addrtype, AF_INET6);
	assert_int_equal(host->h_length, sizeof(struct in6_addr));
	assert_string_equal(host->h_name, shape->is_name_outside ? outside_name : "db.example");
	for (i = 0; host->h_aliases[i]; i++)
		assert_string_equal(host->h_aliases[i], "alias.example");
	assert_int_equal(i, shape->aliases);
	for (i = 0; host->h_addr_list[i]; i++) {
		bool is_mapped = i < shape->addresses;
		char got[64], wanted[64];

		sprintf(wanted, is_mapped ? "::ffff:198.51.100.%zu" : "2001:db8::%zu",
			is_mapped ? i + 1 : i - shape->addresses + 1);
		inet_ntop(AF_INET6, host->h_addr_list[i], got, sizeof(got));
		assert_string_equal(got, wanted);
	}
	assert_int_equal(i, shape->addresses + shape->ipv6);
	assert_int_equal((uintptr_t)host->h_addr_list % sizeof(char *), 0);
}

/* One length and one alignment; the block ends where the buffer does, so that a sanitizer sees a
 * write beyond it. Sets *used to what the libc filled, and *need to what mapping makes of it. */
static void check_length(const struct shape *shape, size_t shift, size_t len, size_t *need)
{
	char *block = malloc(shift + len);
	char *scratch = malloc(shift + room_for(shape));
	char *buf = block + shift;
	struct hostent host, before, ipv6;
	char *end;
	size_t used;

	assert_true(block && scratch);
	used = (size_t)(fill(shape, &host, scratch + shift) - (scratch + shift));
	*need = used;
	if (len < used) /* the libc itself would have refused this buffer */
		goto out;
	end = fill(shape, &host, buf);
	assert_ptr_equal(hostent_end(&host, buf, len), end);
	*need = (size_t)(align(end) - buf) + (shape->addresses + shape->ipv6 + 1) * sizeof(char *) +
		shape->addresses * sizeof(struct in6_addr);
	fill_ipv6(shape->ipv6, &ipv6);
	before = host;
	if (hostent_map(&host, shape->ipv6 ? &ipv6 : NULL, buf, len)) {
		assert_true(len >= *need);
		assert_mapped(shape, &host);
		assert_true((char *)host.h_addr_list >= end);
	} else {
		assert_true(len < *need);
		assert_memory_equal(&host, &before, sizeof(host));
	}
out:
	free(block);
	free(scratch);
}

static void check_shape(void **state)
{
	const struct shape *shape = *state;

	for (size_t shift = 0; shift < 8; shift++) {
		size_t need = 0;
		size_t len = 0;

		for (; len <= need + 40; len++)
			check_length(shape, shift, len, &need);
		assert_true(len > need + 1 && need > 0);
	}
}

#define SHAPE(name, ...) UNIT_ROW("map_of_" #name "_fits_exactly", check_shape, shape, __VA_ARGS__)

static void end_of_pointers_around_the_buffer_is_its_start(void **state)
{
	char memory[96] = "x";
	char *list[] = { memory, memory + 80, NULL }; /* before it and right behind it */
	struct hostent host = { .h_name = memory,
				.h_aliases = NULL,
				.h_addrtype = AF_INET,
				.h_length = 4,
				.h_addr_list = list };

	(void)state;
	assert_ptr_equal(hostent_end(&host, memory + 16, 64), memory + 16);
	host.h_name = memory + 80;
	assert_ptr_equal(hostent_end(&host, memory + 16, 64), memory + 16);
	host.h_name = NULL;
	host.h_addr_list = NULL;
	assert_ptr_equal(hostent_end(&host, memory + 16, 64), memory + 16);
	assert_ptr_equal(hostent_end(&host, memory + 16, 0), memory + 16);
}

static void end_of_a_full_buffer_is_its_end(void **state)
{
	char memory[16] = "fifteen letters";
	struct hostent host = { .h_name = memory,
				.h_aliases = outside_list,
				.h_addrtype = AF_INET,
				.h_length = 4,
				.h_addr_list = outside_list };

	(void)state;
	assert_ptr_equal(hostent_end(&host, memory, sizeof(memory)), memory + sizeof(memory));
	assert_false(hostent_map(&host, NULL, memory, sizeof(memory)));
	assert_int_equal(host.h_addrtype, AF_INET);
}

static const struct CMUnitTest tests[] = {
	SHAPE(one_address, .addresses = 1),
	SHAPE(three_addresses, .addresses = 3),
	SHAPE(two_aliases, .aliases = 2, .addresses = 2),
	SHAPE(a_name_behind_the_addresses, .aliases = 1, .addresses = 2, .is_name_last = true),
	SHAPE(a_name_outside, .addresses = 2, .is_name_outside = true),
	SHAPE(an_alias_list_outside, .addresses = 2, .is_list_outside = true),
	SHAPE(all_but_addresses_outside, .addresses = 1, .is_name_outside = true,
	      .is_list_outside = true),
	SHAPE(no_address, .aliases = 1),
	SHAPE(nothing_in_the_buffer, .is_name_outside = true, .is_list_outside = true),
	SHAPE(one_address_and_ipv6, .addresses = 1, .ipv6 = 1),
	SHAPE(three_addresses_and_ipv6, .aliases = 1, .addresses = 3, .ipv6 = 2),
	SHAPE(eight_addresses_and_ipv6, .addresses = 8, .ipv6 = 8),
	cmocka_unit_test(end_of_pointers_around_the_buffer_is_its_start),
	cmocka_unit_test(end_of_a_full_buffer_is_its_end),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
