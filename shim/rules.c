/* SPDX-License-Identifier: MIT */
/* The index over the rules. It relies on rules_text.c for the grammar and on malloc. */
#include "rules.h"

#include <stdint.h>
#include <stdlib.h>

#include "hostname.h"

/* A rule is found again from where its token starts: eight bytes a slot, whatever its length.
 * text_at counts from 1 through both texts, as if one stood behind the other; 0 is a free slot. */
struct slot {
	uint32_t hash;
	uint32_t text_at;
};

struct rules {
	struct filter filter; /* first: rules_may_match() counts on that */
	struct rules_text texts[RULES_TEXTS];
	size_t text_count;
	struct slot *slots;
	uint32_t mask;
	uint32_t used;
};

_Static_assert(offsetof(struct rules, filter) == 0, "rules_may_match()");

enum { FIRST_SLOTS = 32 };

/* The hash runs from the end of a name to its start, so that one pass over a host meets the hash
 * of each domain above it on the way (FNV-1a, 32 bits). */
static const uint32_t hash_of_nothing = 2166136261U;

static uint32_t hash_step(uint32_t hash, char c)
{
	return (hash ^ ((unsigned char)c | 0x20U)) * 16777619U;
}

/* A name and the names below it are two patterns. */
static uint32_t hash_end(uint32_t hash, bool is_below)
{
	hash += is_below;
	return hash ^ hash >> 15;
}

static uint32_t hash_of(const struct rule *rule)
{
	uint32_t hash = hash_of_nothing;

	for (size_t i = rule->name_len; i > 0; i--)
		hash = hash_step(hash, rule->name[i - 1]);
	return hash_end(hash, rule->is_below);
}

static void read_slot(const struct rules *rules, struct slot slot, struct rule *ret)
{
	const struct rules_text *text = rules->texts;
	size_t at = slot.text_at - 1;

	while (at > text->len) /* equal: behind its end, which no rule starts at */
		at -= text++->len + 1;
	rules_next(text, &at, ret);
}

/* The slot of a pattern, or the free one where it belongs; *ret is its rule where it has one. */
static struct slot *find(const struct rules *rules, uint32_t hash, bool is_below, const char *name,
			 size_t len, struct rule *ret)
{
	for (uint32_t i = hash;; i++) {
		struct slot *slot = &rules->slots[i & rules->mask];
		struct rule rule;

		if (!slot->text_at)
			return slot;
		if (slot->hash != hash)
			continue;
		read_slot(rules, *slot, &rule);
		if (rule.is_below != is_below ||
		    !hostname_is_equal(rule.name, rule.name_len, name, len))
			continue;
		*ret = rule;
		return slot;
	}
}

/* At most three slots of four are used, so that a search ends soon. */
static bool grow(struct rules *rules)
{
	uint32_t count = rules->slots ? (rules->mask + 1) * 2 : FIRST_SLOTS;
	struct slot *old = rules->slots;
	uint32_t old_count = old ? rules->mask + 1 : 0;
	struct slot *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return false;
	rules->slots = slots;
	rules->mask = count - 1;
	for (uint32_t i = 0; i < old_count; i++) {
		uint32_t at = old[i].hash;

		if (!old[i].text_at)
			continue;
		while (slots[at & rules->mask].text_at)
			at++;
		slots[at & rules->mask] = old[i];
	}
	free(old);
	return true;
}

static bool add(struct rules *rules, const struct rule *rule, uint32_t text_at)
{
	uint32_t hash = hash_of(rule);
	struct rule same;
	struct slot *slot;

	if (rules->used >= (rules->mask + 1) / 4 * 3 && !grow(rules))
		return false;
	slot = find(rules, hash, rule->is_below, rule->name, rule->name_len, &same);
	rules->used += !slot->text_at;
	*slot = (struct slot){ .hash = hash, .text_at = text_at };
	if (rule->is_below && rule->name_len)
		filter_add(&rules->filter, rule->name - 1, rule->name_len + 1, false);
	else
		filter_add(&rules->filter, rule->name, rule->name_len, !rule->is_below);
	return true;
}

struct rules *rules_index(const struct rules_text *texts, size_t count)
{
	struct rules *rules = calloc(1, sizeof(*rules));
	size_t before = 1;

	if (!rules || !grow(rules))
		goto fail;
	for (size_t i = 0; i < count; i++)
		rules->texts[rules->text_count++] = texts[i];
	for (size_t i = 0; i < count; before += texts[i++].len + 1) {
		struct rule rule;
		size_t at = 0;

		while (rules_next(&rules->texts[i], &at, &rule)) {
			size_t start = before + (size_t)(rule.token - texts[i].text);

			if (rule.fault == RULE_OK && !add(rules, &rule, (uint32_t)start))
				goto fail;
		}
	}
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

bool rules_is_empty(const struct rules *rules)
{
	return !rules->used;
}

bool rules_match(const struct rules *rules, const char *host, struct rule *ret)
{
	uint32_t hash = hash_of_nothing;
	struct rule best = { .token = NULL };
	size_t whole = 0;
	size_t len;

	while (host[whole])
		if (++whole > HOSTNAME_MAX + 1)
			return false;
	len = hostname_trim(host, whole);
	find(rules, hash_end(hash, true), true, host, 0, &best);
	for (size_t i = len; i > 0; i--) {
		if (host[i - 1] == '.')
			find(rules, hash_end(hash, true), true, host + i, len - i, &best);
		hash = hash_step(hash, host[i - 1]);
	}
	find(rules, hash_end(hash, false), false, host, len, &best);
	if (!best.token || hostname_fault(host, len) != HOSTNAME_OK ||
	    hostname_is_numeric(host, whole))
		return false;
	*ret = best;
	return true;
}

bool rules_has(const struct rules *rules, const struct rule *rule)
{
	struct rule found = { .token = NULL };

	if (rule->fault != RULE_OK)
		return false;
	find(rules, hash_of(rule), rule->is_below, rule->name, rule->name_len, &found);
	return found.token == rule->token;
}
