/* SPDX-License-Identifier: MIT */
/* Host names as text. It relies on nothing. */
#include "hostname.h"

size_t hostname_trim(const char *name, size_t len)
{
	return len && name[len - 1] == '.' ? len - 1 : len;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_label_character(char c)
{
	unsigned char folded = hostname_fold(c);

	return (folded >= 'a' && folded <= 'z') || is_digit(c) || c == '-' || c == '_';
}

enum hostname_fault hostname_fault(const char *name, size_t len)
{
	size_t label = 0;

	for (size_t i = 0; i < len; i++) {
		if (name[i] == '.') {
			if (!label)
				return HOSTNAME_EMPTY_LABEL;
			label = 0;
			continue;
		}
		if ((unsigned char)name[i] >= 0x80)
			return HOSTNAME_NOT_ASCII;
		if (!is_label_character(name[i]))
			return HOSTNAME_BAD_CHARACTER;
		if (++label > HOSTNAME_LABEL_MAX)
			return HOSTNAME_LONG_LABEL;
	}
	if (!label)
		return HOSTNAME_EMPTY_LABEL;
	return len > HOSTNAME_MAX ? HOSTNAME_LONG_NAME : HOSTNAME_OK;
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

bool hostname_is_numeric(const char *name, size_t len)
{
	size_t i = 0;

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

bool hostname_is_address(const char *host)
{
	size_t len = 0;

	for (; host[len]; len++)
		if (host[len] == ':')
			return true;
	return is_digit(host[0]) && hostname_is_numeric(host, len);
}

void hostname_hash(const char *name, uint32_t ret[2])
{
	uint64_t hash = 14695981039346656037U; /* FNV-1a */

	while (*name)
		hash = (hash ^ (unsigned char)*name++) * 1099511628211U;
	ret[0] = (uint32_t)hash;
	ret[1] = (uint32_t)(hash >> 32);
}

bool hostname_is_equal(const char *a, size_t a_len, const char *b, size_t b_len)
{
	if (a_len != b_len)
		return false;
	for (size_t i = 0; i < a_len; i++)
		if (hostname_fold(a[i]) != hostname_fold(b[i]))
			return false;
	return true;
}
