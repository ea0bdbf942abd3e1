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
	for (size_t at = 0;; at++) {
		size_t start = at;

		while (at < len && is_label_character(name[at]))
			at++;
		if (at - start > HOSTNAME_LABEL_MAX)
			return HOSTNAME_LONG_LABEL;
		if (at < len && name[at] != '.')
			return (unsigned char)name[at] >= 0x80 ? HOSTNAME_NOT_ASCII
							       : HOSTNAME_BAD_CHARACTER;
		if (at == start)
			return HOSTNAME_EMPTY_LABEL;
		if (at == len)
			return len > HOSTNAME_MAX ? HOSTNAME_LONG_NAME : HOSTNAME_OK;
	}
}

static bool is_hex_digit(char c)
{
	unsigned char folded = hostname_fold(c);

	return is_digit(c) || (folded >= 'a' && folded <= 'f');
}

/* The end of the number at name[i], or i where there is none. */
static size_t skip_number(const char *name, size_t len, size_t i)
{
	bool is_hex = len - i > 2 && name[i] == '0' && hostname_fold(name[i + 1]) == 'x';
	size_t digits = is_hex ? i + 2 : i;
	size_t end = digits;

	while (end < len && (is_hex ? is_hex_digit(name[end]) : is_digit(name[end])))
		end++;
	return end == digits ? i : end;
}

static bool is_digits_and_dots(const char *name, size_t len)
{
	size_t i = 0;

	while (i < len && (is_digit(name[i]) || name[i] == '.'))
		i++;
	return len && i == len;
}

RARE bool hostname_is_numeric(const char *name, size_t len)
{
	size_t i = 0;

	if (is_digits_and_dots(name, len))
		return true;
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
