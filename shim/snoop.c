/* SPDX-License-Identifier: MIT */
/* Reads DNS messages. It relies on nothing but the bytes. */
#include "snoop.h"

#include <string.h>

enum {
	HEADER = 12,
	TYPE_CNAME = 5,
	CLASS_IN = 1,
	FLAG_RESPONSE = 0x8000,
	FLAG_TRUNCATED = 0x0200,
	FLAGS_OPCODE = 0x7800,
	FLAGS_RCODE = 0x000f,
	POINTERS_MAX = 64,
	CNAMES_MAX = 16,
};

struct message {
	const unsigned char *bytes;
	size_t len;
	size_t at;
};

struct name {
	size_t len; /* 0: the root, or no host name */
	char text[HOSTNAME_MAX + 1];
};

struct record {
	struct name owner;
	uint16_t type;
	uint16_t class;
	uint32_t ttl;
	size_t data;
	size_t data_len;
};

static uint16_t peek16(const struct message *m, size_t at)
{
	return (uint16_t)(m->bytes[at] << 8 | m->bytes[at + 1]);
}

/* Appends a label. A dot or a NUL in one would read as something else: such a name is none. */
static bool add_label(struct name *name, const unsigned char *label, size_t len, bool *is_odd)
{
	size_t dot = name->len ? 1 : 0;

	if (name->len + dot + len > HOSTNAME_MAX)
		return false;
	if (dot)
		name->text[name->len++] = '.';
	for (size_t i = 0; i < len; i++) {
		*is_odd |= label[i] == '.' || label[i] == '\0';
		name->text[name->len++] = (char)hostname_fold((char)label[i]);
	}
	return true;
}

/* Reads the name at *at and moves *at behind it. A pointer (RFC 1035 4.1.4) may only point to
 * before the place that the name was read from so far, so that no loop can be. */
static bool read_name(const struct message *m, size_t *at, struct name *ret)
{
	size_t from = *at;
	size_t lowest = from;
	size_t end = 0;
	bool is_odd = false;

	ret->len = 0;
	for (int pointers = 0;;) {
		size_t label;

		if (from >= m->len)
			return false;
		label = m->bytes[from];
		if (label >= 0xc0) {
			size_t to;

			if (from + 1 >= m->len || ++pointers > POINTERS_MAX)
				return false;
			to = peek16(m, from) & 0x3fff;
			if (to >= lowest || to < HEADER)
				return false;
			if (!end)
				end = from + 2;
			from = lowest = to;
			continue;
		}
		if (label > HOSTNAME_LABEL_MAX || from + 1 + label > m->len)
			return false;
		if (label == 0)
			break;
		if (!add_label(ret, m->bytes + from + 1, label, &is_odd))
			return false;
		from += 1 + label;
	}
	*at = end ? end : from + 1;
	ret->len = is_odd ? 0 : ret->len;
	ret->text[ret->len] = '\0';
	return true;
}

