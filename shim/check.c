/* SPDX-License-Identifier: MIT */
/* The reports. It relies on running before main, alone in the process. */
#include "check.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "allowlist.h"
#include "log.h"
#include "program.h"

enum { CHECK_GOOD = 0, CHECK_BAD = 1, CHECK_USAGE = 2, CHECK_NOT_LOADED = 3 };

static void write_line(int fd, struct log_line *line)
{
	size_t done = 0;

	log_text(line, "\n");
	while (done < line->len) {
		long put = syscall(SYS_write, fd, line->text + done, line->len - done);

		if (put < 0 && errno != EINTR)
			return;
		done += put > 0 ? (size_t)put : 0;
	}
}

static void print_rule(const struct rule *rule)
{
	struct log_line line = { .len = 0 };
	size_t row, column;

	rules_place(rule, &row, &column);
	log_text(&line, rules_verb_name(rule->verb));
	log_text(&line, !rule->is_below ? "\t" : rule->name_len ? "\t*." : "\t*");
	log_escaped(&line, rule->name, rule->name_len);
	log_text(&line, "\t");
	log_escaped(&line, rule->source->name, strlen(rule->source->name));
	log_text(&line, ":");
	log_number(&line, row);
	log_text(&line, ":");
	log_number(&line, column);
	write_line(STDOUT_FILENO, &line);
}

static int check_rules(void)
{
	const struct rules_text *texts;
	struct reading reading;
	size_t count;

	if (!allowlist_read(&reading))
		return CHECK_BAD;
	log_remember_stderr();
	log_open(LOG_ERROR, NULL);
	settings_complain();
	count = rules_texts(reading.rules, &texts);
	for (size_t i = 0; i < count; i++) {
		struct rule rule;
		size_t at = 0;

		while (rules_next(&texts[i], &at, &rule))
			if (rules_has(reading.rules, &rule))
				print_rule(&rule);
	}
	return allowlist_complain(&reading, SIZE_MAX) ? CHECK_BAD : CHECK_GOOD;
}

static int check_program(const char *path)
{
	struct log_line line = { .len = 0 };
	char culprit[256];
	enum program_fault fault = program_look(path, culprit);
	int error = errno;

	if (fault == PROGRAM_LOADS)
		return CHECK_GOOD;
	log_escaped(&line, culprit[0] ? culprit : path, strlen(culprit[0] ? culprit : path));
	log_text(&line, ": ");
	log_text(&line, program_reason(fault));
	if (fault == PROGRAM_UNREADABLE)
		log_errno(&line, error);
	write_line(STDERR_FILENO, &line);
	return CHECK_NOT_LOADED;
}

_Noreturn void check_run(const char *request)
{
	static const char program[] = "program:";
	int status = CHECK_USAGE;

	if (strcmp(request, "rules") == 0)
		status = check_rules();
	else if (strlen(request) >= sizeof(program) - 1 &&
		 memcmp(request, program, sizeof(program) - 1) == 0)
		status = check_program(request + sizeof(program) - 1);
	for (;;)
		syscall(SYS_exit_group, status);
}
