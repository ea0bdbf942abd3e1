/* SPDX-License-Identifier: MIT */
/* Host names as text: what is one, and how two compare. Pure; all of it async-signal-safe. */
#ifndef PIN4_HOSTNAME_H
#define PIN4_HOSTNAME_H

#include <stdbool.h>
#include <stddef.h>

enum {
	HOSTNAME_MAX = 253, /* RFC 1035 2.3.4: 255 octets on the wire */
	HOSTNAME_LABEL_MAX = 63,
};

enum hostname_fault {
	HOSTNAME_OK,
	HOSTNAME_EMPTY_LABEL, /* also the empty name and the root, "." */
	HOSTNAME_LONG_LABEL,
	HOSTNAME_LONG_NAME,
	HOSTNAME_NOT_ASCII,
	HOSTNAME_BAD_CHARACTER, /* neither letter, digit, hyphen, underscore nor dot; a NUL too */
};

/* An ASCII letter in lower case; every other byte as it is. Never the locale's opinion. */
static inline unsigned char hostname_fold(char c)
{
	unsigned char byte = (unsigned char)c;

	return byte - 'A' <= 'Z' - 'A' && byte >= 'A' ? byte | 0x20 : byte;
}

/* The length of name without its trailing dot, if it has one. */
static inline size_t hostname_trim(const char *name, size_t len)
{
	return len && name[len - 1] == '.' ? len - 1 : len;
}

/* The first fault of the len bytes at name, a trimmed name, or HOSTNAME_OK. Letters, digits,
 * hyphens and underscores make a label (RFC 1123 2.1, and what DNS holds in practice). */
enum hostname_fault hostname_fault(const char *name, size_t len);

/* Whether the len bytes at name are an IPv4 address or written like one: one to four decimal, octal
 * or hexadecimal numbers, as inet_aton(3) reads them, ranges aside; or digits and dots alone, which
 * no name is (RFC 1123 2.1). */
bool hostname_is_numeric(const char *name, size_t len);

/* Whether a terminated string is known not to be a name by the digits and dots that it begins with:
 * there is nothing behind them, or a colon. An address may go unrecognized, a name is none. */
static inline bool hostname_starts_as_address(const char *host)
{
	if ((unsigned char)*host >= ':')
		return *host == ':';
	while ((unsigned char)(*host - '.') <= '9' - '.') /* "/" is between them, and in no name */
		host++;
	return !*host || *host == ':';
}

/* Whether a terminated string is an IPv4 address in that sense or, having a colon, an IPv6 one. */
bool hostname_is_address(const char *host);

/* Whether two trimmed names are the same, ASCII case aside (RFC 4343). */
bool hostname_is_equal(const char *a, size_t a_len, const char *b, size_t b_len);

#endif
