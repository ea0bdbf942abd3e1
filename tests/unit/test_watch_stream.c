/* SPDX-License-Identifier: MIT */
/* Questions and answers over TCP, which descriptors are marked, and what other lookups give. */
#include <dlfcn.h>
#include <sys/syscall.h>

#include "watch_rows.h"

#ifndef RTLD_NEXT
#define RTLD_NEXT ((void *)-1L)
#endif

/* Stands before the libc's: from WATCH_STREAMS on descriptors are TCP sockets connected to port 53,
 * the odd ones to port 54, which needs neither root nor a server. It hands on six words, also where
 * the caller gave fewer. */
__attribute__((no_sanitize("address"))) long syscall(long number, ...)
{
	static long (*real)(long, ...);
	long word[6];
	va_list args;

	va_start(args, number);
	for (int i = 0; i < 6; i++)
		word[i] = va_arg(args, long);
	va_end(args);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	if (number == SYS_getpeername && word[0] >= WATCH_STREAMS) {
		*(socklen_t *)word[2] = watch_address(word[0] % 2 ? "192.0.2.53@54" : "192.0.2.53",
						      (struct sockaddr_storage *)word[1]);
		return 0;
	}
	if (number == SYS_getsockopt && word[0] >= WATCH_STREAMS) {
		*(int *)word[3] = SOCK_STREAM;
		return 0;
	}
	return real(number, word[0], word[1], word[2], word[3], word[4], word[5]);
}

#define SENT                        \
	{                           \
		SEND, 900, NULL, Q6 \
	}
#define LARGE \
	"?www.pin.test/AAAA =./0/16/x" HEX1024 HEX1024 HEX1024 HEX1024 " =*12/9/AAAA/2001:db8::1"
#define HEX4 "00000000"
#define HEX32 HEX4 HEX4 HEX4 HEX4 HEX4 HEX4 HEX4 HEX4
#define HEX256 HEX32 HEX32 HEX32 HEX32 HEX32 HEX32 HEX32 HEX32
#define HEX1024 HEX256 HEX256 HEX256 HEX256

static void say_marks(int fd)
{
	fprintf(child_answer, "%d%d ", watch_has(WATCH_FRESH, fd), watch_has(WATCH_ASKING, fd));
}

static void say_idle(void)
{
	fprintf(child_answer, "idle=%d%d ", watch_is_idle(WATCH_FRESH),
		watch_is_idle(WATCH_ASKING));
}

static void mark_sockets(void)
{
	setenv("PIN4_HOSTS", "*.pin.test", 1);
	setenv("PIN4_CONFIG", "/dev/null", 1);
	say_idle(); /* nobody knows yet what there was before */
	watch_open();
	say_idle();
	watch_socket(3, AF_UNIX, SOCK_STREAM);
	watch_socket(4, AF_INET, SOCK_RAW);
	watch_socket(-1, AF_INET, SOCK_DGRAM);
	watch_socket(WATCH_FDS, AF_INET, SOCK_DGRAM);
	say_idle();
	watch_socket(5, AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC);
	watch_socket(6, AF_INET6, SOCK_STREAM);
	watch_socket(WATCH_FDS - 1, AF_INET, SOCK_STREAM);
	for (int fd = 3; fd < 8; fd++)
		say_marks(fd);
	say_marks(WATCH_FDS - 1);
	say_marks(WATCH_FDS);
	say_marks(-1);
	say_idle();
	watch_socket(5, AF_UNIX, SOCK_DGRAM); /* the number again */
	say_marks(5);
	say_marks(6);
}

static void mark_without(const char *variable, const char *value)
{
	unsetenv("PIN4_HOSTS");
	setenv("PIN4_CONFIG", "/nonexistent/pin4.conf", 1);
	setenv(variable, value, 1);
	watch_open();
	watch_socket(5, AF_INET, SOCK_DGRAM);
	say_marks(5);
	say_idle();
}

static void mark_without_rules(void)
{
	mark_without("PIN4_LOG", "off");
}

static void mark_while_off(void)
{
	setenv("PIN4", "off", 1);
	mark_without("PIN4_HOSTS", "*");
}

static void mark_with_file(void)
{
	unit_write_file("rules", "", 0, 0600); /* they may come later */
	mark_without("PIN4_CONFIG", "rules");
}

/* Marks of 5 after it was made, after each step, and after it was made again. */
static void mark_asking(void)
{
	const struct watch_step steps[] = { { SEND, 5, NS, Q6 },
					    { RECEIVE, 5, NS, A6 },
					    { SEND, 5, NS "@54", Q6 } };

	setenv("PIN4_HOSTS", "*.pin.test", 1);
	setenv("PIN4_CONFIG", "/dev/null", 1);
	watch_open();
	watch_socket(5, AF_INET, SOCK_DGRAM);
	say_marks(5);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		watch_take(&steps[i]);
		say_marks(5);
	}
	say_idle();
	watch_socket(5, AF_INET, SOCK_DGRAM);
	say_marks(5);
}

