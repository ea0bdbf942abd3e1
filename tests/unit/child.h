/* SPDX-License-Identifier: MIT */
/* Runs a test's body in a process of its own, because what it touches is set once a process, and
 * hands its log and its answer to the test, which judges them. */
#ifndef PIN4_CHILD_H
#define PIN4_CHILD_H

#include <signal.h>
#include <sys/wait.h>

#include "unit.h"

struct child {
	char log[16384];  /* descriptor 2, each line without its "pin4[PID] " */
	char said[16384]; /* what the body wrote to child_answer */
};

static FILE *child_answer;

/* One case: what the body has to have said and logged. */
struct child_case {
	void (*body)(void);
	const char *said;
	const char *log;
};

#define CHILD(name, body, said, log) UNIT_ROW(#name, child_check, child_case, body, said, log)

/* For the body: cmocka's own assertions would jump to the next test, inside the child. */
#define child_need(what)         \
	do {                     \
		if (!(what))     \
			abort(); \
	} while (0)

static inline void child_read(FILE *file, char *ret, size_t size)
{
	rewind(file);
	ret[fread(ret, 1, size - 1, file)] = '\0';
	fclose(file);
}

/* The length of the time that a line of a log file begins with. */
static inline size_t child_time(const char *line)
{
	int len = 0;

	sscanf(line, "%*4d-%*2d-%*2dT%*2d:%*2d:%*2dZ %n", &len);
	return (size_t)len;
}

/* Only the child's own prefix goes: a line with another one stays as it is, and is seen. */
static inline void child_strip(char *text, pid_t pid)
{
	char prefix[32];
	size_t len = (size_t)snprintf(prefix, sizeof(prefix), "pin4[%d] ", (int)pid);

	for (char *line = text; line && *line; line = strchr(line, '\n')) {
		size_t time;

		line += *line == '\n';
		time = child_time(line);
		if (strncmp(line + time, prefix, len) == 0)
			memmove(line, line + time + len, strlen(line + time + len) + 1);
	}
}

/* Runs body(arg) and fills *ret. The test fails if the child ends in any other way than well. */
static inline void child_run(void (*body)(const void *), const void *arg, struct child *ret)
{
	/* cmocka catches these, and would go on with the next test inside the child. */
	static const int caught[] = { SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGSYS };
	FILE *log = tmpfile();
	FILE *answer = tmpfile();
	int status;
	pid_t pid;

	assert_true(log && answer);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		for (size_t i = 0; i < sizeof(caught) / sizeof(*caught); i++)
			signal(caught[i], SIG_DFL);
		alarm(60);
		dup2(fileno(log), STDERR_FILENO);
		child_answer = answer;
		body(arg);
		exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	child_read(log, ret->log, sizeof(ret->log));
	child_read(answer, ret->said, sizeof(ret->said));
	child_strip(ret->log, pid);
	if (status != 0)
		fail_msg("the child ended with status %#x: %s", (unsigned)status, ret->log);
}

static inline void child_call(const void *arg)
{
	const struct child_case *row = arg;

	row->body();
}

/* The same for a body that wants nothing. */
static inline void child_run_plain(void (*body)(void), struct child *ret)
{
	child_run(child_call, &(struct child_case){ .body = body }, ret);
}

static inline void child_check(void **state)
{
	const struct child_case *row = *state;
	struct child child;

	child_run(child_call, row, &child);
	assert_string_equal(child.said, row->said);
	assert_string_equal(child.log, row->log);
}

#endif
