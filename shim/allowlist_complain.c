/* SPDX-License-Identifier: MIT */
/* Says what is wrong with the rules and with their file. It relies on the log. */
#include <errno.h>
#include <string.h>

#include "allowlist.h"
#include "log.h"

void allowlist_put_file(struct log_line *line, const char *path, int error, const char *consequence)
{
	log_escaped(line, path, strlen(path));
	log_text(line, ": ");
	log_text(line, consequence);
	log_text(line, ": ");
	if (error == EINVAL)
		log_text(line, "it is not a regular file");
	else if (error == EFBIG)
		log_text(line, "it is larger than 64 MiB");
	else if (error == EAGAIN)
		log_text(line, "it is being written to");
	else
		log_errno(line, error);
}

void allowlist_complain_file(const char *path, int error, const char *consequence)
{
	struct log_line line;

	log_begin(&line, LOG_ERROR);
	allowlist_put_file(&line, path, error, consequence);
	log_end(&line);
}

void allowlist_put_rule(struct log_line *line, const struct rule *rule)
{
	enum { SHOWN = 80 };
	size_t row, column;

	rules_place(rule, &row, &column);
	log_escaped(line, rule->source->name, strlen(rule->source->name));
	log_text(line, ":");
	log_number(line, row);
	log_text(line, ":");
	log_number(line, column);
	log_text(line, ": ");
	log_shortened(line, rule->token, rule->token_len, rule->fault == RULE_URL ? 0 : SHOWN);
	log_text(line, ": ");
	log_text(line, rules_reason(rule->fault));
}

static size_t complain_rules(const struct rules *rules, size_t most)
{
	const struct rules_text *texts;
	size_t count = rules_texts(rules, &texts);
	struct log_line line;
	size_t bad = 0;

	for (size_t i = 0; i < count; i++) {
		struct rule rule;
		size_t at = 0;

		while (rules_next(&texts[i], &at, &rule)) {
			if (rule.fault == RULE_OK || bad++ >= most)
				continue;
			log_begin(&line, LOG_ERROR);
			allowlist_put_rule(&line, &rule);
			log_end(&line);
		}
	}
	return bad;
}

size_t allowlist_complain(const struct reading *reading, size_t most)
{
	const struct settings *settings = &reading->settings;
	bool is_file_bad = !settings->is_off && reading->file_error &&
			   (reading->file_error != ENOENT || settings->is_config_named);
	size_t bad = complain_rules(reading->rules, most);
	struct log_line line;

	if (is_file_bad)
		allowlist_complain_file(settings->config, reading->file_error,
					"its rules are not in force");
	if (bad > most) {
		log_begin(&line, LOG_ERROR);
		log_number(&line, bad - most);
		log_text(&line, " more rules are bad: \"pin4 rules\" lists them");
		log_end(&line);
	}
	return bad + is_file_bad;
}
