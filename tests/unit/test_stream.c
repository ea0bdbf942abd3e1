/* SPDX-License-Identifier: MIT */
/* Messages put together from pieces of a stream, on a few descriptors at a time. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "child.h"
#include "stream.h"

enum { FOLLOWED = 8 }; /* descriptors at a time */

static char text[65536]; /* the stream of a test, and how much of it there is */
static size_t text_len;

static void begin(void)
{
	text_len = 0;
}

/* Appends a message of len bytes, each of them byte. */
static void append(size_t len, char byte)
{
	text[text_len++] = (char)(len >> 8);
	text[text_len++] = (char)len;
	memset(text + text_len, byte, len);
	text_len += len;
}

/* Takes a message and says "FD:LENGTHxBYTE ". */
static void say(int fd, const unsigned char *msg, size_t len)
{
	for (size_t i = 0; i < len; i++)
		child_need(msg[i] == msg[0]);
	fprintf(child_answer, "%d:%zux%c ", fd, len, len ? msg[0] : '-');
}

/* Feeds bytes [from, to) of the stream, in buffers of part bytes without slack. */
static bool feed_parts(int fd, size_t from, size_t to, size_t part)
{
	struct iovec parts[64] = { { NULL, 0 } };
	size_t count = 0;
	bool is_followed;

	for (; from < to; from += parts[count++].iov_len) {
		size_t len = part && part < to - from ? part : to - from;

		child_need(count < 64);
		parts[count] = (struct iovec){ unit_exact(text + from, len), len };
	}
	from = 0;
	for (size_t i = 0; i < count; i++)
		from += parts[i].iov_len;
	is_followed = stream_feed(fd, parts, count, from, say);
	while (count)
		free(parts[--count].iov_base);
	return is_followed;
}

static bool feed(int fd, size_t from, size_t to)
{
	return feed_parts(fd, from, to, 0);
}

static void follow_pieces_of_every_size(void)
{
	begin();
	append(5, 'a');
	append(1, 'b');
	append(7, 'c');
	for (size_t piece = 1; piece <= text_len; piece++) {
		stream_open(3);
		for (size_t at = 0; at < text_len; at += piece)
			child_need(feed(3, at, at + piece < text_len ? at + piece : text_len));
		stream_close(3);
		fprintf(child_answer, piece % 6 == 0 ? "\n" : "| ");
	}
}

static void read_less_than_the_buffers_hold(void)
{
	begin();
	append(5, 'a');
	append(7, 'c');
	stream_open(3);
	stream_feed(3, &(struct iovec){ text, sizeof(text) }, 1, 7, say);
	stream_feed(3, (struct iovec[]){ { text + 7, 2 }, { text + 9, 1000 } }, 2, 9, say);
	stream_feed(3, NULL, 0, 0, say);
}

static void follow_largest(void)
{
	begin();
	append(STREAM_MESSAGE, 'a');
	stream_open(3);
	for (size_t at = 0; at < text_len; at += 1000)
		feed(3, at, at + 1000 < text_len ? at + 1000 : text_len);
	append(1, 'b');
	feed(3, text_len - 3, text_len);
}

/* What is behind a message that is too large cannot be found again: it is passed over, and until
 * the next question the descriptor is not followed. */
static void pass_over_larger(void)
{
	begin();
	append(2, 'x');
	append(STREAM_MESSAGE + 1, 'a');
	append(1, 'b');
	stream_open(3);
	for (size_t at = 0; at < text_len; at += 1000)
		feed(3, at, at + 1000 < text_len ? at + 1000 : text_len);
	fprintf(child_answer, "followed=%d ", feed(3, 0, 0));
	stream_open(3);
	begin();
	append(3, 'c');
	feed(3, 0, text_len);
}

static void give_up_empty(void)
{
	begin();
	append(2, 'x');
	append(0, 'a');
	append(2, 'b');
	stream_open(3);
	feed(3, 0, text_len);
	fprintf(child_answer, "followed=%d ", feed(3, 0, 0));
}

/* The first read ends within a message. */
static void take_many_of_one_read(size_t len)
{
	begin();
	for (int i = 0; i < 10; i++)
		append(len, (char)('a' + i));
	stream_open(3);
	feed(3, 0, len + 1);
	feed(3, len + 1, text_len);
}

static void take_many(void)
{
	take_many_of_one_read(300);
	take_many_of_one_read(900); /* more than one message has room for */
}

static void follow_nobody(void)
{
	begin();
	append(3, 'a');
	fprintf(child_answer, "%d%d ", feed(3, 0, 5), feed(0, 0, 5));
	stream_close(3);
	stream_open(3);
	stream_close(4);
	fprintf(child_answer, "%d%d ", feed(3, 0, 5), feed(0, 0, 5));
	stream_close(3);
	fprintf(child_answer, "%d ", feed(3, 0, 5));
}

static void close_and_open(void)
{
	begin();
	append(3, 'a');
	stream_open(3);
	feed(3, 0, 4); /* all but the last byte, and the number goes to another socket */
	stream_close(3);
	stream_open(3);
	feed(3, 0, 5);
	feed(3, 0, 3);
	stream_open(3); /* a second question goes on where the first is */
	feed(3, 3, 5);
}

static void follow_eight(void)
{
	begin();
	append(3, 'a');
	for (int fd = 10; fd < 10 + FOLLOWED; fd++) {
		stream_open(fd);
		child_need(feed(fd, 0, 4));
	}
	for (int fd = 10; fd < 10 + FOLLOWED; fd++)
		child_need(feed(fd, 4, 5));
}

