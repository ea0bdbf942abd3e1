/* SPDX-License-Identifier: MIT */
/* Eight threads that ask for AAAA records at once, below ZONE, which a rule pins, and below others,
 * of a server in this process: dnsthreads ZONE counts the answers that were not the right ones, and
 * the AAAA questions that left about a pinned host with an A record. */
#define _GNU_SOURCE
#include "dnsclient.h"

#include <pthread.h>

enum { THREADS = 8, ROUNDS = 400 };

static int server;
static atomic_ulong answers, wrong, raw, leaked;

static void *serve(void *arg)
{
	struct dns_message asked, answer;
	struct sockaddr_in from;

	(void)arg;
	for (;;) {
		socklen_t len = sizeof(from);
		ssize_t got = recvfrom(server, asked.bytes, sizeof(asked.bytes), 0,
				       (struct sockaddr *)&from, &len);

		MUST(got > 17);
		asked.len = (size_t)got;
		leaked += dns_is_label(asked.bytes, "one") &&
			  asked.bytes[dns_question_end(asked.bytes) - 3] == DNS_AAAA;
		dns_answer(&asked, &answer);
		sendto(server, answer.bytes, answer.len, 0, (struct sockaddr *)&from, len);
	}
	return NULL;
}

static void *ask_and_receive(void *arg)
{
	static const struct {
		const char *label;
		const char *zone; /* NULL: the pinned one */
		const char *address;
	} hosts[] = { { "one", NULL, "::ffff:192.0.2.1" },
		      { "chain", NULL, "::ffff:192.0.2.1" },
		      { "nodata", NULL, "2001:db8::1" },
		      { "elsewhere", "other.test", "2001:db8::1" } };
	unsigned thread = (unsigned)(size_t)arg;
	struct timeval most = { .tv_sec = 20 };
	int fd = dns_socket(&world);
	unsigned char buf[DNS_ROOM];

	MUST(!setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof(most)));
	for (unsigned i = 0; i < ROUNDS; i++) {
		unsigned h = i % 4;
		struct dns_message asked = dns_question(DNS_AAAA, thread << 12 | i, hosts[h].label,
							hosts[h].zone ? hosts[h].zone : zone);
		struct iovec part = { asked.bytes, asked.len };
		struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
		ssize_t got;

		MUST((i & 4 ? send(fd, asked.bytes, asked.len, 0) : sendmsg(fd, &message, 0)) ==
		     (ssize_t)asked.len);
		part = (struct iovec){ buf, sizeof(buf) };
		got = i & 8    ? recv(fd, buf, sizeof(buf), 0)
		      : i & 16 ? recvmsg(fd, &message, 0)
			       : read(fd, buf, sizeof(buf));
		answers++;
		if (got >= (ssize_t)asked.len && buf[asked.len - 3] == DNS_A)
			raw++;
		else if (!is_answer(&asked, buf, got, hosts[h].address))
			wrong++;
	}
	close(fd);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS], server_thread;

	MUST(argc == 2);
	zone = argv[1];
	server = dns_bind(&world.addr);
	MUST(!pthread_create(&server_thread, NULL, serve, NULL));
	for (size_t i = 0; i < THREADS; i++)
		MUST(!pthread_create(&threads[i], NULL, ask_and_receive, (void *)i));
	for (size_t i = 0; i < THREADS; i++)
		MUST(!pthread_join(threads[i], NULL));
	printf("answers=%lu wrong=%lu raw=%lu leaked=%lu\n", answers, wrong, raw, leaked);
	return 0;
}
