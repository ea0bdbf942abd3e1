/* SPDX-License-Identifier: MIT */
/* The filter may let too much pass, and must never hold back a host that a rule is for. */
#include "filter.h"
#include "unit.h"

struct filter_row {
	const char *rule; /* "name" or "*.name" */
	const char *host;
	bool passes;
};

static void add(struct filter *filter, const char *rule)
{
	bool is_below = rule[0] == '*';
	const char *name = rule + (is_below ? 1 : 0) + (is_below && rule[1] ? 1 : 0);

	filter_add(filter, name, strlen(name), is_below);
}

static bool passes(const struct filter *filter, const char *text)
{
	size_t len = strlen(text);
	char *host = unit_exact(text, len); /* a sanitizer sees a read beyond it */
	bool result = filter_passes(filter, host, len);

	free(host);
	return result;
}

static void check_row(void **state)
{
	const struct filter_row *row = *state;
	struct filter filter = { .buckets = { { .whole = 0 } } };

	add(&filter, row->rule);
	assert_int_equal(passes(&filter, row->host), row->passes);
}

#define ROW(name, rule, host, passes) UNIT_ROW(#name, check_row, filter_row, rule, host, passes)

static void empty_filter_lets_nothing_pass(void **state)
{
	static const char *const hosts[] = { "host", "localhost", "db.internal.example",
					     "1.2.3.4" };
	const struct filter filter = { .buckets = { { .whole = 0 } } };

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++)
		assert_false(passes(&filter, hosts[i]));
}

static void filter_of_every_name_lets_all_pass(void **state)
{
	static const char *const hosts[] = { "a", "localhost", "db.internal.example.", N253 };
	struct filter filter = { .buckets = { { .whole = 0 } } };

	(void)state;
	add(&filter, "*");
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++)
		assert_true(passes(&filter, hosts[i]));
}

static void put_letters(char *to, size_t len)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

	for (size_t i = 0; i < len; i++)
		to[i] = alphabet[unit_random(sizeof(alphabet) - 1)];
	to[len] = '\0';
}

/* text with some letters in capitals and sometimes a dot behind it. */
static void put_host(char *to, const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i <= len; i++)
		to[i] = text[i] >= 'a' && text[i] <= 'z' && unit_random(3) == 0
				? (char)(text[i] - 'a' + 'A')
				: text[i];
	if (unit_random(4) == 0)
		strcat(to, ".");
}

enum { SETS = 2000, RULES = 8 };

/* Rules of all lengths together in one filter: each host that one of them is for has to pass. */
static void filter_over_generated_rules_holds_back_none_that_matches(void **state)
{
	long strangers = 0;
	long held = 0;

	(void)state;
	for (int set = 0; set < SETS; set++) {
		struct filter filter = { .buckets = { { .whole = 0 } } };
		char rules[RULES][128];
		uint32_t count = 1 + unit_random(RULES);
		char text[256], host[256];

		for (uint32_t i = 0; i < count; i++) {
			strcpy(rules[i], i % 2 ? "" : "*.");
			put_letters(rules[i] + strlen(rules[i]),
				    1 + unit_random(unit_random(8) ? 14 : 80));
			rules[i][strlen(rules[i]) - 1] = 'x'; /* no dot: rules are trimmed */
			add(&filter, rules[i]);
		}
		for (uint32_t i = 0; i < count; i++) {
			put_letters(text, 1 + unit_random(10));
			strcpy(i % 2 ? text : text + strlen(text), rules[i] + (i % 2 ? 0 : 1));
			put_host(host, text);
			if (!passes(&filter, host))
				fail_msg("%s is held back in spite of %s", host, rules[i]);
			put_letters(text, 20);
			strangers++;
			held += !passes(&filter, text);
		}
	}
	assert_true(held > strangers * 9 / 10); /* else it would be of no use */
}

