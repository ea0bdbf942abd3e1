/* SPDX-License-Identifier: MIT */
/* The report on rules, and what others need of them. */
#include <stdint.h>

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

void check_print_rule(const struct rule *rule, const char *separator)
{
	check_print("%s%s%s%b", rules_verb_name(rule->verb), separator,
		    !rule->is_below  ? ""
		    : rule->name_len ? "*."
				     : "*",
		    rule->name_len, rule->name);
}

int check_rules(void)
{
	struct check_place place = { 0 };
	struct reading reading;
	struct rule rule;
	size_t row, column;
	bool has_rule = false;

	if (!allowlist_read(&reading))
		return CHECK_BAD;
	log_remember_stderr();
	log_open(LOG_ERROR, NULL);
	settings_complain();
	while (check_next_rule(reading.rules, &place, &rule)) {
		if (!rules_has(reading.rules, &rule))
			continue;
		rules_place(&rule, &row, &column);
		check_print_rule(&rule, "\t");
		check_print("\t%q:%u:%u\n", rule.source->name, (unsigned)row, (unsigned)column);
		has_rule = true;
	}
	if (allowlist_complain(&reading, SIZE_MAX))
		return CHECK_BAD;
	if (reading.settings.is_off)
		check_say("PIN4=off: no rule is in force");
	else if (!has_rule)
		check_say("there is no rule, neither in %q nor in PIN4_HOSTS",
			  reading.settings.config);
	return CHECK_GOOD;
}
