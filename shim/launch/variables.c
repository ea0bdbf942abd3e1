/* SPDX-License-Identifier: MIT */
/* The command's environment. Pure; it relies on string.c. */
#include "variables.h"

#include <string.h>

void text_put_bytes(struct text *text, const char *part, size_t len)
{
	memcpy(text->end, part, len);
	text->end += len;
}

void text_put(struct text *text, const char *part)
{
	text_put_bytes(text, part, strlen(part));
}

char *text_finish(struct text *text)
{
	char *finished = text->start;

	*text->end++ = '\0';
	text->start = text->end;
	return finished;
}

/* Whether both have the same bytes up to a '=', which comes with the end of name too. */
static const char *value_of(const char *variable, const char *name)
{
	while (*name && *name != '=' && *variable == *name) {
		variable++;
		name++;
	}
	return (!*name || *name == '=') && *variable == '=' ? variable + 1 : NULL;
}

const char *variables_get(char **variables, const char *name)
{
	for (; *variables; variables++) {
		const char *value = value_of(*variables, name);

		if (value)
			return value;
	}
	return NULL;
}

void variables_set(char **variables, char *variable)
{
	char **to = variables;

	for (; *variables; variables++)
		if (!value_of(*variables, variable))
			*to++ = *variables;
	*to++ = variable;
	*to = NULL;
}

static bool is_separator(char c)
{
	return c == ':' || c == ' ' || (c >= '\t' && c <= '\r');
}

/* By the name of the file, whatever the folders are called. */
static bool is_sanitizer(const char *entry, size_t len)
{
	const char *name = entry;

	for (size_t i = 0; i < len; i++)
		if (entry[i] == '/')
			name = entry + i + 1;
	len -= (size_t)(name - entry);
	return len >= 7 && (memcmp(name, "libasan", 7) == 0 || memcmp(name, "libtsan", 7) == 0);
}

size_t variables_sanitizers(const char *preload)
{
	size_t at = 0;
	size_t kept = 0;

	while (preload[at]) {
		size_t start = at;

		while (preload[at] && !is_separator(preload[at]))
			at++;
		if (at != start && !is_sanitizer(preload + start, at - start))
			break;
		while (is_separator(preload[at]))
			at++;
		kept = at;
	}
	return kept;
}

bool variables_can_preload(const char *path)
{
	while (*path && !is_separator(*path))
		path++;
	return !*path;
}
