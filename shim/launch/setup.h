/* SPDX-License-Identifier: MIT */
/* The environment that the command, or the report, gets. */
#ifndef PIN4_SETUP_H
#define PIN4_SETUP_H

#include "command.h"
#include "export.h"
#include "variables.h"

/* Room for text: for all arguments and variables, the entries of PATH with a command's name, and
 * a few paths more. */
extern HIDDEN struct text setup_text;

/* The path of the library, which LD_PRELOAD can hold. */
extern HIDDEN const char *setup_self;

/* Makes environ a copy that preloads the library and has the variables which command asks for; argv
 * is the launcher's. Ends the process, with a line that says why, where the library or the rules
 * file cannot be used. */
void setup(const struct command *command, char **argv);

/* Sets a variable to a value. setup_text may hold the beginning of it, in front of name. */
void setup_set(const char *name, const char *value);

#endif
