/* SPDX-License-Identifier: MIT */
/* The settings. It relies on environ as it is when the program starts. */
#include "settings.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

extern char **environ;

enum copy_state { COPY_NONE, COPY_RUNNING, COPY_DONE };

static struct {
	_Atomic(enum copy_state) copy;
	bool is_secure;
	bool has_check; /* spares start the search */
	bool is_lost;   /* no memory for the copy */
	char fixed[1024];
} state;

struct settings_copied settings_copied;

static const char log_levels[][8] = { "off", "error", "info", "debug" };

/* What follows prefix in text, or NULL. */
static const char *after(const char *text, const char *prefix)
{
	while (*prefix)
		if (*text++ != *prefix++)
			return NULL;
	return text;
}

/* Nearly every variable of a process is told apart by its first byte. */
static bool is_ours(const char *variable)
{
	return variable[0] == 'P' && after(variable, "PIN4");
}

static const char *next(const char *variable)
{
	return variable + strlen(variable) + 1;
}

/* Copies the variables to the size bytes at to; false where they do not fit. Each start does this.
 */
static bool copy_to(char *to, size_t size)
{
	const char *start = to;

	for (char **from = environ; from && *from; from++) {
		size_t len;

		if (!is_ours(*from))
			continue;
		state.has_check |= !!after(*from, "PIN4_CHECK=");
		len = strlen(*from) + 1;
		if (len >= size)
			return false;
		memcpy(to, *from, len);
		to += len;
		size -= len;
	}
	*to = '\0';
	settings_copied.size = (size_t)(to - start) + 1;
	return true;
}

static void copy_variables(void)
{
	size_t need = 1; /* an empty one at the end */
	char *large;

	if (copy_to(state.fixed, sizeof(state.fixed)))
		return;
	for (char **from = environ; *from; from++)
		need += is_ours(*from) ? strlen(*from) + 1 : 0;
	large = malloc(need);
	if (large && copy_to(large, need)) {
		settings_copied.variables = large;
	} else {
		free(large);
		state.fixed[0] = '\0';
		state.is_lost = true;
	}
}

bool settings_copy(void)
{
	enum copy_state none = COPY_NONE;

	if (atomic_compare_exchange_strong(&state.copy, &none, COPY_RUNNING)) {
		state.is_secure = getauxval(AT_SECURE);
		settings_copied = (struct settings_copied){ .variables = state.fixed, .size = 1 };
		if (!state.is_secure)
			copy_variables();
		settings_copied.mark = SETTINGS_MARK;
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

static bool is_equal(const char *text, const char *other)
{
	const char *rest = after(text, other);

	return rest && !*rest;
}

static bool read_level(const char *value, enum log_level *ret)
{
	for (size_t i = 0; value && i < sizeof(log_levels) / sizeof(*log_levels); i++)
		if (is_equal(value, log_levels[i])) {
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

const char *settings_check(void)
{
	return state.has_check ? get_filled(settings_copied.variables, "PIN4_CHECK") : NULL;
}

void settings_parse(const char *variables, struct settings *ret)
{
	const char *hosts = settings_get(variables, "PIN4_HOSTS");
	const char *off = settings_get(variables, "PIN4");

	*ret = (struct settings){
		.is_off = off && is_equal(off, "off"),
		.log_level = state.is_secure ? LOG_OFF : LOG_ERROR,
		.log_file = get_filled(variables, "PIN4_LOG_FILE"),
		.config = get_filled(variables, "PIN4_CONFIG"),
		.hosts = hosts ? hosts : "",
	};
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

static bool is_known(const char *variable)
{
	static const char names[][16] = { "PIN4",          "PIN4_HOSTS", "PIN4_CONFIG", "PIN4_LOG",
					  "PIN4_LOG_FILE", "PIN4_CHECK", "PIN4_CALLED" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *rest = after(variable, names[i]);

		if (rest && *rest == '=')
			return true;
	}
	return false;
}

static const char *fault(const char *variable)
{
	const char *value = after(variable, "PIN4=");
	enum log_level ignored;

	if (value && *value && !is_equal(value, "off") && !is_equal(value, "on"))
		return "unknown value: off and on are known, on it is";
	value = after(variable, "PIN4_LOG=");
	if (value && *value && !read_level(value, &ignored))
		return "unknown level: off, error, info and debug are known, error it is";
	return NULL;
}

void settings_complain(void)
{
	if (state.is_lost)
		complain("PIN4", 4, "no memory to copy the variables: none is in force");
	for (const char *v = settings_copied.variables; *v; v = next(v)) {
		const char *reason = fault(v);
		size_t name = 0;

		if (reason)
			complain(v, strlen(v), reason);
		while (v[name] && v[name] != '=')
			name++;
		if (after(v, "PIN4_") && !is_known(v))
			complain(v, name, "unknown variable: pin4(1) lists those that there are");
	}
}