static void follow_nine(void)
{
	int followed = 0;

	begin();
	append(3, 'a');
	for (int fd = 10; fd <= 10 + FOLLOWED; fd++) {
		stream_open(fd);
		child_need(feed(fd, 0, 4));
	}
	child_need(feed(10 + FOLLOWED, 4, 5)); /* the last is never the one given up */
	for (int fd = 10; fd < 10 + FOLLOWED; fd++)
		followed += feed(fd, 4, 5);
	fprintf(child_answer, "%d", followed);
}

enum { ROUNDS = 20000, MESSAGE = 50 };

static atomic_size_t taken, wrong;

/* A message's bytes are those of one descriptor, and their count says which. */
static void count(int fd, const unsigned char *msg, size_t len)
{
	wrong += len != MESSAGE + (size_t)fd;
	for (size_t i = 0; i < len; i++)
		wrong += msg[i] != fd;
	taken++;
}

static void *feed_own(void *arg)
{
	int fd = (int)(intptr_t)arg;
	char own[2 + MESSAGE + 16] = { 0, (char)(MESSAGE + fd) };
	size_t len = 2 + MESSAGE + (size_t)fd;

	memset(own + 2, fd, sizeof(own) - 2);
	for (int i = 0; i < ROUNDS; i++) {
		stream_open(fd);
		for (size_t at = 0; at < len; at += 20)
			stream_feed(fd, &(struct iovec){ own + at, len - at < 20 ? len - at : 20 },
				    1, len - at < 20 ? len - at : 20, count);
		if (i % 8 == 0)
			stream_close(fd);
	}
	return NULL;
}

static void race(void)
{
	pthread_t threads[2];

	for (size_t i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, feed_own, (void *)(i * 3 + 1));
	for (size_t i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	fprintf(child_answer, "%zu wrong, %zu", (size_t)wrong, (size_t)taken);
}

struct gather_row {
	const char *parts[4];
	size_t len;
	size_t size;
	const char *gathered;
};

static void check_gather(void **state)
{
	const struct gather_row *row = *state;
	char *to = malloc(row->size ? row->size : 1);
	struct iovec parts[4];
	size_t count_of = 0;
	size_t got;

	for (; count_of < 4 && row->parts[count_of]; count_of++) {
		size_t len = strlen(row->parts[count_of]);

		parts[count_of] = (struct iovec){ unit_exact(row->parts[count_of], len), len };
	}
	got = stream_gather(parts, count_of, row->len, (unsigned char *)to, row->size);
	assert_int_equal(got, strlen(row->gathered));
	assert_memory_equal(to, row->gathered, got);
	free(to);
	while (count_of)
		free(parts[--count_of].iov_base);
}

#define GATHER(name, len, size, gathered, ...) \
	UNIT_ROW(#name, check_gather, gather_row, { __VA_ARGS__ }, len, size, gathered)

#define MANY(n)                                                                                \
	"3:" n "xa 3:" n "xb 3:" n "xc 3:" n "xd 3:" n "xe 3:" n "xf 3:" n "xg 3:" n "xh 3:" n \
	"xi 3:" n "xj "
#define PIECES "3:5xa 3:1xb 3:7xc "
#define LINE(end) PIECES "| " PIECES "| " PIECES "| " PIECES "| " PIECES "| " PIECES end
#define TWO "3:5xa 3:7xc "

static const struct CMUnitTest tests[] = {
	GATHER(gather_of_one_is_all, 3, 9, "abc", "abc"),
	GATHER(gather_of_many_is_all, SIZE_MAX, 9, "abcdef", "ab", "", "cd", "ef"),
	GATHER(gather_stops_at_what_was_received, 3, 9, "abc", "ab", "cd"),
	GATHER(gather_stops_at_its_room, SIZE_MAX, 5, "abcde", "ab", "cd", "ef"),
	GATHER(gather_of_nothing_is_none, 0, 9, "", "ab"),
	GATHER(gather_without_buffers_is_none, 9, 9, "", NULL),
	CHILD(pieces_of_every_size_give_all_messages, follow_pieces_of_every_size,
	      LINE("\n") LINE("\n") LINE("\n") PIECES "| ", ""),
	CHILD(read_of_less_than_the_buffers_gives_what_was_read, read_less_than_the_buffers_hold,
	      TWO, ""),
	CHILD(message_of_4096_is_taken, follow_largest, "3:4096xa 3:1xb ", ""),
	CHILD(message_of_4097_is_passed_over, pass_over_larger, "3:2xx followed=0 3:3xc ", ""),
	CHILD(stream_with_an_empty_message_is_given_up, give_up_empty, "3:2xx followed=0 ", ""),
	CHILD(messages_in_one_read_are_all_taken, take_many, MANY("300") MANY("900"), ""),
	CHILD(descriptor_nobody_opened_is_not_followed, follow_nobody, "00 3:3xa 10 0 ", ""),
	CHILD(descriptor_opened_again_starts_anew, close_and_open, "3:3xa 3:3xa ", ""),
	CHILD(descriptors_up_to_8_are_followed, follow_eight,
	      "10:3xa 11:3xa 12:3xa 13:3xa 14:3xa 15:3xa 16:3xa 17:3xa ", ""),
	CHILD(descriptors_of_9_cost_one, follow_nine,
	      "18:3xa 11:3xa 12:3xa 13:3xa 14:3xa 15:3xa 16:3xa 17:3xa 7", ""),
	CHILD(descriptors_of_two_threads_are_never_mixed, race, "0 wrong, 40000", ""),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
