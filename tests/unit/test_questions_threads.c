/* SPDX-License-Identifier: MIT */
/* Eight threads that ask and receive at once: each question is changed, and each answer finds the
 * question that it answers, once. */
#include "dns.h"
#include "dns/questions.h"

#include <pthread.h>
#include <sched.h>

enum { THREADS = 8, ROUNDS = 3000, MANY = 12 };

static atomic_int threads_ready;
static atomic_ulong wrong_advice, lost, foreign;

/* A question whose name, ID and destination go together. */
static size_t write_question(unsigned thread, unsigned number, unsigned char *msg)
{
	struct dns *dns = malloc(sizeof(*dns));
	char text[128];
	size_t len;

	snprintf(text, sizeof(text), "#0100 ~0=%02x%02x ?t%u-%u.test/AAAA", thread, number & 0xff,
		 thread, number);
	dns_write(dns, text);
	len = dns->len;
	memcpy(msg, dns->bytes, len);
	free(dns);
	return len;
}

static void receive(const unsigned char *msg, size_t len)
{
	unsigned char answer[MESSAGE_MOST];
	const struct asked *asked;

	memcpy(answer, msg, len);
	answer[2] |= 0x80;
	answer[len - 3] = MESSAGE_A;
	asked = questions_take(answer, len);
	if (!asked) {
		lost++;
		return;
	}
	foreign += asked->len != len || memcmp(asked->msg, msg, len) != 0 ||
		   asked->to.sin6_port != (msg[0] << 8 | msg[1]);
	questions_release(asked, QUESTIONS_ANSWERED);
}

static void *ask_and_receive(void *arg)
{
	unsigned thread = *(unsigned *)arg;
	unsigned char msg[MANY][MESSAGE_MOST];
	size_t len[MANY];

	threads_ready++;
	while (threads_ready < THREADS)
		sched_yield();
	for (unsigned round = 0; round < ROUNDS; round++) {
		unsigned many = 1 + round % MANY;

		for (unsigned i = 0; i < many; i++) {
			struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
			struct question question;

			len[i] = write_question(thread, round * MANY + i, msg[i]);
			to.sin6_port = (in_port_t)(msg[i][0] << 8 | msg[i][1]);
			if (!message_read_question(msg[i], len[i], &question) ||
			    questions_put(msg[i], len[i], &question, (void *)&to, sizeof(to)) !=
				    QUESTIONS_CHANGE)
				wrong_advice++;
		}
		for (unsigned i = 0; i < many; i++)
			receive(msg[i], len[i]);
	}
	return NULL;
}

static void asked_and_answered_by_threads_find_each_other(void **state)
{
	unsigned numbers[THREADS];
	pthread_t threads[THREADS];

	(void)state;
	for (unsigned i = 0; i < THREADS; i++) {
		numbers[i] = i;
		assert_int_equal(pthread_create(&threads[i], NULL, ask_and_receive, &numbers[i]),
				 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(pthread_join(threads[i], NULL), 0);
	assert_int_equal(wrong_advice, 0);
	assert_int_equal(lost, 0);
	assert_int_equal(foreign, 0);
	assert_false(questions_is_any());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asked_and_answered_by_threads_find_each_other),
	};

	return cmocka_run_group_tests_name("questions", tests, NULL, NULL);
}
