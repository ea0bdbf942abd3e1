/* SPDX-License-Identifier: MIT */
/* The host report as text: for a tired person at a terminal. */
#include "check.h"

static void print_called(const char *called)
{
	if (called)
		check_print("          %s\n", called);
}

static void print_head(const struct check_report *report)
{
	const struct rule *rule = &report->rule;
	const char *glibc = check_glibc_version();
	size_t row, column;
	char path[256];

	check_print("pin4      " PIN4_VERSION " in %q", check_program(path));
	check_print(" (%s%s, " CHECK_MACHINE ")\nhost      %q", glibc ? "glibc " : "musl",
		    glibc ? glibc : "", report->host);
	check_print(report->port ? " port %u\nrule      " : "\nrule      ", report->port);
	if (report->view.rule == CHECK_UNPINNED) {
		check_print("none matches\n");
	} else {
		rules_place(rule, &row, &column);
		check_print("%b (%q:%u:%u)\n", rule->token_len, rule->token, rule->source->name,
			    (unsigned)row, (unsigned)column);
	}
}

static void print_addresses(const struct check_answer *answer)
{
	if (answer->error)
		check_print("%s", check_lookup_name(answer->error));
	for (unsigned i = 0; i < answer->count && i < CHECK_ADDRESSES; i++)
		check_print(i ? ", %a" : "%a", &answer->addresses[i]);
	if (answer->count > CHECK_ADDRESSES)
		check_print(", ...");
}

static void print_time(unsigned microseconds)
{
	check_print(" (%u.%u ms)", microseconds / 1000, microseconds / 100 % 10);
}

static void print_answer(const char *label, const struct check_answer *answer)
{
	struct log_line called = { .len = 0 };

	check_print("%s", label);
	print_addresses(answer);
	if (answer->error)
		check_print(": %s", check_lookup_words(answer->error));
	if (answer->error_errno)
		check_print(": %e", answer->error_errno);
	print_time(answer->microseconds);
	check_print("\n");
	print_called(check_lookup_called(answer->error, &called));
}

static void print_attempt(const struct check_report *report, size_t i)
{
	const struct check_attempt *attempt = &report->attempts[i];
	int error = attempt->error;

	check_print(i              ? "          %a: "
		    : report->port ? "connect   %a: "
				   : "route     %a: ",
		    attempt->address);
	if (error)
		check_print("%e: %s", error, check_connect_words(error, attempt->is_local));
	else
		check_print(report->port ? "connected" : "there is one");
	if (report->port)
		print_time(attempt->microseconds);
	check_print("\n");
	print_called(check_connect_called(error));
}

/* What callers get: from the libc, and with pin4 where a rule changes it. */
static void print_callers(const struct check_report *report, const char *label,
			  enum check_question bare, enum check_question pinned)
{
	check_print("%s get ", label);
	print_addresses(&report->answers[bare]);
	if (pinned < check_asked(report)) {
		check_print(", with pin4 ");
		print_addresses(&report->answers[pinned]);
	}
	check_print("\n");
}

static void print_lookups(const struct check_report *report)
{
	const struct check_answer *answers = report->answers;

	print_answer("A         ", &answers[CHECK_A]);
	print_answer("AAAA      ", &answers[CHECK_AAAA]);
	if (check_is_torn(report))
		check_print("names     IPv4 and IPv6 answer under different names: %q and %q\n",
			    answers[CHECK_A].name, answers[CHECK_AAAA].name);
}

static void print_cure(const struct check_report *report)
{
	static const char labels[] = "cure      Dockerfile    %s\n\0"
				     "          one command   %s\n\0"
				     "          running node  %s\n";

	for (unsigned i = 0; i < CHECK_CURES; i++) {
		struct log_line cure = { .len = 0 };

		check_put_cure(&cure, report, i);
		check_print(check_text(labels, i), cure.text);
	}
}

void check_print_text(const struct check_report *report)
{
	const struct check_view *view = &report->view;
	struct log_line state = { .len = 0 };

	print_head(report);
	if (!view->is_address)
		print_lookups(report);
	for (size_t i = 0; i < report->attempt_count; i++)
		print_attempt(report, i);
	if (!view->is_address) {
		print_callers(report, "callers   AF_UNSPEC", CHECK_ANY, CHECK_PINNED_ANY);
		print_callers(report, "          AF_INET6", CHECK_AAAA, CHECK_PINNED_AAAA);
		print_callers(report, "          AF_INET", CHECK_A, CHECK_QUESTIONS);
	}
	check_put_state(&state, report);
	check_print("verdict   %s\n          %s\n", state.text, check_verdict_words(view));
	if (check_has_cure(view))
		print_cure(report);
}
