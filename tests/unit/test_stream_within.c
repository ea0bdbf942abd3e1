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

static const struct CMUnitTest tests[] = {
	CHILD(feed_within_a_message_ends_the_stream, feed_within,
	      "3:abc within=1 first=1 after=0,0 3:abc 4:abc ", ""),
	CHILD(open_of_another_within_a_message_is_not_followed, open_within,
	      "3:abc within=0 first=1 after=0,0 3:abc 4:abc ", ""),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
