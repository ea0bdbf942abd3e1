/* SPDX-License-Identifier: MIT */
/* Each form of a bad rule, with its place and reason, and that it takes no good rule with it. */
#include <stdbool.h>

#include "index_rules.h"
#include "unit.h"

struct bad_row {
	const char *token;
	size_t len;
	enum rule_fault fault;
};

/* Reads the first rule of text that is bad. */
static bool find_bad(const struct rules_text *text, struct rule *ret)
{
	size_t at = 0;

	while (rules_next(text, &at, ret))
		if (ret->fault != RULE_OK)
			return true;
	return false;
}

/* The bad token between two good rules, "before" and "after": all of the place, the reason, and
 * the two being in force are looked at. */
static void check_between(const struct bad_row *row, const char *before, const char *after,
			  size_t line, size_t column)
{
	char whole[1024];
	size_t len = strlen(before);
	size_t got_line, got_column;
	struct rules_text text = { .name = "T" };
	struct rules *rules;
	struct rule rule;

	memcpy(whole, before, len);
	memcpy(whole + len, row->token, row->len);
	memcpy(whole + len + row->len, after, strlen(after));
	text.len = len + row->len + strlen(after);
	text.text = unit_exact(whole, text.len);
	assert_true(find_bad(&text, &rule));
	rules_place(&rule, &got_line, &got_column);
	assert_int_equal(rule.fault, row->fault);
	assert_int_equal(got_line, line);
	assert_int_equal(got_column, column);
	assert_int_equal(rule.token_len, row->len);
	assert_memory_equal(rule.token, row->token, row->len);
	rules = index_rules(&text, 1);
	assert_non_null(rules);
	assert_false(rules_has(rules, &rule));
	assert_int_equal(rules_match(rules, "before.example", &rule), *before != '\0');
	assert_int_equal(rules_match(rules, "after.example", &rule), *after != '\0');
	memcpy(whole, row->token, row->len);
	whole[row->len] = '\0';
	assert_false(rules_match(rules, whole, &rule));
	assert_false(rules_match(rules, "a", &rule));
	assert_false(rules_match(rules, "a.b", &rule));
	assert_false(rules_match(rules, "x.a.b", &rule));
	free(rules);
	free((void *)(uintptr_t)text.text);
}

static void check_bad(void **state)
{
	const struct bad_row *row = *state;

	check_between(row, "", "", 1, 1);
	check_between(row, "before.example ", " after.example", 1, 16);
	check_between(row, "before.example,", ",prefer:after.example", 1, 16);
	check_between(row, "\n\tbefore.example\r\n", "\r\nafter.example\r\n", 3, 1);
	check_between(row, "# one\n  before.example # two\n \t", "\n*.example\nafter.example", 3,
		      3);
}

#define BAD(name, token, fault) UNIT_ROW(#name, check_bad, bad_row, token, sizeof(token) - 1, fault)

struct reason_row {
	enum rule_fault fault;
	const char *part;
};

/* A reason is one line, and holds the word by which somebody mends the rule. */
static void check_reason(void **state)
{
	const struct reason_row *row = *state;
	const char *reason = rules_reason(row->fault);

	assert_null(strchr(reason, '\n'));
	if (!strstr(reason, row->part))
		fail_msg("no \"%s\" in \"%s\"", row->part, reason);
}

#define REASON(name, fault, part) UNIT_ROW(#name, check_reason, reason_row, fault, part)

