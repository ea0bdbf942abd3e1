/* SPDX-License-Identifier: MIT */
/* Names and records as they stand in a DNS message (RFC 1035 3.1, 4.1). Pure, within the message,
 * async-signal-safe. */
#ifndef PIN4_DNS_WIRE_H
#define PIN4_DNS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hostname.h"

enum {
	WIRE_HEADER = 12,
	WIRE_RECORD_FIXED = 10, /* type, class, TTL, length */
};

struct wire {
	const unsigned char *bytes;
	size_t len;
	size_t at;
};

struct wire_name {
	size_t len;                  /* 0: the root */
	char text[HOSTNAME_MAX + 1]; /* in lower case, each label behind its length */
};

struct wire_record {
	struct wire_name owner;
	unsigned type;
	unsigned class;
	uint32_t ttl;
	size_t start;
	size_t data;
	size_t data_len;
};

static inline unsigned wire_get16(const unsigned char *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static inline void wire_put16(unsigned char *at, unsigned value)
{
	at[0] = (unsigned char)(value >> 8);
	at[1] = (unsigned char)value;
}

static inline void wire_put32(unsigned char *at, uint32_t value)
{
	wire_put16(at, value >> 16);
	wire_put16(at + 2, value & 0xffff);
}

/* Reads the name at *at and moves *at behind it. A pointer (RFC 1035 4.1.4) may only point to
 * before the place that the name was read from so far, so that there can be no loop. Returns false
 * on a fault, *at untouched; *ret means nothing then. */
bool wire_read_name(const struct wire *m, size_t *at, struct wire_name *ret);

/* Reads the record at m->at and moves behind it. Returns false, m untouched, where there is no
 * whole one; *ret means nothing then. */
bool wire_read_record(struct wire *m, struct wire_record *ret);

bool wire_is_same(const struct wire_name *a, const struct wire_name *b);

#endif
