/* SPDX-License-Identifier: MIT */
/* The filter may let too much pass, and must never hold back a host that a rule is for. */
#include "filter.h"
#include "unit.h"

struct filter_row {
	const char *ending; /* as filter_add() takes it: ".domain", or a whole name */
	bool is_whole;
	const char *host;
	bool passes;
};

static void check_row(void **state)
{
	const struct filter_row *row = *state;
	struct filter filter = { .passes_all = false };
	char *host = strdup(row->host); /* of its very size: a sanitizer sees a read beyond it */

	filter_add(&filter, row->ending, strlen(row->ending), row->is_whole);
	assert_int_equal(filter_passes(&filter, host), row->passes);
	free(host);
}

#define NAME(name, rule, host, passes) \
	UNIT_ROW(#name, check_row, filter_row, rule, true, host, passes)
#define BELOW(name, rule, host, passes) \
	UNIT_ROW(#name, check_row, filter_row, rule, false, host, passes)

static void empty_filter_lets_nothing_pass(void **state)
{
	static const char *const hosts[] = { "", ".", "a", "localhost", "db.internal.example." };
	const struct filter filter = { .passes_all = false };

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++)
		assert_false(filter_passes(&filter, hosts[i]));
}

static void filter_of_every_name_lets_all_pass(void **state)
{
	static const char *const hosts[] = { "a", "localhost", "db.internal.example." };
	struct filter filter = { .passes_all = false };

	(void)state;
	filter_add(&filter, "", 0, false);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++)
		assert_true(filter_passes(&filter, hosts[i]));
}

static void put_letters(char *to, size_t len)
{
	static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789-_.";

	for (size_t i = 0; i < len; i++)
		to[i] = alphabet[unit_random(sizeof(alphabet) - 1)];
	to[len] = '\0';
}

/* text with some letters in capitals and sometimes a dot behind it, in a block of its size. */
static char *as_host(const char *text)
{
	char *host = malloc(strlen(text) + 2);
	char *exact;

	assert_non_null(host);
	for (size_t i = 0; i <= strlen(text); i++)
		host[i] = text[i] >= 'a' && text[i] <= 'z' && unit_random(3) == 0
				  ? (char)(text[i] - 'a' + 'A')
				  : text[i];
	if (unit_random(4) == 0)
		strcat(host, ".");
	exact = strdup(host);
	free(host);
	return exact;
}

/* Rules of all lengths together in one filter: each host that one of them is for has to pass. */
static void filter_over_generated_rules_holds_back_none_that_matches(void **state)
{
	long strangers = 0;
	long held = 0;

	(void)state;
	for (int set = 0; set < 2000; set++) {
		struct filter filter = { .passes_all = false };
		char names[8][64];
		uint32_t count = 1 + unit_random(8);

		for (uint32_t i = 0; i < count; i++) {
			put_letters(names[i] + 1, 1 + unit_random(14));
			names[i][0] = '.';
			names[i][strlen(names[i]) - 1] = 'x'; /* no dot: rules are trimmed */
			filter_add(&filter, names[i] + i % 2, strlen(names[i] + i % 2), i % 2);
		}
		for (uint32_t i = 0; i < count; i++) {
			char text[96] = "";
			char *host;

			if (i % 2 == 0)
				put_letters(text, 1 + unit_random(10));
			strcat(text, names[i] + i % 2);
			host = as_host(text);
			if (!filter_passes(&filter, host))
				fail_msg("%s is held back in spite of %s", host, names[i] + i % 2);
			free(host);
			put_letters(text, 20);
			strangers++;
			held += !filter_passes(&filter, text);
		}
	}
	assert_true(held > strangers * 9 / 10); /* else it would be of no use */
}

static const struct CMUnitTest tests[] = {
	NAME(name_itself_passes, "db.example", "db.example", true),
	NAME(name_in_another_case_passes, "Db.Example", "dB.eXAMPLE", true),
	NAME(name_with_a_trailing_dot_passes, "db.example", "db.example.", true),
	NAME(name_of_seven_bytes_passes, "db.home", "DB.home", true),
	NAME(name_of_seven_bytes_with_a_dot_passes, "db.home", "db.home.", true),
	NAME(name_of_eight_bytes_passes, "db.local", "db.local", true),
	NAME(name_of_eight_bytes_with_a_dot_passes, "db.local", "db.local.", true),
	NAME(name_of_one_byte_passes, "a", "a", true),
	NAME(name_of_another_ending_is_held_back, "db.example", "db.internal", false),
	NAME(name_of_a_longer_domain_is_held_back, "psdb.cloud", "psdb.cloud.evil.example", false),
	NAME(name_of_short_rule_holds_back_long_hosts, "db", "database.example", false),
	BELOW(below_at_one_label_passes, ".psdb.cloud", "x.psdb.cloud", true),
	BELOW(below_a_short_domain_passes, ".co", "x.co", true),
	BELOW(below_a_short_domain_with_a_long_host_passes, ".co", "eu.long.example.CO.", true),
	BELOW(below_seven_bytes_passes, ".b.home", "a.b.home", true),
	BELOW(below_eight_bytes_passes, ".b.local", "a.b.local", true),
	BELOW(below_another_domain_is_held_back, ".psdb.cloud", "x.psdb.clown", false),
	cmocka_unit_test(empty_filter_lets_nothing_pass),
	cmocka_unit_test(filter_of_every_name_lets_all_pass),
	cmocka_unit_test(filter_over_generated_rules_holds_back_none_that_matches),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
