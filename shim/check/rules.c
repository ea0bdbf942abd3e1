/* SPDX-License-Identifier: MIT */
/* The report on rules, and what others need of them. */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

bool check_next_rule(const struct rules *rules, struct check_place *place, struct rule *ret)
{
	const struct rules_text *texts;
	size_t count = rules_texts(rules, &texts);

	for (; place->text < count; place->text++, place->at = 0)
		if (rules_next(&texts[place->text], &place->at, ret))
			return true;
	return false;
}

void check_put_rule(struct log_line *line, const struct rule *rule, const char *separator)
{
	log_text(line, rules_verb_name(rule->verb));
	log_text(line, separator);
	log_text(line, !rule->is_below ? "" : rule->name_len ? "*." : "*");
	log_escaped(line, rule->name, rule->name_len);
}

static void print_rule(const struct rule *rule)
{
	struct log_line line = { .len = 0 };
	size_t row, column;

	rules_place(rule, &row, &column);
	check_put_rule(&line, rule, "\t");
	log_text(&line, "\t");
	log_escaped(&line, rule->source->name, strlen(rule->source->name));
	log_text(&line, ":");
	log_number(&line, row);
	log_text(&line, ":");
	log_number(&line, column);
	check_write(STDOUT_FILENO, &line);
}

static void print_that_there_is_none(const struct settings *settings)
{
	struct log_line line = { .len = 0 };

	log_text(&line, "pin4: there is no rule, neither in ");
	log_escaped(&line, settings->config, strlen(settings->config));
	log_text(&line, " nor in PIN4_HOSTS");
	check_write(STDERR_FILENO, &line);
}

int check_rules(void)
{
	struct check_place place = { 0 };
	struct reading reading;
	struct rule rule;
	bool has_rule = false;

	if (!allowlist_read(&reading))
		return CHECK_BAD;
	log_remember_stderr();
	log_open(LOG_ERROR, NULL);
	settings_complain();
	while (check_next_rule(reading.rules, &place, &rule))
		if (rules_has(reading.rules, &rule)) {
			print_rule(&rule);
			has_rule = true;
		}
	if (allowlist_complain(&reading, SIZE_MAX))
		return CHECK_BAD;
	if (reading.settings.is_off)
		check_say("PIN4=off: no rule is in force");
	else if (!has_rule)
		print_that_there_is_none(&reading.settings);
	return CHECK_GOOD;
}
