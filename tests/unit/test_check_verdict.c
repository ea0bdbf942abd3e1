/* SPDX-License-Identifier: MIT */
/* What findings add up to: a table of what people meet, and what has to hold for every finding
 * there can be. */
#include "check/check.h"
#include "unit.h"

struct verdict_row {
	struct check_view view;
	enum check_verdict verdict;
	bool is_good;
	bool has_cure;
};

static void check_row(void **state)
{
	const struct verdict_row *row = *state;

	assert_int_equal(check_judge(&row->view), row->verdict);
	assert_int_equal(check_is_good(&row->view), row->is_good);
	assert_int_equal(check_has_cure(&row->view), row->has_cure);
}

#define GOOD true
#define BAD false
#define CURE true
#define NONE false
#define VIEW(name, rule, ipv4, ipv6, ...) \
	UNIT_ROW(#name, check_row, verdict_row, { false, false, rule, ipv4, ipv6 }, __VA_ARGS__)

/* Calls body for each view that there can be. */
static void for_each_view(void (*body)(const struct check_view *))
{
	for (unsigned i = 0; i < 4; i++)
		for (unsigned rule = CHECK_UNPINNED; rule <= CHECK_EXCEPTED; rule++)
			for (unsigned v4 = 0; v4 <= CHECK_UNKNOWN; v4++)
				for (unsigned v6 = 0; v6 <= CHECK_UNKNOWN; v6++)
					body(&(struct check_view){ i & 1, i >> 1, rule, v4, v6 });
}

static void good_means_that_a_family_connects(const struct check_view *view)
{
	if (check_is_good(view))
		assert_true(view->ipv4 == CHECK_CONNECTS || view->ipv6 == CHECK_CONNECTS);
}

static void good_and_pinned_means_that_ipv4_connects(const struct check_view *view)
{
	if (check_is_good(view) && view->rule == CHECK_PINNED && !view->is_address)
		assert_true(view->ipv4 == CHECK_CONNECTS || view->ipv4 == CHECK_NO_RECORD);
}

/* What the cure promises: the same findings are good once the host is pinned. */
static void cure_makes_it_good(const struct check_view *view)
{
	struct check_view cured = *view;

	if (!check_has_cure(view))
		return;
	cured.rule = CHECK_PINNED;
	assert_false(check_is_good(view));
	assert_true(check_is_good(&cured));
}

static void bad_where_a_rule_would_help_has_a_cure(const struct check_view *view)
{
	struct check_view cured = *view;

	cured.rule = CHECK_PINNED;
	if (view->rule == CHECK_UNPINNED && !check_is_good(view) && check_is_good(&cured))
		assert_true(check_has_cure(view));
}

static void switched_off_has_no_cure_and_the_same_status(const struct check_view *view)
{
	struct check_view off = *view;

	off.is_off = true;
	assert_false(check_has_cure(&off));
	assert_int_equal(check_is_good(&off), check_is_good(view));
	if (check_has_cure(view))
		assert_non_null(strstr(check_verdict_words(&off), "PIN4=off"));
}

static void each_verdict_has_words_and_a_name(const struct check_view *view)
{
	assert_true(strlen(check_verdict_words(view)) > 10);
	assert_true(strlen(check_verdict_name(check_judge(view))) > 4);
	assert_true(strlen(check_reach_words(view->ipv4, true)) > 4);
}

#define FOR_EACH(name)                        \
	static void test_##name(void **state) \
	{                                     \
		(void)state;                  \
		for_each_view(name);          \
	}

FOR_EACH(good_means_that_a_family_connects)
FOR_EACH(good_and_pinned_means_that_ipv4_connects)
FOR_EACH(cure_makes_it_good)
FOR_EACH(bad_where_a_rule_would_help_has_a_cure)
FOR_EACH(switched_off_has_no_cure_and_the_same_status)
FOR_EACH(each_verdict_has_words_and_a_name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		VIEW(pinned_and_ipv4_connects_is_fine, CHECK_PINNED, CHECK_CONNECTS,
		     CHECK_NO_RECORD, CHECK_IS_PINNED, GOOD, NONE),
		VIEW(preferred_and_ipv4_connects_is_fine, CHECK_PREFERRED, CHECK_CONNECTS,
		     CHECK_DROPPED, CHECK_IS_PINNED, GOOD, NONE),
		VIEW(both_connect_is_nothing_to_cure, CHECK_UNPINNED, CHECK_CONNECTS,
		     CHECK_CONNECTS, CHECK_NOTHING_TO_CURE, GOOD, NONE),
		VIEW(ipv6_alone_connects_is_nothing_to_cure, CHECK_UNPINNED, CHECK_REFUSED,
		     CHECK_CONNECTS, CHECK_NOTHING_TO_CURE, GOOD, NONE),
		VIEW(ipv4_alone_connects_would_be_helped, CHECK_UNPINNED, CHECK_CONNECTS,
		     CHECK_NO_RECORD, CHECK_WOULD_HELP, BAD, CURE),
		VIEW(excepted_would_be_helped_without_that_rule, CHECK_EXCEPTED, CHECK_CONNECTS,
		     CHECK_NO_RECORD, CHECK_WOULD_HELP, BAD, NONE),
		VIEW(aaaa_alone_that_connects_is_good, CHECK_PINNED, CHECK_NO_RECORD,
		     CHECK_CONNECTS, CHECK_ONLY_AAAA, GOOD, NONE),
		VIEW(aaaa_alone_that_is_dropped_is_bad, CHECK_UNPINNED, CHECK_NO_RECORD,
		     CHECK_DROPPED, CHECK_ONLY_AAAA, BAD, NONE),
		VIEW(no_ipv4_here_and_pinned_is_bad, CHECK_PINNED, CHECK_NO_ROUTE, CHECK_CONNECTS,
		     CHECK_NO_IPV4, BAD, NONE),
		VIEW(no_ipv4_here_and_unpinned_is_good, CHECK_UNPINNED, CHECK_NO_ROUTE,
		     CHECK_CONNECTS, CHECK_NO_IPV4, GOOD, NONE),
		VIEW(refused_and_dropped_is_neither, CHECK_UNPINNED, CHECK_REFUSED, CHECK_DROPPED,
		     CHECK_NEITHER, BAD, NONE),
		VIEW(no_record_at_all_is_no_name, CHECK_UNPINNED, CHECK_NO_RECORD, CHECK_NO_RECORD,
		     CHECK_NO_SUCH_NAME, BAD, NONE),
		VIEW(unknown_records_are_the_resolvers_fault, CHECK_UNPINNED, CHECK_UNKNOWN,
		     CHECK_UNKNOWN, CHECK_NO_RESOLVER, BAD, NONE),
		VIEW(unknown_aaaa_breaks, CHECK_UNPINNED, CHECK_CONNECTS, CHECK_UNKNOWN,
		     CHECK_AAAA_BREAKS, BAD, CURE),
		VIEW(unknown_aaaa_and_pinned_is_good, CHECK_PINNED, CHECK_CONNECTS, CHECK_UNKNOWN,
		     CHECK_AAAA_BREAKS, GOOD, NONE),
		VIEW(pinned_to_what_does_not_connect_is_harm, CHECK_PINNED, CHECK_DROPPED,
		     CHECK_CONNECTS, CHECK_RULE_HARMS, BAD, NONE),
		cmocka_unit_test(test_good_means_that_a_family_connects),
		cmocka_unit_test(test_good_and_pinned_means_that_ipv4_connects),
		cmocka_unit_test(test_cure_makes_it_good),
		cmocka_unit_test(test_bad_where_a_rule_would_help_has_a_cure),
		cmocka_unit_test(test_switched_off_has_no_cure_and_the_same_status),
		cmocka_unit_test(test_each_verdict_has_words_and_a_name),
	};

	return cmocka_run_group_tests_name("check_verdict", tests, NULL, NULL);
}
