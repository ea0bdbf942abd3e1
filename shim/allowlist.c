/* SPDX-License-Identifier: MIT */
/* Gathers the rules from the file and PIN4_HOSTS. It relies on settings.c having copied them. */
#include "allowlist.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

void allowlist_put_file(struct log_line *line, const char *path, int error, const char *consequence)
{
	log_escaped(line, path, strlen(path));
	log_text(line, ": ");
	log_text(line, consequence);
	log_text(line, ": ");
	if (error == EINVAL)
		log_text(line, "it is no regular file");
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

static void complain_rule(const struct rule *rule)
{
	struct log_line line;

	log_begin(&line, LOG_ERROR);
	allowlist_put_rule(&line, rule);
	log_end(&line);
}

static size_t complain_rules(const struct rules *rules, size_t most)
{
	const struct rules_text *texts;
	size_t count = rules_texts(rules, &texts);
	size_t bad = 0;

	for (size_t i = 0; i < count; i++) {
		struct rule rule;
		size_t at = 0;

		while (rules_next(&texts[i], &at, &rule))
			if (rule.fault != RULE_OK && ++bad <= most)
				complain_rule(&rule);
	}
	return bad;
}

size_t allowlist_complain(const struct reading *reading, size_t most)
{
	const struct settings *settings = &reading->settings;
	bool is_file_bad =
		reading->file_error && (reading->file_error != ENOENT || settings->is_config_named);
	size_t bad = complain_rules(reading->rules, most);

	if (is_file_bad)
		allowlist_complain_file(settings->config, reading->file_error,
					"its rules are not in force");
	if (bad > most) {
		struct log_line line;

		log_begin(&line, LOG_ERROR);
		log_number(&line, bad - most);
		log_text(&line, " more rules are bad: \"pin4 rules\" lists them");
		log_end(&line);
	}
	return bad + is_file_bad;
}

bool allowlist_read(struct reading *ret)
{
	struct settings settings;

	if (!settings_copy())
		return false;
	settings_read(&settings);
	return allowlist_gather(&settings, ret);
}

bool allowlist_gather(const struct settings *settings, struct reading *ret)
{
	struct reading reading = { .settings = *settings };
	struct rules_text texts[RULES_TEXTS];
	size_t count = 0;

	if (!reading.settings.is_off) {
		struct rules_text *file = &texts[count];

		*file = (struct rules_text){ .name = reading.settings.config,
					     .must_end_line = true };
		reading.file_error =
			file_load(file->name, RULES_TEXT_MAX, &reading.file_text, &file->len);
		file->text = reading.file_text;
		count += !reading.file_error;
		texts[count++] = (struct rules_text){
			.name = "PIN4_HOSTS",
			.text = reading.settings.hosts,
			.len = strlen(reading.settings.hosts),
		};
	}
	if (reading.file_error != ENOMEM)
		reading.rules = rules_index(texts, count);
	if (!reading.rules) {
		allowlist_free(&reading);
		return false;
	}
	*ret = reading;
	return true;
}

void allowlist_free(struct reading *reading)
{
	rules_free(reading->rules);
	free(reading->file_text);
}
