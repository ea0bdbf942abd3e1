/* SPDX-License-Identifier: MIT */
/* Reads the launcher's command line. */
#include <string.h>

#include "check/check.h"
#include "launch.h"

static bool refuse(struct command *ret, const char *fault, const char *what)
{
	ret->kind = COMMAND_WRONG;
	ret->fault = fault;
	ret->what = what;
	return false;
}

static bool is(const char *text, const char *other)
{
	return strcmp(text, other) == 0;
}

/* From 1 to most. */
static bool is_number(const char *text, unsigned most)
{
	const char *rest;

	return check_number(text, most, &rest) && !*rest;
}

/* Reads one option, with *at on it, and moves *at to its value if it has one. Returns false where
 * the command line is decided. */
static bool parse_option(char ***at, struct command *ret)
{
	const char *option = **at;

	if (is(option, "--help") || is(option, "-h")) {
		ret->kind = COMMAND_HELP;
		return false;
	} else if (is(option, "--version")) {
		ret->kind = COMMAND_VERSION;
		return false;
	} else if (is(option, "-H") || is(option, "-c")) {
		char *value = *++*at;

		if (!value || !*value || *value == '-')
			return refuse(ret, "option %s needs a value", option);
		if (option[1] == 'H')
			ret->rules[ret->rule_count++] = value;
		else
			ret->config = value;
	} else if (is(option, "-v")) {
		ret->is_verbose = true;
	} else if (is(option, "--require")) {
		ret->is_required = true;
	} else if (ret->kind == COMMAND_CHECK && is(option, "--json")) {
		ret->is_json = true;
	} else if (ret->kind == COMMAND_CHECK && is(option, "--timeout")) {
		ret->seconds = *++*at;
		if (!ret->seconds || *ret->seconds == '0' || !is_number(ret->seconds, 600))
			return refuse(ret, "%s: write seconds, from 1 to 600", option);
	} else {
		return refuse(ret, "unknown option %s (see pin4 --help)", option);
	}
	return true;
}

static bool parse_options(char ***at, struct command *ret)
{
	for (; **at && ***at == '-' && !is(**at, "--"); ++*at)
		if (!parse_option(at, ret))
			return false;
	return true;
}

static bool parse_check(char **at, struct command *ret)
{
	if (!*at || **at == '-')
		return refuse(ret, "check needs HOST or HOST:PORT", "");
	ret->subject = *at++;
	if (!*at)
		return true;
	if (is(*at, "--"))
		ret->program = *++at;
	else if (**at == '-')
		return refuse(ret, "%s: options come before HOST", *at);
	else if (is_number(*at, 65535))
		return refuse(ret, "%s: write HOST:PORT", *at);
	else
		return refuse(ret, "%s: check takes one host; a program comes after --", *at);
	if (ret->program && at[1])
		return refuse(ret, "%s: check takes one program, without arguments", at[1]);
	return true;
}

static bool parse_doctor(char **at, struct command *ret)
{
	enum { PID_MAX = 1 << 22 }; /* the kernel's PID_MAX_LIMIT */

	if (!*at || at[1])
		return refuse(ret, "doctor needs one process id or one program", "");
	if (ret->config || ret->rule_count)
		return refuse(
			ret, "doctor takes no %s: a process has the rules that it was started with",
			ret->config ? "-c" : "-H");
	if (is_number(*at, PID_MAX))
		ret->subject = *at;
	else
		ret->program = *at;
	return true;
}

static enum command_kind subcommand(const char *word)
{
	static const char words[][8] = { "rules", "check", "doctor", "live" };

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (is(word, words[i]))
			return COMMAND_RULES + i;
	return COMMAND_RUN;
}

void command_parse(char **argv, struct command *ret)
{
	char **at = *argv ? argv + 1 : argv;

	*ret = (struct command){ .rules = at };
	if (!parse_options(&at, ret))
		return;
	if (*at && **at != '-')
		ret->kind = subcommand(*at);
	else if (*at)
		at++;
	ret->run = at++;
	if (!*ret->run)
		refuse(ret, "no command given (see pin4 --help)", "");
	else if (ret->kind == COMMAND_RUN || !parse_options(&at, ret))
		return;
	else if (ret->kind == COMMAND_CHECK)
		parse_check(at, ret);
	else if (ret->kind == COMMAND_DOCTOR)
		parse_doctor(at, ret);
	else if (*at)
		refuse(ret, "%s takes no arguments", *ret->run);
}
