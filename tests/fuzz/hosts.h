/* SPDX-License-Identifier: MIT */
/* The hosts that the lookup targets ask for, and what the rules that they set say of each. */
#ifndef HOSTS_H
#define HOSTS_H

#include <stdlib.h>

#include "fuzz.h"
#include "policy.h"

static const struct {
	const char *name;
	enum verdict verdict;
} hosts[] = {
	{ "pin.test", VERDICT_PIN },          { "a.b.pin.test", VERDICT_PIN },
	{ "PIN.Test.", VERDICT_PIN },         { "prefer.test", VERDICT_PREFER },
	{ "a.prefer.test", VERDICT_PASS },    { "no.pin.test", VERDICT_PASS },
	{ "other.test", VERDICT_PASS },       { "127.0.0.1", VERDICT_PASS },
	{ "::ffff:192.0.2.1", VERDICT_PASS }, { "", VERDICT_PASS },
	{ "pin.test..", VERDICT_PASS },       { NULL, VERDICT_PASS },
};

enum { HOSTS = sizeof(hosts) / sizeof(*hosts), MAX_ADDRESSES = 5 };

/* What the libc says of one family: addresses that end in these bytes, or an error. */
struct answer {
	int error;
	size_t count;
	unsigned char last[MAX_ADDRESSES];
};

static inline struct answer take_answer(struct input *input, const int *errors,
					unsigned error_count)
{
	struct answer answer = { .error = 0 };
	unsigned byte = take(input, 256);

	if (byte % 2)
		answer.error = errors[byte / 2 % error_count];
	else
		answer.count = 1 + byte / 2 % (MAX_ADDRESSES - 1);
	for (size_t i = 0; i < answer.count; i++)
		answer.last[i] = (unsigned char)take(input, 256);
	return answer;
}

__attribute__((constructor)) static void set_rules(void)
{
	setenv("PIN4_HOSTS", "pin.test,*.pin.test except:no.pin.test prefer:prefer.test", 1);
	setenv("PIN4_CONFIG", "/dev/null", 1);
	setenv("PIN4_LOG", "info", 1);
	setenv("PIN4_LOG_FILE", "/dev/null", 1);
}

#endif
