/* SPDX-License-Identifier: MIT */
/* DNS messages: any bytes, read by snoop.c and by a second reading of the same promises, which
 * takes the message apart as a whole first and only then follows names. */
#include "fuzz.h"
#include "snoop.h"

enum { HEADER = 12, MAX_RECORDS = 6000, MAX_POINTERS = 64, MAX_LINKS = 16 };

/* A name as its labels on the wire, in lower case, without the root's; odd where no host name. */
struct wire {
	size_t len;
	int is_odd;
	uint8_t bytes[256];
};

struct record {
	unsigned section;
	unsigned type;
	unsigned class;
	uint32_t ttl;
	size_t data;
	size_t len;
	struct wire owner;
};

static const uint8_t *bytes;
static size_t size;
static struct record records[MAX_RECORDS];
static size_t count;

static unsigned get16(size_t at)
{
	return at + 2 <= size ? bytes[at] * 256U + bytes[at + 1] : 0;
}

/* Returns where the name at at ends, or 0. before: where the last pointer, or the name, stands. */
static size_t get_name(size_t at, size_t before, int pointers, struct wire *ret)
{
	size_t len = at < size ? bytes[at] : 255;

	if (at >= size || (len > 63 && len < 0xc0))
		return 0;
	if (len >= 0xc0) {
		size_t to = get16(at) & 0x3fff;

		if (at + 2 > size || to < HEADER || to >= before || pointers == MAX_POINTERS)
			return 0;
		return get_name(to, to, pointers + 1, ret) ? at + 2 : 0;
	}
	if (len == 0)
		return at + 1;
	if (at + 1 + len > size || ret->len + 1 + len > 254)
		return 0;
	for (size_t i = 0; i <= len; i++) {
		uint8_t byte = bytes[at + i];

		ret->is_odd |= i > 0 && (byte == '.' || byte == 0);
		ret->bytes[ret->len++] = i > 0 && byte >= 'A' && byte <= 'Z' ? byte + 32 : byte;
	}
	return get_name(at + 1 + len, before, pointers, ret);
}

static int is_equal(const struct wire *a, const struct wire *b)
{
	return a->len && !a->is_odd && !b->is_odd && a->len == b->len &&
	       memcmp(a->bytes, b->bytes, a->len) == 0;
}

static void to_text(const struct wire *name, char *to)
{
	for (size_t at = 0; at < name->len; at += 1 + name->bytes[at]) {
		memcpy(to, name->bytes + at + 1, name->bytes[at]);
		to += name->bytes[at];
		*to++ = '.';
	}
	to[name->len ? -1 : 0] = '\0';
}

static int get_question(struct snoop_question *ret, struct wire *name, size_t *end)
{
	*name = (struct wire){ 0 };
	*end = size >= HEADER && get16(4) == 1 && (get16(2) >> 11 & 15) == 0
		       ? get_name(HEADER, HEADER, 0, name)
		       : 0;
	if (!*end || *end + 4 > size || name->is_odd || !name->len || get16(*end + 2) != 1 ||
	    (get16(*end) != 1 && get16(*end) != 28))
		return 0;
	*ret = (struct snoop_question){ .id = (uint16_t)get16(0), .type = (uint16_t)get16(*end) };
	to_text(name, ret->name);
	ret->name_len = strlen(ret->name);
	*end += 4;
	return 1;
}

/* Takes all records apart. Returns whether they end where the message does. */
static int get_records(size_t at)
{
	count = 0;
	for (unsigned section = 1; section <= 3; section++)
		for (unsigned left = get16(4 + 2 * section); left; left--) {
			struct record *record = &records[count];

			MUST(count < MAX_RECORDS); /* 11 bytes each */
			record->owner = (struct wire){ 0 };
			at = get_name(at, at, 0, &record->owner);
			if (!at || at + 10 > size || at + 10 + get16(at + 8) > size)
				return 0;
			record->section = section;
			record->type = get16(at);
			record->class = get16(at + 2);
			record->ttl = (uint32_t)get16(at + 4) << 16 | get16(at + 6);
			if (record->ttl >> 31) /* RFC 2181 8 */
				record->ttl = 0;
			record->len = get16(at + 8);
			record->data = at + 10;
			at += 10 + record->len;
			count++;
		}
	return at == size;
}

