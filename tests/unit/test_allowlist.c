/* SPDX-License-Identifier: MIT */
/* The rules in force, from the environment and the file to what the log says of the bad ones.
 * Each case is a process of its own, because the rules are published once a process. */
#include <pthread.h>
#include <stdbool.h>

#include "allowlist.h"
#include "child.h"
#include "nomap.h"

extern char **environ;

#define ENVIRONMENT(...) ((char **)(uintptr_t)(const char *const[]){ __VA_ARGS__, NULL })

/* "HOST=RULE " for each host of a list. */
static void say_matches(const struct rules *rules, const char *hosts)
{
	char copy[256];

	strcpy(copy, hosts);
	for (char *host = strtok(copy, " "); host; host = strtok(NULL, " ")) {
		struct rule rule;

		if (rules_match(rules, host, &rule))
			fprintf(child_answer, "%s=%.*s(%s) ", host, (int)rule.token_len, rule.token,
				rule.source->name);
		else
			fprintf(child_answer, "%s ", host);
	}
}

struct load_row {
	const char *file; /* the text of "rules"; NULL leaves it out */
	size_t file_len;
	const char *environment[6];
	const char *hosts;
	const char *said;
	const char *log;
};

static void load_row(const void *arg)
{
	const struct load_row *row = arg;

	unlink("rules");
	if (row->file)
		unit_write_file("rules", row->file, row->file_len, 0644);
	environ = (char **)(uintptr_t)row->environment;
	log_remember_stderr();
	say_matches(allowlist_rules(), row->hosts);
	child_need(allowlist_rules()); /* and nothing is read or said twice */
}

static void check_load(void **state)
{
	const struct load_row *row = *state;
	struct child child;

	child_run(load_row, row, &child);
	assert_string_equal(child.said, row->said);
	assert_string_equal(child.log, row->log);
}

#define LOAD(name, text, hosts, said, log, ...)                                               \
	UNIT_ROW(#name, check_load, load_row, text, sizeof(text) - 1, { __VA_ARGS__ }, hosts, \
		 said, log)
#define LOAD_NONE(name, hosts, said, log, ...) \
	UNIT_ROW(#name, check_load, load_row, NULL, 0, { __VA_ARGS__ }, hosts, said, log)

#define BAD(place, reason) "error: " place ": " reason "\n"
#define EMPTY_LABEL "empty label: a dot too many (for every name below a domain write *.domain)"
#define QUOTES                                                                               \
	"remove the quotes: here they are part of the value (docker --env-file and Compose " \
	"lists keep them)"
#define NOT_ASCII "not ASCII: write the name in punycode (xn--...)"
#define ADDRESS "an IP address: rules name hosts, addresses are left alone"
#define L80 L10 L10 L10 L10 L10 L10 L10 L10
#define LONG_LABEL "a label of more than 63 bytes"

static void load_garbage(void)
{
	char text[512] = "";
	char *end = text;

	for (int i = 0; i < 23; i++)
		end += sprintf(end, "b..%d\n", i);
	unit_write_file("rules", text, strlen(text), 0644);
	environ = ENVIRONMENT("PIN4_CONFIG=rules", "PIN4_HOSTS=a.. good");
	log_remember_stderr();
	say_matches(allowlist_rules(), "good");
}

static void load_of_24_bad_rules_reports_20_and_counts_the_others(void **state)
{
	struct child child;
	char wanted[4096];
	char *end = wanted;

	(void)state;
	for (int i = 0; i < 20; i++)
		end += sprintf(end, "error: rules:%d:1: b..%d: " EMPTY_LABEL "\n", i + 1, i);
	sprintf(end, "error: 4 more rules are bad: \"pin4 rules\" lists them\n");
	child_run_plain(load_garbage, &child);
	assert_string_equal(child.log, wanted);
	assert_string_equal(child.said, "good=good(PIN4_HOSTS) ");
}

static void load_a_large_file(void)
{
	unit_write_file("rules", "a\n", 2, 0644);
	child_need(truncate("rules", ((off_t)64 << 20) + 1) == 0);
	environ = ENVIRONMENT("PIN4_CONFIG=rules", "PIN4_HOSTS=b");
	log_remember_stderr();
	say_matches(allowlist_rules(), "a b");
}

/* For each mapping that fails, until all succeed. What fails is tried again in the next second at
 * the latest, so that this ends with all rules. */
static void load_without_memory(void)
{
	const struct rules *rules = NULL;
	int call = 0;

	unit_write_file("rules", "a\n", 2, 0644);
	environ = ENVIRONMENT("PIN4_CONFIG=rules", "PIN4_HOSTS=b", "PIN4_LOG=off");
	log_remember_stderr();
	child_need(settings_copy());
	nomap_countdown =
		2; /* the first is the file's, which counts as a file that cannot be read */
	child_need(!allowlist_rules());
	nomap_countdown = 1;
	rules = allowlist_rules();
	child_need(rules && nomap_countdown == 0);
	say_matches(rules, "a b");
	do
		usleep(100000);
	while (allowlist_rules() == rules && ++call < 50);
	say_matches(allowlist_rules(), "a b");
}

enum { THREADS = 4 };

static pthread_barrier_t barrier;

static void *load_at_once(void *arg)
{
	(void)arg;
	pthread_barrier_wait(&barrier);
	while (!allowlist_rules()) /* while another thread copies the settings */
		;
	return (void *)(uintptr_t)allowlist_rules();
}

static void load_by_threads(void)
{
	pthread_t threads[THREADS];
	void *first = NULL;

	unit_write_file("rules", "", 0, 0644);
	environ = ENVIRONMENT("PIN4_CONFIG=rules", "PIN4_HOSTS=a b..c");
	log_remember_stderr();
	pthread_barrier_init(&barrier, NULL, THREADS);
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, load_at_once, NULL);
	for (size_t i = 0; i < THREADS; i++) {
		void *rules;

		pthread_join(threads[i], &rules);
		first = first ? first : rules;
		child_need(rules == first);
	}
	say_matches(first, "a");
}