/* A socket that talks to others is looked at no more; one to port 53 may send a length first. */
static void mark_others(void)
{
	setenv("PIN4_HOSTS", "*.pin.test", 1);
	setenv("PIN4_CONFIG", "/dev/null", 1);
	watch_open();
	for (int fd = 900; fd < 903; fd++)
		watch_socket(fd, AF_INET, SOCK_STREAM);
	watch_send(900, &(struct iovec){ (char[]){ "GET / HTTP/1.1\r\n\r\n" }, 18 }, 1, NULL, 0);
	watch_take(&(struct watch_step){ SEND, 901, NULL, Q6 }); /* to port 54 */
	watch_take(&(struct watch_step){ SEND, 902, NULL, Q6 });
	for (int fd = 900; fd < 903; fd++)
		say_marks(fd);
}

static void send_length_apart(void)
{
	static struct dns question;

	setenv("PIN4_HOSTS", "*.pin.test", 1);
	setenv("PIN4_CONFIG", "/dev/null", 1);
	watch_open();
	watch_socket(900, AF_INET, SOCK_STREAM);
	watch_write(&question, Q6, true);
	watch_send(900, &(struct iovec){ question.bytes, 2 }, 1, NULL, 0);
	watch_send(900, &(struct iovec){ question.bytes + 2, question.len - 2 }, 1, NULL, 0);
	watch_take(&(struct watch_step){ RECEIVE, 900, NULL, A6 });
	watch_say_book("2001:db8::1");
}

/* As a program asks the kernel whether it may read somewhere: nothing is read before. */
static void send_bad_addresses(void)
{
	int ends[2];

	watch_open();
	child_need(pipe(ends) == 0);
	for (int fd = ends[1]; fd <= 901; fd += 901 - ends[1]) {
		watch_send(fd, &(struct iovec){ (void *)16, 64 }, 1, NULL, 0);
		say_marks(fd);
	}
}

static void discard(void)
{
	const struct watch_step asked = { SEND, 900, NULL, Q6 };
	const struct watch_step answered = { RECEIVE, 900, NULL, A6 };

	setenv("PIN4_HOSTS", "*.pin.test", 1);
	setenv("PIN4_CONFIG", "/dev/null", 1);
	watch_open();
	watch_take(&asked);
	fprintf(child_answer, "%d%d", watch_discard(1), watch_discard(900));
	watch_take(&answered); /* where in the stream, nobody knows */
	watch_say_book("2001:db8::1");
}

/* All of a framed question but its last byte, and all of an address but its last byte. */
static void cut_question_short(void)
{
	const struct watch_step answered = { RECEIVE, 900, NULL, A6 };
	static struct dns question;

	setenv("PIN4_HOSTS", "*.pin.test", 1);
	setenv("PIN4_CONFIG", "/dev/null", 1);
	watch_write(&question, Q6, true);
	watch_send(900, &(struct iovec){ question.bytes, question.len - 1 }, 1, NULL, 0);
	watch_take(&answered);
	watch_say_book("2001:db8::1");
}

static void cut_address_short(void)
{
	const struct watch_step answered = { RECEIVE, 7, NS, A6 };
	struct sockaddr_storage server;
	static struct dns question;
	socklen_t len = watch_address(NS, &server);

	setenv("PIN4_HOSTS", "*.pin.test", 1);
	setenv("PIN4_CONFIG", "/dev/null", 1);
	watch_write(&question, Q6, false);
	watch_send(7, &(struct iovec){ question.bytes, question.len }, 1,
		   (struct sockaddr *)&server, len - 1);
	watch_take(&answered);
	watch_say_book("2001:db8::1");
}

/* The descriptor is another socket's before the first one's answer was whole. */
static void close_within_answer(void)
{
	const struct watch_step steps[] = { SENT, { RECEIVE, 900, NULL, A6 } };
	static struct dns answer;

	setenv("PIN4_HOSTS", "*.pin.test", 1);
	setenv("PIN4_CONFIG", "/dev/null", 1);
	watch_take(&steps[0]);
	watch_write(&answer, A6, true);
	watch_received(900, &(struct iovec){ answer.bytes, 10 }, 1, 10, NULL, 0);
	watch_socket(900, AF_INET, SOCK_STREAM);
	watch_take(&steps[0]);
	watch_take(&steps[1]);
	watch_say_book("2001:db8::1");
}

