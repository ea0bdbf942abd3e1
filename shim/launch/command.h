/* SPDX-License-Identifier: MIT */
/* The launcher's command line. Pure: no system calls, no memory of its own. */
#ifndef PIN4_COMMAND_H
#define PIN4_COMMAND_H

#include <stdbool.h>

enum command_kind {
	COMMAND_RUN,
	COMMAND_RULES,
	COMMAND_CHECK,
	COMMAND_DOCTOR,
	COMMAND_LIVE,
	COMMAND_HELP,
	COMMAND_VERSION,
};

/* All pointers are into argv. */
struct command {
	enum command_kind kind;
	bool is_verbose;     /* -v */
	bool is_required;    /* --require */
	bool is_json;        /* check --json */
	char **options;      /* the launcher's own options: see command_next_rules() */
	const char *config;  /* the last -c; NULL */
	char **run;          /* the command and its arguments, ended by a NULL */
	const char *subject; /* check: HOST[:PORT]; doctor: PID or PROGRAM */
	const char *program; /* check -- PROGRAM; NULL */
	const char *seconds; /* check --timeout, from 1 to 600; NULL */
};

/* A message in which a "%" stands for what the user wrote. */
struct command_fault {
	const char *message;
	const char *what; /* not NULL where message has a "%" */
};

/* Reads argv, of which the first is the launcher's name, up to its NULL. Returns false with *fault
 * filled where it is wrong usage; *ret is undefined then. */
bool command_parse(char **argv, struct command *ret, struct command_fault *fault);

/* The value of the next -H from *at on, which begins as command->options; NULL behind the last. */
const char *command_next_rules(char ***at);

#endif
