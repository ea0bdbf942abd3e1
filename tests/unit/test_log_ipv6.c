/* SPDX-License-Identifier: MIT */
/* IPv6 addresses as text: RFC 5952's own cases, and against inet_ntop for generated ones. */
#include <arpa/inet.h>

#include "log.h"
#include "unit.h"

static const char *text_of(const struct in6_addr *addr)
{
	static struct log_line line;

	line.len = 0;
	log_ipv6(&line, addr);
	line.text[line.len] = '\0';
	return line.text;
}

static void each_form_of_rfc_5952_stays_as_it_is(void **state)
{
	static const char *const forms[] = {
		"::",
		"::1",
		"2001:db8::",
		"2001:db8::1",
		"2001:db8:0:1:1:1:1:1", /* 4.2.2: one group of zeros is not shortened */
		"2001:0:0:1::1",        /* 4.2.3: the longest run is */
		"2001:db8::1:0:0:1",    /* 4.2.3: of two equal ones the first */
		"fe80::abcd:ef01:2345:6789",
		"::ffff:192.0.2.1", /* 5 */
		"2001:db8:aaaa:bbbb:cccc:dddd:eeee:1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		struct in6_addr addr;

		assert_int_equal(inet_pton(AF_INET6, forms[i], &addr), 1);
		assert_string_equal(text_of(&addr), forms[i]);
	}
}

static void generated_addresses_agree_with_inet_ntop(void **state)
{
	(void)state;
	for (int n = 0; n < 100000; n++) {
		char wanted[INET6_ADDRSTRLEN];
		struct in6_addr addr;

		for (size_t i = 0; i < 16; i++)
			addr.s6_addr[i] = unit_random(3) ? 0 : (uint8_t)unit_random(256);
		addr.s6_addr[0] |= 0x20; /* not ::a.b.c.d, which RFC 5952 leaves open */
		inet_ntop(AF_INET6, &addr, wanted, sizeof(wanted));
		assert_string_equal(text_of(&addr), wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_of_rfc_5952_stays_as_it_is),
		cmocka_unit_test(generated_addresses_agree_with_inet_ntop),
	};

	return cmocka_run_group_tests_name("log_ipv6", tests, NULL, NULL);
}
