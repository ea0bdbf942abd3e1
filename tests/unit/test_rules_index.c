/* SPDX-License-Identifier: MIT */
/* The index of many rules: each is found, and nothing else is. */
#include "index_rules.h"
#include "unit.h"

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

enum { MANY = 100000 };

/* MANY rules, a line each: every third for what is below. */
static char *write_many(size_t *len)
{
	char *text = malloc(MANY * 32);
	char *end = text;

	assert_non_null(text);
	for (int i = 0; i < MANY; i++)
		end += sprintf(end, "%sh%d.example\n", i % 3 ? "" : "*.", i);
	*len = (size_t)(end - text);
	return text;
}

static void index_of_100000_rules_finds_each_and_none_else(void **state)
{
	struct rules_text text = { .name = "T" };
	char *many = write_many(&text.len);
	struct rules *rules;
	struct rule rule;
	char host[64];

	(void)state;
	text.text = many;
	rules = index_rules(&text, 1);
	assert_non_null(rules);
	for (int i = 0; i < MANY; i++) {
		bool is_below = i % 3 == 0;

		sprintf(host, "H%d.Example", i);
		assert_int_equal(rules_match(rules, host, &rule), !is_below);
		sprintf(host, "x.h%d.example.", i);
		assert_int_equal(rules_match(rules, host, &rule), is_below);
		if (is_below)
			assert_int_equal(atoi(rule.token + 3), i);
		sprintf(host, "h%d.example", i + MANY);
		assert_false(rules_match(rules, host, &rule));
	}
	assert_place(rules, "h99998.example", "T", 99999, 1);
	free(rules);
	free(many);
}

static void index_of_100000_rules_twice_lets_the_later_text_win(void **state)
{
	struct rules_text texts[2] = { { .name = "one" }, { .name = "two" } };
	char *one = write_many(&texts[0].len);
	char *two = write_many(&texts[1].len);
	const struct rules_text *kept;
	struct rules *rules;
	size_t at = 0;

	(void)state;
	texts[0].text = one;
	texts[1].text = two;
	texts[1].len -= strlen("h99999.example\n") + 2; /* which one alone has, as *. */
	rules = index_rules(texts, 2);
	assert_non_null(rules);
	rules_texts(rules, &kept);
	for (size_t i = 0; i < MANY; i++) {
		struct rule rule;
		char host[64];

		sprintf(host, "%sh%zu.example", i % 3 ? "" : "x.", i);
		assert_true(rules_match(rules, host, &rule));
		assert_string_equal(rule.source->name, i == MANY - 1 ? "one" : "two");
		assert_ptr_equal(rule.token, kept[i < MANY - 1].text + at);
		at += strcspn(two + at, "\n") + 1;
	}
	assert_place(rules, "x.h0.example", "two", 1, 1);
	assert_place(rules, "h99998.example", "two", MANY - 1, 1);
	assert_place(rules, "x.h99999.example", "one", MANY, 1);
	free(rules);
	free(one);
	free(two);
}

/* A table without a free slot would search for ever. */
static void index_of_every_small_count_ends_its_searches(void **state)
{
	char many[200 * 8] = "";

	(void)state;
	alarm(60);
	for (size_t count = 0; count < 200; count++) {
		struct rules_text text = { .name = "T", .text = many, .len = strlen(many) };
		struct rules *rules = index_rules(&text, 1);
		struct rule rule;
		char host[16];

		for (size_t i = 0; i < 250; i++) {
			sprintf(host, "h%zu", i);
			assert_int_equal(rules_match(rules, host, &rule), i < count);
		}
		free(rules);
		sprintf(many + strlen(many), "h%zu ", count);
	}
	alarm(0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(index_of_100000_rules_finds_each_and_none_else),
		cmocka_unit_test(index_of_100000_rules_twice_lets_the_later_text_win),
		cmocka_unit_test(index_of_every_small_count_ends_its_searches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
