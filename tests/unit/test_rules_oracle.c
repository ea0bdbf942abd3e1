/* SPDX-License-Identifier: MIT */
/* The index against a second reading of DESIGN's rules: names as lists of labels, a linear scan,
 * the most specific wins, and of two equal patterns the later. */
#include <strings.h>

#include "index_rules.h"
#include "unit.h"

enum {
	SEED = 4919,
	RULE_SETS = 4000,
	HOSTS = 50, /* for each of them */
	RULES_MOST = 12,
	LABELS_MOST = 4,
};

/* Few and alike, so that names meet often, by whole labels and by parts of them; short ones and
 * long ones, because an index may treat them differently. */
static const char *const alphabets[][6] = {
	{ "a", "b", "ab", "A", "aB", "ba" },
	{ "database", "DataBase", "atabase", "base", "x", "se" },
};

struct name {
	size_t count;
	const char *label[LABELS_MOST];
};

struct known_rule {
	enum rule_verb verb;
	bool is_below;
	bool is_bad;
	struct name name; /* without labels and below: every name */
	size_t text;      /* in which of the two texts it stands, and where */
	size_t at;
};

static const char *const *labels; /* one of the alphabets */

static struct name random_name(void)
{
	struct name name = { .count = 1 + unit_random(LABELS_MOST) };

	for (size_t i = 0; i < name.count; i++)
		name.label[i] = labels[unit_random(6)];
	return name;
}

static char *write_name(char *to, const struct name *name)
{
	for (size_t i = 0; i < name->count; i++)
		to += sprintf(to, "%s%s", i ? "." : "", name->label[i]);
	if (name->count && unit_random(4) == 0)
		to += sprintf(to, ".");
	return to;
}

static char *write_rule(char *to, const struct known_rule *rule)
{
	static const char *const verbs[] = { "ipv4:", "prefer:", "except:" };
	static const char *const bad[] = { "a..b", "*a", "a*b", "b:80", "ipv6:a", "1.2", "\xff" };

	if (rule->is_bad)
		return to + sprintf(to, "%s", bad[unit_random(sizeof(bad) / sizeof(*bad))]);
	if (rule->verb != RULE_IPV4 || unit_random(2))
		to += sprintf(to, "%s", verbs[rule->verb]);
	if (rule->is_below)
		to += sprintf(to, rule->name.count ? "*." : "*");
	return write_name(to, &rule->name);
}

/* Fills rules and the two texts that say the same; returns how many rules. */
static size_t random_rules(struct known_rule *rules, char texts[2][1024])
{
	static const char *const between[] = { " ", ",", "\n", "\r\n", " # a.b\n", "\t, " };
	size_t count = unit_random(RULES_MOST + 1);
	size_t split = unit_random((uint32_t)count + 1);
	char *end = texts[0];

	labels = alphabets[unit_random(2)];
	*texts[0] = *texts[1] = '\0';
	for (size_t i = 0; i < count; i++) {
		struct known_rule *rule = &rules[i];

		*rule = (struct known_rule){ .verb = (enum rule_verb)unit_random(3) };
		rule->is_bad = unit_random(10) == 0;
		rule->is_below = unit_random(2);
		if (!rule->is_below || unit_random(6))
			rule->name = random_name();
		if (i == split)
			end = texts[1];
		rule->text = i >= split;
		rule->at = (size_t)(end - texts[rule->text]);
		end = write_rule(end, rule);
		end += sprintf(end, "%s", between[unit_random(6)]);
	}
	return count;
}

/* Whether the last labels of name are those of tail. */
static bool ends_with(const struct name *name, const struct name *tail)
{
	if (tail->count > name->count)
		return false;
	for (size_t i = 1; i <= tail->count; i++)
		if (strcasecmp(name->label[name->count - i], tail->label[tail->count - i]) != 0)
			return false;
	return true;
}

/* How much a rule says of a host: nothing, or more the more specific it is. */
static size_t weight(const struct known_rule *rule, const struct name *host)
{
	if (rule->is_bad || !ends_with(host, &rule->name))
		return 0;
	if (rule->is_below)
		return host->count > rule->name.count ? 1 + rule->name.count : 0;
	return host->count == rule->name.count ? 2 + LABELS_MOST : 0;
}

