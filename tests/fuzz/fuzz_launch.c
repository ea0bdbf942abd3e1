/* SPDX-License-Identifier: MIT */
/* The launcher's command line and environment: words parted by NULs, first the arguments, and
 * behind an empty word the variables. */
#include "fuzz.h"
#include "launch/command.h"
#include "launch/variables.h"

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

/* Each -H that command_next_rules() names stands before the command, behind its own "-H". */
static void check_rules(const struct command *command, char **argv)
{
	char **at = command->options;
	const char *rules;

	while ((rules = command_next_rules(&at))) {
		MUST(at - argv >= 3 && at[-1] == rules && strcmp(at[-2], "-H") == 0);
		MUST(*rules && *rules != '-');
		MUST(!command->run || at <= command->run);
	}
}

static void check_command(char **argv)
{
	struct command_fault fault = { NULL, NULL };
	struct command command;

	if (!command_parse(argv, &command, &fault)) {
		MUST(fault.message);
		MUST(!strchr(fault.message, '%') || fault.what);
		return;
	}
	MUST(!fault.message);
	MUST(!command.config || is_among(command.config, argv));
	if (command.kind == COMMAND_HELP || command.kind == COMMAND_VERSION)
		return;
	check_rules(&command, argv);
	MUST((command.kind == COMMAND_RUN) == (command.run && *command.run));
	if (command.kind == COMMAND_CHECK || command.kind == COMMAND_DOCTOR)
		MUST(is_among(command.subject, argv));
	MUST(!command.program || is_among(command.program, argv));
	if (command.seconds)
		MUST(strlen(command.seconds) <= 3 && atoi(command.seconds) >= 1 &&
		     atoi(command.seconds) <= 600);
}

static const char *find(char **variables, const char *name)
{
	size_t len = strlen(name);

	for (; *variables; variables++)
		if (strncmp(*variables, name, len) == 0 && (*variables)[len] == '=')
			return *variables + len + 1;
	return NULL;
}

static void check_variables(char **variables, size_t count)
{
	static char set[] = "PIN4_HOSTS=a.example";
	char *list[MAX_WORDS + 2];
	size_t others = 0;

	memcpy(list, variables, (count + 1) * sizeof(*list));
	MUST(variables_get(list, "PIN4_HOSTS") == find(list, "PIN4_HOSTS"));
	variables_set(list, set);
	for (char **v = variables; *v; v++)
		if (strncmp(*v, "PIN4_HOSTS=", 11) != 0)
			MUST(list[others++] == *v);
	MUST(list[others] == set && !list[others + 1]);
}

/* What stays in front is made of sanitizers and ends in a separator, or at the end. */
static void check_preload(const char *preload)
{
	static const char separators[] = ": \t\n\v\f\r";
	size_t kept = variables_sanitizers(preload);
	char *copy = strdup(preload);
	char *rest = NULL;

	MUST(copy && kept <= strlen(preload));
	MUST(!kept || !preload[kept] || strchr(separators, preload[kept - 1]));
	MUST(variables_can_preload(preload) == !preload[strcspn(preload, separators)]);
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

	check_command(words);
	check_variables(variables, variable_count);
	for (size_t i = 0; i < variable_count; i++)
		check_preload(variables[i]);
	while (word_count > 0)
		free(words[--word_count]);
	while (variable_count > 0)
		free(variables[--variable_count]);
	return 0;
}
