/* SPDX-License-Identifier: MIT */
/* The reports. It relies on running before main, alone in the process. */
#include "check.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "allowlist.h"
#include "hostname.h"
#include "log.h"
#include "program.h"

/* What follows prefix in text, or NULL. */
static const char *after(const char *text, const char *prefix)
{
	while (*prefix)
		if (*text++ != *prefix++)
			return NULL;
	return text;
}

static void write_line(int fd, struct log_line *line)
{
	log_text(line, "\n");
	check_flush(fd, line);
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

/* A decimal number from 1 to most, whose end is *end; 0 if there is none. */
static unsigned parse_number(const char *text, unsigned most, const char **end)
{
	unsigned number = 0;

	while (*text >= '0' && *text <= '9' && number <= most)
		number = number * 10 + (unsigned)(*text++ - '0');
	*end = text;
	return number <= most ? number : 0;
}

static const char *find_byte(const char *text, char wanted)
{
	while (*text && *text != wanted)
		text++;
	return text;
}

/* Splits HOST, HOST:PORT, [ADDRESS], [ADDRESS]:PORT or a bare IPv6 address: terminates the host
 * in text, which has to be writable, and returns it; NULL if it is none of these. */
static char *parse_target(char *text, unsigned *port)
{
	bool is_bracketed = *text == '[';
	const char *end;
	char *host = text + is_bracketed;
	char *colon = host + (find_byte(host, is_bracketed ? ']' : ':') - host);

	*port = 0;
	if (!is_bracketed && *colon && *find_byte(colon + 1, ':'))
		return host;
	if (colon == host || (is_bracketed && !*colon))
		return NULL;
	if (is_bracketed)
		*colon++ = '\0';
	if (!*colon)
		return host;
	if (*colon != ':' || !(*port = parse_number(colon + 1, 65535, &end)) || *end)
		return NULL;
	*colon = '\0';
	return host;
}

/* Whatever it is, it is not shown: it may hold a password. */
static int refuse_request(void)
{
	struct log_line line = { .len = 0 };

	log_text(&line, "pin4: PIN4_CHECK is none of host[/SECONDS]:HOST[:PORT], "
			"json[/SECONDS]:HOST[:PORT], rules and program:PATH, with SECONDS from 1 "
			"to 600");
	write_line(STDERR_FILENO, &line);
	return CHECK_USAGE;
}

static bool has_byte(const char *text, char wanted)
{
	return *find_byte(text, wanted);
}

/* Shows nothing of a URL, of user@host and of name=value, which may hold a password. */
static int refuse_target(const char *target)
{
	bool is_secret = has_byte(target, '@') || has_byte(target, '/') || has_byte(target, '=');
	size_t len = strlen(target);
	struct log_line line = { .len = 0 };

	log_text(&line, "pin4: ");
	log_shortened(&line, target, len, is_secret ? 0 : 80);
	log_text(&line, ": ");
	log_text(&line, hostname_fault(target, len) == HOSTNAME_NOT_ASCII
				? rules_reason(RULE_NOT_ASCII)
				: "not a HOST, HOST:PORT or [ADDRESS]:PORT");
	write_line(STDERR_FILENO, &line);
	return CHECK_USAGE;
}

/* [/SECONDS]:TARGET */
static int check_target(const char *request, bool is_json)
{
	enum { USUAL = 5, MOST = 600 };
	unsigned seconds = USUAL;
	size_t len;
	unsigned port;
	char target[512];
	char *host = NULL;

	if (*request == '/')
		seconds = parse_number(request + 1, MOST, &request);
	if (!seconds || *request++ != ':')
		return refuse_request();
	len = strlen(request);
	if (len < sizeof(target)) {
		memcpy(target, request, len + 1);
		host = parse_target(target, &port);
	}
	if (!host || !check_is_host(host))
		return refuse_target(request);
	return check_host(host, port, seconds * 1000, is_json);
}

static int check(const char *request)
{
	const char *rest;

	if (strcmp(request, "rules") == 0)
		return check_rules();
	if ((rest = after(request, "program:")))
		return check_program(rest);
	if ((rest = after(request, "host")))
		return check_target(rest, false);
	if ((rest = after(request, "json")))
		return check_target(rest, true);
	return refuse_request();
}

_Noreturn void check_run(const char *request)
{
	int status = check(request);

	for (;;)
		syscall(SYS_exit_group, status);
}
