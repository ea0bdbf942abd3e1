/* SPDX-License-Identifier: MIT */
/* Cancels a thread inside getaddrinfo, and one inside a connect that was retried, and prints what
 * lookups and connects do afterwards. */
#define _GNU_SOURCE
#include "loopback.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

/* The fake libc calls it while it looks inside.test up. */
void probe_inside(void)
{
	pthread_cancel(pthread_self());
	pthread_testcancel();
}

static void *look_up(void *unused)
{
	char text[INET6_ADDRSTRLEN];

	(void)unused;
	probe_lookup("inside.test", AF_INET6, text, sizeof(text));
	return NULL;
}

struct connecting {
	const struct loopback *loopback;
	int fd;
	atomic_bool has_returned;
};

static void *connect_blocking(void *arg)
{
	struct connecting *connecting = arg;

	loopback_connect(connecting->loopback, connecting->fd);
	connecting->has_returned = true;
	return NULL;
}

static void report(const char *what, pthread_t thread)
{
	void *result;

	MUST(!pthread_join(thread, &result));
	printf("%s %s\n", what, result == PTHREAD_CANCELED ? "cancelled" : "not cancelled");
}

static int tcp_state(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	MUST(!getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len));
	return info.tcpi_state;
}

/* A listener whose queue is full leaves a connect waiting. */
static void fill_queue(const struct loopback *loopback)
{
	for (int i = 0; i < 4; i++) {
		int fd = loopback_socket();

		MUST(!fcntl(fd, F_SETFL, O_NONBLOCK));
		loopback_connect(loopback, fd);
	}
}

int main(void)
{
	struct loopback full = loopback_open(0);
	struct loopback loopback = loopback_open(5);
	struct connecting connecting = { .loopback = &full, .fd = loopback_socket() };
	char text[INET6_ADDRSTRLEN];
	pthread_t thread;

	MUST(!pthread_create(&thread, NULL, look_up, NULL));
	report("getaddrinfo", thread);
	printf("lookup %s\n", probe_lookup("loop.test", AF_INET6, text, sizeof(text)));

	fill_queue(&full);
	MUST(!pthread_create(&thread, NULL, connect_blocking, &connecting));
	while (!connecting.has_returned && tcp_state(connecting.fd) != TCP_SYN_SENT)
		sched_yield();
	pthread_cancel(thread);
	report("connect", thread);
	MUST(fcntl(connecting.fd, F_GETFD) >= 0);
	loopback_connect(&loopback, loopback_socket());
	printf("server=%s\n", loopback_seen(&loopback, text, sizeof(text)));
	return 0;
}
