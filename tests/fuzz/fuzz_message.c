/* SPDX-License-Identifier: MIT */
/* DNS messages: any bytes, read as a question and rebuilt as an answer, and compared with a second
 * reading of the same promises, which takes the message apart as a whole first. The input's first
 * two bytes say how much room there is behind the message. */
#include "fuzz.h"

#include "dns/message.h"

enum { HEADER = 12, MAX_RECORDS = 6000, MAX_POINTERS = 64, MAX_LINKS = 16, RECORD = 28 };

/* A name as its labels on the wire, in lower case, without the root's. */
struct name {
	size_t len;
	int is_odd; /* no host has it */
	uint8_t bytes[256];
};

struct record {
	unsigned section, type, class;
	uint32_t ttl;
	size_t start, data, len;
	struct name owner;
};

static const uint8_t *bytes;
static size_t size;
static struct record records[MAX_RECORDS];
static size_t count;
static int is_whole;

static unsigned get16(size_t at)
{
	return at + 2 <= size ? bytes[at] * 256U + bytes[at + 1] : 0;
}

static uint32_t get32(size_t at)
{
	return (uint32_t)get16(at) << 16 | get16(at + 2);
}

/* Returns where the name at at ends, or 0. before: where the last pointer, or the name, stands. */
static size_t get_name(size_t at, size_t before, int pointers, struct name *ret)
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

