/* SPDX-License-Identifier: MIT */
/* The index over the rules. It relies on rules_text.c for the grammar and on malloc. */
#include "rules.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"
#include "hostname.h"

/* A rule is found again from where its name stands: eight bytes a slot, whatever its length. Places
 * count from 1 through both texts, as if one stood behind the other; a slot of place 0 is free. */
struct slot {
	uint32_t hash;
	uint32_t is_below : 1;
	uint32_t verb : 2;
	uint32_t place : 29;
};

_Static_assert(RULES_TEXTS *(RULES_TEXT_MAX + 1LL) < 1LL << 29, "a place has 29 bits");

struct rules {
	struct filter filter;
	struct rules_text texts[RULES_TEXTS];
	size_t text_count;
	struct slot *slots;
	uint32_t mask;
	uint32_t used;
};

enum { FIRST_SLOTS = 32 };

/* Of a name, trimmed, ASCII case aside: eight bytes at a time, the last eight once more where the
 * length is no multiple. */
static uint32_t hash_of(const char *name, size_t len, bool is_below)
{
	const uint64_t fold = 0x2020202020202020;
	const uint64_t odd = 0x9e3779b97f4a7c15;
	uint64_t hash = len << 1 | is_below;
	uint64_t rest = 0;

	for (size_t i = 0; i + 8 < len; i += 8) {
		hash = (hash ^ (hostname_word(name + i) | fold)) * odd;
		hash ^= hash >> 32;
	}
	if (len >= 8)
		rest = hostname_word(name + len - 8) | fold;
	else
		for (size_t i = 0; i < len; i++)
			rest = rest << 8 | hostname_fold(name[i]);
	hash = (hash ^ rest) * odd;
	return (uint32_t)(hash >> 32);
}

/* The text that a slot's name stands in, and where. */
static const struct rules_text *text_of(const struct rules *rules, struct slot slot, size_t *at)
{
	const struct rules_text *text = rules->texts;

	*at = slot.place - 1;
	while (*at > text->len) /* equal: the place of a name of no bytes, "*", at the end */
		*at -= text++->len + 1;
	return text;
}

/* Whether the name of a rule ends at place at of its text, its trailing dot aside. */
static bool is_end(const struct rules_text *text, size_t at)
{
	at += at < text->len && text->text[at] == '.';
	return at >= text->len || rules_is_separator(text->text[at]);
}

static bool is_slot_of(const struct rules *rules, struct slot slot, const char *name, size_t len)
{
	size_t at;
	const struct rules_text *text = text_of(rules, slot, &at);

	if (!len)
		return true; /* "*" is the only pattern without a name */
	return text->len - at >= len && is_end(text, at + len) &&
	       hostname_is_equal(text->text + at, len, name, len);
}

/* The slot of a pattern, or the free one where it belongs. */
static struct slot *find(const struct rules *rules, uint32_t hash, const char *name, size_t len,
			 bool is_below)
{
	for (uint32_t i = hash;; i++) {
		struct slot *slot = &rules->slots[i & rules->mask];

		if (!slot->place)
			return slot;
		if (slot->hash == hash && slot->is_below == is_below &&
		    is_slot_of(rules, *slot, name, len))
			return slot;
	}
}

/* At most three slots of four are used, so that a search ends soon. */
static RARE bool grow(struct rules *rules)
{
	struct slot *old = rules->slots;
	uint32_t old_count = old ? rules->mask + 1 : 0;
	uint32_t count = old ? old_count * 2 : FIRST_SLOTS;
	struct slot *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return false;
	rules->slots = slots;
	rules->mask = count - 1;
	for (uint32_t i = 0; i < old_count; i++) {
		uint32_t at = old[i].hash;

		if (!old[i].place)
			continue;
		while (slots[at & rules->mask].place)
			at++;
		slots[at & rules->mask] = old[i];
	}
	free(old);
	return true;
}

struct entry {
	struct rule rule;
	size_t place; /* 0: there is none */
	uint32_t hash;
};

static bool add(struct rules *rules, const struct entry *entry)
{
	const struct rule *rule = &entry->rule;
	struct slot *slot;

	if (rules->used >= (rules->mask + 1) / 4 * 3 && !grow(rules))
		return false;
	slot = find(rules, entry->hash, rule->name, rule->name_len, rule->is_below);
	rules->used += !slot->place;
	*slot = (struct slot){
		.hash = entry->hash,
		.is_below = rule->is_below,
		.verb = (unsigned)rule->verb & 3,
		.place = (uint32_t)entry->place & 0x1fffffff,
	};
	filter_add(&rules->filter, rule->name, rule->name_len, rule->is_below);
	return true;
}

/* Adds the rules of a text whose first byte has that place. Each is added after the next one is
 * read: its slot is far away in memory, and on its way meanwhile. */
