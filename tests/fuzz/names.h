/* SPDX-License-Identifier: MIT */
/* What a host name is, said a second time and in another way than shim/hostname.c does, so that
 * the fuzz targets can hold the two against each other. */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The text in lower case without one trailing dot, in a new block. */
static inline char *names_canonical(const char *text, size_t len)
{
	char *out = malloc(len + 1);

	if (len > 0 && text[len - 1] == '.')
		len--;
	for (size_t i = 0; i < len; i++)
		out[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
	out[len] = '\0';
	return out;
}

/* A number as inet_aton(3) takes one, range aside. */
static inline bool names_is_number(const char *label)
{
	const char *digits = "0123456789";

	if (label[0] == '0' && (label[1] == 'x' || label[1] == 'X') && label[2]) {
		label += 2;
		digits = "0123456789abcdefABCDEF";
	}
	return label[0] && label[strspn(label, digits)] == '\0';
}

/* Whether text is digits and dots alone. */
static inline bool names_is_dotted_digits(const char *text)
{
	return *text && text[strspn(text, "0123456789.")] == '\0';
}

/* Whether a canonical name is one to four numbers, or digits and dots alone. */
static inline bool names_is_address(const char *name)
{
	char *copy = strdup(name);
	char *rest = copy;
	char *label;
	int count = 0;
	bool is_address = true;

	while ((label = strsep(&rest, "."))) {
		count++;
		is_address &= names_is_number(label);
	}
	free(copy);
	return (is_address && count <= 4) || names_is_dotted_digits(name);
}

/* Whether a canonical name of len bytes (a NUL may be among them) can be a host's. */
static inline bool names_is_host(const char *name, size_t len)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
	const char *label = name;

	if (len == 0 || len > 253 || strlen(name) != len)
		return false;
	for (;;) {
		size_t size = strspn(label, allowed);

		if (size == 0 || size > 63 || (label[size] && label[size] != '.'))
			return false;
		if (!label[size])
			return true;
		label += size + 1;
	}
}

/* Whether a canonical name is below a canonical domain; every name is below "". */
static inline bool names_is_below(const char *name, const char *domain)
{
	size_t name_len = strlen(name);
	size_t len = strlen(domain);

	if (len == 0)
		return true;
	return name_len > len + 1 && name[name_len - len - 1] == '.' &&
	       strcmp(name + name_len - len, domain) == 0;
}

#endif
