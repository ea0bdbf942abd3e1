/* SPDX-License-Identifier: MIT */
/* Writing a log line and seeing what came of it, for the bodies that child.h runs. */
#ifndef PIN4_LOG_LINES_H
#define PIN4_LOG_LINES_H

#include <errno.h>
#include <fcntl.h>

#include "child.h"
#include "log.h"

/* errno must outlive it. */
static inline void lines_write(enum log_level level, const char *text)
{
	struct log_line line;

	log_begin(&line, level);
	log_text(&line, text);
	errno = EXDEV;
	log_end(&line);
	if (errno != EXDEV)
		fprintf(child_answer, "errno=%d ", errno);
}

static inline void lines_open(enum log_level level)
{
	log_remember_stderr();
	log_open(level, NULL);
}

static inline void lines_say_signals(void)
{
	sigset_t set;

	sigpending(&set);
	if (sigismember(&set, SIGPIPE) || sigismember(&set, SIGXFSZ))
		fprintf(child_answer, "pending ");
	sigprocmask(SIG_BLOCK, NULL, &set);
	if (sigismember(&set, SIGPIPE) || sigismember(&set, SIGXFSZ))
		fprintf(child_answer, "blocked ");
}

/* One line without its process id, as it is read from fd. */
static inline void lines_say_content(int fd)
{
	char text[4096];
	ssize_t len = read(fd, text, sizeof(text) - 1);

	text[len > 0 ? len : 0] = '\0';
	fprintf(child_answer, "<%s>", len > 0 ? strchr(text, ']') + 2 : "");
}

static inline void lines_say_file(const char *name)
{
	int fd = open(name, O_RDONLY);

	if (fd < 0)
		fprintf(child_answer, "none");
	else
		lines_say_content(fd);
	close(fd);
}

#endif
