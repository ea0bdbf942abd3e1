/* SPDX-License-Identifier: MIT */
/* The grammar of the rules, the same for the file and for PIN4_HOSTS. It relies on hostname.c.
 *
 *     rule    = [verb ":"] pattern          verb = ipv4 | prefer | except
 *     pattern = name | "*." name | "*"
 */
#include <string.h>

#include "hostname.h"
#include "rules.h"

static const char verb_names[][8] = {
	[RULE_IPV4] = "ipv4",
	[RULE_PREFER] = "prefer",
	[RULE_EXCEPT] = "except",
};

static const char byte_order_mark[] = { '\xef', '\xbb', '\xbf' };

static bool is_separator(char c)
{
	return c == ' ' || c == ',' || (c >= '\t' && c <= '\r');
}

static size_t find_byte(const char *text, size_t len, char wanted)
{
	size_t i = 0;

	while (i < len && text[i] != wanted)
		i++;
	return i;
}

/* Whether it is a URL, or has a user, and so maybe a password, before the host. */
static bool is_url(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '@' || (len - i > 2 && memcmp(text + i, "://", 3) == 0))
			return true;
	return false;
}

/* What somebody meant who wrote a colon where none belongs, at pattern[colon]. */
static enum rule_fault colon_fault(const char *pattern, size_t len, size_t colon)
{
	size_t rest = colon + 1;

	if (pattern[0] == '[' || find_byte(pattern + rest, len - rest, ':') < len - rest)
		return RULE_ADDRESS;
	while (rest < len && pattern[rest] >= '0' && pattern[rest] <= '9')
		rest++;
	return rest == len && pattern[len - 1] != ':' ? RULE_PORT : RULE_UNKNOWN_VERB;
}

_Static_assert((int)RULE_EMPTY_LABEL == HOSTNAME_EMPTY_LABEL &&
		       (int)RULE_BAD_CHARACTER == HOSTNAME_BAD_CHARACTER,
	       "the faults of a name are those of a rule");

static enum rule_fault name_fault(const char *name, size_t len)
{
	enum rule_fault fault = (enum rule_fault)hostname_fault(name, len);

	return fault == RULE_OK && hostname_is_numeric(name, len) ? RULE_ADDRESS : fault;
}

static bool is_verb(const char *text, size_t len, enum rule_verb *ret)
{
	for (size_t i = 0; i < sizeof(verb_names) / sizeof(*verb_names); i++)
		if (find_byte(verb_names[i], sizeof(*verb_names), '\0') == len &&
		    hostname_is_equal(verb_names[i], len, text, len)) {
			*ret = (enum rule_verb)i;
			return true;
		}
	return false;
}

/* Reads the len bytes at name, a pattern, into *rule. */
static enum rule_fault read_pattern(struct rule *rule, const char *name, size_t len)
{
	rule->is_below = len && name[0] == '*' && (len == 1 || name[1] == '.');
	rule->name = name;
	rule->name_len = 0;
	if (rule->is_below && len == 1)
		return RULE_OK;
	if (rule->is_below) {
		rule->name += 2;
		len -= 2;
	}
	rule->name_len = hostname_trim(rule->name, len);
	return name_fault(rule->name, rule->name_len);
}

/* Reads rule->token, which is no pattern alone, into the rest of *rule. */
static enum rule_fault read_odd_token(struct rule *rule)
{
	const char *pattern = rule->token;
	size_t len = rule->token_len;
	size_t colon = find_byte(pattern, len, ':');
	enum rule_fault fault;

	if (len == sizeof(byte_order_mark) && memcmp(pattern, byte_order_mark, len) == 0)
		return RULE_BYTE_ORDER_MARK;
	if (is_url(pattern, len))
		return RULE_URL;
	if (find_byte(pattern, len, '\0') < len)
		return RULE_NUL;
	if (find_byte(pattern, len, '"') < len || find_byte(pattern, len, '\'') < len)
		return RULE_QUOTE;
	if (colon < len && is_verb(pattern, colon, &rule->verb)) {
		pattern += colon + 1;
		len -= colon + 1;
		colon = find_byte(pattern, len, ':');
	}
	if (colon < len)
		return colon_fault(pattern, len, colon);
	if (!len)
		return RULE_NO_PATTERN;
	fault = read_pattern(rule, pattern, len);
	return fault && find_byte(rule->name, rule->name_len, '*') < rule->name_len ? RULE_STAR
										    : fault;
}

static bool has_byte_order_mark(const struct rules_text *text)
{
	return text->len >= sizeof(byte_order_mark) &&
	       memcmp(text->text, byte_order_mark, sizeof(byte_order_mark)) == 0;
}

/* Where the token at start ends. */
static size_t end_of_token(const struct rules_text *text, size_t start)
{
	size_t end = start;

	if (start == 0 && has_byte_order_mark(text))
		return sizeof(byte_order_mark);
	while (end < text->len && !is_separator(text->text[end]))
		end++;
	return end;
}

bool rules_next(const struct rules_text *text, size_t *at, struct rule *ret)
{
	size_t start = *at;

	while (start < text->len && (is_separator(text->text[start]) || text->text[start] == '#'))
		if (text->text[start++] == '#')
			start += find_byte(text->text + start, text->len - start, '\n');
	*at = end_of_token(text, start);
	if (*at == start)
		return false;
	*ret = (struct rule){
		.token = text->text + start,
		.token_len = *at - start,
		.source = text,
	};
	ret->fault = read_pattern(ret, ret->token, ret->token_len);
	if (ret->fault)
		ret->fault = read_odd_token(ret);
	return true;
}

void rules_place(const struct rule *rule, size_t *line, size_t *column)
{
	const char *start = rule->source->text;

	*line = 1;
	for (const char *c = start; c < rule->token; c++)
		if (*c == '\n') {
			++*line;
			start = c + 1;
		}
	*column = (size_t)(rule->token - start) + 1;
}

const char *rules_verb_name(enum rule_verb verb)
{
	return verb_names[verb];
}

const char *rules_reason(enum rule_fault fault)
{
	switch (fault) {
#define REASON(name, reason) \
	case name:           \
		return reason;
		RULE_FAULTS(REASON)
	}
	return "";
}
