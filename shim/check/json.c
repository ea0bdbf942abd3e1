/* SPDX-License-Identifier: MIT */
/* The host report as one JSON object (RFC 8259); pin4(1) documents its members. */
#include "check.h"

static void print_head(const struct check_report *report)
{
	const struct rule *rule = &report->rule;
	const char *glibc = check_glibc_version();
	size_t row, column;
	char path[256];

	check_print("{\"pin4\":\"" PIN4_VERSION
		    "\",\"libc\":\"%s%s\",\"architecture\":\"" CHECK_MACHINE "\",\n",
		    glibc ? "glibc " : "musl", glibc ? glibc : "");
	check_print("\"program\":%j,\n", check_program(path));
	check_print("\"host\":%j,\"port\":", report->host);
	check_print(report->port ? "%u,\n\"rule\":" : "null,\n\"rule\":", report->port);
	if (report->view.rule == CHECK_UNPINNED) {
		check_print("null");
	} else {
		rules_place(rule, &row, &column);
		check_print("{\"verb\":\"%s\",\"text\":\"%b\",", rules_verb_name(rule->verb),
			    rule->token_len, rule->token);
		check_print("\"source\":%j,\"line\":%u,\"column\":%u}", rule->source->name,
			    (unsigned)row, (unsigned)column);
	}
}

static void print_lookup(const struct check_answer *answer, unsigned question)
{
	static const char asked[] = "AF_INET\0AF_INET6\0AF_UNSPEC\0AF_INET6\0AF_UNSPEC";
	int error = answer->error;
	struct log_line called = { .len = 0 };

	check_print("%s\n {\"asked\":\"%s\",\"pin4\":%s,\"us\":%u,\"error\":%j",
		    question ? "," : "", check_text(asked, question),
		    question < CHECK_PINNED_AAAA ? "false" : "true", answer->microseconds,
		    error ? check_lookup_name(error) : NULL);
	if (error)
		check_print(",\"called\":%j", check_lookup_called(error, &called));
	check_print(",\"addresses\":[");
	for (unsigned i = 0; i < answer->count && i < CHECK_ADDRESSES; i++)
		check_print(i ? ",\"%a\"" : "\"%a\"", &answer->addresses[i]);
	check_print("]}");
}

static void print_attempt(const struct check_attempt *attempt, bool is_first)
{
	int error = attempt->error;

	check_print("%s\n {\"address\":\"%a\",\"us\":%u,\"error\":", is_first ? "" : ",",
		    attempt->address, attempt->microseconds);
	check_print(error ? "\"%e\",\"called\":%j}" : "null}", error, check_connect_called(error));
}

static void print_verdict(const struct check_report *report)
{
	const struct check_view *view = &report->view;
	struct log_line state = { .len = 0 };

	check_put_state(&state, report);
	check_print("],\n\"verdict\":\"%s\",\"words\":\"%s %s\",\n\"connects\":%s,\"cure\":[",
		    check_verdict_name(check_judge(view)), state.text, check_verdict_words(view),
		    check_is_good(view) ? "true" : "false");
	for (unsigned i = 0; check_has_cure(view) && i < CHECK_CURES; i++) {
		struct log_line cure = { .len = 0 };

		check_put_cure(&cure, report, i);
		check_print(i ? ",\n %j" : "\n %j", cure.text);
	}
	check_print("]}\n");
}

void check_print_json(const struct check_report *report)
{
	const struct check_answer *answers = report->answers;

	print_head(report);
	check_print(",\n\"lookups\":[");
	for (unsigned i = 0; i < check_asked(report); i++)
		print_lookup(&answers[i], i);
	check_print("]");
	if (check_is_torn(report)) {
		check_print(",\n\"names\":[%j", answers[CHECK_A].name);
		check_print(",%j]", answers[CHECK_AAAA].name);
	}
	check_print(",\n\"connections\":[");
	for (size_t i = 0; i < report->attempt_count; i++)
		print_attempt(&report->attempts[i], i == 0);
	print_verdict(report);
}
