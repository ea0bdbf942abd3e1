/* SPDX-License-Identifier: MIT */
/* Host names as text. It relies on nothing. */
#include "hostname.h"

#include "export.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool is_label_character(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || is_digit(c) || c == '-' || c == '_';
}

enum hostname_fault hostname_fault(const char *name, size_t len)
{
	const char *end = name + len;

	for (const char *c = name;; c++) {
		const char *label = c;

		while (c < end && is_label_character(*c))
			c++;
		if (c - label > HOSTNAME_LABEL_MAX)
			return HOSTNAME_LONG_LABEL;
		if (c < end && *c != '.')
			return (unsigned char)*c >= 0x80 ? HOSTNAME_NOT_ASCII
							 : HOSTNAME_BAD_CHARACTER;
		if (c == label)
			return HOSTNAME_EMPTY_LABEL;
		if (c == end)
			return len > HOSTNAME_MAX ? HOSTNAME_LONG_NAME : HOSTNAME_OK;
	}
}

/* The end of the number at name[i], or i where there is none. */
static size_t skip_number(const char *name, size_t len, size_t i)
{
	bool is_hex = len - i > 2 && name[i] == '0' && hostname_fold(name[i + 1]) == 'x';
	size_t digits = is_hex ? i + 2 : i;
	size_t end = digits;

	while (end < len &&
	       (is_digit(name[end]) || (is_hex && (unsigned char)((name[end] | 0x20) - 'a') < 6)))
		end++;
	return end == digits ? i : end;
}

bool hostname_is_numeric(const char *name, size_t len)
{
	size_t i = 0;

	while (i < len && (is_digit(name[i]) || name[i] == '.'))
		i++;
	if (len && i == len)
		return true;
	i = 0;
	for (int part = 1; part <= 4; part++) {
		size_t end = skip_number(name, len, i);

		if (end == i)
			return false;
		if (end == len)
			return true;
		if (name[end] != '.')
			return false;
		i = end + 1;
	}
	return false;
}

RARE bool hostname_is_address(const char *host)
{
	size_t len = 0;

	for (; host[len]; len++)
		if (host[len] == ':')
			return true;
	return hostname_is_numeric(host, len);
}

bool hostname_is_equal(const char *a, size_t a_len, const char *b, size_t b_len)
{
	if (a_len != b_len)
		return false;
	for (size_t i = 0; i < a_len; i++)
		if (a[i] != b[i] && hostname_fold(a[i]) != hostname_fold(b[i]))
			return false;
	return true;
}
