/* SPDX-License-Identifier: MIT */
/* A stream that is used while it hands a message on, as by a second thread that reads from the same
 * socket, or closes it: nothing is mixed, and the descriptor is followed no more. */
#include <stdbool.h>

#include "child.h"
#include "stream.h"

static char message[] = { 0, 3, 'a', 'b', 'c' };

static bool feed(int fd, void (*take)(int fd, const unsigned char *msg, size_t len))
{
	return stream_feed(fd, &(struct iovec){ message, sizeof(message) }, 1, sizeof(message),
			   take);
}

static void say(int fd, const unsigned char *msg, size_t len)
{
	fprintf(child_answer, "%d:%.*s ", fd, (int)len, msg);
}

static void feed_again(int fd, const unsigned char *msg, size_t len)
{
	say(fd, msg, len);
	fprintf(child_answer, "within=%d ", feed(fd, say));
}

static void close_and_open_another(int fd, const unsigned char *msg, size_t len)
{
	say(fd, msg, len);
	stream_close(fd);
	stream_open(fd + 1);
	fprintf(child_answer, "within=%d ", feed(fd + 1, say));
}

static void use_within(void (*take)(int fd, const unsigned char *msg, size_t len))
{
	stream_open(3);
	fprintf(child_answer, "first=%d ", feed(3, take));
	fprintf(child_answer, "after=%d,%d ", feed(3, say), feed(4, say));
	stream_open(3);
	stream_open(4);
	feed(3, say);
	feed(4, say);
}

static void feed_within(void)
{
	use_within(feed_again);
}

static void open_within(void)
{
	use_within(close_and_open_another);
}

/* A child that was forked while another thread worked on a stream: here, while this one does. */
static void fork_and_open(int fd, const unsigned char *msg, size_t len)
{
	(void)msg;
	(void)len;
	stream_close(fd);
	for (int other = fd + 1; other < fd + 4; other++) {
		stream_open(other);
		feed(other, say);
		stream_close(other);
	}
}

static void fork_within(void)
{
	stream_open(3);
	feed(3, fork_and_open);
}

static const struct CMUnitTest tests[] = {
	CHILD(feed_within_a_message_ends_the_stream, feed_within,
	      "3:abc within=1 first=1 after=0,0 3:abc 4:abc ", ""),
	CHILD(open_of_another_within_a_message_is_followed, open_within,
	      "3:abc 4:abc within=1 first=1 4:abc after=0,1 3:abc 4:abc ", ""),
	CHILD(open_after_a_fork_within_messages_is_followed, fork_within, "4:abc 5:abc 6:abc ", ""),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
