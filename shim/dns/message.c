/* SPDX-License-Identifier: MIT */
/* Reads and rebuilds DNS messages. It relies on nothing but the bytes. */
#include "dns/message.h"

#include "dns/wire.h"
#include "mapped.h"

enum {
	TYPE_CNAME = 5,
	TYPE_OPT = 41,
	OPT_FIXED = 11, /* an OPT record without options (RFC 6891 6.1.2) */
	OPT_ROOM = 256,
	AAAA_SIZE = 2 + WIRE_RECORD_FIXED + 16,
	CNAMES_MAX = 16,
	BYTE2_RESPONSE = 0x80,
	BYTE2_OPCODE = 0x78,
	BYTE2_TRUNCATED = 0x02,
	BYTE3_AUTHENTIC = 0x20,
	BYTE3_RCODE = 0x0f,
};

/* The question's name as text. A label that holds a dot would read as two: such a name is no
 * host's. */
static bool write_name(const struct wire_name *name, char *to)
{
	size_t dot = 0;

	for (size_t i = 1; i < name->len; i++) {
		bool is_dot = i == dot + 1U + (unsigned char)name->text[dot];

		if (is_dot)
			dot = i;
		else if (name->text[i] == '.' || name->text[i] == '\0')
			return false;
		to[i - 1] = is_dot ? '.' : name->text[i];
	}
	to[name->len - 1] = '\0';
	return true;
}

/* Whether what follows a question is nothing, or an OPT record without DO. */
static bool ends_plainly(const struct wire *m, unsigned additional)
{
	const unsigned char *opt = m->bytes + m->at;
	size_t rest = m->len - m->at;

	if (!additional)
		return rest == 0;
	return additional == 1 && rest >= OPT_FIXED && opt[0] == 0 &&
	       wire_get16(opt + 1) == TYPE_OPT && !(opt[7] & 0x80) &&
	       rest == OPT_FIXED + wire_get16(opt + 9);
}

bool message_read_question(const unsigned char *msg, size_t len, struct question *ret)
{
	struct wire m = { .bytes = msg, .len = len, .at = MESSAGE_HEADER };
	struct wire_name name;
	char text[sizeof(ret->name)];

	if (len < MESSAGE_LEAST || len > MESSAGE_MOST || !message_has_question(msg) ||
	    !wire_read_name(&m, &m.at, &name) || !name.len || m.len - m.at < 4 ||
	    wire_get16(msg + m.at) != MESSAGE_AAAA || wire_get16(msg + m.at + 2) != MESSAGE_IN)
		return false;
	m.at += 4;
	if (!ends_plainly(&m, wire_get16(msg + 10)) || !write_name(&name, text))
		return false;
	ret->end = m.at;
	memcpy(ret->name, text, name.len);
	return true;
}

size_t message_question_end(const unsigned char *msg, size_t len)
{
	struct wire m = { .bytes = msg, .len = len, .at = MESSAGE_HEADER };
	struct wire_name name;

	if (len < MESSAGE_LEAST || !(msg[2] & BYTE2_RESPONSE) || msg[2] & BYTE2_OPCODE ||
	    wire_get16(msg + 4) != 1 || !wire_read_name(&m, &m.at, &name) || m.len - m.at < 4)
		return 0;
	return m.at + 4;
}

bool message_answers(const unsigned char *msg, size_t len, const unsigned char *asked, size_t end)
{
	return message_question_end(msg, len) == end && msg[0] == asked[0] && msg[1] == asked[1] &&
	       memcmp(msg + MESSAGE_HEADER, asked + MESSAGE_HEADER, end - 4 - MESSAGE_HEADER) ==
		       0 &&
	       wire_get16(msg + end - 4) == MESSAGE_A && wire_get16(msg + end - 2) == MESSAGE_IN;
}

/* What is wanted of an answer, read before a byte of it is changed. */
struct contents {
	bool is_broken; /* a CNAME leads nowhere */
	bool is_whole;  /* every record that the header counts could be read */
	uint32_t ttl;
	size_t opt_len; /* 0: there is none */
	unsigned char opt[OPT_ROOM];
};

/* Records with a TTL from 2^31 on count as 0 (RFC 2181 8). */
static void lower_ttl(struct contents *contents, uint32_t ttl)
{
	if (ttl > INT32_MAX)
		ttl = 0;
	if (ttl < contents->ttl)
		contents->ttl = ttl;
}

