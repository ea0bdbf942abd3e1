/* SPDX-License-Identifier: MIT */
/* The host report as text: for a tired person at a terminal. */
#include <string.h>
#include <unistd.h>

#include "check.h"

/* Begins a line; the label stands on the first of its kind only. */
static void begin(struct log_line *line, const char *label)
{
	enum { INDENT = 10 };

	line->len = 0;
	log_text(line, label);
	while (line->len < INDENT)
		log_text(line, " ");
}

static void finish(struct log_line *line)
{
	log_text(line, "\n");
	check_flush(STDOUT_FILENO, line);
}

static void put_time(struct log_line *line, unsigned microseconds)
{
	log_text(line, " (");
	log_number(line, microseconds / 1000);
	log_text(line, ".");
	log_number(line, microseconds / 100 % 10);
	log_text(line, " ms)");
}

static void print_called(bool (*put_called)(struct log_line *, int), int error)
{
	struct log_line line;

	begin(&line, "");
	if (put_called(&line, error))
		finish(&line);
}

static void put_addresses(struct log_line *line, const struct check_answer *answer)
{
	if (answer->error)
		log_text(line, check_lookup_name(answer->error));
	for (unsigned i = 0; i < answer->count && i < CHECK_ADDRESSES; i++) {
		log_text(line, i ? ", " : "");
		check_put_address(line, &answer->addresses[i]);
	}
	if (answer->count > CHECK_ADDRESSES)
		log_text(line, ", ...");
}

static void print_head(const struct check_report *report)
{
	struct log_line line;
	char path[256] = "";

	begin(&line, "pin4");
	log_text(&line, PIN4_VERSION " in ");
	log_escaped(&line, path, check_program_path(path, sizeof(path)));
	log_text(&line, " (");
	check_put_libc(&line);
	log_text(&line, ", " CHECK_MACHINE ")");
	finish(&line);
	begin(&line, "host");
	log_escaped(&line, report->host, strlen(report->host));
	if (report->port) {
		log_text(&line, " port ");
		log_number(&line, report->port);
	}
	finish(&line);
}

static void print_rule(const struct check_report *report)
{
	struct log_line line;
	size_t row, column;

	begin(&line, "rule");
	if (report->view.rule == CHECK_UNPINNED) {
		log_text(&line, "none matches");
	} else {
		rules_place(&report->rule, &row, &column);
		log_escaped(&line, report->rule.token, report->rule.token_len);
		log_text(&line, " (");
		log_escaped(&line, report->rule.source->name, strlen(report->rule.source->name));
		log_text(&line, ":");
		log_number(&line, row);
		log_text(&line, ":");
		log_number(&line, column);
		log_text(&line, ")");
	}
	finish(&line);
}

static void print_answer(const char *label, const struct check_answer *answer)
{
	struct log_line line;

	begin(&line, label);
	put_addresses(&line, answer);
	if (answer->error) {
		log_text(&line, ": ");
		log_text(&line, check_lookup_words(answer->error));
	}
	if (answer->error_errno) {
		log_text(&line, ": ");
		log_errno(&line, answer->error_errno);
	}
	put_time(&line, answer->microseconds);
	finish(&line);
	print_called(check_put_lookup_called, answer->error);
}

static void print_names(const struct check_report *report)
{
	struct log_line line;

	begin(&line, "names");
	log_text(&line, "IPv4 and IPv6 answer under different names: ");
	log_escaped(&line, report->answers[CHECK_A].name, strlen(report->answers[CHECK_A].name));
	log_text(&line, " and ");
	log_escaped(&line, report->answers[CHECK_AAAA].name,
		    strlen(report->answers[CHECK_AAAA].name));
	finish(&line);
}

static void print_attempt(const struct check_report *report, size_t i)
{
	const struct check_attempt *attempt = &report->attempts[i];
	struct log_line line;

	begin(&line, i ? "" : report->port ? "connect" : "route");
	check_put_address(&line, attempt->address);
	log_text(&line, attempt->error ? ": " : report->port ? ": connected" : ": there is one");
	if (attempt->error) {
		log_errno(&line, attempt->error);
		log_text(&line, ": ");
		log_text(&line, check_connect_words(attempt->error, attempt->is_local));
	}
	if (report->port)
		put_time(&line, attempt->microseconds);
	finish(&line);
	print_called(check_put_connect_called, attempt->error);
}

/* What callers get: from the libc, and with pin4 where a rule changes it. */
static void print_caller(const struct check_report *report, const char *family,
			 enum check_question bare, enum check_question pinned)
{
	struct log_line line;

	begin(&line, bare == CHECK_ANY ? "callers" : "");
	log_text(&line, family);
	log_text(&line, " get ");
	put_addresses(&line, &report->answers[bare]);
	log_text(&line, pinned == bare ? "" : ", with pin4 ");
	if (pinned != bare)
		put_addresses(&line, &report->answers[pinned]);
	finish(&line);
}

static void print_callers(const struct check_report *report)
{
	bool is_changed = check_asked(report) == CHECK_QUESTIONS;

	print_caller(report, "AF_UNSPEC", CHECK_ANY, is_changed ? CHECK_PINNED_ANY : CHECK_ANY);
	print_caller(report, "AF_INET6", CHECK_AAAA, is_changed ? CHECK_PINNED_AAAA : CHECK_AAAA);
	print_caller(report, "AF_INET", CHECK_A, CHECK_A);
}

static void print_cure(const struct check_report *report)
{
	static const char labels[CHECK_CURES][16] = { "Dockerfile", "one command", "running node" };
	struct log_line line;

	for (size_t i = 0; i < CHECK_CURES; i++) {
		begin(&line, i ? "" : "cure");
		log_text(&line, labels[i]);
		while (line.len < 24)
			log_text(&line, " ");
		check_put_cure(&line, report, i);
		finish(&line);
	}
}

void check_print_text(const struct check_report *report)
{
	const struct check_view *view = &report->view;
	struct log_line line;

	print_head(report);
	print_rule(report);
	if (!view->is_address) {
		print_answer("A", &report->answers[CHECK_A]);
		print_answer("AAAA", &report->answers[CHECK_AAAA]);
	}
	if (check_is_torn(report))
		print_names(report);
	for (size_t i = 0; i < report->attempt_count; i++)
		print_attempt(report, i);
	if (!view->is_address)
		print_callers(report);
	begin(&line, "verdict");
	check_put_state(&line, report);
	finish(&line);
	begin(&line, "");
	log_text(&line, check_verdict_words(view));
	finish(&line);
	if (check_has_cure(view))
		print_cure(report);
}
