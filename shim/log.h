/* SPDX-License-Identifier: MIT */
/* The log: one event, one line, one write; never on descriptor 1, never where nobody asked. */
#ifndef PIN4_LOG_H
#define PIN4_LOG_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

enum log_level { LOG_OFF, LOG_ERROR, LOG_INFO };

/* A line in the making, on its writer's stack. What does not fit ends in "...". */
struct log_line {
	size_t len;
	size_t time_len; /* of the time that it begins with, if it is for a file */
	enum log_level level;
	char text[1024]; /* below PIPE_BUF, so that lines of many processes do not mix */
};

/* Remembers which file descriptor 2 is, so that a later one under that number gets nothing. Call
 * it once, at start. One system call. */
void log_remember_stderr(void);

/* Opens the log for business: level, and the file to append to, or NULL for descriptor 2, which
 * also gets the lines, and once the reason, while the file cannot be opened. path must stay. Until
 * then everything is dropped. */
void log_open(enum log_level level, const char *path);

/* Whether a line of this level would be written: ask before making one. */
bool log_wants(enum log_level level);

/* A line begins as "pin4[PID] LEVEL: ", in a log file behind the time as RFC 3339 has it. */
void log_begin(struct log_line *line, enum log_level level);
void log_text(struct log_line *line, const char *text);
void log_number(struct log_line *line, unsigned long number);
void log_ipv4(struct log_line *line, struct in_addr addr);
void log_ipv6(struct log_line *line, const struct in6_addr *addr); /* as the libc writes it */

/* Bytes from outside: all but printable ASCII, and blank, quote and backslash, as \xNN. */
void log_escaped(struct log_line *line, const char *bytes, size_t len);

/* The same of the first of them, no more than most, and "..." for the others. */
void log_shortened(struct log_line *line, const char *bytes, size_t len, size_t most);

/* The name of an errno ("ENOENT"), or its number. */
void log_errno(struct log_line *line, int error);

/* Writes the line and a line end, unless nobody wants its level, the same line was written within
 * this second, or the place to write to would block, is gone or is not the one it was. Never raises
 * SIGPIPE or SIGXFSZ; a failure is forgotten. errno stays as it was. Allocates nothing. */
void log_end(struct log_line *line);

#endif
