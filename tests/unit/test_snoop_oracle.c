/* SPDX-License-Identifier: MIT */
/* Generated answers: written with records in any order, in any case and with any compression, they
 * are read as what they were made from; cut they are refused, and changed they do no harm. */
#include <stdbool.h>
#include <strings.h>

#include "dns.h"
#include "snoop.h"

enum { MESSAGES = 2000, NAMES = 24, RECORDS_MOST = 100, PLACES_MOST = 512 };

struct record {
	unsigned type;
	unsigned class;
	uint32_t ttl;
	int owner;  /* of names */
	int target; /* of a CNAME */
	unsigned char address[16];
};

struct model {
	unsigned type;
	int question;
	size_t count;
	size_t answers; /* of them; the others stand in the additional section */
	struct record records[RECORDS_MOST];
};

/* Names share ends, so that there is something to compress. */
static char names[NAMES][128];

/* Where labels stand in the message, and the text from there on. */
static struct place {
	size_t at;
	char text[128];
} places[PLACES_MOST];
static size_t place_count;

static void make_names(void)
{
	static const char *const labels[] = { "a", "bb", "www", "eu-central-1" };

	for (int i = 0; i < NAMES; i++) {
		int under = i ? (int)unit_random(((uint32_t)i + 1) / 2) : -1;

		snprintf(names[i], sizeof(names[i]), "%s%x%s%s", labels[unit_random(4)], i,
			 under < 0 ? "" : ".", under < 0 ? "" : names[under]);
	}
}

/* Writes a name, and from some label on a pointer to where the rest stands, if it does. */
static void put_name(struct dns *to, const char *name)
{
	while (*name) {
		unsigned char len = (unsigned char)strcspn(name, ".");
		size_t known = 0;

		while (known < place_count && strcasecmp(places[known].text, name) != 0)
			known++;
		if (known < place_count && unit_random(4)) {
			dns_put16(to, 0xc000 | (unsigned)places[known].at);
			return;
		}
		if (place_count < PLACES_MOST && to->len < 0x4000) {
			places[place_count].at = to->len;
			strcpy(places[place_count++].text, name);
		}
		dns_put(to, &len, 1);
		for (; len; len--, name++) {
			bool is_letter = *name >= 'a' && *name <= 'z';

			dns_put(to, &(char){ is_letter && unit_random(2) ? *name - 32 : *name }, 1);
		}
		name += *name == '.';
	}
	dns_put(to, "", 1);
}

static void put_record(struct dns *to, const struct record *record)
{
	size_t start;

	put_name(to, names[record->owner]);
	dns_put16(to, record->type);
	dns_put16(to, record->class);
	dns_put16(to, record->ttl >> 16);
	dns_put16(to, record->ttl & 0xffff);
	dns_put16(to, 0);
	start = to->len;
	if (record->type == 5)
		put_name(to, names[record->target]);
	else
		dns_put(to, record->address, record->type == 28 ? 16 : 4);
	to->bytes[start - 1] = (unsigned char)(to->len - start);
}

static void put_message(struct dns *to, const struct model *model)
{
	place_count = 0;
	to->len = 0;
	dns_put_hex(to, "abcd81800001000000000000");
	put_name(to, names[model->question]);
	dns_put16(to, model->type);
	dns_put16(to, 1);
	for (size_t i = 0; i < model->count; i++) {
		put_record(to, &model->records[i]);
		dns_count(to, i < model->answers ? 1 : 3);
	}
}

static struct record random_record(unsigned type)
{
	unsigned kind = unit_random(8);
	struct record record = {
		.type = kind < 6    ? type
			: kind == 6 ? 29 - type
				    : 5,
		.class = unit_random(20) ? 1 : 3,
		.ttl = unit_random(1 << 20),
		.owner = (int)unit_random(NAMES),
		.target = (int)unit_random(NAMES),
	};

	for (int i = 0; i < 16; i++)
		record.address[i] = (unsigned char)unit_random(256);
	return record;
}

static void make_model(struct model *ret)
{
	size_t links = unit_random(3) ? unit_random(4) : unit_random(20);
	uint32_t busy = unit_random(5); /* how many of the addresses the chain's end has */

	make_names();
	ret->type = unit_random(2) ? 1 : 28;
	ret->question = (int)unit_random(NAMES);
	ret->count = links + unit_random(RECORDS_MOST - 20);
	ret->answers = ret->count - (unit_random(4) ? 0 : unit_random((uint32_t)ret->count + 1));
	for (size_t i = 0; i < ret->count; i++) {
		struct record *record = &ret->records[i];

		*record = random_record(ret->type);
		if (i < links) {
			record->type = 5;
			record->owner = (ret->question + (int)i) % NAMES;
			record->target = (record->owner + 1) % NAMES;
		} else if (record->type != 5 && unit_random(4) < busy) {
			record->owner = (ret->question + (int)links) % NAMES;
		}
	}
	for (size_t i = 0; i < ret->count && unit_random(4); i++) { /* in any order */
		size_t other = unit_random((uint32_t)ret->count);
		struct record saved = ret->records[i];

		ret->records[i] = ret->records[other];
		ret->records[other] = saved;
	}
}

