/* SPDX-License-Identifier: MIT */
/* Reading files: what is none, what would block, what is too large, and what is left behind. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>

#include "child.h"
#include "file.h"
#include "memory.h"
#include "nomap.h"

#define HUGE (((size_t)64 << 20) + 1)

/* The number that the next descriptor would get. */
static int next_descriptor(void)
{
	int fd = open("/dev/null", O_RDONLY);

	close(fd);
	return fd;
}

struct load_row {
	const char *path;
	size_t max;
	int error;
	const char *text;
	size_t len;
};

static void check_load(void **state)
{
	const struct load_row *row = *state;
	int next = next_descriptor();
	long live = nomap_live;
	char untouched[] = "untouched";
	char *text = untouched;
	size_t len = 77;

	alarm(20); /* ends the program should it block */
	assert_int_equal(file_load(row->path, row->max, &text, &len), row->error);
	alarm(0);
	assert_int_equal(next_descriptor(), next);
	if (row->error) {
		assert_ptr_equal(text, untouched);
		assert_int_equal(len, 77);
	} else {
		assert_int_equal(len, row->len);
		assert_memory_equal(text, row->text, len);
		memory_unmap(text, len + 1);
	}
	assert_int_equal(nomap_live, live);
}

#define FAILS(name, path, max, error) \
	UNIT_ROW(#name, check_load, load_row, path, max, error, NULL, 0)
#define LOADS(name, path, max, text) \
	UNIT_ROW(#name, check_load, load_row, path, max, 0, text, sizeof(text) - 1)

static void load_without_memory_is_enomem(void **state)
{
	int next = next_descriptor();
	char *text = NULL;
	size_t len = 77;

	(void)state;
	nomap_countdown = 1;
	assert_int_equal(file_load("five", 100, &text, &len), ENOMEM);
	assert_int_equal(nomap_countdown, 0);
	assert_null(text);
	assert_int_equal(len, 77);
	assert_int_equal(next_descriptor(), next);
}

static void load_as_nobody(void)
{
	uid_t uid = geteuid();
	char *text;
	size_t len;

	child_need(uid != 0 || seteuid(65534) == 0);
	fprintf(child_answer, "%d", file_load("secret", 100, &text, &len) == EACCES);
	child_need(seteuid(uid) == 0); /* a leak check needs its rights back */
}

static void stat_of_no_descriptor_is_ebadf(void **state)
{
	struct stat st = { .st_size = 77 };

	(void)state;
	errno = 0;
	assert_false(file_stat(-1, &st));
	assert_int_equal(errno, EBADF);
	assert_int_equal(st.st_size, 77);
}

static void stat_of_a_file_is_the_kernels(void **state)
{
	struct stat st, wanted;
	int fd = open("five", O_RDONLY);

	(void)state;
	assert_true(file_stat(fd, &st));
	assert_int_equal(fstat(fd, &wanted), 0);
	assert_int_equal(st.st_ino, wanted.st_ino);
	assert_int_equal(st.st_dev, wanted.st_dev);
	assert_int_equal(st.st_mode, wanted.st_mode);
	assert_int_equal(st.st_size, 5);
	assert_int_equal(st.st_mtime, wanted.st_mtime);
	close(fd);
}

static void open_of_a_file_closes_on_exec(void **state)
{
	int fd = file_open("five");

	(void)state;
	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	errno = EXDEV;
	file_close(fd);
	file_close(fd); /* fails, and says nothing */
	assert_int_equal(errno, EXDEV);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
}

static void read_of_a_directory_is_eisdir(void **state)
{
	char buf[8];
	int fd = file_open("dir");

	(void)state;
	assert_int_equal(file_read(fd, buf, sizeof(buf)), -1);
	assert_int_equal(errno, EISDIR);
	file_close(fd);
}

static void ignore(int number)
{
	(void)number;
}

/* A pipe that gives its bytes one by one, with a signal before each. */
static void read_from_a_slow_writer(void)
{
	struct sigaction action = { .sa_handler = ignore };
	char buf[16] = "";
	int pipes[2];
	pid_t reader = getpid();

	sigaction(SIGUSR1, &action, NULL); /* without SA_RESTART: EINTR */
	child_need(pipe(pipes) == 0);
	if (fork() == 0) {
		for (int i = 0; i < 5; i++) {
			usleep(20000);
			kill(reader, SIGUSR1);
			usleep(20000);
			child_need(write(pipes[1], &"abcde"[i], 1) == 1);
		}
		_exit(0);
	}
	close(pipes[1]);
	fprintf(child_answer, "%ld ", file_read(pipes[0], buf, 3));
	fprintf(child_answer, "%s ", buf);
	fprintf(child_answer, "%ld ", file_read(pipes[0], buf + 3, 10));
	fprintf(child_answer, "%s", buf);
	wait(NULL);
}

static int make_files(void **state)
{
	if (unit_enter_directory(state) != 0)
		return -1;
	unit_write_file("empty", "", 0, 0644);
	unit_write_file("five", "a\n\377b\n", 5, 0644);
	unit_write_file("secret", "a\n", 2, 0);
	unit_write_file("sparse", "", 0, 0644);
	return truncate("sparse", (off_t)HUGE) || mkdir("dir", 0755) || mkfifo("fifo", 0644) ||
	       symlink("five", "link") || symlink("loop", "loop") || symlink("gone", "dangling");
}

static const struct CMUnitTest tests[] = {
	LOADS(load_of_an_empty_file_is_no_byte, "empty", 100, ""),
	LOADS(load_of_an_empty_file_fits_no_byte, "empty", 0, ""),
	LOADS(load_of_a_file_is_its_bytes, "five", 100, "a\n\377b\n"),
	LOADS(load_of_a_file_of_the_greatest_size_is_whole, "five", 5, "a\n\377b\n"),
	LOADS(load_of_a_link_is_its_file, "link", 100, "a\n\377b\n"),
	FAILS(load_of_a_file_one_byte_too_large_is_efbig, "five", 4, EFBIG),
	FAILS(load_of_a_sparse_file_is_efbig, "sparse", HUGE - 1, EFBIG),
	FAILS(load_of_a_missing_file_is_enoent, "missing", 100, ENOENT),
	FAILS(load_of_no_name_is_enoent, "", 100, ENOENT),
	FAILS(load_of_a_dangling_link_is_enoent, "dangling", 100, ENOENT),
	FAILS(load_of_a_link_to_itself_is_eloop, "loop", 100, ELOOP),
	FAILS(load_below_a_file_is_enotdir, "five/x", 100, ENOTDIR),
	FAILS(load_of_a_directory_is_einval, "dir", 100, EINVAL),
	FAILS(load_of_a_fifo_is_einval_and_does_not_block, "fifo", 100, EINVAL),
	FAILS(load_of_dev_zero_is_einval, "/dev/zero", 100, EINVAL),
	FAILS(load_of_dev_null_is_einval, "/dev/null", 100, EINVAL),
	FAILS(load_of_a_terminal_is_einval, "/dev/ptmx", 100, EINVAL),
	cmocka_unit_test(load_without_memory_is_enomem),
	CHILD(load_of_an_unreadable_file_is_eacces, load_as_nobody, "1", ""),
	cmocka_unit_test(stat_of_no_descriptor_is_ebadf),
	cmocka_unit_test(stat_of_a_file_is_the_kernels),
	cmocka_unit_test(open_of_a_file_closes_on_exec),
	cmocka_unit_test(read_of_a_directory_is_eisdir),
	CHILD(read_with_signals_and_short_reads_is_whole, read_from_a_slow_writer, "3 abc 2 abcde",
	      ""),
};

int main(void)
{
	return cmocka_run_group_tests(tests, make_files, unit_leave_directory);
}
