/* SPDX-License-Identifier: MIT */
/* The library as a program. It runs without a libc, see entry.c: the library's other modules can be
 * called, unless they need thread-local storage or a function that symbol.c finds by name. */
#ifndef PIN4_LAUNCH_H
#define PIN4_LAUNCH_H

#include <stdbool.h>
#include <stddef.h>

#include "export.h"

enum command_kind {
	COMMAND_RUN,
	COMMAND_RULES,
	COMMAND_CHECK,
	COMMAND_DOCTOR,
	COMMAND_LIVE,
	COMMAND_HELP,
	COMMAND_VERSION,
	COMMAND_WRONG,
};

/* The command line. What was not given is NULL. */
struct command {
	enum command_kind kind;
	bool is_verbose;     /* -v */
	bool is_required;    /* --require */
	bool is_json;        /* check --json */
	size_t rule_count;   /* of -H */
	char **rules;        /* their values */
	const char *config;  /* the last -c */
	const char *seconds; /* check --timeout, from 1 to 600 */
	const char *subject; /* check: HOST[:PORT]; doctor: PID */
	const char *program; /* check and doctor: PROGRAM */
	char **run;          /* the command and its arguments, ended by a NULL */
	const char *fault;   /* COMMAND_WRONG: a message for die() */
	const char *what;
};

/* Reads argv, of which the first is the launcher's name, up to its NULL. *ret points into argv,
 * and the values of -H move to its front. No system calls, no memory of its own. */
void command_parse(char **argv, struct command *ret);

/* The path of the library, which LD_PRELOAD can hold. */
extern HIDDEN const char *setup_self;

/* Makes environ a copy that preloads the library and has the variables that command asks for; argv
 * is the launcher's. Ends the process where the library or the rules file cannot be used. */
void setup(const struct command *command, char **argv);

/* Text in memory that stays: setup_put() appends, setup_finish() returns what was put since the
 * last. There is room for each argument and variable once more, and for a few paths. */
void setup_put(const char *part);
char *setup_finish(void);

/* The first value of a variable in environ, "" if there is none; name ends in "=". */
const char *setup_get(const char *name);

/* Puts variable, "NAME=value", at the end of environ, where there must be room for it, and removes
 * all others of that name. */
void setup_set(char *variable);

/* How many bytes of an LD_PRELOAD stay in front of pin4: leading sanitizers, which have to be the
 * first libraries, and the separator behind them. */
size_t setup_sanitizers(const char *preload);

/* The file that execvp(3) would run for name, or one that cannot be executed; if there is neither,
 * ends the process with status. */
const char *setup_find(const char *name, int status);

/* Writes a message to descriptor 2, what in place of "%s", and ends the process. */
__attribute__((noreturn)) void die(int status, const char *message, const char *what);

/* Does what argv says, with environ as the environment, and becomes the command or exits. */
_Noreturn void launch(char **argv);

#endif
