/* SPDX-License-Identifier: MIT */
/* Which rule is for a host: tables, above all of what must not match; and two texts. */
#include "index_rules.h"
#include "unit.h"

static struct rules_text text_of(const char *text)
{
	return (struct rules_text){ .name = "T", .text = text, .len = strlen(text) };
}

struct match_row {
	const char *rules;
	const char *host;
	const char *token; /* of the rule that matches; NULL for none */
};

static void check_match(void **state)
{
	const struct match_row *row = *state;
	struct rules_text text = text_of(row->rules);
	struct rules *rules = index_rules(&text, 1);
	struct rule rule = { .token = NULL, .token_len = 77 };

	assert_non_null(rules);
	if (!row->token) {
		assert_false(rules_match(rules, row->host, &rule));
		assert_null(rule.token);
		assert_int_equal(rule.token_len, 77);
	} else {
		assert_true(rules_match(rules, row->host, &rule));
		assert_int_equal(rule.token_len, strlen(row->token));
		assert_memory_equal(rule.token, row->token, rule.token_len);
		assert_true(rules_has(rules, &rule));
	}
	free(rules);
}

#define MATCH(name, rules, host, token) UNIT_ROW(#name, check_match, match_row, rules, host, token)
#define NO_MATCH(name, rules, host) MATCH(name, rules, host, NULL)

/* The rule for host is the one at the given place of the given text. */
static void assert_place(const struct rules *rules, const char *host, const char *source,
			 size_t line, size_t column)
{
	struct rule rule;
	size_t got_line, got_column;

	assert_true(rules_match(rules, host, &rule));
	rules_place(&rule, &got_line, &got_column);
	assert_string_equal(rule.source->name, source);
	assert_int_equal(got_line, line);
	assert_int_equal(got_column, column);
}

/* The index needs neither the texts nor their bytes, but for their names. */
static void texts_with_equal_patterns_let_the_later_win(void **state)
{
	char bytes[] = "a.b\n*.c\nx";
	struct rules_text texts[] = { text_of(bytes), text_of("except:A.B. prefer:*.C") };
	const struct rules_text *kept;
	struct rules *rules;

	(void)state;
	texts[0].name = "/etc/pin4.conf";
	texts[1].name = "PIN4_HOSTS";
	rules = index_rules(texts, 2);
	assert_int_equal(rules_texts(rules, &kept), 2);
	assert_string_equal(kept[0].name, "/etc/pin4.conf");
	assert_string_equal(kept[1].name, "PIN4_HOSTS");
	memset(texts, 0, sizeof(texts));
	memset(bytes, 'y', sizeof(bytes));
	assert_place(rules, "a.b", "PIN4_HOSTS", 1, 1);
	assert_place(rules, "d.c", "PIN4_HOSTS", 1, 13);
	assert_place(rules, "x", "/etc/pin4.conf", 3, 1);
	free(rules);
}

static void texts_with_a_more_specific_rule_first_let_it_win(void **state)
{
	struct rules_text texts[] = { text_of("db.example *.b"),
				      text_of("except:*.example,*,*.a.b") };
	struct rules *rules = index_rules(texts, 2);
	const struct rules_text *kept;
	struct rule rule;

	(void)state;
	rules_texts(rules, &kept);
	assert_true(rules_match(rules, "db.example", &rule));
	assert_ptr_equal(rule.token, kept[0].text);
	assert_ptr_equal(rule.source, &kept[0]);
	assert_true(rules_match(rules, "x.a.b", &rule));
	assert_ptr_equal(rule.token, kept[1].text + 19);
	assert_ptr_equal(rule.source, &kept[1]);
	assert_true(rules_match(rules, "a.b", &rule));
	assert_ptr_equal(rule.token, kept[0].text + 11);
	free(rules);
}

static void has_of_overruled_and_bad_rules_is_false(void **state)
{
	static const bool wanted[] = { false, false, true, false, true, true };
	struct rules_text text = text_of("a.b A.b. except:a.B a..b *.a.b *");
	struct rules *rules = index_rules(&text, 1);
	const struct rules_text *kept;
	struct rule rule;
	size_t at = 0;
	size_t i = 0;

	(void)state;
	rules_texts(rules, &kept);
	while (rules_next(kept, &at, &rule))
		assert_int_equal(rules_has(rules, &rule), wanted[i++]);
	assert_int_equal(i, 6);
	free(rules);
}

static void match_without_a_good_rule_is_false(void **state)
{
	static const char *const none[] = { "", " ,\n", "# a", "a..b 1.2.3.4" };
	struct rules *rules;
	struct rule rule;

	(void)state;
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		struct rules_text text = text_of(none[i]);

		rules = index_rules(&text, 1);
		assert_false(rules_match(rules, "a", &rule));
		free(rules);
	}
	rules = index_rules(NULL, 0);
	assert_false(rules_match(rules, "a", &rule));
	free(rules);
}

