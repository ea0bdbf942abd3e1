/* SPDX-License-Identifier: MIT */
/* The log's lines and where they go. Each case is a process of its own with its own descriptor 2,
 * and the clock is the test's. test_log_stderr.c and test_log_file.c have the places
 * that fail. */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <time.h>

#include "log_lines.h"

static time_t now = 1000;

time_t time(time_t *ret)
{
	if (ret)
		*ret = now;
	return now;
}

struct line_row {
	void (*write)(struct log_line *line);
	const char *wanted;
};

static void write_row(const void *arg)
{
	const struct line_row *row = arg;
	struct log_line line;

	lines_open(LOG_INFO);
	log_begin(&line, LOG_INFO);
	row->write(&line);
	log_end(&line);
}

static void check_line(void **state)
{
	const struct line_row *row = *state;
	struct child child;

	child_run(write_row, row, &child);
	assert_string_equal(child.log, row->wanted);
}

#define LINE(name, write, wanted) UNIT_ROW(#name, check_line, line_row, write, "info: " wanted "\n")

static void put_nothing(struct log_line *line)
{
	(void)line;
}

static void put_texts(struct log_line *line)
{
	log_text(line, "one");
	log_text(line, "");
	log_text(line, " two=");
}

static void put_numbers(struct log_line *line)
{
	log_number(line, 0);
	log_text(line, " ");
	log_number(line, 10);
	log_text(line, " ");
	log_number(line, UINT_MAX);
}

static void put_addresses(struct log_line *line)
{
	log_ipv4(line, (struct in_addr){ 0 });
	log_text(line, " ");
	log_ipv4(line, (struct in_addr){ htonl(0xc633640a) });
	log_text(line, " ");
	log_ipv4(line, (struct in_addr){ htonl(0xffffffff) });
}

static void put_hostile(struct log_line *line)
{
	log_escaped(line, "a b\t\"c\"\\d\n\x1b[0m\x7f\xff\0z", 18);
	log_escaped(line, "ignored", 0);
}

static void put_plain(struct log_line *line)
{
	log_escaped(line, "!#$%&'()*+,-./:;<=>?@AZ[]^_`az{|}~09", 36);
}

static void put_errors(struct log_line *line)
{
	log_errno(line, ENOENT);
	log_text(line, " ");
	log_errno(line, EACCES);
	log_text(line, " ");
	log_errno(line, 9999);
}

/* Every byte, against the sentence in the header. */
static void escape_of_every_byte_is_one_of_two_forms(void **state)
{
	(void)state;
	for (int i = 0; i < 256; i++) {
		struct log_line line = { .len = 0 };
		char byte = (char)i;
		char wanted[8];

		sprintf(wanted, i > ' ' && i < 0x7f && i != '"' && i != '\\' ? "%c" : "\\x%02x", i);
		log_escaped(&line, &byte, 1);
		assert_int_equal(line.len, strlen(wanted));
		assert_memory_equal(line.text, wanted, line.len);
	}
}

/* Lines of every length around the room that there is: whole, or as much as fits and "...". */
static void line_of_every_length_is_whole_or_ends_in_dots(void **state)
{
	size_t longest = 0;

	(void)state;
	for (size_t len = 900; len < 1200; len++) {
		struct log_line line = { .len = 0 };
		char text[1200];
		bool is_whole;

		for (size_t i = 0; i < len; i++)
			text[i] = (char)('a' + i % 26);
		text[len] = '\0';
		log_text(&line, text);
		log_text(&line, "");
		assert_true(line.len < sizeof(line.text)); /* the line end has room */
		is_whole = line.len == len && memcmp(line.text, text, len) == 0;
		if (is_whole) {
			assert_int_equal(longest, len == 900 ? 0 : len - 1);
			longest = len;
			continue;
		}
		assert_int_equal(line.len, longest + 3);
		assert_memory_equal(line.text, text, longest);
		assert_memory_equal(line.text + longest, "...", 3);
	}
	assert_true(longest > 1000);
}

static void write_long(void)
{
	lines_open(LOG_ERROR);
	for (size_t i = 1; i <= 3; i++) {
		struct log_line line;

		log_begin(&line, LOG_ERROR);
		for (size_t j = 0; j < 1000 * i; j++)
			log_escaped(&line, "\n", 1);
		log_number(&line, i);
		log_end(&line);
		now++;
	}
}