static bool is_same(const struct name *a, const struct name *b)
{
	return a->len && a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

static bool read_record(struct message *m, struct record *ret)
{
	if (!read_name(m, &m->at, &ret->owner) || m->len - m->at < 10)
		return false;
	ret->type = peek16(m, m->at);
	ret->class = peek16(m, m->at + 2);
	ret->ttl = (uint32_t)peek16(m, m->at + 4) << 16 | peek16(m, m->at + 6);
	if (ret->ttl > INT32_MAX)
		ret->ttl = 0; /* RFC 2181 8 */
	ret->data_len = peek16(m, m->at + 8);
	ret->data = m->at + 10;
	if (m->len - ret->data < ret->data_len)
		return false;
	m->at = ret->data + ret->data_len;
	return true;
}

/* The header and the question section, which has to hold one question that is ours. */
static bool read_question(struct message *m, struct snoop_question *ret)
{
	struct name name;

	if (m->len < HEADER || peek16(m, 4) != 1 || peek16(m, 2) & FLAGS_OPCODE)
		return false;
	m->at = HEADER;
	if (!read_name(m, &m->at, &name) || !name.len || m->len - m->at < 4)
		return false;
	ret->id = peek16(m, 0);
	ret->type = peek16(m, m->at);
	if ((ret->type != SNOOP_A && ret->type != SNOOP_AAAA) || peek16(m, m->at + 2) != CLASS_IN)
		return false;
	m->at += 4;
	ret->name_len = name.len;
	memcpy(ret->name, name.text, name.len + 1);
	return true;
}

bool snoop_question(const unsigned char *msg, size_t len, struct snoop_question *ret)
{
	struct message m = { .bytes = msg, .len = len };
	struct snoop_question question;

	if (!read_question(&m, &question) || peek16(&m, 2) & FLAG_RESPONSE || peek16(&m, 6) ||
	    peek16(&m, 8))
		return false;
	*ret = question;
	return true;
}

static bool read_reply(struct message *m, struct snoop_question *ret)
{
	return read_question(m, ret) && peek16(m, 2) & FLAG_RESPONSE &&
	       !(peek16(m, 2) & (FLAG_TRUNCATED | FLAGS_RCODE));
}

bool snoop_reply(const unsigned char *msg, size_t len, struct snoop_question *ret)
{
	struct message m = { .bytes = msg, .len = len };
	struct snoop_question question;

	if (!read_reply(&m, &question))
		return false;
	*ret = question;
	return true;
}

/* Follows one CNAME from *name on, if the answer section, at m->at, has one; false on a fault in
 * that record. */
static bool follow(struct message m, unsigned count, struct name *name, uint32_t *ttl, bool *moved)
{
	struct record record;

	*moved = false;
	while (count--) {
		size_t at;

		if (!read_record(&m, &record))
			return false;
		if (record.type != TYPE_CNAME || record.class != CLASS_IN ||
		    !is_same(&record.owner, name))
			continue;
		at = record.data;
		if (!read_name(&m, &at, name) || at != m.at)
			return false;
		*ttl = record.ttl < *ttl ? record.ttl : *ttl;
		*moved = true;
		return true;
	}
	return true;
}

/* Keeps a record's address, if it is one of that name; false if it has no address's length. */
static bool keep(const struct message *m, const struct record *record, const struct name *name,
		 struct snoop_answer *ret)
{
	const unsigned char *data = m->bytes + record->data;
	bool is_a = record->type == SNOOP_A;

	if (record->class != CLASS_IN || (!is_a && record->type != SNOOP_AAAA))
		return true;
	if (record->data_len != (is_a ? sizeof(struct in_addr) : sizeof(struct in6_addr)))
		return false;
	if (!is_same(&record->owner, name) || record->type != ret->question.type)
		return true;
	if (record->ttl < ret->ttl)
		ret->ttl = record->ttl;
	if (is_a && ret->ipv4_count < SNOOP_ADDRESSES)
		memcpy(&ret->ipv4[ret->ipv4_count++], data, record->data_len);
	if (!is_a && ret->ipv6_count < SNOOP_ADDRESSES)
		memcpy(&ret->ipv6[ret->ipv6_count++], data, record->data_len);
	return true;
}

/* Whether the records from m->at on, of the sections after the answer, end where the message
 * does. */
static bool is_rest_whole(struct message *m)
{
	struct record record;

	for (unsigned left = (unsigned)peek16(m, 8) + peek16(m, 10); left; left--)
		if (!read_record(m, &record))
			return false;
	return m->at == m->len;
}

bool snoop_answer(const unsigned char *msg, size_t len, struct snoop_answer *ret)
{
	struct message m = { .bytes = msg, .len = len };
	struct snoop_answer answer = { .ttl = UINT32_MAX };
	struct name name;
	struct record record;
	bool moved = true;
	unsigned count;

	if (!read_reply(&m, &answer.question))
		return false;
	count = peek16(&m, 6);
	name.len = answer.question.name_len;
	memcpy(name.text, answer.question.name, name.len + 1);
	for (int links = 0; moved; links++)
		if (links > CNAMES_MAX || !follow(m, count, &name, &answer.ttl, &moved))
			return false;
	while (count--)
		if (!read_record(&m, &record) || !keep(&m, &record, &name, &answer))
			return false;
	if (!is_rest_whole(&m))
		return false;
	*ret = answer;
	return true;
}
