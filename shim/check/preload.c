/* SPDX-License-Identifier: MIT */
/* What LD_PRELOAD holds. It relies on environ as it is when the program starts. */
#include <string.h>

#include "check.h"

extern char **environ;

size_t check_entry_length(const char *entry)
{
	size_t len = 0;

	while (entry[len] && entry[len] != ':' && entry[len] != ' ')
		len++;
	return len;
}

bool check_is_pin4(const char *entry, size_t len)
{
	bool is_found = false;

	for (size_t i = 0; i + 4 <= len; i++)
		is_found = entry[i] != '/' && (is_found || memcmp(entry + i, "pin4", 4) == 0);
	return is_found;
}

bool check_put_library(struct log_line *line)
{
	const char *library = "/usr/local/lib/libpin4.so";
	size_t library_len = strlen(library);
	bool has_other = false;
	bool has_pin4 = false;
	const char *entry = NULL;

	for (char **variable = environ; !entry && variable && *variable; variable++)
		entry = check_after(*variable, "LD_PRELOAD=");
	while (entry && *entry) {
		size_t len = check_entry_length(entry);

		if (!check_is_pin4(entry, len)) {
			has_other |= len > 0;
		} else if (!has_pin4) {
			has_pin4 = true;
			library = entry;
			library_len = len;
		}
		entry += len + (entry[len] != '\0');
	}
	log_escaped(line, library, library_len);
	return has_other;
}