/* Follows one CNAME from *name on, if one of the count records at m->at has it as its owner. */
static bool follow(struct wire m, unsigned count, struct wire_name *name, struct contents *contents)
{
	struct wire_record record;

	while (count-- && wire_read_record(&m, &record)) {
		size_t at = record.data;

		if (record.type != TYPE_CNAME || record.class != MESSAGE_IN ||
		    !wire_is_same(&record.owner, name))
			continue;
		lower_ttl(contents, record.ttl);
		contents->is_broken = !wire_read_name(&m, &at, name) || at != m.at;
		return !contents->is_broken;
	}
	return false;
}

/* Keeps the OPT record; one with more options than there is room for without them. */
static void keep_opt(const struct wire *m, const struct wire_record *record, struct contents *ret)
{
	size_t len = OPT_FIXED + record->data_len;
	bool fits = len <= sizeof(ret->opt);

	ret->opt_len = fits ? len : OPT_FIXED;
	memcpy(ret->opt, m->bytes + record->start, ret->opt_len);
	if (!fits)
		wire_put16(ret->opt + 9, 0);
}

/* Reads the answer whose question ends at m.at. */
static void read_answer(struct wire m, struct contents *contents, struct message_answer *ret)
{
	unsigned answers = wire_get16(m.bytes + 6);
	unsigned others = wire_get16(m.bytes + 8) + wire_get16(m.bytes + 10);
	size_t start = MESSAGE_HEADER;
	struct wire_record record;
	struct wire_name name;

	wire_read_name(&m, &start, &name);
	for (int links = 0; links < CNAMES_MAX && follow(m, answers, &name, contents); links++)
		;
	for (unsigned i = 0; i < answers + others; i++) {
		if (contents->is_broken || !wire_read_record(&m, &record))
			return;
		if (i < answers && record.type == MESSAGE_A && record.class == MESSAGE_IN &&
		    record.data_len == sizeof(struct in_addr) &&
		    wire_is_same(&record.owner, &name) && ret->count < MESSAGE_ADDRESSES) {
			lower_ttl(contents, record.ttl);
			memcpy(&ret->addresses[ret->count++], m.bytes + record.data,
			       sizeof(struct in_addr));
		}
		if (i >= answers && record.type == TYPE_OPT && !record.owner.len) {
			keep_opt(&m, &record, contents);
			ret->rcode |= record.ttl >> 24 << 4; /* RFC 6891 6.1.3 */
		}
	}
	contents->is_whole = true;
}

/* Writes the records behind the question and returns how long the message is then. */
static size_t write_answer(unsigned char *msg, size_t size, size_t end,
			   const struct contents *contents, struct message_answer *ret)
{
	size_t opt_len = size - end >= AAAA_SIZE + contents->opt_len ? contents->opt_len : 0;
	size_t room = (size - end - opt_len) / AAAA_SIZE;
	unsigned char *at = msg + end;

	if (ret->count > room)
		ret->count = room;
	for (size_t i = 0; i < ret->count; i++, at += AAAA_SIZE) {
		struct in6_addr mapped;

		mapped_from(ret->addresses[i], &mapped);
		wire_put16(at, 0xc000 | MESSAGE_HEADER);
		wire_put16(at + 2, MESSAGE_AAAA);
		wire_put16(at + 4, MESSAGE_IN);
		wire_put32(at + 6, contents->ttl);
		wire_put16(at + 10, sizeof(mapped));
		memcpy(at + 12, &mapped, sizeof(mapped));
	}
	memcpy(at, contents->opt, opt_len);
	wire_put16(msg + 6, (unsigned)ret->count);
	wire_put16(msg + 8, 0);
	wire_put16(msg + 10, opt_len > 0);
	return (size_t)(at - msg) + opt_len;
}

enum message_outcome message_rebuild(unsigned char *msg, size_t len, size_t size, size_t end,
				     struct message_answer *ret)
{
	struct wire m = { .bytes = msg, .len = len, .at = end };
	struct contents contents = { .ttl = INT32_MAX, .opt_len = 0 };

	ret->len = len;
	ret->rcode = msg[3] & BYTE3_RCODE;
	ret->count = 0;
	if (!ret->rcode)
		read_answer(m, &contents, ret);
	if (!ret->rcode && !ret->count && contents.is_whole && !(msg[2] & BYTE2_TRUNCATED))
		return MESSAGE_NO_RECORD;
	message_set_type(msg, end, MESSAGE_AAAA);
	if (!ret->count)
		return MESSAGE_RESTORED;
	ret->len = write_answer(msg, size, end, &contents, ret);
	msg[2] = (unsigned char)((msg[2] & ~BYTE2_TRUNCATED) | (ret->count ? 0 : BYTE2_TRUNCATED));
	msg[3] &= (unsigned char)~BYTE3_AUTHENTIC; /* nobody has signed these records */
	return MESSAGE_REBUILT;
}
