/* SPDX-License-Identifier: MIT */
/* Asks as dns.c does while something else is under way: dnsinside SCENARIO ZONE [LIBRARY]
 *	handler	a signal handler asks, while the program does
 *	cancel	a thread is cancelled while it waits for an answer
 *	vfork	a child asks that shares the memory
 *	loader	forked children ask, while a thread loads and unloads LIBRARY */
#define _GNU_SOURCE
#include "dnsclient.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <sys/time.h>

static int handlers_socket;
static atomic_ulong handled, wrong;
static const char *library;
static atomic_bool is_over;

/* Asks and receives, with system calls alone. Returns whether the answer is the right one. */
static bool exchange(int fd, unsigned number_of_mine)
{
	struct dns_message asked = dns_question(DNS_AAAA, number_of_mine, "one", zone);
	unsigned char buf[DNS_ROOM];

	return send(fd, asked.bytes, asked.len, 0) == (ssize_t)asked.len &&
	       is_answer(&asked, buf, recv(fd, buf, sizeof(buf), 0), "::ffff:192.0.2.1");
}

static void ask_in_handler(int sig)
{
	int saved = errno;

	(void)sig;
	handled++;
	wrong += !exchange(handlers_socket, 0x8000 | (handled & 0x7fff));
	errno = saved;
}

static void handler(void)
{
	struct sigaction action = { .sa_handler = ask_in_handler, .sa_flags = SA_RESTART };
	struct itimerval often = { { 0, 700 }, { 0, 700 } };
	struct itimerval never = { { 0, 0 }, { 0, 0 } };
	int fd = dns_socket(&world);
	unsigned long asked = 0;

	handlers_socket = dns_socket(&world);
	MUST(!sigaction(SIGPROF, &action, NULL) && !setitimer(ITIMER_PROF, &often, NULL));
	while (handled < 100 || asked < 1000)
		wrong += !exchange(fd, asked++ & 0x7fff);
	MUST(!setitimer(ITIMER_PROF, &never, NULL));
	printf("wrong=%lu\n", wrong);
}

static void *wait_for_nothing(void *arg)
{
	struct dns_message asked = ask_for("mute");
	char buf[512];

	MUST(send(*(int *)arg, asked.bytes, asked.len, 0) == (ssize_t)asked.len);
	recv(*(int *)arg, buf, sizeof(buf), 0);
	return NULL;
}

static void cancel(void)
{
	int fd = dns_socket(&world);
	pthread_t thread;
	void *result;

	MUST(!pthread_create(&thread, NULL, wait_for_nothing, &fd));
	dns_await(&world, 1);
	MUST(!pthread_cancel(thread) && !pthread_join(thread, &result));
	printf("%s,", result == PTHREAD_CANCELED ? "cancelled" : "not cancelled");
	printf(" then %s\n", exchange(fd, 1) ? "right" : "wrong");
}

static void vforked(void)
{
	int fd = dns_socket(&world);
	int status;
	pid_t pid = vfork();

	if (!pid)
		_exit(!exchange(fd, 1));
	MUST(waitpid(pid, &status, 0) == pid);
	printf("child %s,", status ? "wrong" : "right");
	printf(" parent %s\n", exchange(fd, 2) ? "right" : "wrong");
}

static void *load(void *unused)
{
	(void)unused;
	while (!is_over) {
		void *handle = dlopen(library, RTLD_NOW);

		MUST(handle && !dlclose(handle));
	}
	return NULL;
}

static void loader(void)
{
	enum { CHILDREN = 200 };
	int fd = dns_socket(&world);
	unsigned long right = 0;
	pthread_t thread;

	MUST(!pthread_create(&thread, NULL, load, NULL));
	for (unsigned i = 0; i < CHILDREN && right == i; i++) {
		int status;
		pid_t pid = fork();

		if (!pid) {
			alarm(5);
			_exit(!exchange(fd, i));
		}
		MUST(waitpid(pid, &status, 0) == pid);
		right += !status;
		usleep(300);
	}
	is_over = true;
	MUST(!pthread_join(thread, NULL));
	printf("right=%lu\n", right);
}

int main(int argc, char **argv)
{
	static const struct scenario scenarios[] = { { "handler", handler },
						     { "cancel", cancel },
						     { "vfork", vforked },
						     { "loader", loader } };

	MUST(argc >= 3);
	zone = argv[2];
	library = argv[3];
	return run_scenario(scenarios, sizeof(scenarios) / sizeof(*scenarios), argv[1]);
}
