/* SPDX-License-Identifier: MIT */
/* The launcher: sets the library's variables and becomes the command, or prints a report. */
#include "launch.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "allowlist.h"
#include "check/check.h"
#include "check/program.h"
#include "command.h"
#include "find.h"
#include "memory.h"
#include "say.h"
#include "setup.h"
#include "usage.h"

extern char **environ;

static void put_error(int error)
{
	struct log_line line = { .len = 0 };

	log_errno(&line, error);
	text_put_bytes(&setup_text, line.text, line.len);
}

/* Becomes file; a script without "#!" as execvp(3) does. */
static _Noreturn void become(const char *file, char **args)
{
	static const char shell[] = "/bin/sh";
	size_t count = 0;
	char **list;

	syscall(SYS_execve, file, args, environ);
	while (args[count])
		count++;
	if (errno == ENOEXEC && (list = memory_map((count + 2) * sizeof(*list)))) {
		list[0] = (char *)(uintptr_t)shell;
		list[1] = (char *)(uintptr_t)file;
		memcpy(list + 2, args + 1, count * sizeof(*list));
		syscall(SYS_execve, shell, list, environ);
	}
	text_put(&setup_text,
		 errno == ENOENT ? "%: its loader or interpreter: " : "%: cannot be executed: ");
	put_error(errno);
	die(EXIT_NO_PROGRAM, text_finish(&setup_text), file);
}

static const char *find(const char *name, int status_if_missing, enum find_result *result)
{
	const char *path = variables_get(environ, "PATH");
	const char *file;

	*result = find_command(&setup_text, name, path ? path : "/usr/local/bin:/bin:/usr/bin",
			       &file);
	if (*result == FIND_NOTHING)
		die(status_if_missing, "%: not found", name);
	return file;
}

/* Ends with status, and the reason, unless the program at path would load the library. */
static void judge(const char *path, int status)
{
	char culprit[256];
	enum program_fault fault = program_look(path, culprit);
	int error = errno;

	if (fault == PROGRAM_LOADS)
		return;
	if (*culprit)
		path = culprit;
	text_put(&setup_text, "%: ");
	text_put(&setup_text, program_reason(fault));
	if (fault == PROGRAM_UNREADABLE)
		put_error(error);
	die(status, text_finish(&setup_text), path);
}

/* --require: the first thing that is wrong with the rules is said, and that is all. */
static void require_rules(void)
{
	const struct rules_text *texts;
	struct reading reading;
	struct rule rule;
	size_t count;

	if (!allowlist_read(&reading))
		die(EXIT_USAGE, "no memory", NULL);
	log_remember_stderr();
	log_open(LOG_ERROR, NULL);
	if (allowlist_complain(&reading, 1))
		leave(EXIT_USAGE);
	count = rules_texts(reading.rules, &texts);
	for (size_t i = 0; i < count; i++)
		if (rules_next(&texts[i], &(size_t){ 0 }, &rule))
			return;
	die(EXIT_USAGE, "--require: there is no rule, neither in % nor in PIN4_HOSTS",
	    reading.settings.config);
}

static bool is_switched_off(void)
{
	struct settings settings;

	settings_copy();
	settings_read(&settings);
	return settings.is_off;
}

static _Noreturn void run(const struct command *command)
{
	enum find_result result;
	const char *file = find(command->run[0], EXIT_NOT_FOUND, &result);

	if (result != FIND_OK)
		die(EXIT_NO_PROGRAM, "%: cannot be executed", file);
	if (is_switched_off()) {
		const char *value = variables_get(environ, "PIN4");

		if (command->is_required)
			die(EXIT_USAGE, "--require: switched off by PIN4=%", value);
		say(STDERR_FILENO, "switched off by PIN4=%", value);
	} else if (command->is_required) {
		judge(file, EXIT_USAGE);
		require_rules();
	}
	become(file, command->run);
}

/* The program to look from where none was named: one that is there and loads the library. */
static const char *default_program(void)
{
	static const char *const candidates[] = { "/bin/sh", "/proc/1/exe" };
	char culprit[256];

	for (size_t i = 0; i < sizeof(candidates) / sizeof(*candidates); i++)
		if (program_look(candidates[i], culprit) == PROGRAM_LOADS)
			return candidates[i];
	die(EXIT_NOT_LOADED,
	    "neither /bin/sh nor process 1 loads libraries: write check HOST -- PROGRAM", NULL);
}

/* The library prints the report inside the program, before main. Only where the loader does not
 * load the library does the program run: a shell then says so, and any other finds no input. */
static _Noreturn void check(const struct command *command)
{
	static const char script[] = "echo \"$0\" >&2; exit 2";
	enum find_result ignored;
	const char *file =
		command->program ? find(command->program, EXIT_USAGE, &ignored) : default_program();
	char *args[5] = { (char *)(uintptr_t)file };

	judge(file, EXIT_NOT_LOADED);
	text_put(&setup_text, "PIN4_CHECK=");
	text_put(&setup_text, command->is_json ? "json" : "host");
	if (command->seconds) {
		text_put(&setup_text, "/");
		text_put(&setup_text, command->seconds);
	}
	setup_set(":", command->subject);
	if (strcmp(file, "/bin/sh") == 0) {
		text_put(&setup_text, "pin4: /bin/sh did not load ");
		text_put(&setup_text, setup_self);
		args[1] = (char *)(uintptr_t) "-c";
		args[2] = (char *)(uintptr_t)script;
		args[3] = text_finish(&setup_text);
	} else {
		syscall(SYS_close, STDIN_FILENO);
	}
	become(file, args);
}

/* These reports need no libc, and so no program to print them. */
static _Noreturn void report(const char *request)
{
	settings_copy();
	check_run(request);
}

static _Noreturn void doctor(const char *subject)
{
	enum find_result ignored;
	const char *end = subject;
	const char *file;

	while (*end >= '0' && *end <= '9')
		end++;
	if (*subject && !*end) {
		text_put(&setup_text, "doctor:");
		text_put(&setup_text, subject);
		report(text_finish(&setup_text));
	}
	file = find(subject, EXIT_USAGE, &ignored);
	judge(file, EXIT_NOT_LOADED);
	say(STDOUT_FILENO, "%: would load the library", file);
	leave(0);
}

static void print(const struct command *command)
{
	if (command->kind == COMMAND_HELP)
		say(STDOUT_FILENO, usage_text, NULL);
	else if (command->kind == COMMAND_VERSION)
		say(STDOUT_FILENO, "pin4 " PIN4_VERSION, NULL);
	else
		return;
	leave(0);
}

_Noreturn void launch(char **argv)
{
	struct command command;
	struct command_fault fault;

	if (!command_parse(argv, &command, &fault))
		die(EXIT_USAGE, fault.message, fault.what);
	print(&command);
	setup(&command, argv);
	if (command.kind == COMMAND_RUN)
		run(&command);
	if (command.kind == COMMAND_CHECK)
		check(&command);
	if (command.kind == COMMAND_DOCTOR)
		doctor(command.subject);
	report(command.kind == COMMAND_RULES ? "rules" : "live");
}
