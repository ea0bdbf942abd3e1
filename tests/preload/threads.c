/* SPDX-License-Identifier: MIT */
/* Looks hosts with and without a rule up in four threads at once, and counts the answers that were
 * not the expected ones. The rule is for several.test. */
#define _GNU_SOURCE
#include "probe.h"

#include <pthread.h>

#define THREADS 4
#define ROUNDS 500

static const struct {
	const char *host;
	int family;
	const char *answer;
} questions[] = {
	{ "several.test", AF_INET6, "::ffff:192.0.2.31" },
	{ "both.test", AF_INET6, "2001:db8::2" },
	{ "several.test", AF_UNSPEC, "192.0.2.31" },
	{ "v4only.test", AF_INET, "192.0.2.1" },
};

static void *run(void *arg)
{
	size_t count = sizeof(questions) / sizeof(questions[0]);
	size_t *wrong = arg;
	char text[INET6_ADDRSTRLEN];

	for (size_t i = 0; i < ROUNDS * count; i++) {
		size_t q = i % count;

		probe_lookup(questions[q].host, questions[q].family, text, sizeof(text));
		*wrong += strcmp(text, questions[q].answer) != 0;
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[THREADS];
	size_t wrong[THREADS] = { 0 };
	size_t sum = 0;

	for (int i = 0; i < THREADS; i++)
		MUST(!pthread_create(&threads[i], NULL, run, &wrong[i]));
	for (int i = 0; i < THREADS; i++) {
		MUST(!pthread_join(threads[i], NULL));
		sum += wrong[i];
	}
	printf("wrong=%zu\n", sum);
	return 0;
}
