/* SPDX-License-Identifier: MIT */
/* Reads the launcher's command line. It relies on strcmp. */
#include "command.h"

#include <stddef.h>
#include <string.h>

static const char unknown[] = "unknown option % (see pin4 --help)";

static bool refuse(struct command_fault *fault, const char *message, const char *what)
{
	*fault = (struct command_fault){ message, what };
	return false;
}

static bool is(const char *text, const char *other)
{
	return strcmp(text, other) == 0;
}

static bool is_help(const char *text)
{
	return is(text, "--help") || is(text, "-h");
}

static bool is_number(const char *text)
{
	const char *end = text;

	while (*end >= '0' && *end <= '9')
		end++;
	return end != text && !*end;
}

/* From 1 to 600, without a leading zero. */
static bool is_wait(const char *text)
{
	unsigned number = 0;

	if (!text || !is_number(text) || *text == '0')
		return false;
	while (*text && number <= 600)
		number = number * 10 + (unsigned)(*text++ - '0');
	return number <= 600;
}

/* check's own options, up to HOST. */
static bool parse_check_options(char ***at, struct command *ret, struct command_fault *fault)
{
	for (; **at && ***at == '-'; ++*at) {
		const char *option = **at;

		if (is(option, "--json")) {
			ret->is_json = true;
		} else if (is(option, "--timeout")) {
			ret->seconds = *++*at;
			if (!is_wait(ret->seconds))
				return refuse(fault, "%: write seconds, from 1 to 600", option);
		} else if (is(option, "-H") || is(option, "-c") || is(option, "-v")) {
			return refuse(fault,
				      "%: write it before check, as in pin4 -H RULES check HOST",
				      option);
		} else {
			return refuse(fault, unknown, option);
		}
	}
	return true;
}

static bool parse_check(char **at, struct command *ret, struct command_fault *fault)
{
	if (!parse_check_options(&at, ret, fault))
		return false;
	if (!*at)
		return refuse(fault, "check needs HOST or HOST:PORT", NULL);
	ret->subject = *at++;
	if (*at && is(*at, "--"))
		ret->program = *++at;
	else if (*at && **at == '-')
		return refuse(fault, "%: options come before HOST", *at);
	else if (*at && is_number(*at))
		return refuse(fault, "%: write HOST:PORT", *at);
	else if (*at)
		return refuse(fault, "%: check takes one host; a program comes after --", *at);
	if (ret->program && at[1])
		return refuse(fault, "%: check takes one program, without arguments", at[1]);
	return true;
}

static bool parse_doctor(char **at, struct command *ret, struct command_fault *fault)
{
	char **option = ret->options;

	if (!*at || at[1])
		return refuse(fault, "doctor needs one process id or one program", NULL);
	if (ret->config || command_next_rules(&option))
		return refuse(fault,
			      "doctor takes no %: a process has the rules that it was started with",
			      ret->config ? "-c" : "-H");
	ret->subject = *at;
	return true;
}

/* at is behind the word that named the subcommand. */
static bool parse_subcommand(char **at, struct command *ret, struct command_fault *fault)
{
	if (*at && is_help(*at)) {
		ret->kind = COMMAND_HELP;
		return true;
	}
	if (ret->kind == COMMAND_CHECK)
		return parse_check(at, ret, fault);
	if (ret->kind == COMMAND_DOCTOR)
		return parse_doctor(at, ret, fault);
	if (*at)
		return refuse(fault, "% takes no arguments", at[-1]);
	return true;
}

/* Whether the option at *at is known; moves *at to its value if it has one. */
static bool parse_option(char ***at, struct command *ret, struct command_fault *fault)
{
	const char *option = **at;

	if (is(option, "-H") || is(option, "-c")) {
		const char *value = *++*at;

		if (!value || !*value || *value == '-')
			return refuse(fault, "option % needs a value", option);
		if (option[1] == 'c')
			ret->config = value;
	} else if (is(option, "-v")) {
		ret->is_verbose = true;
	} else if (is(option, "--require")) {
		ret->is_required = true;
	} else {
		return refuse(fault, unknown, option);
	}
	return true;
}

static enum command_kind subcommand(const char *word)
{
	static const struct {
		char word[8];
		enum command_kind kind;
	} words[] = { { "rules", COMMAND_RULES },
		      { "check", COMMAND_CHECK },
		      { "doctor", COMMAND_DOCTOR },
		      { "live", COMMAND_LIVE } };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is(word, words[i].word))
			return words[i].kind;
	return COMMAND_RUN;
}

bool command_parse(char **argv, struct command *ret, struct command_fault *fault)
{
	char **at = *argv ? argv + 1 : argv;

	*ret = (struct command){ .kind = COMMAND_RUN, .options = at };
	for (; *at && **at == '-' && !is(*at, "--"); at++) {
		if (is_help(*at) || is(*at, "--version")) {
			ret->kind = is_help(*at) ? COMMAND_HELP : COMMAND_VERSION;
			return true;
		}
		if (!parse_option(&at, ret, fault))
			return false;
	}
	if (*at && **at != '-')
		ret->kind = subcommand(*at);
	else if (*at)
		at++;
	if (!*at)
		return refuse(fault, "no command given (see pin4 --help)", NULL);
	if (ret->kind != COMMAND_RUN)
		return parse_subcommand(at + 1, ret, fault);
	ret->run = at;
	return true;
}

const char *command_next_rules(char ***at)
{
	for (; **at && ***at == '-' && !is(**at, "--"); ++*at) {
		bool has_rules = is(**at, "-H");

		if (has_rules || is(**at, "-c"))
			++*at;
		if (has_rules)
			return *(*at)++;
	}
	return NULL;
}
