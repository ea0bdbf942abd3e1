/* SPDX-License-Identifier: MIT */
/* What many rules cost, by the library's own functions: reads and indexes the file that it is given
 * and prints milliseconds for that, bytes of memory a rule above its text, and nanoseconds for a
 * match of a host without a rule. Half of the hosts have nothing in common with the rules, half
 * share all labels but the first with some of them. */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "file.h"
#include "rules.h"

enum { ROUNDS = 50, HOSTS = 4096 };

static char hosts[HOSTS][48];

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static size_t in_use(void)
{
	struct mallinfo2 info = mallinfo2();

	return info.uordblks + info.hblkhd;
}

static size_t count_rules(const struct rules_text *text)
{
	struct rule rule;
	size_t at = 0;
	size_t count = 0;

	while (rules_next(text, &at, &rule))
		count++;
	return count;
}

static void make_hosts(void)
{
	for (int i = 0; i < HOSTS; i += 2) {
		snprintf(hosts[i], sizeof(hosts[i]), "www%d.shop%d.test", i, i % 7);
		snprintf(hosts[i + 1], sizeof(hosts[i]), "nohost%d.zone%d.example", i * 31,
			 i % 997);
	}
}

/* The least of some rounds: what else the machine did is none of the match's. */
static double time_match(const struct rules *rules)
{
	double least = 1e12;
	struct rule rule;

	make_hosts();
	for (int round = 0; round < ROUNDS; round++) {
		double start = now();

		for (int i = 0; i < HOSTS; i++)
			if (rules_match(rules, hosts[i], &rule))
				abort();
		start = now() - start;
		least = start < least ? start : least;
	}
	return least / HOSTS;
}

int main(int argc, char **argv)
{
	struct rules_text text = { .name = "file", .must_end_line = true };
	double start = now();
	struct rules *rules;
	size_t count, before;
	char *buf;

	if (argc != 2 || file_load(argv[1], RULES_TEXT_MAX, &buf, &text.len) != 0)
		return 2;
	text.text = buf;
	before = in_use();
	rules = rules_index(&text, 1);
	if (!rules)
		return 1;
	start = now() - start;
	count = count_rules(&text);
	printf("%.2f %.1f %.1f\n", start / 1e6, (double)(in_use() - before) / (double)count,
	       time_match(rules));
	rules_free(rules);
	free(buf);
	return 0;
}