static const struct CMUnitTest tests[] = {
	MATCH(name_itself_matches, "a.b", "a.b", "a.b"),
	MATCH(name_in_another_case_matches, "Db.Example", "dB.eXAMPLE", "Db.Example"),
	MATCH(name_with_trailing_dot_matches, "db.example", "db.example.", "db.example"),
	MATCH(name_matches_a_rule_with_trailing_dot, "db.example.", "db.example", "db.example."),
	MATCH(name_with_a_verb_matches, "except:db", "db", "except:db"),
	MATCH(name_of_253_bytes_matches, N253, N253, N253),
	MATCH(name_of_253_bytes_and_a_dot_matches, N253, N253 ".", N253),
	NO_MATCH(star_does_not_match_five_numbers, "*", "1.2.3.4.5"),
	NO_MATCH(star_does_not_match_an_address_with_a_dot, "*", "1.2.3.4."),
	MATCH(name_of_numbers_and_a_letter_matches_star, "*", "1.2.3.4.e", "*"),
	MATCH(name_with_a_numeric_label_last_matches_itself, "web.1", "web.1", "web.1"),
	MATCH(name_with_underscore_matches, "_srv.a", "_SRV.a", "_srv.a"),
	MATCH(below_at_one_label_matches, "*.psdb.cloud", "x.psdb.cloud", "*.psdb.cloud"),
	MATCH(below_at_three_labels_matches, "*.psdb.cloud", "eu-central-1.pg.x.psdb.cloud",
	      "*.psdb.cloud"),
	MATCH(below_one_label_matches, "*.cloud", "a.CLOUD.", "*.cloud"),
	MATCH(below_beats_star, "* *.b prefer:*", "a.b", "*.b"),
	MATCH(below_longest_beats_shorter, "*.a.b *.b *.c.a.b *", "x.a.b", "*.a.b"),
	MATCH(below_shorter_is_left_for_the_domain_itself, "*.a.b *.b", "a.b", "*.b"),
	MATCH(name_beats_below, "*.b except:a.b *.a.b *", "a.b", "except:a.b"),
	MATCH(name_stands_before_below_and_wins, "a.b *.b", "a.b", "a.b"),
	MATCH(equal_rules_let_the_later_win, "ipv4:a prefer:A except:a.", "a", "except:a."),
	MATCH(star_matches_one_label, "*", "localhost", "*"),
	MATCH(star_is_left_for_what_nothing_else_names, "*.b *", "b", "*"),
	NO_MATCH(name_of_a_longer_domain_does_not_match, "psdb.cloud", "psdb.cloud.evil.example"),
	NO_MATCH(name_with_a_longer_label_does_not_match, "psdb.cloud", "notpsdb.cloud"),
	NO_MATCH(name_below_a_rule_does_not_match, "psdb.cloud", "x.psdb.cloud"),
	NO_MATCH(name_above_a_rule_does_not_match, "psdb.cloud", "cloud"),
	NO_MATCH(name_cut_by_one_byte_does_not_match, "psdb.cloud", "psdb.clou"),
	NO_MATCH(name_with_two_trailing_dots_does_not_match, "psdb.cloud", "psdb.cloud.."),
	NO_MATCH(name_with_underscore_for_hyphen_does_not_match, "a-b", "a_b"),
	NO_MATCH(name_with_a_blank_does_not_match, "psdb.cloud", "psdb.cloud "),
	NO_MATCH(name_of_254_bytes_does_not_match_star, "*", N253 "b"),
	NO_MATCH(name_of_254_bytes_does_not_match_below, "*.b", "a" N253 ".b"),
	NO_MATCH(name_with_a_label_of_64_bytes_does_not_match_star, "*", L63 "d.a"),
	NO_MATCH(below_does_not_match_the_domain_itself, "*.psdb.cloud", "psdb.cloud"),
	NO_MATCH(below_does_not_match_the_domain_with_a_dot, "*.psdb.cloud", "psdb.cloud."),
	NO_MATCH(below_does_not_match_an_empty_label, "*.psdb.cloud", ".psdb.cloud"),
	NO_MATCH(below_does_not_match_two_dots, "*.psdb.cloud", "a..psdb.cloud"),
	NO_MATCH(below_does_not_match_half_a_label, "*.psdb.cloud", "a.notpsdb.cloud"),
	NO_MATCH(below_does_not_match_a_longer_domain, "*.psdb.cloud", "a.psdb.cloud.evil.example"),
	NO_MATCH(below_does_not_match_a_glued_label, "*.psdb.cloud", "apsdb.cloud"),
	NO_MATCH(star_does_not_match_nothing, "*", ""),
	NO_MATCH(star_does_not_match_the_root, "*", "."),
	NO_MATCH(star_does_not_match_a_dotted_quad, "*", "192.0.2.1"),
	NO_MATCH(star_does_not_match_a_short_address, "*", "127.1"),
	NO_MATCH(star_does_not_match_a_hexadecimal_address, "*", "0x7f000001"),
	NO_MATCH(star_does_not_match_ipv6, "*", "2001:db8::1"),
	NO_MATCH(star_does_not_match_ipv6_with_scope, "*", "fe80::1%eth0"),
	NO_MATCH(star_does_not_match_mapped_ipv6, "*", "::ffff:192.0.2.1"),
	NO_MATCH(star_does_not_match_brackets, "*", "[::1]"),
	NO_MATCH(star_does_not_match_a_host_with_port, "*", "db:5432"),
	NO_MATCH(star_does_not_match_utf8, "*", "b\303\274cher.example"),
	NO_MATCH(star_does_not_match_a_path, "*", "/run/postgresql"),
	NO_MATCH(star_does_not_match_a_star, "*", "*"),
	NO_MATCH(star_does_not_match_a_pattern, "* *.b", "*.b"),
	cmocka_unit_test(texts_with_equal_patterns_let_the_later_win),
	cmocka_unit_test(texts_with_a_more_specific_rule_first_let_it_win),
	cmocka_unit_test(has_of_overruled_and_bad_rules_is_false),
	cmocka_unit_test(match_without_a_good_rule_is_false),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