static void load_by_threads_publishes_and_reports_once(void **state)
{
	(void)state;
	for (int i = 0; i < 30; i++) {
		struct child child;

		child_run_plain(load_by_threads, &child);
		assert_string_equal(child.said, "a=a(PIN4_HOSTS) ");
		assert_string_equal(child.log, BAD("PIN4_HOSTS:1:3: b..c", EMPTY_LABEL));
	}
}

static void read_twice(void)
{
	struct reading one, two;
	long live;

	unit_write_file("rules", "a\n..\n", 5, 0644);
	environ = ENVIRONMENT("PIN4_CONFIG=rules", "PIN4_HOSTS=b .c");
	log_remember_stderr();
	log_open(LOG_ERROR, NULL);
	fprintf(child_answer, "%d ", settings_copy());
	live = nomap_live;
	child_need(allowlist_read(&one));
	unit_write_file("rules", "d\n", 2, 0644);
	child_need(allowlist_read(&two));
	fprintf(child_answer, "%ld ", nomap_live - live);
	say_matches(one.rules, "a b d");
	say_matches(two.rules, "a b d");
	fprintf(child_answer, "%zu ", allowlist_complain(&one, 0));
	fprintf(child_answer, "%zu", allowlist_complain(&two, 9));
}

static const struct CMUnitTest tests[] = {
	LOAD(hosts_alone_are_in_force, "", "a x.b c", "a=a(PIN4_HOSTS) x.b=*.b(PIN4_HOSTS) c ", "",
	     "PIN4_CONFIG=rules", "PIN4_HOSTS=a,*.b"),
	LOAD(file_alone_is_in_force, "a\n# c\n*.b d\n", "a x.b c d",
	     "a=a(rules) x.b=*.b(rules) c d=d(rules) ", "", "PIN4_CONFIG=rules"),
	LOAD(file_and_hosts_with_equal_patterns_let_hosts_win, "a\nexcept:b\n", "a b",
	     "a=except:A.(PIN4_HOSTS) b=except:b(rules) ", "", "PIN4_CONFIG=rules",
	     "PIN4_HOSTS=except:A."),
	LOAD(nothing_at_all_matches_nothing, "", "a", "a ", "", "PIN4_CONFIG=rules"),
	LOAD(off_reads_nothing_and_says_nothing, "a..b\n", "c d", "c d ", "", "PIN4=off",
	     "PIN4_CONFIG=rules", "PIN4_HOSTS=c ..", "PIN4_BAD=1"),
	LOAD(level_off_says_nothing, "a..b\nc\n", "c", "c=c(rules) ", "", "PIN4_LOG=off",
	     "PIN4_LOG_FILE=/proc/self/fd/2", "PIN4_CONFIG=rules", "PIN4_HOSTS=..", "PIN4_BAD=1"),
	LOAD(log_file_gets_the_complaints, "a..b\nc\n", "c", "c=c(rules) ",
	     BAD("rules:1:1: a..b", EMPTY_LABEL), "PIN4_LOG_FILE=/proc/self/fd/2",
	     "PIN4_CONFIG=rules"),
	LOAD_NONE(file_missing_and_named_is_reported, "a", "a=a(PIN4_HOSTS) ",
		  "error: rules: its rules are not in force: ENOENT\n", "PIN4_CONFIG=rules",
		  "PIN4_HOSTS=a"),
	LOAD_NONE(file_that_is_a_directory_is_reported, "a", "a=a(PIN4_HOSTS) ",
		  "error: .: its rules are not in force: it is not a regular file\n",
		  "PIN4_CONFIG=.", "PIN4_HOSTS=a"),
	LOAD_NONE(file_that_is_dev_zero_is_reported, "a", "a=a(PIN4_HOSTS) ",
		  "error: /dev/zero: its rules are not in force: it is not a regular file\n",
		  "PIN4_CONFIG=/dev/zero", "PIN4_HOSTS=a"),
	LOAD_NONE(file_with_a_hostile_name_is_escaped, "a", "a ",
		  "error: x\\x0a\\x1b\\xff: its rules are not in force: ENOENT\n",
		  "PIN4_CONFIG=x\n\x1b\xff"),
	LOAD(file_without_a_last_line_end_is_in_force, "a\nb\nc.example", "a b c.example",
	     "a=a(rules) b=b(rules) c.example=c.example(rules) ", "", "PIN4_CONFIG=rules"),
	LOAD(file_with_a_byte_order_mark_is_reported_and_in_force,
	     "\xef\xbb\xbf"
	     "a\nb\n",
	     "a b", "a=a(rules) b=b(rules) ",
	     BAD("rules:1:1: \\xef\\xbb\\xbf",
		 "remove the byte order mark: save the text as UTF-8 without one"),
	     "PIN4_CONFIG=rules"),
	LOAD(hosts_in_quotes_are_reported, "", "a x.b", "a x.b ",
	     BAD("PIN4_HOSTS:1:1: \\x22a", QUOTES) BAD("PIN4_HOSTS:1:4: *.b\\x22", QUOTES),
	     "PIN4_CONFIG=rules", "PIN4_HOSTS=\"a,*.b\""),
	LOAD(file_with_a_nul_is_reported_and_the_rest_holds, "a\nb\0.evil\nc\n", "a b b.evil c",
	     "a=a(rules) b b.evil c=c(rules) ", BAD("rules:2:1: b\\x00.evil", "a NUL byte"),
	     "PIN4_CONFIG=rules"),
	LOAD(file_with_crlf_is_in_force, "a\r\n\r\n*.b\r\n", "a x.b", "a=a(rules) x.b=*.b(rules) ",
	     "", "PIN4_CONFIG=rules"),
	LOAD(hosts_with_bad_rules_have_each_reported_in_place, "", "a b",
	     "a=a(PIN4_HOSTS) b=b(PIN4_HOSTS) ",
	     BAD("PIN4_HOSTS:1:3: 1.2.3.4", ADDRESS)
		     BAD("PIN4_HOSTS:2:3: \\xc3\\xbc.de", NOT_ASCII),
	     "PIN4_CONFIG=rules", "PIN4_HOSTS=a,1.2.3.4\nb \xc3\xbc.de"),
	LOAD(hosts_without_line_end_are_whole, "", "a", "a=a(PIN4_HOSTS) ", "", "PIN4_CONFIG=rules",
	     "PIN4_HOSTS=a"),
	LOAD(hosts_with_a_rule_of_80_bytes_shows_it_whole, "", "a", "a ",
	     BAD("PIN4_HOSTS:1:1: " L80, LONG_LABEL), "PIN4_CONFIG=rules", "PIN4_HOSTS=" L80),
	LOAD(hosts_with_a_rule_of_81_bytes_shows_80_and_dots, "", "a", "a ",
	     BAD("PIN4_HOSTS:1:1: " L80 "...", LONG_LABEL), "PIN4_CONFIG=rules",
	     "PIN4_HOSTS=" L80 "k"),
	LOAD(file_and_hosts_with_bad_rules_are_both_reported, "..\n", "a", "a ",
	     BAD("rules:1:1: ..", EMPTY_LABEL) BAD("PIN4_HOSTS:1:1: ..", EMPTY_LABEL),
	     "PIN4_CONFIG=rules", "PIN4_HOSTS=.."),
	LOAD(variable_unknown_is_reported_with_the_rules, "", "a", "a=a(PIN4_HOSTS) ",
	     "error: PIN4_HOST: unknown variable: see pin4(1)\n", "PIN4_CONFIG=rules",
	     "PIN4_HOSTS=a", "PIN4_HOST=b"),
	cmocka_unit_test(load_of_24_bad_rules_reports_20_and_counts_the_others),
	CHILD(load_of_a_file_too_large_is_reported_and_hosts_hold, load_a_large_file,
	      "a b=b(PIN4_HOSTS) ",
	      "error: rules: its rules are not in force: it is larger than 64 MiB\n"),
	CHILD(load_without_memory_at_each_call_gives_what_it_can_and_later_all, load_without_memory,
	      "a b=b(PIN4_HOSTS) a=a(rules) b=b(PIN4_HOSTS) ", ""),
	cmocka_unit_test(load_by_threads_publishes_and_reports_once),
	CHILD(read_twice_gives_two_of_their_own, read_twice,
	      "1 2 a=a(rules) b=b(PIN4_HOSTS) d a b=b(PIN4_HOSTS) d=d(rules) 2 1",
	      "error: 2 more rules are bad: \"pin4 rules\" lists them\n" BAD("PIN4_HOSTS:1:3: .c",
									     EMPTY_LABEL)),
};

int main(void)
{
	return cmocka_run_group_tests(tests, unit_enter_directory, unit_leave_directory);
}
