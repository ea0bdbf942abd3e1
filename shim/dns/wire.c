/* SPDX-License-Identifier: MIT */
/* Names and records as they stand in a DNS message. It relies on nothing but the bytes. */
#include "dns/wire.h"

#include <string.h>

enum { POINTERS_MAX = 64 };

static bool add_label(struct wire_name *name, const unsigned char *label)
{
	size_t len = 1U + label[0];

	if (name->len + len > sizeof(name->text))
		return false;
	for (size_t i = 0; i < len; i++) /* a length is no letter: it is below 64 */
		name->text[name->len++] = (char)hostname_fold((char)label[i]);
	return true;
}

bool wire_read_name(const struct wire *m, size_t *at, struct wire_name *ret)
{
	size_t from = *at;
	size_t lowest = from;
	size_t end = 0;

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
			to = wire_get16(m->bytes + from) & 0x3fff;
			if (to >= lowest || to < WIRE_HEADER)
				return false;
			end = end ? end : from + 2;
			from = lowest = to;
			continue;
		}
		if (label > HOSTNAME_LABEL_MAX || from + 1 + label > m->len)
			return false;
		if (label == 0)
			break;
		if (!add_label(ret, m->bytes + from))
			return false;
		from += 1 + label;
	}
	*at = end ? end : from + 1;
	return true;
}

bool wire_is_same(const struct wire_name *a, const struct wire_name *b)
{
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

bool wire_read_record(struct wire *m, struct wire_record *ret)
{
	const unsigned char *fixed;
	size_t at = m->at;

	ret->start = at;
	if (!wire_read_name(m, &at, &ret->owner) || m->len - at < WIRE_RECORD_FIXED)
		return false;
	fixed = m->bytes + at;
	ret->type = wire_get16(fixed);
	ret->class = wire_get16(fixed + 2);
	ret->ttl = (uint32_t)wire_get16(fixed + 4) << 16 | wire_get16(fixed + 6);
	ret->data_len = wire_get16(fixed + 8);
	ret->data = at + WIRE_RECORD_FIXED;
	if (m->len - ret->data < ret->data_len)
		return false;
	m->at = ret->data + ret->data_len;
	return true;
}
