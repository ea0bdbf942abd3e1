/* SPDX-License-Identifier: MIT */
/* The settings. It relies on environ as it is when the program starts. */
#include "settings.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/auxv.h>

#include "hostname.h"
#include "memory.h"

extern char **environ;

enum copy_state { COPY_NONE, COPY_RUNNING, COPY_DONE };

static struct {
	_Atomic(enum copy_state) copy;
	bool is_secure;
	bool is_lost; /* no memory for the copy */
	char fixed[1024];
} state;

struct settings_copied settings_copied;

/* In the order of enum log_level. */
static const char log_levels[][8] = { "off", "error", "info" };

/* What follows prefix in text, or NULL. */
static const char *after(const char *text, const char *prefix)
{
	while (*prefix)
		if (*text++ != *prefix++)
			return NULL;
	return text;
}

static const char *next(const char *variable)
{
	return variable + strlen(variable) + 1;
}

/* Copies the variables to to, which has room bytes; with NULL only counts. Returns how many bytes
 * they take. Another thread may change them meanwhile. */
static size_t copy_to(char *to, size_t room)
{
	size_t size = 1; /* an empty one at the end */

	for (char **from = environ; from && *from; from++) {
		size_t len;

		/* Every start pays for every variable, and nearly all differ in the first byte. */
		if (**from != 'P' || !after(*from, "PIN4"))
			continue;
		len = strlen(*from) + 1;
		if (to && len > room - size)
			break;
		if (to)
			memcpy(to + size - 1, *from, len);
		size += len;
	}
	return size;
}

static void copy_variables(void)
{
	size_t size = state.is_secure ? 1 : copy_to(NULL, 0);
	char *to = size <= sizeof(state.fixed) ? state.fixed : memory_map(size);

	state.is_lost = !to;
	settings_copied.variables = to ? to : state.fixed;
	settings_copied.size = to && !state.is_secure ? copy_to(to, size) : 1;
	settings_copied.mark = SETTINGS_MARK;
}

bool settings_copy(void)
{
	enum copy_state none = COPY_NONE;

	if (atomic_compare_exchange_strong(&state.copy, &none, COPY_RUNNING)) {
		state.is_secure = getauxval(AT_SECURE);
		copy_variables();
		atomic_store_explicit(&state.copy, COPY_DONE, memory_order_release);
		return true;
	}
	return none == COPY_DONE;
}

const char *settings_get(const char *variables, const char *name)
{
	for (const char *v = variables; *v; v = next(v)) {
		const char *value = after(v, name);

		if (value && *value == '=')
			return value + 1;
	}
	return NULL;
}

static bool read_level(const char *value, enum log_level *ret)
{
	for (size_t i = 0; value && i < sizeof(log_levels) / sizeof(*log_levels); i++)
		if (strcmp(value, log_levels[i]) == 0) {
			*ret = (enum log_level)i;
			return true;
		}
	return false;
}

static const char *get_filled(const char *variables, const char *name)
{
	const char *value = settings_get(variables, name);

	return value && *value ? value : NULL;
}

/* Whether a value of PIN4 switches pin4 on or off, into *is_off; false where it does neither. */
static bool read_switch(const char *value, bool *is_off)
{
	static const char words[][6] = { "off", "0", "no", "false", "on", "1", "yes", "true" };
	enum { OFF_WORDS = 4 };

	for (size_t i = 0; value && i < sizeof(words) / sizeof(*words); i++)
		if (hostname_is_equal(value, strlen(value), words[i], strlen(words[i]))) {
			*is_off = i < OFF_WORDS;
			return true;
		}
	return false;
}

const char *settings_check(void)
{
	return get_filled(settings_copied.variables, "PIN4_CHECK");
}

void settings_parse(const char *variables, struct settings *ret)
{
	const char *hosts = settings_get(variables, "PIN4_HOSTS");

	*ret = (struct settings){
		.log_level = state.is_secure ? LOG_OFF : LOG_ERROR,
		.log_file = get_filled(variables, "PIN4_LOG_FILE"),
		.config = get_filled(variables, "PIN4_CONFIG"),
		.hosts = hosts ? hosts : "",
	};
	read_switch(settings_get(variables, "PIN4"), &ret->is_off);
	read_level(settings_get(variables, "PIN4_LOG"), &ret->log_level);
	ret->is_config_named = ret->config;
	if (!ret->config)
		ret->config = SETTINGS_CONFIG;
}

void settings_read(struct settings *ret)
{
	settings_parse(settings_copied.variables, ret);
}

static void complain(const char *variable, size_t len, const char *reason)
{
	struct log_line line;

	log_begin(&line, LOG_ERROR);
	log_escaped(&line, variable, len);
	log_text(&line, ": ");
	log_text(&line, reason);
	log_end(&line);
}

static bool is_known(const char *name, size_t len)
{
	static const char names[][16] = { "PIN4",          "PIN4_HOSTS", "PIN4_CONFIG", "PIN4_LOG",
					  "PIN4_LOG_FILE", "PIN4_CHECK", "PIN4_CALLED" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return true;
	return false;
}

/* What is wrong with the value of a variable, or NULL. PIN4_HOSTS is left to the rules. */
static const char *fault(const char *variable, const char *value)
{
	enum log_level level;
	bool is_off;

	if (!*value || after(variable, "PIN4_HOSTS="))
		return NULL;
	if (*value == '"' || *value == '\'')
		return "remove the quotes: here they are part of the value (docker --env-file and "
		       "Compose lists keep them)";
	if (after(variable, "PIN4=") && !read_switch(value, &is_off))
		return "unknown value, pin4 stays on: write on or off";
	if (after(variable, "PIN4_LOG=") && !read_level(value, &level))
		return "unknown level, using error: write off, error or info";
	return NULL;
}

void settings_complain(void)
{
	if (state.is_lost)
		complain("PIN4", 4, "out of memory: no variable is in force");
	for (const char *v = settings_copied.variables; *v; v = next(v)) {
		const char *reason = NULL;
		size_t len = 0;

		while (v[len] && v[len] != '=')
			len++;
		if (!is_known(v, len) && after(v, "PIN4_"))
			complain(v, len, "unknown variable: see pin4(1)");
		else if (is_known(v, len) && v[len])
			reason = fault(v, v + len + 1);
		if (reason)
			complain(v, strlen(v), reason);
	}
}
