/* SPDX-License-Identifier: MIT */
/* The launcher: becomes the command, with the library in its environment, or prints a report. */
#include "launch.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check/check.h"
#include "check/program.h"

enum { EXIT_NOT_LOADED = 3, EXIT_NO_PROGRAM = 126, EXIT_NOT_FOUND = 127 };

static const char usage[] =
	"usage: pin4 [OPTION]... [--] COMMAND [ARG...]\n"
	"       pin4 [OPTION]... check [--json] [--timeout SECONDS] HOST[:PORT] [-- PROGRAM]\n"
	"       pin4 [OPTION]... rules|live\n"
	"       pin4 doctor PID|PROGRAM\n"
	"       pin4 --version|--help\n"
	"\n"
	"Runs COMMAND so that the hosts named in RULES, and no others, are reached over IPv4,\n"
	"even if COMMAND only asks for IPv6.\n"
	"\n"
	"  -H RULES   rules such as '*.psdb.cloud'; may be repeated\n"
	"  -c FILE    rules file, instead of /etc/pin4.conf\n"
	"  -v         log each decision to stderr\n"
	"  --require  refuse a COMMAND that would not load pin4, and bad or missing rules\n"
	"  check      find out whether HOST is reached from here, and what would help\n"
	"  rules      print the rules in force; exit 1 if any is bad\n"
	"  live       print what cures a running Erlang or Elixir node\n"
	"  doctor     find out whether a process and its descendants, or a program, have pin4\n"
	"\n"
	"See pin4(1), pin4.conf(5) for the rules, and pin4(7) for the limits.\n";

extern char **environ;

static _Noreturn void leave(int status)
{
	for (;;)
		syscall(SYS_exit_group, status);
}

void die(int status, const char *message, const char *what)
{
	check_say(message, what);
	leave(status);
}

/* Becomes file; a script without "#!" as execvp(3) does, for which args has room in front. */
static _Noreturn void become(const char *file, char **args)
{
	static const char shell[] = "/bin/sh";

	syscall(SYS_execve, file, args, environ);
	if (errno == ENOEXEC) {
		args[0] = (char *)(uintptr_t)file;
		args[-1] = (char *)(uintptr_t)shell;
		syscall(SYS_execve, shell, args - 1, environ);
	}
	check_say("%s: %s: %e", file,
		  errno == ENOENT ? "its loader or interpreter" : "cannot be executed", errno);
	leave(EXIT_NO_PROGRAM);
}

/* Ends with status, and the reason, unless the program at path would load the library. */
static void judge(const char *path, int status)
{
	char culprit[256];
	enum program_fault fault = program_look(path, culprit);
	int error = errno;

	if (fault == PROGRAM_LOADS)
		return;
	check_say(fault == PROGRAM_UNREADABLE ? "%s: %s%e" : "%s: %s", *culprit ? culprit : path,
		  program_reason(fault), error);
	leave(status);
}

/* --require: the first thing that is wrong with the rules is said, and that is all. */
static void require_rules(void)
{
	struct check_place place = { 0 };
	struct reading reading;
	struct rule rule;

	if (!allowlist_read(&reading))
		die(CHECK_USAGE, "no memory", "");
	log_remember_stderr();
	log_open(LOG_ERROR, NULL);
	if (allowlist_complain(&reading, 1))
		leave(CHECK_USAGE);
	if (!check_next_rule(reading.rules, &place, &rule))
		die(CHECK_USAGE, "--require: there is no rule, neither in %s nor in PIN4_HOSTS",
		    reading.settings.config);
}

static _Noreturn void run(const struct command *command)
{
	const char *file = setup_find(command->run[0], EXIT_NOT_FOUND);
	struct settings settings;

	settings_read(&settings);
	if (settings.is_off) {
		const char *value = setup_get("PIN4=");

		if (command->is_required)
			die(CHECK_USAGE, "--require: switched off by PIN4=%s", value);
		check_say("switched off by PIN4=%s", value);
	} else if (command->is_required) {
		judge(file, CHECK_USAGE);
		require_rules();
	}
	become(file, command->run);
}

/* The program to look from where none was named. */
static const char *default_program(void)
{
	static const char *const candidates[] = { "/bin/sh", "/proc/1/exe" };
	char culprit[256];

	for (size_t i = 0; i < sizeof(candidates) / sizeof(*candidates); i++)
		if (program_look(candidates[i], culprit) == PROGRAM_LOADS)
			return candidates[i];
	die(EXIT_NOT_LOADED,
	    "neither /bin/sh nor process 1 can load it: name a program, check HOST -- PROGRAM", "");
}

/* The library prints the report inside the program, before main. Only where the loader does not
 * load the library does the program run: a shell then says so, and any other finds no input. */
static _Noreturn void check(const struct command *command)
{
	const char *file =
		command->program ? setup_find(command->program, CHECK_USAGE) : default_program();
	char *args[6] = { NULL, (char *)(uintptr_t)file };

	judge(file, EXIT_NOT_LOADED);
	setup_put(command->is_json ? "PIN4_CHECK=json" : "PIN4_CHECK=host");
	if (command->seconds) {
		setup_put("/");
		setup_put(command->seconds);
	}
	setup_put(":");
	setup_put(command->subject);
	setup_set(setup_finish());
	if (strcmp(file, "/bin/sh") == 0) {
		args[2] = (char *)(uintptr_t) "-c";
		args[3] = (char *)(uintptr_t) "echo \"pin4: /bin/sh did not load $0\" >&2; exit 2";
		args[4] = (char *)(uintptr_t)setup_self;
	} else {
		syscall(SYS_close, STDIN_FILENO);
	}
	become(file, args + 1);
}

static _Noreturn void doctor(const struct command *command)
{
	const char *file;

	if (command->subject)
		leave(check_doctor(command->subject));
	file = setup_find(command->program, CHECK_USAGE);
	judge(file, EXIT_NOT_LOADED);
	check_print("%s: would load the library\n", file);
	leave(CHECK_GOOD);
}

void launch(char **argv)
{
	struct command command;

	command_parse(argv, &command);
	if (command.kind == COMMAND_WRONG)
		die(CHECK_USAGE, command.fault, command.what);
	if (command.kind == COMMAND_HELP || command.kind == COMMAND_VERSION) {
		check_print("%s", command.kind == COMMAND_HELP ? usage : "pin4 " PIN4_VERSION "\n");
		leave(CHECK_GOOD);
	}
	setup(&command, argv);
	settings_copy();
	if (command.kind == COMMAND_RUN)
		run(&command);
	if (command.kind == COMMAND_CHECK)
		check(&command);
	if (command.kind == COMMAND_DOCTOR)
		doctor(&command);
	leave(command.kind == COMMAND_RULES ? check_rules() : check_live());
}
