/* SPDX-License-Identifier: MIT */
/* Sets the library's variables. It relies on memory.c and find.c. */
#include "setup.h"

#include <stddef.h>
#include <string.h>

#include "find.h"
#include "memory.h"
#include "say.h"

extern char **environ;

struct text setup_text;
const char *setup_self;

/* Makes environ a copy with room for more variables, and room for all text: for each argument and
 * variable once more, the entries of PATH with a command's name, and a few paths. */
static void make_room(char **argv)
{
	enum { VARIABLES = 8, PATHS = 8 };
	size_t size = PATHS * FIND_PATH_MAX;
	size_t count = 0;
	char **copy;

	for (char **argument = argv; *argument; argument++)
		size += 2 * (strlen(*argument) + 1);
	for (; environ[count]; count++)
		size += 2 * (strlen(environ[count]) + 1);
	copy = memory_map(size + (count + VARIABLES) * sizeof(*copy));
	if (!copy)
		die(EXIT_USAGE, "no memory", NULL);
	memcpy(copy, environ, count * sizeof(*copy));
	environ = copy;
	setup_text.start = setup_text.end = (char *)(copy + count + VARIABLES);
}

void setup_set(const char *name, const char *value)
{
	text_put(&setup_text, name);
	text_put(&setup_text, value);
	variables_set(environ, text_finish(&setup_text));
}

static void set_preload(void)
{
	const char *old = variables_get(environ, "LD_PRELOAD");
	size_t kept = old ? variables_sanitizers(old) : 0;

	text_put(&setup_text, "LD_PRELOAD=");
	if (kept) {
		text_put_bytes(&setup_text, old, kept);
		if (!old[kept])
			text_put(&setup_text, ":");
	}
	text_put(&setup_text, setup_self);
	if (old && old[kept]) {
		text_put(&setup_text, ":");
		text_put(&setup_text, old + kept);
	}
	variables_set(environ, text_finish(&setup_text));
}

/* One line for each -H, so that a complaint's line number tells them apart. */
static void set_hosts(const struct command *command)
{
	const char *old = variables_get(environ, "PIN4_HOSTS");
	char **at = command->options;
	const char *rules = command_next_rules(&at);

	if (!rules)
		return;
	text_put(&setup_text, "PIN4_HOSTS=");
	if (old && *old) {
		text_put(&setup_text, old);
		text_put(&setup_text, "\n");
	}
	text_put(&setup_text, rules);
	while ((rules = command_next_rules(&at))) {
		text_put(&setup_text, "\n");
		text_put(&setup_text, rules);
	}
	variables_set(environ, text_finish(&setup_text));
}

/* The command may change its directory before it reads the file. */
static void set_config(const char *path)
{
	const char *absolute = find_is_readable(path) ? find_absolute(&setup_text, path) : NULL;

	if (!absolute)
		die(EXIT_USAGE, "%: not a file that can be read", path);
	setup_set("PIN4_CONFIG=", absolute);
}

/* What is needed to preload the library into any program. */
static void find_library(void)
{
	setup_self = find_self(&setup_text);
	if (!setup_self)
		die(EXIT_USAGE, "cannot find its own file: mount /proc", NULL);
	if (!variables_can_preload(setup_self))
		die(EXIT_USAGE,
		    "%: LD_PRELOAD cannot hold a blank or a colon: copy the file elsewhere",
		    setup_self);
	if (!find_is_readable(setup_self))
		die(EXIT_USAGE, "%: this user cannot read it, so no loader can load it",
		    setup_self);
}

void setup(const struct command *command, char **argv)
{
	make_room(argv);
	find_library();
	set_preload();
	set_hosts(command);
	if (command->config)
		set_config(command->config);
	if (command->is_verbose)
		setup_set("PIN4_LOG=", "info");
	if (command->kind != COMMAND_RUN)
		setup_set("PIN4_CALLED=", argv[0] ? argv[0] : setup_self);
}