static const struct record *find_cname(const struct wire *owner)
{
	for (size_t i = 0; i < count && records[i].section == 1; i++)
		if (records[i].type == 5 && records[i].class == 1 &&
		    is_equal(&records[i].owner, owner))
			return &records[i];
	return NULL;
}

static int follow(struct wire *name, uint32_t *ttl)
{
	const struct record *cname;

	for (int links = 0; (cname = find_cname(name)); links++) {
		*name = (struct wire){ 0 };
		if (links == MAX_LINKS ||
		    get_name(cname->data, cname->data, 0, name) != cname->data + cname->len)
			return 0;
		*ttl = cname->ttl < *ttl ? cname->ttl : *ttl;
	}
	return 1;
}

static int get_addresses(const struct wire *name, struct snoop_answer *ret)
{
	for (size_t i = 0; i < count && records[i].section == 1; i++) {
		const struct record *record = &records[i];
		size_t *kept = record->type == 1 ? &ret->ipv4_count : &ret->ipv6_count;
		size_t width = record->type == 1 ? 4 : 16;
		void *to = record->type == 1 ? (void *)ret->ipv4 : (void *)ret->ipv6;

		if (record->class != 1 || (record->type != 1 && record->type != 28))
			continue;
		if (record->len != width)
			return 0;
		if (record->type != ret->question.type || !is_equal(&record->owner, name))
			continue;
		ret->ttl = record->ttl < ret->ttl ? record->ttl : ret->ttl;
		if (*kept < SNOOP_ADDRESSES)
			memcpy((char *)to + width * (*kept)++, bytes + record->data, width);
	}
	return 1;
}

static int is_same_question(const struct snoop_question *a, const struct snoop_question *b)
{
	return a->id == b->id && a->type == b->type && a->name_len == b->name_len &&
	       strcmp(a->name, b->name) == 0 && strlen(a->name) == a->name_len;
}

static void compare_answers(const struct snoop_answer *a, const struct snoop_answer *b)
{
	MUST(is_same_question(&a->question, &b->question));
	MUST(a->ttl == b->ttl);
	MUST(a->ipv4_count == b->ipv4_count && a->ipv4_count <= SNOOP_ADDRESSES);
	MUST(a->ipv6_count == b->ipv6_count && a->ipv6_count <= SNOOP_ADDRESSES);
	MUST(memcmp(a->ipv4, b->ipv4, a->ipv4_count * sizeof(*a->ipv4)) == 0);
	MUST(memcmp(a->ipv6, b->ipv6, a->ipv6_count * sizeof(*a->ipv6)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct snoop_answer answer, wanted = { .ttl = UINT32_MAX };
	struct snoop_question question, asked = { 0 };
	struct wire name;
	size_t end;
	int is_ours, is_reply, is_answer;

	if (len > (1 << 16) - 1) /* no message is longer */
		return 0;
	bytes = data;
	size = len;
	is_ours = get_question(&asked, &name, &end);
	wanted.question = asked;
	is_reply = is_ours && (get16(2) & 0x820f) == 0x8000;
	is_answer = is_reply && get_records(end) && follow(&name, &wanted.ttl) &&
		    get_addresses(&name, &wanted);
	MUST(snoop_answer(data, len, &answer) == is_answer);
	if (is_answer)
		compare_answers(&answer, &wanted);
	MUST(snoop_reply(data, len, &question) == is_reply);
	if (is_reply)
		MUST(is_same_question(&question, &asked));
	is_ours = is_ours && !(get16(2) & 0x8000) && !get16(6) && !get16(8);
	MUST(snoop_question(data, len, &question) == is_ours);
	if (is_ours)
		MUST(is_same_question(&question, &asked));
	return 0;
}
