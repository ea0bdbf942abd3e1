/* SPDX-License-Identifier: MIT */
/* The reports that the library prints instead of running the program (PIN4_CHECK). */
#ifndef PIN4_CHECK_H
#define PIN4_CHECK_H

/* Prints the report that request names on descriptor 1 and ends the process, as the loader does
 * for LD_TRACE_LOADED_OBJECTS; complaints go to descriptor 2. Before main only.
 *
 *     rules           the rules in force, a line each: verb, pattern, source. Exit 1 if a rule or
 *                     the file was bad.
 *     program:PATH    whether PATH would load the library. Exit 3, and a line that says why, if
 *                     not.
 *
 * Exit 2 for any other request. */
_Noreturn void check_run(const char *request);

#endif
