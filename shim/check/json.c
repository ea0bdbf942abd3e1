/* SPDX-License-Identifier: MIT */
/* The host report as one JSON object (RFC 8259); pin4(1) documents its members. */
#include <string.h>
#include <unistd.h>

#include "check.h"

static void put_quoted(struct log_line *line, const char *bytes, size_t len)
{
	static const char hex[] = "0123456789abcdef";

	log_text(line, "\"");
	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		const char plain[] = { bytes[i], '\0' };
		const char coded[] = { '\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15], '\0' };
		bool is_plain = byte >= ' ' && byte < 0x7f && byte != '"' && byte != '\\';

		log_text(line, is_plain ? plain : coded);
	}
	log_text(line, "\"");
}

/* What stands before a value: commas, names and colons, as they are. */
static void put_text(struct log_line *line, const char *before, const char *text)
{
	log_text(line, before);
	if (text)
		put_quoted(line, text, strlen(text));
	else
		log_text(line, "null");
}

static void put_number(struct log_line *line, const char *before, unsigned long number)
{
	log_text(line, before);
	log_number(line, number);
}

static void put_called(struct log_line *line, bool (*put)(struct log_line *, int), int error)
{
	struct log_line called = { .len = 0 };

	put(&called, error);
	log_text(line, ",\"called\":");
	if (called.len)
		put_quoted(line, called.text, called.len);
	else
		log_text(line, "null");
}

static void flush(struct log_line *line)
{
	check_flush(STDOUT_FILENO, line);
}

static void print_head(const struct check_report *report)
{
	struct log_line line = { .len = 0 };
	char path[256] = "";

	log_text(&line, "{\"pin4\":\"" PIN4_VERSION "\",\"libc\":\"");
	check_put_libc(&line);
	log_text(&line, "\",\"architecture\":\"" CHECK_MACHINE "\",\n\"program\":");
	put_quoted(&line, path, check_program_path(path, sizeof(path)));
	put_text(&line, ",\n\"host\":", report->host);
	flush(&line);
	if (report->port)
		put_number(&line, ",\"port\":", report->port);
	else
		put_text(&line, ",\"port\":", NULL);
	flush(&line);
}

static void print_rule(const struct check_report *report)
{
	const struct rule *rule = &report->rule;
	struct log_line line = { .len = 0 };
	size_t row, column;

	if (report->view.rule == CHECK_UNPINNED) {
		put_text(&line, ",\n\"rule\":", NULL);
	} else {
		rules_place(rule, &row, &column);
		put_text(&line, ",\n\"rule\":{\"verb\":", rules_verb_name(rule->verb));
		log_text(&line, ",\"text\":");
		put_quoted(&line, rule->token, rule->token_len);
		put_text(&line, ",\"source\":", rule->source->name);
		put_number(&line, ",\"line\":", row);
		put_number(&line, ",\"column\":", column);
		log_text(&line, "}");
	}
	flush(&line);
}

static void put_address(struct log_line *line, const struct check_address *address)
{
	log_text(line, "\"");
	check_put_address(line, address);
	log_text(line, "\"");
}

static void print_lookup(const struct check_report *report, enum check_question question)
{
	static const char asked[][12] = { "AF_INET", "AF_INET6", "AF_UNSPEC", "AF_INET6",
					  "AF_UNSPEC" };
	const struct check_answer *answer = &report->answers[question];
	int error = answer->error;
	struct log_line line = { .len = 0 };

	put_text(&line, question ? ",\n {\"asked\":" : "\n {\"asked\":", asked[question]);
	log_text(&line, question >= CHECK_PINNED_AAAA ? ",\"pin4\":true" : ",\"pin4\":false");
	put_number(&line, ",\"us\":", answer->microseconds);
	put_text(&line, ",\"error\":", error ? check_lookup_name(error) : NULL);
	if (error)
		put_called(&line, check_put_lookup_called, error);
	log_text(&line, ",\"addresses\":[");
	for (unsigned i = 0; i < answer->count && i < CHECK_ADDRESSES; i++) {
		log_text(&line, i ? "," : "");
		put_address(&line, &answer->addresses[i]);
	}
	log_text(&line, "]}");
	flush(&line);
}

static void print_attempt(const struct check_report *report, size_t i)
{
	const struct check_attempt *attempt = &report->attempts[i];
	struct log_line line = { .len = 0 };

	log_text(&line, i ? ",\n {\"address\":" : "\n {\"address\":");
	put_address(&line, attempt->address);
	put_number(&line, ",\"us\":", attempt->microseconds);
	log_text(&line, ",\"error\":");
	log_text(&line, attempt->error ? "\"" : "null");
	if (attempt->error) {
		log_errno(&line, attempt->error);
		log_text(&line, "\"");
		put_called(&line, check_put_connect_called, attempt->error);
	}
	log_text(&line, "}");
	flush(&line);
}

static void print_verdict(const struct check_report *report)
{
	const struct check_view *view = &report->view;
	struct log_line line = { .len = 0 };

	put_text(&line, "],\n\"verdict\":", check_verdict_name(check_judge(view)));
	log_text(&line, ",\"words\":\"");
	check_put_state(&line, report);
	log_text(&line, " ");
	log_text(&line, check_verdict_words(view));
	log_text(&line, check_is_good(view) ? "\",\n\"connects\":true" : "\",\n\"connects\":false");
	flush(&line);
	log_text(&line, ",\"cure\":[");
	for (size_t i = 0; check_has_cure(view) && i < CHECK_CURES; i++) {
		struct log_line cure = { .len = 0 };

		log_text(&line, i ? ",\n " : "\n ");
		check_put_cure(&cure, report, i);
		put_quoted(&line, cure.text, cure.len);
		flush(&line);
	}
	log_text(&line, "]}\n");
	flush(&line);
}

void check_print_json(const struct check_report *report)
{
	struct log_line line = { .len = 0 };

	print_head(report);
	print_rule(report);
	log_text(&line, ",\n\"lookups\":[");
	flush(&line);
	for (unsigned i = 0; i < check_asked(report); i++)
		print_lookup(report, (enum check_question)i);
	log_text(&line, "]");
	if (check_is_torn(report)) {
		put_text(&line, ",\n\"names\":[", report->answers[CHECK_A].name);
		put_text(&line, ",", report->answers[CHECK_AAAA].name);
		log_text(&line, "]");
	}
	log_text(&line, ",\n\"connections\":[");
	flush(&line);
	for (size_t i = 0; i < report->attempt_count; i++)
		print_attempt(report, i);
	print_verdict(report);
}