static const struct record *find_cname(const struct model *model, int owner)
{
	for (size_t i = 0; i < model->answers; i++)
		if (model->records[i].type == 5 && model->records[i].class == 1 &&
		    model->records[i].owner == owner)
			return &model->records[i];
	return NULL;
}

/* What snoop_answer() has to say. Returns false where it has to refuse. */
static bool know(const struct model *model, struct snoop_answer *ret)
{
	int name = model->question;
	const struct record *cname;

	*ret = (struct snoop_answer){ .ttl = UINT32_MAX };
	ret->question.id = 0xabcd;
	ret->question.type = (uint16_t)model->type;
	ret->question.name_len = strlen(names[name]);
	strcpy(ret->question.name, names[name]);
	for (int links = 0; (cname = find_cname(model, name)); links++) {
		if (links == 16)
			return false;
		name = cname->target;
		ret->ttl = cname->ttl < ret->ttl ? cname->ttl : ret->ttl;
	}
	for (size_t i = 0; i < model->answers; i++) {
		const struct record *record = &model->records[i];

		if (record->type != model->type || record->class != 1 || record->owner != name)
			continue;
		ret->ttl = record->ttl < ret->ttl ? record->ttl : ret->ttl;
		if (record->type == 1 && ret->ipv4_count < SNOOP_ADDRESSES)
			memcpy(&ret->ipv4[ret->ipv4_count++], record->address, 4);
		if (record->type == 28 && ret->ipv6_count < SNOOP_ADDRESSES)
			memcpy(&ret->ipv6[ret->ipv6_count++], record->address, 16);
	}
	return true;
}

static bool read_exact(const struct dns *message, size_t len, struct snoop_answer *ret)
{
	char *exact = unit_exact((const char *)message->bytes, len);
	bool is_read = snoop_answer((unsigned char *)exact, len, ret);

	free(exact);
	return is_read;
}

static void compare(const struct snoop_answer *a, const struct snoop_answer *b)
{
	assert_int_equal(a->question.id, b->question.id);
	assert_int_equal(a->question.type, b->question.type);
	assert_int_equal(a->question.name_len, b->question.name_len);
	assert_string_equal(a->question.name, b->question.name);
	assert_int_equal(a->ttl, b->ttl);
	assert_int_equal(a->ipv4_count, b->ipv4_count);
	assert_int_equal(a->ipv6_count, b->ipv6_count);
	assert_memory_equal(a->ipv4, b->ipv4, a->ipv4_count * sizeof(*a->ipv4));
	assert_memory_equal(a->ipv6, b->ipv6, a->ipv6_count * sizeof(*a->ipv6));
}

static void change_bytes(struct dns *message)
{
	for (int i = 0; i < 50; i++) {
		size_t at = unit_random((uint32_t)message->len);
		unsigned char saved = message->bytes[at];
		struct snoop_answer answer;

		message->bytes[at] = (unsigned char)unit_random(256);
		if (read_exact(message, message->len, &answer)) {
			assert_int_equal(strlen(answer.question.name), answer.question.name_len);
			assert_in_range(answer.question.name_len, 1, HOSTNAME_MAX);
			assert_in_range(answer.ipv4_count + answer.ipv6_count, 0, SNOOP_ADDRESSES);
		}
		message->bytes[at] = saved;
	}
}

static void answer_that_was_generated_is_read_as_it_was_meant(void **state)
{
	size_t good = 0, refused = 0, full = 0;

	(void)state;
	for (int i = 0; i < MESSAGES; i++) {
		struct snoop_answer answer, wanted;
		struct model model;
		struct dns message;
		bool is_good;

		make_model(&model);
		put_message(&message, &model);
		is_good = know(&model, &wanted);
		assert_int_equal(read_exact(&message, message.len, &answer), is_good);
		if (is_good)
			compare(&answer, &wanted);
		for (size_t len = 0; len < message.len; len += 1 + unit_random(7))
			assert_false(read_exact(&message, len, &answer));
		change_bytes(&message);
		good += is_good && wanted.ipv4_count + wanted.ipv6_count;
		full += is_good && wanted.ipv4_count + wanted.ipv6_count == SNOOP_ADDRESSES;
		refused += !is_good;
	}
	printf("# %zu with addresses, %zu of them with %d, %zu to refuse\n", good, full,
	       SNOOP_ADDRESSES, refused);
	assert_true(good > MESSAGES / 4 && refused > MESSAGES / 50 && full > MESSAGES / 100);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(answer_that_was_generated_is_read_as_it_was_meant),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
