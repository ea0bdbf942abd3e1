/* SPDX-License-Identifier: MIT */
/* The log in a file: made, appended to, closed; and when the file cannot be written, at the file
 * size limit, without descriptors, on a full device. Each case is a process of its own. */
#include <sys/resource.h>
#include <time.h>

#include "log_lines.h"

/* Before the libc's own. */
static time_t second;

time_t time(time_t *ret)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (ret)
		*ret = second ? second : now.tv_sec;
	return second ? second : now.tv_sec;
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

static void write_at_the_file_limit(void)
{
	log_open(LOG_ERROR, "limited");
	limit_files(0);
	lines_write(LOG_ERROR, "too much");
	lines_say_signals();
	lift_limit();
}

/* A SIGPIPE of the program's own waits: it stays, and hides no SIGXFSZ of the log's. */
static void write_at_the_file_limit_with_sigpipe_pending(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGPIPE);
	log_open(LOG_ERROR, "limited");
	limit_files(0);
	lines_write(LOG_ERROR, "too much");
	lift_limit();
	sigpending(&set);
	fprintf(child_answer, "%d%d", sigismember(&set, SIGPIPE), sigismember(&set, SIGXFSZ));
}

static void write_to_a_log_file(void)
{
	struct stat st;
	int next = dup(0);

	close(next);
	umask(022);
	log_remember_stderr();
	log_open(LOG_ERROR, "log");
	lines_write(LOG_ERROR, "one");
	lines_say_file("log");
	truncate("log", 0);
	lines_write(LOG_ERROR, "two");
	lines_say_file("log");
	stat("log", &st);
	fprintf(child_answer, " %o %d", st.st_mode & 0777, dup(0) - next);
}

static void write_the_time_to_a_log_file(void)
{
	char text[256] = "";
	FILE *file;

	second = 1709251199; /* 2024-02-29 */
	log_open(LOG_ERROR, "timed");
	lines_write(LOG_ERROR, "one");
	file = fopen("timed", "r");
	fgets(text, sizeof(text), file);
	fclose(file);
	fprintf(child_answer, "%.21s", text);
}

static void append_to_a_log_file(void)
{
	FILE *file = fopen("kept", "w");
	char text[256] = "";

	fputs("here before\n", file);
	fclose(file);
	log_open(LOG_ERROR, "kept");
	lines_write(LOG_ERROR, "one");
	lines_write(LOG_ERROR, "two");
	file = fopen("kept", "r");
	for (int i = 0; i < 3; i++) {
		fgets(text, sizeof(text), file);
		fprintf(child_answer, "%s", strchr(text, ']') ? strchr(text, ']') + 2 : text);
	}
	fclose(file);
}

static void write_to_a_removed_log_file(void)
{
	log_open(LOG_ERROR, "rotated");
	lines_write(LOG_ERROR, "one");
	unlink("rotated");
	lines_write(LOG_ERROR, "two");
	lines_say_file("rotated");
}

static void write_to_a_missing_directory(void)
{
	log_remember_stderr();
	log_open(LOG_ERROR, "missing dir/log");
	lines_write(LOG_ERROR, "one");
	lines_write(LOG_ERROR, "one");
	lines_write(LOG_ERROR, "two");
}

static void write_to_a_directory(void)
{
	log_remember_stderr();
	log_open(LOG_ERROR, ".");
	lines_write(LOG_ERROR, "one");
}

static void write_to_a_directory_at_level_off(void)
{
	log_remember_stderr();
	log_open(LOG_OFF, ".");
	lines_write(LOG_ERROR, "one");
}

static void write_to_a_directory_and_another_stderr(void)
{
	log_remember_stderr();
	log_open(LOG_ERROR, ".");
	close(STDERR_FILENO);
	child_need(open("reused", O_CREAT | O_RDWR, 0600) == STDERR_FILENO);
	lines_write(LOG_ERROR, "to a file of the program's");
	lines_say_file("reused");
}

static void write_to_a_full_device(void)
{
	log_remember_stderr();
	log_open(LOG_ERROR, "/dev/full");
	lines_write(LOG_ERROR, "nowhere");
}

static void write_without_descriptors(void)
{
	struct rlimit before, limit;

	log_remember_stderr();
	child_need(getrlimit(RLIMIT_NOFILE, &before) == 0);
	limit = (struct rlimit){ .rlim_cur = 3, .rlim_max = before.rlim_max };
	log_open(LOG_ERROR, "nofile");
	child_need(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	lines_write(LOG_ERROR, "one");
	child_need(setrlimit(RLIMIT_NOFILE, &before) == 0);
	lines_write(LOG_ERROR, "two");
	lines_say_file("nofile");
}

static void write_to_a_fifo_without_reader(void)
{
	child_need(mkfifo("fifo", 0600) == 0);
	log_open(LOG_ERROR, "fifo");
	lines_write(LOG_ERROR, "nobody reads");
	lines_say_signals();
}

static const struct CMUnitTest tests[] = {
	CHILD(file_limit_does_not_kill, write_at_the_file_limit, "", ""),
	CHILD(file_limit_with_sigpipe_pending_does_not_kill,
	      write_at_the_file_limit_with_sigpipe_pending, "10", ""),
	CHILD(file_is_created_and_closed_again, write_to_a_log_file,
	      "<error: one\n><error: two\n> 644 0", ""),
	CHILD(file_gets_the_time, write_the_time_to_a_log_file, "2024-02-29T23:59:59Z ", ""),
	CHILD(file_is_appended_to, append_to_a_log_file, "here before\nerror: one\nerror: two\n",
	      ""),
	CHILD(file_that_was_removed_is_made_again, write_to_a_removed_log_file, "<error: two\n>",
	      ""),
	CHILD(file_in_a_missing_directory_is_told_of_and_lines_go_to_stderr,
	      write_to_a_missing_directory, "",
	      "error: missing\\x20dir/log: the log goes to stderr: ENOENT\nerror: one\nerror: "
	      "two\n"),
	CHILD(file_that_is_a_directory_is_told_of, write_to_a_directory, "",
	      "error: .: the log goes to stderr: EISDIR\nerror: one\n"),
	CHILD(file_that_is_a_directory_at_level_off_is_not, write_to_a_directory_at_level_off, "",
	      ""),
	CHILD(file_that_is_a_directory_leaves_another_stderr_alone,
	      write_to_a_directory_and_another_stderr, "<>", ""),
	CHILD(file_on_a_full_device_is_forgotten, write_to_a_full_device, "", ""),
	CHILD(file_without_descriptors_is_told_of_and_made_later, write_without_descriptors,
	      "<error: two\n>", "error: nofile: the log goes to stderr: EMFILE\nerror: one\n"),
	CHILD(file_that_is_a_fifo_without_reader_does_not_block, write_to_a_fifo_without_reader, "",
	      ""),
};

int main(void)
{
	return cmocka_run_group_tests(tests, unit_enter_directory, unit_leave_directory);
}