static RARE bool add_all(struct rules *rules, const struct rules_text *text, size_t first)
{
	struct entry last = { .place = 0 };
	struct rule rule;
	size_t at = 0;

	while (rules_next(text, &at, &rule)) {
		uint32_t hash;

		if (rule.fault)
			continue;
		hash = hash_of(rule.name, rule.name_len, rule.is_below);
		__builtin_prefetch(&rules->slots[hash & rules->mask], 1);
		if (last.place && !add(rules, &last))
			return false;
		last = (struct entry){ rule, first + (size_t)(rule.name - text->text), hash };
	}
	return !last.place || add(rules, &last);
}

RARE struct rules *rules_index(const struct rules_text *texts, size_t count)
{
	struct rules *rules = calloc(1, sizeof(*rules));
	size_t first = 1;

	if (!rules || !grow(rules))
		goto fail;
	for (size_t i = 0; i < count; i++)
		rules->texts[rules->text_count++] = texts[i];
	for (size_t i = 0; i < count; first += texts[i++].len + 1)
		if (!add_all(rules, &rules->texts[i], first))
			goto fail;
	return rules;
fail:
	rules_free(rules);
	return NULL;
}

void rules_free(struct rules *rules)
{
	if (rules)
		free(rules->slots);
	free(rules);
}

size_t rules_texts(const struct rules *rules, const struct rules_text **ret)
{
	*ret = rules->texts;
	return rules->text_count;
}

const struct filter *rules_filter(const struct rules *rules)
{
	return &rules->filter;
}

/* The longest of lengths that is less than len, or SIZE_MAX where there is none. */
static size_t next_shorter(uint64_t lengths, size_t len)
{
	if (len > FILTER_LONG && lengths & filter_length(FILTER_LONG))
		return len - 1;
	lengths &= -(filter_length(len) << 1);
	return len && lengths ? FILTER_LONG - (size_t)__builtin_ctzll(lengths) : SIZE_MAX;
}

/* The rule for what is below the longest of the domains that host is below, or NULL; *bytes is the
 * length of the rule's name. */
static const struct slot *find_above(const struct rules *rules, const char *host, size_t len,
				     uint64_t lengths, size_t *bytes)
{
	for (*bytes = len; (*bytes = next_shorter(lengths, *bytes)) != SIZE_MAX;) {
		const char *domain = host + len - *bytes;
		const struct slot *slot;

		if (*bytes && domain[-1] != '.')
			continue;
		slot = find(rules, hash_of(domain, *bytes, true), domain, *bytes, true);
		if (slot->place)
			return slot;
	}
	return NULL;
}

/* Whether a host that a rule matches is one: of its name, the labels that the rule leaves open; of
 * "*", all. An address may match "*" alone, because no rule's name is one. */
static bool is_host(const char *host, size_t open, size_t len, size_t whole)
{
	if (open < len) /* the dot before the rule's name is the last of them */
		return len <= HOSTNAME_MAX && hostname_fault(host, open - 1) == HOSTNAME_OK;
	return hostname_fault(host, len) == HOSTNAME_OK && !hostname_is_numeric(host, whole);
}

bool rules_decide(const struct rules *rules, const char *host, size_t len, struct rules_hit *ret)
{
	size_t trimmed = hostname_trim(host, len);
	struct filter_answer lengths = filter_ask(&rules->filter, host, trimmed);
	const struct slot *best;
	size_t bytes;

	if (len > HOSTNAME_MAX + 1)
		return false;
	if (lengths.whole & filter_length(trimmed)) {
		best = find(rules, hash_of(host, trimmed, false), host, trimmed, false);
		if (best->place)
			goto hit;
	}
	best = find_above(rules, host, trimmed, lengths.below, &bytes);
	if (!best || !is_host(host, trimmed - bytes, trimmed, len))
		return false;
hit:
	ret->verb = (enum rule_verb)best->verb;
	ret->slot = (size_t)(best - rules->slots);
	return true;
}

RARE void rules_read(const struct rules *rules, const struct rules_hit *hit, struct rule *ret)
{
	size_t at;
	const struct rules_text *text = text_of(rules, rules->slots[hit->slot], &at);

	while (at > 0 && !rules_is_separator(text->text[at - 1]))
		at--;
	rules_next(text, &at, ret);
}

bool rules_match(const struct rules *rules, const char *host, struct rule *ret)
{
	struct rules_hit hit;

	if (!rules_decide(rules, host, strlen(host), &hit))
		return false;
	rules_read(rules, &hit, ret);
	return true;
}

RARE bool rules_has(const struct rules *rules, const struct rule *rule)
{
	size_t at;
	const struct slot *slot;

	if (rule->fault != RULE_OK)
		return false;
	slot = find(rules, hash_of(rule->name, rule->name_len, rule->is_below), rule->name,
		    rule->name_len, rule->is_below);
	return slot->place && text_of(rules, *slot, &at)->text + at == rule->name;
}