static void line_that_is_too_long_is_one_line_with_dots(void **state)
{
	struct child child;
	size_t lines = 0;

	(void)state;
	child_run_plain(write_long, &child);
	for (char *line = strtok(child.log, "\n"); line; line = strtok(NULL, "\n"), lines++) {
		assert_memory_equal(line, "error: \\x0a\\x0a", 15);
		assert_in_range(strlen(line), 980, 1023);
		assert_string_equal(line + strlen(line) - 3, "...");
	}
	assert_int_equal(lines, 3);
}

static void write_levels(const void *arg)
{
	const enum log_level *level = arg;

	lines_open(*level);
	fprintf(child_answer, "%d%d", log_wants(LOG_ERROR), log_wants(LOG_INFO));
}

static void wants_at_each_level_is_that_and_below(void **state)
{
	static const char *const wanted[] = { "00", "10", "11" };

	(void)state;
	for (enum log_level level = LOG_OFF; level <= LOG_INFO; level++) {
		struct child child;

		child_run(write_levels, &level, &child);
		assert_string_equal(child.said, wanted[level]);
	}
}

static void ask_before_open(void)
{
	log_remember_stderr();
	fprintf(child_answer, "%d%d", log_wants(LOG_ERROR), log_wants(LOG_INFO));
}

static void write_begins(void)
{
	lines_open(LOG_INFO);
	lines_write(LOG_ERROR, "1");
	lines_write(LOG_INFO, "2");
}

static void write_repeats(void)
{
	lines_open(LOG_INFO);
	for (int second = 0; second < 2; second++, now++)
		for (int i = 0; i < 100; i++) {
			lines_write(LOG_INFO, "same");
			lines_write(LOG_INFO, i % 2 ? "odd" : "even");
		}
	now += 3600;
	lines_write(LOG_INFO, "same");
	now -= 3600; /* the clock was set back */
	lines_write(LOG_INFO, "same");
}

static void write_different(void)
{
	lines_open(LOG_INFO);
	for (unsigned long i = 0; i < 500; i++) {
		struct log_line line;

		log_begin(&line, LOG_INFO);
		log_number(&line, i);
		log_end(&line);
	}
}

static void lines_that_differ_within_a_second_are_all_written(void **state)
{
	struct child child;
	char wanted[8192];
	char *end = wanted;

	(void)state;
	for (int i = 0; i < 500; i++)
		end += sprintf(end, "info: %d\n", i);
	child_run_plain(write_different, &child);
	assert_string_equal(child.log, wanted);
}

static const struct CMUnitTest tests[] = {
	LINE(line_of_nothing_is_its_begin, put_nothing, ""),
	LINE(line_of_texts_is_their_sum, put_texts, "one two="),
	LINE(line_of_numbers_is_decimal, put_numbers, "0 10 4294967295"),
	LINE(line_of_addresses_is_dotted, put_addresses, "0.0.0.0 198.51.100.10 255.255.255.255"),
	LINE(line_of_hostile_bytes_is_escaped, put_hostile,
	     "a\\x20b\\x09\\x22c\\x22\\x5cd\\x0a\\x1b[0m\\x7f\\xff\\x00z"),
	LINE(line_of_plain_bytes_is_as_it_was, put_plain, "!#$%&'()*+,-./:;<=>?@AZ[]^_`az{|}~09"),
	LINE(line_of_errors_has_their_names, put_errors, "ENOENT EACCES errno 9999"),
	cmocka_unit_test(escape_of_every_byte_is_one_of_two_forms),
	cmocka_unit_test(line_of_every_length_is_whole_or_ends_in_dots),
	cmocka_unit_test(line_that_is_too_long_is_one_line_with_dots),
	cmocka_unit_test(wants_at_each_level_is_that_and_below),
	CHILD(wants_before_open_is_nothing, ask_before_open, "00", ""),
	CHILD(begin_of_each_level_names_it, write_begins, "", "error: 1\ninfo: 2\n"),
	CHILD(repeat_within_a_second_is_dropped_and_later_is_not, write_repeats, "",
	      "info: same\ninfo: even\ninfo: odd\n"
	      "info: same\ninfo: even\ninfo: odd\n"
	      "info: same\ninfo: same\n"),
	cmocka_unit_test(lines_that_differ_within_a_second_are_all_written),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
