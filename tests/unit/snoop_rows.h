/* SPDX-License-Identifier: MIT */
/* A table's row for snoop.c: a message as text, in a block of its very size, and what is read in
 * it. */
#ifndef PIN4_SNOOP_ROWS_H
#define PIN4_SNOOP_ROWS_H

#include <stdbool.h>

#include "dns.h"
#include "snoop.h"

struct snoop_row {
	const char *message; /* as dns_write() takes it */
	const char *said;    /* what was read, or "refused" */
};

static inline size_t snoop_say_question(char *to, const struct snoop_question *question)
{
	assert_int_equal(question->name_len, strlen(question->name));
	return (size_t)sprintf(to, "%04x %s/%d", question->id, question->name, question->type);
}

static inline void snoop_say_answer(char *to, const struct snoop_answer *answer)
{
	char text[INET6_ADDRSTRLEN];

	to += snoop_say_question(to, &answer->question);
	if (answer->ttl != UINT32_MAX)
		to += sprintf(to, " %u", answer->ttl);
	for (size_t i = 0; i < answer->ipv4_count; i++)
		to += sprintf(to, " %s", inet_ntop(AF_INET, &answer->ipv4[i], text, sizeof(text)));
	for (size_t i = 0; i < answer->ipv6_count; i++)
		to += sprintf(to, " %s", inet_ntop(AF_INET6, &answer->ipv6[i], text, sizeof(text)));
}

static inline bool snoop_is_all(const void *block, size_t len, unsigned char byte)
{
	const unsigned char *bytes = block;

	while (len && *bytes == byte) {
		bytes++;
		len--;
	}
	return !len;
}

/* Reads the first len bytes of a message; what is refused must leave what is there. */
static inline bool snoop_read_answer(const struct dns *message, size_t len,
				     struct snoop_answer *ret)
{
	char *exact = unit_exact((const char *)message->bytes, len);
	bool is_read;

	memset(ret, 0x55, sizeof(*ret));
	is_read = snoop_answer((unsigned char *)exact, len, ret);
	if (!is_read)
		assert_true(snoop_is_all(ret, sizeof(*ret), 0x55));
	assert_memory_equal(exact, message->bytes, len);
	free(exact);
	return is_read;
}

static inline bool snoop_read_question(const struct dns *message, size_t len,
				       struct snoop_question *ret)
{
	char *exact = unit_exact((const char *)message->bytes, len);
	bool is_read;

	memset(ret, 0x55, sizeof(*ret));
	is_read = snoop_question((unsigned char *)exact, len, ret);
	if (!is_read)
		assert_true(snoop_is_all(ret, sizeof(*ret), 0x55));
	free(exact);
	return is_read;
}

static inline void snoop_check_answer(void **state)
{
	const struct snoop_row *row = *state;
	bool is_good = strcmp(row->said, "refused") != 0;
	char said[4096] = "refused";
	struct snoop_question question;
	struct snoop_answer answer;
	struct dns message;

	dns_write(&message, row->message);
	if (snoop_read_answer(&message, message.len, &answer))
		snoop_say_answer(said, &answer);
	assert_string_equal(said, row->said);
	assert_false(snoop_read_question(&message, message.len, &question));
	for (size_t len = 0; len < message.len; len++)
		assert_false(snoop_read_answer(&message, len, &answer) && is_good);
}

static inline void snoop_check_question(void **state)
{
	const struct snoop_row *row = *state;
	char said[4096] = "refused";
	struct snoop_question question;
	struct snoop_answer answer;
	struct dns message;

	dns_write(&message, row->message);
	if (snoop_read_question(&message, message.len, &question))
		snoop_say_question(said, &question);
	assert_string_equal(said, row->said);
	assert_false(snoop_read_answer(&message, message.len, &answer));
	for (size_t len = 0; !strchr(row->message, '+') && len < message.len; len++)
		assert_false(snoop_read_question(&message, len, &question));
}

#define ANSWER(name, message, said) UNIT_ROW(#name, snoop_check_answer, snoop_row, message, said)
#define QUESTION(name, message, said) \
	UNIT_ROW(#name, snoop_check_question, snoop_row, message, said)

#endif