static int is_equal(const struct name *a, const struct name *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* Whether a question of that type and class IN stands first; *end is where it ends. */
static int get_question(unsigned type, struct name *name, size_t *end)
{
	size_t at = size >= HEADER && get16(4) == 1 ? get_name(HEADER, HEADER, 0, name) : 0;

	*end = at + 4;
	return at && at + 4 <= size && get16(at) == type && get16(at + 2) == 1;
}

static void get_records(size_t at)
{
	count = 0;
	is_whole = 0;
	for (unsigned section = 1; section <= 3; section++)
		for (unsigned left = get16(4 + 2 * section); left; left--) {
			struct record *record = &records[count];

			MUST(count < MAX_RECORDS); /* 11 bytes each */
			*record = (struct record){ .section = section, .start = at };
			at = get_name(at, at, 0, &record->owner);
			if (!at || at + 10 > size || at + 10 + get16(at + 8) > size)
				return;
			record->type = get16(at);
			record->class = get16(at + 2);
			record->ttl = get32(at + 4);
			record->len = get16(at + 8);
			record->data = at + 10;
			at += 10 + record->len;
			count++;
		}
	is_whole = 1;
}

static uint32_t ttl_of(const struct record *record)
{
	return record->ttl >> 31 ? 0 : record->ttl; /* RFC 2181 8 */
}

static const struct record *find_cname(const struct name *owner)
{
	for (size_t i = 0; i < count && records[i].section == 1; i++)
		if (records[i].type == 5 && records[i].class == 1 &&
		    is_equal(&records[i].owner, owner))
			return &records[i];
	return NULL;
}

/* What an answer comes to. */
struct meaning {
	int is_chain_broken;
	uint32_t ttl;
	size_t count;
	uint8_t addresses[MAX_RECORDS][4];
	const struct record *opt; /* the last one */
};

static void follow(struct name *name, struct meaning *ret)
{
	const struct record *cname;

	for (int links = 0; links < MAX_LINKS && (cname = find_cname(name)); links++) {
		*name = (struct name){ 0 };
		if (get_name(cname->data, cname->data, 0, name) != cname->data + cname->len) {
			ret->is_chain_broken = 1;
			return;
		}
		ret->ttl = ttl_of(cname) < ret->ttl ? ttl_of(cname) : ret->ttl;
	}
}

static void understand(size_t end, struct name name, struct meaning *ret)
{
	ret->is_chain_broken = 0;
	ret->ttl = INT32_MAX;
	ret->count = 0;
	ret->opt = NULL;
	get_records(end);
	follow(&name, ret);
	for (size_t i = 0; i < count; i++) {
		const struct record *record = &records[i];

		if (record->section == 1 && record->type == 1 && record->class == 1 &&
		    record->len == 4 && is_equal(&record->owner, &name) &&
		    ret->count < MESSAGE_ADDRESSES) {
			ret->ttl = ttl_of(record) < ret->ttl ? ttl_of(record) : ret->ttl;
			memcpy(ret->addresses[ret->count++], bytes + record->data, 4);
		}
		if (record->section > 1 && record->type == 41 && !record->owner.len)
			ret->opt = record;
	}
	if (ret->is_chain_broken) {
		ret->count = 0;
		ret->opt = NULL;
		is_whole = 0;
	}
}

/* Reads what an answer was made into, and compares it with what the one before it meant. */
static void check_rebuilt(const uint8_t *before, const struct meaning *meaning, size_t end,
			  size_t room, const struct message_answer *answer)
{
	static const uint8_t mapped[12] = { [10] = 0xff, 0xff };
	size_t opt_len = !meaning->opt                  ? 0
			 : meaning->opt->len + 11 > 256 ? 11
							: 11 + meaning->opt->len;
	size_t opt_from = meaning->opt ? meaning->opt->start : 0;
	size_t is_opt = opt_len && end + RECORD + opt_len <= room;
	size_t most = (room - end - (is_opt ? opt_len : 0)) / RECORD;
	size_t kept = meaning->count < most ? meaning->count : most;
	uint8_t flags = (uint8_t)((before[2] & ~2) | (kept ? 0 : 2));

	MUST(answer->count == kept && answer->len <= room);
	MUST(answer->len == end + kept * RECORD + (is_opt ? opt_len : 0));
	MUST(memcmp(bytes, before, 2) == 0 && bytes[2] == flags);
	MUST(bytes[3] == (before[3] & ~0x20) && get16(4) == 1);
	MUST(get16(6) == kept && get16(8) == 0 && get16(10) == is_opt);
	MUST(memcmp(bytes + HEADER, before + HEADER, end - 4 - HEADER) == 0);
	size = answer->len;
	get_records(end);
	MUST(is_whole && count == kept + is_opt);
	for (size_t i = 0; i < kept; i++) {
		MUST(get16(records[i].start) == 0xc00c && records[i].type == 28);
		MUST(records[i].class == 1 && records[i].len == 16);
		MUST(records[i].ttl == meaning->ttl);
		MUST(memcmp(bytes + records[i].data, mapped, 12) == 0);
		MUST(memcmp(bytes + records[i].data + 12, meaning->addresses[i], 4) == 0);
		MUST(memcmp(&answer->addresses[i], meaning->addresses[i], 4) == 0);
	}
	if (is_opt) {
		MUST(memcmp(bytes + records[kept].start, before + opt_from, 9) == 0);
		MUST(opt_len == 11 ||
		     memcmp(bytes + records[kept].data, before + opt_from + 11, opt_len - 11) == 0);
	}
}

/* An answer to an A question, in a block of its very size. */
static void rebuild(const uint8_t *data, size_t len, size_t room, size_t end, struct name name)
{
	static struct meaning meaning;
	static struct message_answer answer;
	uint8_t *buf = malloc(room);
	unsigned rcode = data[3] & 15;
	enum message_outcome outcome, wanted;

	MUST(buf);
	memcpy(buf, data, len);
	understand(end, name, &meaning);
	for (size_t i = 0; !rcode && !meaning.is_chain_broken && i < count; i++)
		if (records[i].section > 1 && records[i].type == 41 && !records[i].owner.len)
			rcode |= records[i].ttl >> 24 << 4;
	if (data[3] & 15)
		meaning.count = 0;
	wanted = meaning.count                       ? MESSAGE_REBUILT
		 : rcode || !is_whole || data[2] & 2 ? MESSAGE_RESTORED
						     : MESSAGE_NO_RECORD;
	outcome = message_rebuild(buf, len, room, end, &answer);
	MUST(outcome == wanted);
	bytes = buf;
	if (outcome == MESSAGE_REBUILT) {
		check_rebuilt(data, &meaning, end, room, &answer);
	} else {
		MUST(answer.len == len && answer.count == 0 && answer.rcode == rcode);
		MUST(memcmp(buf, data, end - 4) == 0 &&
		     memcmp(buf + end - 2, data + end - 2, len - end + 2) == 0);
	}
	MUST(buf[end - 4] == 0 && buf[end - 3] == (outcome == MESSAGE_NO_RECORD ? 1 : 28));
	free(buf);
}

static int is_plain_end(size_t end)
{
	if (get16(10) == 0)
		return end == size;
	return get16(10) == 1 && end + 11 <= size && bytes[end] == 0 && get16(end + 1) == 41 &&
	       !(bytes[end + 7] & 0x80) && end + 11 + get16(end + 9) == size;
}

static void read_question(const uint8_t *data, size_t len)
{
	static const uint8_t flags[] = { 1, 0, 0, 1, 0, 0, 0, 0 };
	struct question question;
	struct name name = { 0 };
	size_t end, at = 0;
	int is_question = get_question(28, &name, &end) && name.len && !name.is_odd && len <= 512 &&
			  data[2] == flags[0] && (data[3] & ~0x20) == 0 &&
			  memcmp(data + 4, flags + 2, 6) == 0 && is_plain_end(end);

	MUST(message_read_question(data, len, &question) == is_question);
	if (!is_question)
		return;
	MUST(message_has_question(data) && question.end == end);
	MUST(strlen(question.name) == name.len - 1);
	for (size_t i = 0; i < name.len; i += 1 + name.bytes[i], at = i) {
		MUST(!at || question.name[at - 1] == '.');
		MUST(memcmp(question.name + at, name.bytes + at + 1, name.bytes[at]) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input input = { data, len };
	struct name name = { 0 };
	size_t room, end;
	int is_answer;

	room = take(&input, 256) * 256;
	room += take(&input, 256);
	if (input.len > (1 << 16) - 1) /* no message is longer */
		return 0;
	bytes = input.data;
	size = input.len;
	read_question(bytes, size);
	is_answer = size >= HEADER && (bytes[2] & 0xf8) == 0x80;
	name = (struct name){ 0 };
	if (is_answer && get_question(1, &name, &end)) {
		MUST(message_question_end(bytes, size) == end);
		MUST(message_answers(bytes, size, bytes, end));
		rebuild(bytes, size, size + room, end, name);
	} else {
		end = message_question_end(bytes, size);
		MUST(end <= size && (!end || is_answer));
		MUST(!end || !message_answers(bytes, size, bytes, end));
	}
	return 0;
}
