/* SPDX-License-Identifier: MIT */
/* The launcher's command line and environment: words parted by NULs, first the arguments, and
 * behind an empty word the variables. */
#include "fuzz.h"
#include "launch/launch.h"

enum { MAX_WORDS = 64 };

static size_t take_words(struct input *input, char **words)
{
	size_t count = 0;
	size_t len = 1;

	while (input->len > 0 && count < MAX_WORDS && len > 0)
		words[count++] = take_text(input, '\0', &len);
	words[count] = NULL;
	return count;
}

static bool is_among(const char *word, char **words)
{
	while (*words && *words != word)
		words++;
	return *words;
}

/* Each -H is in front of the command, and comes from the words. */
static void check_rules(const struct command *command, char **argv, char **words)
{
	for (size_t i = 0; i < command->rule_count; i++) {
		MUST(is_among(command->rules[i], words));
		MUST(*command->rules[i] && *command->rules[i] != '-');
	}
	MUST(!command->rule_count || command->rules == argv + 1);
	MUST(!command->run || command->rules + command->rule_count <= command->run);
}

static void check_command(char **words, size_t count)
{
	char *argv[MAX_WORDS + 1];
	struct command command;

	memcpy(argv, words, (count + 1) * sizeof(*argv));
	command_parse(argv, &command);
	if (command.kind == COMMAND_WRONG) {
		MUST(command.fault);
		MUST(command.what);
		return;
	}
	MUST(!command.fault && !command.what);
	check_rules(&command, argv, words);
	MUST(!command.config || is_among(command.config, words));
	if (command.kind == COMMAND_HELP || command.kind == COMMAND_VERSION)
		return;
	MUST(command.run > argv && *command.run);
	MUST(!command.program || is_among(command.program, words));
	if (command.kind == COMMAND_CHECK)
		MUST(is_among(command.subject, words));
	else
		MUST(!command.is_json && !command.seconds);
	if (command.kind == COMMAND_DOCTOR)
		MUST(!command.subject == !!command.program);
	if (command.seconds)
		MUST(strlen(command.seconds) <= 3 && atoi(command.seconds) >= 1 &&
		     atoi(command.seconds) <= 600);
}

extern char **environ;

static const char *find(char **variables, const char *name)
{
	size_t len = strlen(name);

	for (; *variables; variables++)
		if (strncmp(*variables, name, len) == 0)
			return *variables + len;
	return "";
}

static void check_variables(char **variables, size_t count)
{
	static char set[] = "PIN4_HOSTS=a.example";
	char *list[MAX_WORDS + 2];
	char **saved = environ;
	size_t others = 0;

	memcpy(list, variables, (count + 1) * sizeof(*list));
	environ = list;
	MUST(strcmp(setup_get("PIN4_HOSTS="), find(list, "PIN4_HOSTS=")) == 0);
	setup_set(set);
	environ = saved;
	for (char **v = variables; *v; v++)
		if (strncmp(*v, "PIN4_HOSTS=", 11) != 0)
			MUST(list[others++] == *v);
	MUST(list[others] == set && !list[others + 1]);
}

/* What stays in front is made of sanitizers and ends in a separator, or at the end. */
static void check_preload(const char *preload)
{
	static const char separators[] = ": ";
	size_t kept = setup_sanitizers(preload);
	char *copy = strdup(preload);
	char *rest = NULL;

	MUST(copy && kept <= strlen(preload));
	MUST(!kept || !preload[kept] || strchr(separators, preload[kept - 1]));
	copy[kept] = '\0';
	for (char *entry = strtok_r(copy, separators, &rest); entry;
	     entry = strtok_r(NULL, separators, &rest)) {
		const char *name = strrchr(entry, '/') ? strrchr(entry, '/') + 1 : entry;

		MUST(strncmp(name, "libasan", 7) == 0 || strncmp(name, "libtsan", 7) == 0);
	}
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input input = { data, len };
	char *words[MAX_WORDS + 1];
	char *variables[MAX_WORDS + 1];
	size_t word_count = take_words(&input, words);
	size_t variable_count = take_words(&input, variables);

	check_command(words, word_count);
	check_variables(variables, variable_count);
	for (size_t i = 0; i < variable_count; i++)
		check_preload(variables[i]);
	while (word_count > 0)
		free(words[--word_count]);
	while (variable_count > 0)
		free(variables[--variable_count]);
	return 0;
}