static const struct CMUnitTest tests[] = {
	BAD(bad_two_dots_is_empty_label, "a..b", RULE_EMPTY_LABEL),
	BAD(bad_leading_dot_is_empty_label, ".a", RULE_EMPTY_LABEL),
	BAD(bad_root_is_empty_label, ".", RULE_EMPTY_LABEL),
	BAD(bad_two_trailing_dots_is_empty_label, "a..", RULE_EMPTY_LABEL),
	BAD(bad_star_dot_is_empty_label, "*.", RULE_EMPTY_LABEL),
	BAD(bad_star_dot_dot_is_empty_label, "*..a", RULE_EMPTY_LABEL),
	BAD(bad_verb_and_root_is_empty_label, "except:.", RULE_EMPTY_LABEL),
	BAD(bad_label_of_64_bytes_is_long_label, L63 "d.a", RULE_LONG_LABEL),
	BAD(bad_below_a_label_of_64_bytes_is_long_label, "*." L63 "d", RULE_LONG_LABEL),
	BAD(bad_name_of_254_bytes_is_long_name, N253 "b", RULE_LONG_NAME),
	BAD(bad_name_of_254_bytes_and_a_dot_is_long_name, N253 "b.", RULE_LONG_NAME),
	BAD(bad_star_inside_is_star, "a*b", RULE_STAR),
	BAD(bad_star_before_letters_is_star, "*foo", RULE_STAR),
	BAD(bad_star_after_letters_is_star, "foo*", RULE_STAR),
	BAD(bad_two_star_labels_is_star, "*.*.a", RULE_STAR),
	BAD(bad_last_star_label_is_star, "a.*", RULE_STAR),
	BAD(bad_middle_star_label_is_star, "a.*.b", RULE_STAR),
	BAD(bad_two_stars_is_star, "**", RULE_STAR),
	BAD(bad_verb_and_star_is_star, "prefer:*a", RULE_STAR),
	BAD(bad_verb_is_unknown_verb, "ipv6:a.b", RULE_UNKNOWN_VERB),
	BAD(bad_verb_as_prefix_is_unknown_verb, "ipv:a.b", RULE_UNKNOWN_VERB),
	BAD(bad_verb_with_more_is_unknown_verb, "exceptt:a.b", RULE_UNKNOWN_VERB),
	BAD(bad_no_verb_before_colon_is_unknown_verb, ":a.b", RULE_UNKNOWN_VERB),
	BAD(bad_two_verbs_is_unknown_verb, "ipv4:prefer:a.b", RULE_UNKNOWN_VERB),
	BAD(bad_http_url_is_url, "http://a.b/", RULE_URL),
	BAD(bad_url_without_path_is_url, "https://a.b", RULE_URL),
	BAD(bad_url_with_password_is_url, "postgres://u:p@a.b/c", RULE_URL),
	BAD(bad_url_with_port_is_url, "postgres://u:p@a.b:5432/c", RULE_URL),
	BAD(bad_url_with_address_is_url, "http://[::1]/", RULE_URL),
	BAD(bad_url_cut_off_is_url, "x://", RULE_URL),
	BAD(bad_url_of_two_schemes_is_url, "jdbc:postgresql://a.b/c?password=p", RULE_URL),
	BAD(bad_verb_and_url_is_url, "ipv4:http://a.b/", RULE_URL),
	BAD(bad_user_and_host_is_url, "u@a.b", RULE_URL),
	BAD(bad_password_and_host_is_url, "u:p@a.b", RULE_URL),
	BAD(bad_verb_and_user_and_host_is_url, "except:u:p@a.b", RULE_URL),
	BAD(bad_password_and_address_is_url, "u:p@[::1]:5432", RULE_URL),
	BAD(bad_end_of_a_password_is_url, "p@", RULE_URL),
	BAD(bad_nul_in_a_password_is_url, "u:\0p@a.b", RULE_URL),
	BAD(bad_two_slashes_is_bad_character, "//a.b", RULE_BAD_CHARACTER),
	BAD(bad_colon_and_slash_is_unknown_verb, "x:/a.b", RULE_UNKNOWN_VERB),
	BAD(bad_ipv4_without_pattern_is_no_pattern, "ipv4:", RULE_NO_PATTERN),
	BAD(bad_prefer_without_pattern_is_no_pattern, "prefer:", RULE_NO_PATTERN),
	BAD(bad_except_without_pattern_is_no_pattern, "except:", RULE_NO_PATTERN),
	BAD(bad_utf8_is_not_ascii, "b\303\274cher.example", RULE_NOT_ASCII),
	BAD(bad_byte_ff_is_not_ascii, "a\xff", RULE_NOT_ASCII),
	BAD(bad_byte_80_alone_is_not_ascii, "\x80", RULE_NOT_ASCII),
	BAD(bad_four_numbers_is_address, "1.2.3.4", RULE_ADDRESS),
	BAD(bad_four_numbers_and_a_dot_is_address, "1.2.3.4.", RULE_ADDRESS),
	BAD(bad_five_numbers_is_address, "1.2.3.4.5", RULE_ADDRESS),
	BAD(bad_two_numbers_is_address, "127.1", RULE_ADDRESS),
	BAD(bad_one_number_is_address, "2130706433", RULE_ADDRESS),
	BAD(bad_hexadecimal_is_address, "0x7f.1", RULE_ADDRESS),
	BAD(bad_below_an_address_is_address, "*.1.2.3.4", RULE_ADDRESS),
	BAD(bad_verb_and_address_is_address, "ipv4:1.2.3.4", RULE_ADDRESS),
	BAD(bad_ipv6_loopback_is_address, "::1", RULE_ADDRESS),
	BAD(bad_ipv6_any_is_address, "::", RULE_ADDRESS),
	BAD(bad_ipv6_in_brackets_is_address, "[::1]", RULE_ADDRESS),
	BAD(bad_ipv6_in_brackets_with_port_is_address, "[2001:db8::1]:5432", RULE_ADDRESS),
	BAD(bad_ipv6_link_local_is_address, "fe80::1", RULE_ADDRESS),
	BAD(bad_ipv6_with_scope_is_address, "fe80::1%eth0", RULE_ADDRESS),
	BAD(bad_ipv6_mapped_is_address, "::ffff:1.2.3.4", RULE_ADDRESS),
	BAD(bad_verb_and_ipv6_is_address, "except:2001:db8::1", RULE_ADDRESS),
	BAD(bad_port_is_port, "db:5432", RULE_PORT),
	BAD(bad_verb_and_port_is_port, "ipv4:db:5432", RULE_PORT),
	BAD(bad_star_and_port_is_port, "*.a:5432", RULE_PORT),
	BAD(bad_address_and_port_is_port, "1.2.3.4:5432", RULE_PORT),
	BAD(bad_slash_is_bad_character, "a/b", RULE_BAD_CHARACTER),
	BAD(bad_semicolon_is_bad_character, "a.b;c", RULE_BAD_CHARACTER),
	BAD(bad_equals_is_bad_character, "a=b", RULE_BAD_CHARACTER),
	BAD(bad_hash_inside_is_bad_character, "a#b", RULE_BAD_CHARACTER),
	BAD(bad_control_byte_is_bad_character, "a\x1b[0m", RULE_BAD_CHARACTER),
	BAD(bad_delete_byte_is_bad_character, "a\x7f", RULE_BAD_CHARACTER),
	BAD(bad_double_quotes_is_quote, "\"*.a.b\"", RULE_QUOTE),
	BAD(bad_single_quotes_is_quote, "'a.b'", RULE_QUOTE),
	BAD(bad_quote_in_front_is_quote, "\"a.b", RULE_QUOTE),
	BAD(bad_quote_behind_is_quote, "*.a.b\"", RULE_QUOTE),
	BAD(bad_quote_before_a_verb_is_quote, "\"except:a.b", RULE_QUOTE),
	BAD(bad_quote_behind_a_verb_is_quote, "except:'a.b'", RULE_QUOTE),
	BAD(bad_quote_alone_is_quote, "'", RULE_QUOTE),
	BAD(bad_quoted_url_is_url, "\"http://u:p@a.b/\"", RULE_URL),
	BAD(bad_nul_at_its_start_is_nul, "\0a.b", RULE_NUL),
	BAD(bad_nul_in_its_middle_is_nul, "a\0.b", RULE_NUL),
	BAD(bad_nul_at_its_end_is_nul, "a.b\0", RULE_NUL),
	BAD(bad_nul_alone_is_nul, "\0", RULE_NUL),
	BAD(bad_nul_in_a_verb_is_nul, "ipv4\0:a.b", RULE_NUL),
	REASON(reason_of_empty_label_names_the_dot, RULE_EMPTY_LABEL, "dot"),
	REASON(reason_of_long_label_names_63, RULE_LONG_LABEL, "63"),
	REASON(reason_of_long_name_names_253, RULE_LONG_NAME, "253"),
	REASON(reason_of_not_ascii_names_punycode, RULE_NOT_ASCII, "punycode"),
	REASON(reason_of_bad_character_names_it, RULE_BAD_CHARACTER, "character"),
	REASON(reason_of_nul_names_it, RULE_NUL, "NUL"),
	REASON(reason_of_star_shows_its_place, RULE_STAR, "*."),
	REASON(reason_of_unknown_verb_lists_the_verbs, RULE_UNKNOWN_VERB,
	       "ipv4, prefer and except"),
	REASON(reason_of_no_pattern_names_the_pattern, RULE_NO_PATTERN, "pattern"),
	REASON(reason_of_port_names_the_port, RULE_PORT, "port"),
	REASON(reason_of_url_names_it, RULE_URL, "a URL"),
	REASON(reason_of_address_names_it, RULE_ADDRESS, "address"),
	REASON(reason_of_quote_says_what_to_do, RULE_QUOTE, "remove the quotes"),
	REASON(reason_of_byte_order_mark_says_what_to_do, RULE_BYTE_ORDER_MARK,
	       "remove the byte order mark"),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
