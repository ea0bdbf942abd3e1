/* SPDX-License-Identifier: MIT */
/* The log on descriptor 2 when that is another file, is full, or has nobody who reads it: the
 * program is never stopped, never killed, and finds its errno and its signals as they were. Each
 * case is a process of its own, which an alarm would kill if it blocked. */
#include <sys/resource.h>
#include <sys/socket.h>

#include "log_lines.h"

static void write_to_another_file(void)
{
	int pipes[2];

	lines_open(LOG_ERROR);
	lines_write(LOG_ERROR, "before");
	child_need(pipe(pipes) == 0);
	dup2(pipes[1], STDERR_FILENO);
	lines_write(LOG_ERROR, "to what the program opened");
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	lines_say_content(pipes[0]);
}

static void write_to_a_closed_one(void)
{
	lines_open(LOG_ERROR);
	close(STDERR_FILENO);
	lines_write(LOG_ERROR, "to nobody");
	fprintf(child_answer, "<%d>", open("reused", O_CREAT | O_RDWR, 0600));
	lines_write(LOG_ERROR, "to a file of the program's");
	lines_say_file("reused");
}

static void write_to_one_closed_at_start(void)
{
	close(STDERR_FILENO);
	lines_open(LOG_ERROR);
	open("first", O_CREAT | O_RDWR, 0600);
	lines_write(LOG_ERROR, "to a file of the program's");
	lines_say_file("first");
}

static void write_without_remembering(void)
{
	log_open(LOG_ERROR, NULL);
	lines_write(LOG_ERROR, "nobody looked at descriptor 2");
}

static void write_to_a_full_pipe(void)
{
	static const char fill[4096] = "x";
	int pipes[2];

	child_need(pipe(pipes) == 0);
	fcntl(pipes[1], F_SETFL, O_NONBLOCK);
	while (write(pipes[1], fill, sizeof(fill)) > 0)
		;
	fcntl(pipes[1], F_SETFL, 0);
	dup2(pipes[1], STDERR_FILENO);
	lines_open(LOG_ERROR);
	lines_write(LOG_ERROR, "there is no room");
	for (int i = 0; i < 16; i++) {
		char text[4096];

		child_need(read(pipes[0], text, sizeof(text)) == sizeof(text));
	}
	lines_write(LOG_ERROR, "now there is");
	lines_say_content(pipes[0]);
}

static void write_to_a_pipe_without_reader(void)
{
	int pipes[2];

	child_need(pipe(pipes) == 0);
	dup2(pipes[1], STDERR_FILENO);
	lines_open(LOG_ERROR);
	close(pipes[0]);
	lines_write(LOG_ERROR, "nobody reads");
	lines_say_signals();
}

static void write_to_a_socket_without_reader(void)
{
	int pair[2];

	child_need(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	dup2(pair[1], STDERR_FILENO);
	lines_open(LOG_ERROR);
	close(pair[0]);
	lines_write(LOG_ERROR, "nobody reads");
	lines_say_signals();
}

static void limit_files(rlim_t size)
{
	struct rlimit limit = { .rlim_cur = size, .rlim_max = RLIM_INFINITY };

	child_need(setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

static void lift_limit(void)
{
	limit_files(RLIM_INFINITY);
}

static void write_at_the_file_limit_of_stderr(void)
{
	lines_open(LOG_ERROR);
	limit_files(0);
	lines_write(LOG_ERROR, "too much");
	lines_say_signals();
	lift_limit();
}

static void write_with_sigpipe_pending(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGPIPE);
	lines_open(LOG_ERROR);
	lines_write(LOG_ERROR, "written");
	sigpending(&set);
	fprintf(child_answer, "%d", sigismember(&set, SIGPIPE));
}

static const struct CMUnitTest tests[] = {
	CHILD(stderr_that_became_another_file_gets_nothing, write_to_another_file, "<>",
	      "error: before\n"),
	CHILD(stderr_closed_and_reused_gets_nothing, write_to_a_closed_one, "<2><>", ""),
	CHILD(stderr_closed_at_start_gets_nothing, write_to_one_closed_at_start, "<>", ""),
	CHILD(stderr_not_remembered_gets_nothing, write_without_remembering, "", ""),
	CHILD(stderr_full_drops_the_line_and_does_not_block, write_to_a_full_pipe,
	      "<error: now there is\n>", ""),
	CHILD(stderr_pipe_without_reader_does_not_kill, write_to_a_pipe_without_reader, "", ""),
	CHILD(stderr_socket_without_reader_does_not_kill, write_to_a_socket_without_reader, "", ""),
	CHILD(stderr_at_the_file_limit_does_not_kill, write_at_the_file_limit_of_stderr, "", ""),
	CHILD(sigpipe_of_the_program_stays_pending, write_with_sigpipe_pending, "1",
	      "error: written\n"),
};

int main(void)
{
	return cmocka_run_group_tests(tests, unit_enter_directory, unit_leave_directory);
}