static const struct known_rule *scan(const struct known_rule *rules, size_t count,
				     const struct name *host)
{
	const struct known_rule *best = NULL;

	for (size_t i = 0; i < count; i++)
		if (weight(&rules[i], host) &&
		    (!best || weight(&rules[i], host) >= weight(best, host)))
			best = &rules[i];
	return best;
}

static bool is_overruled(const struct known_rule *rules, size_t count, size_t which)
{
	const struct known_rule *rule = &rules[which];

	for (size_t i = which + 1; i < count; i++)
		if (!rules[i].is_bad && rules[i].is_below == rule->is_below &&
		    rules[i].name.count == rule->name.count &&
		    ends_with(&rules[i].name, &rule->name))
			return true;
	return false;
}

static struct {
	long pairs;
	long matches;
	long verbs[3];
	long weights[LABELS_MOST + 3];
} seen;

static void compare_host(const struct rules *index, const struct rules_text *texts,
			 const struct known_rule *rules, size_t count)
{
	struct name name = random_name();
	const struct known_rule *wanted = scan(rules, count, &name);
	struct rule got;
	char host[64];
	bool is_match;

	write_name(host, &name);
	is_match = rules_match(index, host, &got);
	if (is_match != (wanted != NULL) ||
	    (wanted && (got.token != texts[wanted->text].text + wanted->at ||
			got.verb != wanted->verb || got.is_below != wanted->is_below)))
		fail_msg("%s among\n%.*s\nand\n%.*s: %s %.*s", host, (int)texts[0].len,
			 texts[0].text, (int)texts[1].len, texts[1].text,
			 is_match ? "matches" : "no match", is_match ? (int)got.token_len : 0,
			 is_match ? got.token : "");
	seen.pairs++;
	if (wanted) {
		seen.matches++;
		seen.verbs[wanted->verb]++;
		seen.weights[weight(wanted, &name)]++;
	}
}

static void compare_in_force(const struct rules *index, const struct rules_text *texts,
			     const struct known_rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = rules[i].at;
		struct rule rule;

		assert_true(rules_next(&texts[rules[i].text], &at, &rule));
		assert_int_equal(rule.fault == RULE_OK, !rules[i].is_bad);
		assert_int_equal(rules_has(index, &rule),
				 !rules[i].is_bad && !is_overruled(rules, count, i));
	}
}

static void match_of_generated_hosts_agrees_with_a_linear_scan(void **state)
{
	(void)state;
	for (int set = 0; set < RULE_SETS; set++) {
		struct known_rule known[RULES_MOST];
		char bytes[2][1024];
		size_t count = random_rules(known, bytes);
		struct rules_text texts[2] = {
			{ .name = "one", .text = bytes[0], .len = strlen(bytes[0]) },
			{ .name = "two", .text = bytes[1], .len = strlen(bytes[1]) },
		};
		struct rules *index = index_rules(texts, 2);
		const struct rules_text *kept;

		assert_non_null(index);
		rules_texts(index, &kept);
		for (int i = 0; i < HOSTS; i++)
			compare_host(index, kept, known, count);
		compare_in_force(index, kept, known, count);
		free(index);
	}
}

/* A generator that makes no cases would make the comparison agree with anything. */
static void generated_pairs_hold_every_kind_of_match(void **state)
{
	(void)state;
	assert_true(seen.pairs >= 100000);
	assert_in_range(seen.matches, seen.pairs / 4, seen.pairs * 3 / 4);
	for (int i = 0; i < 3; i++)
		assert_true(seen.verbs[i] > 1000);
	for (size_t i = 1; i < LABELS_MOST + 3; i++)
		if (i != LABELS_MOST + 1) /* nothing is below a name of the most labels */
			assert_true(seen.weights[i] > 100);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(match_of_generated_hosts_agrees_with_a_linear_scan),
		cmocka_unit_test(generated_pairs_hold_every_kind_of_match),
	};
	int failed;

	failed = cmocka_run_group_tests(tests, NULL, NULL);
	printf("# %ld pairs, %ld of them matches\n", seen.pairs, seen.matches);
	return failed;
}
