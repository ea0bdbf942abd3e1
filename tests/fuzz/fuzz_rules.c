/* SPDX-License-Identifier: MIT */
/* Rules: two texts and some hosts, parted by 0xff, against a reader and a matcher that try every
 * rule on every host. */
#include "../unit/index_rules.h"
#include "fuzz.h"
#include "names.h"
#include "rules.h"

enum { MAX_RULES = 512, MAX_HOSTS = 8 };

static const char blanks[] = " ,\t\n\v\f\r";
static const char *const verbs[] = { "ipv4", "prefer", "except" };

struct oracle_rule {
	enum rule_verb verb;
	bool is_below;
	char *name;
};

static struct oracle_rule known[MAX_RULES];
static size_t known_count;

static bool is_blank(char c)
{
	return c && strchr(blanks, c);
}

static bool read_verb(const char *token, size_t len, enum rule_verb *ret)
{
	char *lower = names_canonical(token, len);
	bool found = false;

	for (size_t i = 0; i < 3; i++)
		if (strlen(lower) == len && strcmp(lower, verbs[i]) == 0) {
			*ret = (enum rule_verb)i;
			found = true;
		}
	free(lower);
	return found;
}

/* Reads one token; whether it is a rule. */
static bool read_rule(const char *token, size_t len, struct oracle_rule *ret)
{
	const char *colon = memchr(token, ':', len);
	char *name;

	*ret = (struct oracle_rule){ .verb = RULE_IPV4 };
	if (colon) {
		if (!read_verb(token, (size_t)(colon - token), &ret->verb))
			return false;
		len -= (size_t)(colon + 1 - token);
		token = colon + 1;
	}
	if (len >= 1 && token[0] == '*' && (len == 1 || token[1] == '.')) {
		ret->is_below = true;
		token += len == 1 ? 1 : 2;
		if (len == 1) {
			ret->name = strdup("");
			return true;
		}
		len -= 2;
	}
	name = names_canonical(token, len);
	len = len > 0 && token[len - 1] == '.' ? len - 1 : len;
	if (!names_is_host(name, len) || names_is_address(name)) {
		free(name);
		return false;
	}
	ret->name = name;
	return true;
}

static void forget_rules(void)
{
	while (known_count > 0)
		free(known[--known_count].name);
}

/* Reads a text side by side with rules_next(). */
static void read_text(const struct rules_text *text)
{
	bool has_mark = text->len >= 3 && memcmp(text->text, "\xef\xbb\xbf", 3) == 0;
	struct rule rule;
	size_t at = 0;
	size_t i = 0;

	for (;;) {
		struct oracle_rule *mine = &known[known_count];
		size_t start;
		bool is_good;

		while (i < text->len && (is_blank(text->text[i]) || text->text[i] == '#'))
			if (text->text[i++] == '#')
				while (i < text->len && text->text[i] != '\n')
					i++;
		start = i;
		while (i < text->len && !is_blank(text->text[i]) &&
		       !(has_mark && start == 0 && i == 3))
			i++;
		if (start == i)
			break;
		MUST(rules_next(text, &at, &rule));
		MUST(rule.token == text->text + start && rule.token_len == i - start);
		is_good = read_rule(text->text + start, i - start, mine);
		MUST((rule.fault == RULE_OK) == is_good);
		MUST(is_good || *rules_reason(rule.fault));
		if (is_good && known_count < MAX_RULES - 1)
			known_count++;
		else if (is_good)
			free(mine->name);
	}
	MUST(!rules_next(text, &at, &rule));
}

/* The rule for a host, the later of equals; NULL for none. */
static const struct oracle_rule *match(const char *host)
{
	const struct oracle_rule *best = NULL;
	char *name = names_canonical(host, strlen(host));

	if (!names_is_host(name, strlen(name)) || names_is_address(host))
		goto out;
	for (size_t i = 0; i < known_count; i++) {
		const struct oracle_rule *rule = &known[i];

		if (rule->is_below ? !names_is_below(name, rule->name)
				   : strcmp(name, rule->name) != 0)
			continue;
		if (!best || (best->is_below && !rule->is_below) ||
		    (best->is_below == rule->is_below && strlen(rule->name) >= strlen(best->name)))
			best = rule;
	}
out:
	free(name);
	return best;
}

static void compare(const struct rules *rules, const char *host)
{
	const struct oracle_rule *mine = match(host);
	struct rule rule = { .token = "untouched" };
	const char *before = rule.token;
	char *name;

	if (!rules_match(rules, host, &rule)) {
		MUST(!mine && rule.token == before);
		return;
	}
	MUST(mine && mine->verb == rule.verb && mine->is_below == rule.is_below);
	name = names_canonical(rule.name, rule.name_len);
	MUST(strcmp(name, mine->name) == 0);
	MUST(rules_has(rules, &rule));
	free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input input = { data, len };
	struct rules_text texts[RULES_TEXTS] = { { .name = "file" }, { .name = "PIN4_HOSTS" } };
	char *text[RULES_TEXTS];
	struct rules *rules;

	take(&input, 256); /* what inputs once began with */
	for (size_t i = 0; i < RULES_TEXTS; i++) {
		text[i] = take_text(&input, 0xff, &texts[i].len);
		/* Without the end that take_text() put, so that a read beyond is seen. */
		text[i] = realloc(text[i], texts[i].len ? texts[i].len : 1);
		texts[i].text = text[i];
		read_text(&texts[i]);
	}
	rules = index_rules(texts, RULES_TEXTS);
	MUST(rules);
	for (size_t i = 0; i < MAX_HOSTS && input.len > 0 && known_count < MAX_RULES - 1; i++) {
		size_t host_len;
		char *host = take_text(&input, 0xff, &host_len);

		compare(rules, host);
		free(host);
	}
	for (size_t i = 0; i < known_count && known_count < MAX_RULES - 1; i++)
		compare(rules, known[i].name);
	free(rules);
	forget_rules();
	for (size_t i = 0; i < RULES_TEXTS; i++)
		free(text[i]);
	return 0;
}
