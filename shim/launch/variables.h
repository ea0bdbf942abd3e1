/* SPDX-License-Identifier: MIT */
/* The command's environment, and text put together for it. */
#ifndef PIN4_VARIABLES_H
#define PIN4_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

/* Memory for the text that is being put together at its end. */
struct text {
	char *start;
	char *end;
};

/* Appends; the caller has made sure that it fits. text_finish() terminates the text, begins the
 * next one behind it and returns the finished one, which stays. */
void text_put(struct text *text, const char *part);
void text_put_bytes(struct text *text, const char *part, size_t len);
char *text_finish(struct text *text);

/* The value of the variable that is called name, the first of them, or NULL. */
const char *variables_get(char **variables, const char *name);

/* Puts variable, "NAME=value", in place of all of that name, or at the end, where there must be
 * room for it. Keeps the pointer. */
void variables_set(char **variables, char *variable);

/* How many bytes of a LD_PRELOAD come before pin4: sanitizers at its front, which have to be
 * the first library, with the separator behind the last of them. */
size_t variables_sanitizers(const char *preload);

/* Whether LD_PRELOAD can name a file by that path: a blank or a colon would end it. */
bool variables_can_preload(const char *path);

#endif