/* What is asked while the rules change has to pass what either of them is for. */
static void widen_and_copy_let_both_pass_and_then_one(void **state)
{
	struct filter one = { .buckets = { { .whole = 0 } } };
	struct filter two = one;
	struct filter shared = one;

	(void)state;
	add(&one, "db.example");
	add(&two, "*.psdb.cloud");
	filter_copy(&shared, &one);
	assert_true(passes(&shared, "db.example"));
	assert_false(passes(&shared, "x.psdb.cloud"));
	filter_widen(&shared, &two);
	assert_true(passes(&shared, "db.example"));
	assert_true(passes(&shared, "x.psdb.cloud"));
	filter_copy(&shared, &two);
	assert_false(passes(&shared, "db.example"));
	assert_true(passes(&shared, "x.psdb.cloud"));
}

static const struct CMUnitTest tests[] = {
	ROW(name_itself_passes, "db.example", "db.example", true),
	ROW(name_in_another_case_passes, "Db.Example", "dB.eXAMPLE", true),
	ROW(name_with_a_trailing_dot_passes, "db.example", "db.example.", true),
	ROW(name_of_three_bytes_passes, "db1", "DB1", true),
	ROW(name_of_three_bytes_with_a_dot_passes, "db1", "db1.", true),
	ROW(name_of_four_bytes_passes, "db.a", "db.a", true),
	ROW(name_of_one_byte_passes, "a", "a", true),
	ROW(name_of_62_bytes_passes, L60 "xy", L60 "xy", true),
	ROW(name_of_63_bytes_passes, L60 "xyz", L60 "xyz", true),
	ROW(name_of_253_bytes_passes, N253, N253, true),
	ROW(name_of_another_ending_is_held_back, "db.example", "db.internal", false),
	ROW(name_of_another_length_is_held_back, "db.example", "dbs.example", false),
	ROW(name_of_a_longer_domain_is_held_back, "psdb.cloud", "psdb.cloud.evil.example", false),
	ROW(name_of_short_rule_holds_back_long_hosts, "db", "database.example", false),
	ROW(host_of_three_bytes_always_passes, "db", "dbs", true),
	ROW(host_of_64_bytes_always_passes, "db", L60 "wxyz", true),
	ROW(host_with_a_trailing_dot_always_passes, "db", "database.example.", true),
	ROW(below_at_one_label_passes, "*.psdb.cloud", "x.psdb.cloud", true),
	ROW(below_at_two_labels_passes, "*.psdb.cloud", "x.y.psdb.cloud", true),
	ROW(below_a_domain_of_one_byte_passes, "*.x", "a.x", true),
	ROW(below_a_short_domain_passes, "*.co", "x.co", true),
	ROW(below_a_short_domain_with_a_long_host_passes, "*.co", "eu.long.example.CO.", true),
	ROW(below_three_bytes_passes, "*.com", "a.com", true),
	ROW(below_62_bytes_passes, "*." L60 "xy", "a." L60 "xy", true),
	ROW(below_63_bytes_passes, "*." L60 "xyz", "a." L60 "xyz", true),
	ROW(below_251_bytes_passes, "*." L63 "." L63 "." L63 "." L10,
	    "a." L63 "." L63 "." L63 "." L10, true),
	ROW(below_the_domain_itself_is_held_back, "*.psdb.cloud", "psdb.cloud", false),
	ROW(below_a_name_that_ends_alike_is_held_back, "*.psdb.cloud", "notpsdb.cloud", false),
	ROW(below_another_domain_is_held_back, "*.psdb.cloud", "x.psdb.clown", false),
	ROW(below_a_sibling_is_held_back, "*.shop.example.com", "cache.shops.example.com", false),
	cmocka_unit_test(empty_filter_lets_nothing_pass),
	cmocka_unit_test(filter_of_every_name_lets_all_pass),
	cmocka_unit_test(widen_and_copy_let_both_pass_and_then_one),
	cmocka_unit_test(filter_over_generated_rules_holds_back_none_that_matches),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
