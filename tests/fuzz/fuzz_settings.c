/* SPDX-License-Identifier: MIT */
/* Settings: an environment, its variables parted by NULs, against getenv(3). It includes the module
 * itself, because a process copies its environment once. */
#include "../../shim/settings.c"

#include <strings.h>

#include "fuzz.h"

enum { MAX_VARIABLES = 64 };

static const char *const levels[] = { "off", "error", "info" };

static const char *const offs[] = { "off", "0", "no", "false" };

static void expect(const char *got, const char *variable, const char *otherwise)
{
	const char *value = getenv(variable);

	if (!value || !*value)
		MUST(got == otherwise || (got && otherwise && strcmp(got, otherwise) == 0));
	else
		MUST(got && strcmp(got, value) == 0);
}

static void compare(void)
{
	struct settings settings;
	const char *off = getenv("PIN4");
	const char *level = getenv("PIN4_LOG");
	enum log_level wanted = LOG_ERROR;
	bool is_off = false;

	settings_read(&settings);
	for (size_t i = 0; off && i < sizeof(offs) / sizeof(*offs); i++)
		is_off |= strcasecmp(off, offs[i]) == 0;
	MUST(settings.is_off == is_off);
	for (size_t i = 0; level && i < sizeof(levels) / sizeof(*levels); i++)
		if (strcmp(level, levels[i]) == 0)
			wanted = (enum log_level)i;
	MUST(settings.log_level == wanted);
	expect(settings.hosts, "PIN4_HOSTS", "");
	expect(settings.config, "PIN4_CONFIG", SETTINGS_CONFIG);
	expect(settings.log_file, "PIN4_LOG_FILE", NULL);
	expect(settings_check(), "PIN4_CHECK", NULL);
	settings_complain();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input input = { data, len };
	char **real = environ;
	char *variables[MAX_VARIABLES + 1];
	size_t count = 0;
	size_t size = 1;
	size_t ignored;

	while (input.len > 0 && count < MAX_VARIABLES) {
		variables[count] = take_text(&input, '\0', &ignored);
		size += strncmp(variables[count], "PIN4", 4) == 0 ? strlen(variables[count]) + 1
								  : 0;
		count++;
	}
	variables[count] = NULL;
	environ = variables;
	memset(&state, 0, sizeof(state));
	MUST(settings_copy() && settings_copy());
	compare();
	environ = real;
	if (settings_copied.variables != state.fixed)
		memory_unmap((void *)(uintptr_t)settings_copied.variables, size);
	while (count > 0)
		free(variables[--count]);
	return 0;
}