/* An IPv4 address and two IPv6 ones, of which the second is the pinned host's too. */
static void look_up_other(void)
{
	const struct watch_step steps[] = { { SEND, 7, NS, Q6 }, { RECEIVE, 7, NS, A6 } };
	static const char *const addresses[] = { "192.0.2.1", "2001:db8::9", "2001:db8::1" };
	struct sockaddr_storage storage[3];
	struct addrinfo nodes[3] = { { .ai_next = nodes + 1 }, { .ai_next = nodes + 2 } };

	setenv("PIN4_HOSTS", "*.pin.test", 1);
	setenv("PIN4_CONFIG", "/dev/null", 1);
	for (size_t i = 0; i < 3; i++) {
		nodes[i].ai_addrlen = watch_address(addresses[i], &storage[i]);
		nodes[i].ai_addr = (struct sockaddr *)&storage[i];
		nodes[i].ai_family = storage[i].ss_family;
	}
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		watch_take(&steps[i]);
	watch_say_book("2001:db8::1");
	watch_other(NULL);
	watch_say_book("2001:db8::1");
	watch_other(nodes);
	watch_say_book("2001:db8::1");
}

static const struct CMUnitTest tests[] = {
	WATCH(stream_of_one_answer_enters, ONE, SENT, { RECEIVE, 900, NULL, A6 }),
	WATCH(stream_in_pieces_of_1_enters, ONE, SENT, { RECEIVE, 900, NULL, A6, 1 }),
	WATCH(stream_in_pieces_of_2_enters, ONE, SENT, { RECEIVE, 900, NULL, A6, 2 }),
	WATCH(stream_in_pieces_of_45_enters, ONE, SENT, { RECEIVE, 900, NULL, A6, 45 }),
	WATCH(stream_question_in_buffers_of_2_is_seen, ONE, { SEND, 900, NULL, Q6, 2 },
	      { RECEIVE, 900, NULL, A6 }),
	WATCH(stream_of_two_questions_in_one_write_is_seen, " www.pin.test/0,198.51.100.1 -",
	      { SEND, 900, NULL, Q6 ";" Q4 }, { RECEIVE, 900, NULL, A4 ";" A6 }),
	WATCH(stream_of_two_answers_in_pieces_of_3_enters, " www.pin.test/0,198.51.100.1 -", SENT,
	      { SEND, 900, NULL, Q4 }, { RECEIVE, 900, NULL, A6 ";" A4, 3 }),
	WATCH(stream_of_large_answer_in_pieces_is_passed_over, NONE, SENT,
	      { RECEIVE, 900, NULL, LARGE, 700 }),
	WATCH(stream_to_other_port_is_ignored, NONE, { SEND, 901, NULL, Q6 },
	      { RECEIVE, 901, NULL, A6 }),
	WATCH(stream_without_question_is_ignored, NONE, { RECEIVE, 900, NULL, A6 }),
	WATCH(stream_with_other_id_is_ignored, NONE, SENT, { RECEIVE, 900, NULL, A6 " ~0=1235" }),
	WATCH(stream_of_other_descriptor_is_ignored, NONE, SENT, { SEND, 902, NULL, Q4 },
	      { RECEIVE, 902, NULL, A6 }),
	CHILD(stream_question_cut_short_is_ignored, cut_question_short, " -", ""),
	CHILD(question_to_an_address_cut_short_is_ignored, cut_address_short, " -", ""),
	CHILD(stream_that_was_closed_starts_anew, close_within_answer, " www.pin.test/0", ""),
	CHILD(address_that_a_lookup_gives_other_hosts_is_left_alone, look_up_other,
	      " www.pin.test/0 www.pin.test/0 -", ""),
	CHILD(mark_of_sockets_is_for_those_that_may_ask, mark_sockets,
	      "idle=00 idle=11 idle=11 00 00 10 10 00 10 00 00 idle=01 00 10 ", ""),
	CHILD(mark_without_rules_is_for_none, mark_without_rules, "00 idle=11 ", ""),
	CHILD(mark_while_off_is_for_none, mark_while_off, "00 idle=11 ", ""),
	CHILD(mark_with_an_empty_file_is_for_all, mark_with_file, "10 idle=01 ", ""),
	CHILD(mark_of_asking_goes_with_the_socket, mark_asking, "10 11 11 11 idle=00 10 ", ""),
	CHILD(question_behind_a_length_by_itself_is_seen, send_length_apart, " www.pin.test/0", ""),
	CHILD(send_to_others_reads_nothing, send_bad_addresses, "00 00 ", ""),
	CHILD(stream_with_bytes_thrown_away_is_followed_no_more, discard, "01 -", ""),
	CHILD(mark_of_other_traffic_is_dropped, mark_others, "10 00 11 ", ""),
};

int main(void)
{
	return cmocka_run_group_tests(tests, unit_enter_directory, unit_leave_directory);
}
