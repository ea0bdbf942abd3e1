/* SPDX-License-Identifier: MIT */
/* The index over the rules: one hash of their patterns. It relies on rules_text.c for the grammar.
 */
#include "rules.h"

#include <stdint.h>
#include <string.h>

#include "export.h"
#include "hostname.h"

/* One pattern and the last rule that has it. Free where all is 0. */
struct slot {
	uint32_t hash;
	uint32_t token;     /* where the rule stands in the copy of the texts */
	uint16_t token_len; /* never 0 */
	uint8_t name;       /* where its name stands in the token */
	uint8_t name_len;
	uint8_t is_below;
	uint8_t verb;
};

_Static_assert(RULES_TEXTS *(RULES_TEXT_MAX + 1LL) <= UINT32_MAX, "a token's place has 32 bits");
_Static_assert(HOSTNAME_MAX <= UINT8_MAX, "a name's length has 8 bits");

/* The texts are copied one behind the other, behind the slots. */
struct rules {
	struct rules_text texts[RULES_TEXTS];
	size_t text_count;
	const char *copy;
	uint32_t shift; /* leaves as many bits of a hash as number the slots */
	struct slot slots[];
};

enum { HASH_OF_NOTHING = 0 };

/* The hash of a name with one byte more in front of it, so that one pass from the end meets each
 * parent of a name. Upper and lower case are the same. The highest bits are the best. */
static inline uint32_t hash_before(uint32_t hash, unsigned char byte)
{
	return (hash ^ (byte | 0x20U)) * 0x9e3779b1;
}

static uint32_t hash_of(const char *name, size_t len)
{
	uint32_t hash = HASH_OF_NOTHING;

	while (len--)
		hash = hash_before(hash, (unsigned char)name[len]);
	return hash;
}

static inline bool is_free(const struct slot *slot)
{
	return !slot->token_len;
}

/* The slot of a pattern, or the free one where it belongs. */
static inline const struct slot *find(const struct rules *rules, uint32_t hash, const char *name,
				      size_t len, bool is_below)
{
	const struct slot *slot = &rules->slots[hash >> rules->shift];

	while (!is_free(slot) && (slot->hash != hash || slot->is_below != is_below ||
				  !hostname_is_equal(rules->copy + slot->token + slot->name,
						     slot->name_len, name, len)))
		slot = slot == &rules->slots[UINT32_MAX >> rules->shift] ? rules->slots : slot + 1;
	return slot;
}

/* At most a quarter of the slots is used, so that a search ends soon. */
static RARE size_t count_slots(const struct rules_text *texts, size_t count)
{
	size_t good = 0;
	size_t slots = 2;

	for (size_t i = 0; i < count; i++) {
		struct rule rule;
		size_t at = 0;

		while (rules_next(&texts[i], &at, &rule))
			good += rule.fault == RULE_OK;
	}
	while (slots < 4 * good)
		slots *= 2;
	return slots;
}

static size_t bytes_of(const struct rules_text *texts, size_t count)
{
	size_t bytes = 0;

	for (size_t i = 0; i < count; i++)
		bytes += texts[i].len;
	return bytes;
}

size_t rules_size(const struct rules_text *texts, size_t count)
{
	return sizeof(struct rules) + count_slots(texts, count) * sizeof(struct slot) +
	       bytes_of(texts, count);
}

static void add(struct rules *rules, const struct rule *rule)
{
	uint32_t hash = hash_of(rule->name, rule->name_len);
	const struct slot *slot = find(rules, hash, rule->name, rule->name_len, rule->is_below);

	rules->slots[slot - rules->slots] = (struct slot){
		.hash = hash,
		.token = (uint32_t)(rule->token - rules->copy),
		.token_len = (uint16_t)rule->token_len,
		.name = (uint8_t)(rule->name - rule->token),
		.name_len = (uint8_t)rule->name_len,
		.is_below = rule->is_below,
		.verb = (uint8_t)rule->verb,
	};
}

RARE struct rules *rules_index(void *memory, size_t size, const struct rules_text *texts,
			       size_t count)
{
	struct rules *rules = memory;
	size_t bytes = bytes_of(texts, count);
	size_t slots = (size - bytes - sizeof(*rules)) / sizeof(struct slot);
	char *copy = (char *)memory + size - bytes;

	rules->shift = 31;
	while (1ULL << (32 - rules->shift) < slots)
		rules->shift--;
	rules->copy = copy;
	for (size_t i = 0; i < count; copy += texts[i++].len) {
		struct rules_text *text = &rules->texts[rules->text_count++];
		struct rule rule;
		size_t at = 0;

		*text = texts[i];
		memcpy(copy, texts[i].text, text->len);
		text->text = copy;
		while (rules_next(text, &at, &rule))
			if (rule.fault == RULE_OK)
				add(rules, &rule);
	}
	return rules;
}

size_t rules_texts(const struct rules *rules, const struct rules_text **ret)
{
	*ret = rules->texts;
	return rules->text_count;
}

static void read(const struct rules *rules, const struct slot *slot, struct rule *ret)
{
	const struct rules_text *text = rules->texts;

	while (slot->token >= (size_t)(text->text - rules->copy) + text->len)
		text++;
	*ret = (struct rule){
		.verb = (enum rule_verb)slot->verb,
		.token = rules->copy + slot->token,
		.token_len = slot->token_len,
		.is_below = slot->is_below,
		.name = rules->copy + slot->token + slot->name,
		.name_len = slot->name_len,
		.source = text,
	};
}

bool rules_match(const struct rules *rules, const char *host, struct rule *ret)
{
	const unsigned char *bytes = (const unsigned char *)host;
	size_t whole = strlen(host);
	size_t len = hostname_trim(host, whole);
	const struct slot *best = find(rules, HASH_OF_NOTHING, host, 0, true);
	const struct slot *slot;
	uint32_t hash = HASH_OF_NOTHING;

	if (len > HOSTNAME_MAX)
		return false;
	for (size_t i = len; i--; hash = hash_before(hash, bytes[i])) {
		if (bytes[i] != '.')
			continue;
		slot = find(rules, hash, host + i + 1, len - i - 1, true);
		best = is_free(slot) ? best : slot;
	}
	slot = find(rules, hash, host, len, false);
	if (is_free(slot)) {
		if (is_free(best) || hostname_fault(host, len) || hostname_is_numeric(host, whole))
			return false;
		slot = best;
	}
	read(rules, slot, ret);
	return true;
}

RARE bool rules_has(const struct rules *rules, const struct rule *rule)
{
	const struct slot *slot = find(rules, hash_of(rule->name, rule->name_len), rule->name,
				       rule->name_len, rule->is_below);

	return rule->fault == RULE_OK && !is_free(slot) && rules->copy + slot->token == rule->token;
}
