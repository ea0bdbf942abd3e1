/* SPDX-License-Identifier: MIT */
/* Writes DNS messages (RFC 1035) from a line of text, byte by byte and faults included, for the
 * tests of what reads them. */
#ifndef PIN4_DNS_H
#define PIN4_DNS_H

#include <arpa/inet.h>

#include "unit.h"

struct dns {
	size_t len;
	unsigned char bytes[65535];
};

static inline void dns_put(struct dns *to, const void *bytes, size_t len)
{
	if (len > sizeof(to->bytes) - to->len)
		abort();
	memcpy(to->bytes + to->len, bytes, len);
	to->len += len;
}

static inline void dns_put16(struct dns *to, unsigned number)
{
	dns_put(to, (unsigned char[]){ (unsigned char)(number >> 8), (unsigned char)number }, 2);
}

/* Labels between dots, "^" for a NUL and "|" for a dot within one, "*N" for a pointer to N. */
static inline void dns_put_name(struct dns *to, const char *name)
{
	while (*name && *name != '*') {
		unsigned char len = (unsigned char)strcspn(name, ".*");

		if (len)
			dns_put(to, &len, 1);
		for (; len; len--, name++)
			dns_put(to, *name == '^' ? "" : *name == '|' ? "." : name, 1);
		name += *name == '.';
	}
	if (*name)
		dns_put16(to, 0xc000 | (unsigned)atoi(name + 1));
	else
		dns_put(to, "", 1);
}

static inline void dns_put_hex(struct dns *to, const char *hex)
{
	for (unsigned byte; sscanf(hex, "%2x", &byte) == 1; hex += 2)
		dns_put(to, &(unsigned char){ (unsigned char)byte }, 1);
}

/* A name or a number. */
static inline unsigned dns_type(const char *text)
{
	static const struct {
		const char *name;
		unsigned number;
	} types[] = { { "AAAA", 28 }, { "A", 1 },   { "CNAME", 5 },
		      { "NS", 2 },    { "SOA", 6 }, { "OPT", 41 } };

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (strcmp(text, types[i].name) == 0)
			return types[i].number;
	return (unsigned)atoi(text);
}

/* Writes type and class, of "TYPE" or "TYPE:CLASS", and returns the type. */
static inline unsigned dns_put_type(struct dns *to, char *text)
{
	char *class = strchr(text, ':');

	if (class)
		*class ++ = '\0';
	dns_put16(to, dns_type(text));
	dns_put16(to, class ? (unsigned)atoi(class) : 1);
	return dns_type(text);
}

/* The data of a record and, before it, its length; "xHEX" is taken as it is. */
static inline void dns_put_data(struct dns *to, unsigned type, const char *text)
{
	size_t start = to->len + 2;
	unsigned char address[16];

	dns_put16(to, 0);
	if (*text == 'x')
		dns_put_hex(to, text + 1);
	else if (type == 1 && inet_pton(AF_INET, text, address) == 1)
		dns_put(to, address, 4);
	else if (type == 28 && inet_pton(AF_INET6, text, address) == 1)
		dns_put(to, address, 16);
	else
		dns_put_name(to, text);
	to->bytes[start - 2] = (unsigned char)((to->len - start) >> 8);
	to->bytes[start - 1] = (unsigned char)(to->len - start);
}

/* Counts one more in the section: 0 question, 1 answer, 2 authority, 3 additional. */
static inline void dns_count(struct dns *to, size_t section)
{
	unsigned char *count = to->bytes + 4 + 2 * section;

	if (++count[1] == 0)
		count[0]++;
}

static inline void dns_put_record(struct dns *to, size_t section, char *text)
{
	char *rest = text;
	char *name = strsep(&rest, "/");
	unsigned long ttl = section ? strtoul(strsep(&rest, "/"), NULL, 10) : 0;
	unsigned type;

	dns_put_name(to, name);
	type = dns_put_type(to, strsep(&rest, "/"));
	if (section) {
		dns_put16(to, (unsigned)(ttl >> 16));
		dns_put16(to, (unsigned)ttl & 0xffff);
		dns_put_data(to, type, rest);
	}
	dns_count(to, section);
}

/* Writes a message with id 1234 and, unless told otherwise, the flags of a good answer. Words:
 *     #FLAGS                   in hexadecimal
 *     ?NAME/TYPE               a question
 *     =NAME/TTL/TYPE/DATA      an answer; with "@" an authority, with "+" an additional record
 *     ~OFFSET=HEX              these bytes there instead
 *     !HEX                     these bytes next, counted nowhere */
static inline void dns_write(struct dns *to, const char *text)
{
	static const char sections[] = "?=@+";
	char *copy = strdup(text);
	char *rest = copy;

	to->len = 0;
	dns_put_hex(to, "123481800000000000000000");
	for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " ")) {
		struct dns bytes = { 0 };

		if (*word && strchr(sections, *word)) {
			dns_put_record(to, (size_t)(strchr(sections, *word) - sections), word + 1);
		} else if (*word == '!') {
			dns_put_hex(to, word + 1);
		} else if (*word == '#' || *word == '~') {
			dns_put_hex(&bytes, *word == '#' ? word + 1 : strchr(word, '=') + 1);
			memcpy(to->bytes + (*word == '#' ? 2 : atoi(word + 1)), bytes.bytes,
			       bytes.len);
		}
	}
	free(copy);
}

#endif
