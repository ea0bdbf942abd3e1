/* SPDX-License-Identifier: MIT */
/* The grammar of the rules: what is one, where it stands, and what separates rules; the bad ones
 * are in test_rules_bad.c. */
#include "rules.h"
#include "unit.h"

static const char *const fault_names[] = {
	"OK",      "EMPTY_LABEL", "LONG_LABEL",      "LONG_NAME",  "NOT_ASCII", "BAD_CHARACTER",
	"NUL",     "STAR",        "UNKNOWN_VERB",    "NO_PATTERN", "URL",       "PORT",
	"ADDRESS", "QUOTE",       "BYTE_ORDER_MARK",
};

/* The rules of a text as "LINE:COLUMN what", where what is "VERB [*.]NAME" or the fault. */
static void render(const struct rules_text *text, char *ret)
{
	struct rule rule;
	size_t at = 0;

	*ret = '\0';
	while (rules_next(text, &at, &rule)) {
		size_t line, column;

		rules_place(&rule, &line, &column);
		ret += sprintf(ret, "; %zu:%zu ", line, column);
		assert_ptr_equal(rule.source, text);
		assert_ptr_equal(rule.token + rule.token_len, text->text + at);
		if (rule.fault != RULE_OK)
			ret += sprintf(ret, "%s", fault_names[rule.fault]);
		else
			ret += sprintf(ret, "%s %s%.*s", rules_verb_name(rule.verb),
				       !rule.is_below  ? ""
				       : rule.name_len ? "*."
						       : "*",
				       (int)rule.name_len, rule.name);
	}
	assert_true(at <= text->len);
}

struct text_row {
	const char *text;
	size_t len;
	const char *wanted;
};

static void check_text(void **state)
{
	const struct text_row *row = *state;
	char *copy = unit_exact(row->text, row->len);
	struct rules_text text = { .name = "T", .text = copy, .len = row->len };
	char got[2048];

	render(&text, got);
	assert_string_equal(*got ? got + 2 : got, row->wanted);
	free(copy);
}

#define TEXT(name, text, wanted) \
	UNIT_ROW(#name, check_text, text_row, text, sizeof(text) - 1, wanted)

static void verb_names_are_those_of_the_grammar(void **state)
{
	(void)state;
	assert_string_equal(rules_verb_name(RULE_IPV4), "ipv4");
	assert_string_equal(rules_verb_name(RULE_PREFER), "prefer");
	assert_string_equal(rules_verb_name(RULE_EXCEPT), "except");
}

static const struct CMUnitTest tests[] = {
	TEXT(text_empty_has_no_rule, "", ""),
	TEXT(text_of_separators_has_no_rule, " ,\t\r\n\v\f,, \n", ""),
	TEXT(text_of_a_comment_has_no_rule, "# a.b", ""),
	TEXT(text_of_one_hash_has_no_rule, "#", ""),
	TEXT(name_alone_is_ipv4, "a.b", "1:1 ipv4 a.b"),
	TEXT(name_with_a_trailing_dot_loses_it, "a.b. *.c.", "1:1 ipv4 a.b; 1:6 ipv4 *.c"),
	TEXT(name_keeps_its_case, "A.b", "1:1 ipv4 A.b"),
	TEXT(name_like_a_verb_is_a_name, "ipv4 except", "1:1 ipv4 ipv4; 1:6 ipv4 except"),
	TEXT(name_with_digits_and_letters_is_a_name, "1a.2", "1:1 ipv4 1a.2"),
	TEXT(name_in_punycode_is_a_name, "xn--bcher-kva.example", "1:1 ipv4 xn--bcher-kva.example"),
	TEXT(name_with_underscore_is_a_name, "_srv.a-b", "1:1 ipv4 _srv.a-b"),
	TEXT(name_of_numbers_and_a_letter_is_a_name, "1.2.3.4.e", "1:1 ipv4 1.2.3.4.e"),
	TEXT(star_alone_is_every_name, "*", "1:1 ipv4 *"),
	TEXT(star_label_is_what_is_below, "*.a", "1:1 ipv4 *.a"),
	TEXT(verbs_before_each_pattern_are_read, "ipv4:a prefer:*.b except:*",
	     "1:1 ipv4 a; 1:8 prefer *.b; 1:19 except *"),
	TEXT(label_of_63_bytes_is_good, L63 ".a", "1:1 ipv4 " L63 ".a"),
	TEXT(name_of_253_bytes_is_good, N253, "1:1 ipv4 " N253),
	TEXT(name_of_253_bytes_and_a_dot_is_good, N253 ".", "1:1 ipv4 " N253),
	TEXT(below_a_name_of_253_bytes_is_good, "*." N253, "1:1 ipv4 *." N253),
	TEXT(commas_separate_rules, "a,b,,c,", "1:1 ipv4 a; 1:3 ipv4 b; 1:6 ipv4 c"),
	TEXT(tabs_separate_rules, "\ta\tb", "1:2 ipv4 a; 1:4 ipv4 b"),
	TEXT(line_ends_count_lines, "a\nb\n\nc", "1:1 ipv4 a; 2:1 ipv4 b; 4:1 ipv4 c"),
	TEXT(crlf_is_a_line_end, "a\r\nb\r\n", "1:1 ipv4 a; 2:1 ipv4 b"),
	TEXT(comment_at_line_start_is_left_out, "#a\nb", "2:1 ipv4 b"),
	TEXT(comment_after_a_rule_is_left_out, "a # b c\nd", "1:1 ipv4 a; 2:1 ipv4 d"),
	TEXT(comment_with_a_nul_is_left_out, "#\0a\nb", "2:1 ipv4 b"),
	TEXT(comment_after_a_comma_is_left_out, "a,#b\n,c", "1:1 ipv4 a; 2:2 ipv4 c"),
	TEXT(hash_in_a_token_is_no_comment, "a#b c", "1:1 BAD_CHARACTER; 1:5 ipv4 c"),
	TEXT(byte_order_mark_is_bad_and_what_follows_is_read, "\357\273\277a b",
	     "1:1 BYTE_ORDER_MARK; 1:4 ipv4 a; 1:6 ipv4 b"),
	TEXT(byte_order_mark_before_a_comment_leaves_it_out, "\357\273\277# a\nb",
	     "1:1 BYTE_ORDER_MARK; 2:1 ipv4 b"),
	TEXT(byte_order_mark_alone_is_bad, "\357\273\277", "1:1 BYTE_ORDER_MARK"),
	TEXT(byte_order_mark_cut_short_is_not_ascii, "\357\273", "1:1 NOT_ASCII"),
	TEXT(byte_order_mark_further_on_is_not_ascii, "a \357\273\277b",
	     "1:1 ipv4 a; 1:3 NOT_ASCII"),
	TEXT(value_in_quotes_is_bad_at_both_ends, "\"a,b,c\"", "1:1 QUOTE; 1:4 ipv4 b; 1:6 QUOTE"),
	TEXT(last_line_needs_no_end, "a\nb", "1:1 ipv4 a; 2:1 ipv4 b"),
	TEXT(last_line_with_cr_is_whole, "a\r\nb\r", "1:1 ipv4 a; 2:1 ipv4 b"),
	TEXT(last_line_of_a_star_is_whole, "*", "1:1 ipv4 *"),
	cmocka_unit_test(verb_names_are_those_of_the_grammar),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
