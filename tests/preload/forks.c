/* SPDX-License-Identifier: MIT */
/* Forks, vforks and execs while another thread is inside a lookup, and prints what the children and
 * afterwards the parent and the thread got. */
#define _GNU_SOURCE
#include "loopback.h"

#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>

static sem_t is_inside;
static sem_t may_leave;

/* The fake libc calls it while it looks inside.test up. */
void probe_inside(void)
{
	sem_post(&is_inside);
	while (sem_wait(&may_leave))
		;
}

static void *stay_inside(void *answer)
{
	probe_lookup("inside.test", AF_INET6, answer, INET6_ADDRSTRLEN);
	return NULL;
}

static void print_lookup(const char *who)
{
	char text[INET6_ADDRSTRLEN];

	printf("%s %s\n", who, probe_lookup("both.test", AF_INET6, text, sizeof(text)));
	fflush(stdout);
}

static void wait_for(pid_t child)
{
	int status = -1;

	MUST(child > 0 && waitpid(child, &status, 0) == child);
	if (status)
		printf("child status %d\n", status);
}

static void fork_and_look_up(void)
{
	pid_t child = fork();

	if (!child) {
		alarm(20);
		print_lookup("forked");
		_exit(0);
	}
	wait_for(child);
}

static void vfork_and_exec(const char *self)
{
	pid_t child = vfork();

	if (!child) {
		execl(self, self, "child", (char *)NULL);
		_exit(127);
	}
	wait_for(child);
}

static void vfork_and_connect(const struct loopback *loopback)
{
	char text[INET6_ADDRSTRLEN];
	int fd = loopback_socket();
	pid_t child = vfork();

	if (!child)
		_exit(loopback_connect(loopback, fd) ? 1 : 0);
	wait_for(child);
	printf("vforked server=%s\n", loopback_seen(loopback, text, sizeof(text)));
	close(fd);
}

int main(int argc, char **argv)
{
	static char answer[INET6_ADDRSTRLEN];
	char text[INET6_ADDRSTRLEN];
	struct loopback loopback = loopback_open(5);
	pthread_t thread;

	if (argc > 1) {
		print_lookup("execed");
		return 0;
	}
	MUST(!sem_init(&is_inside, 0, 0) && !sem_init(&may_leave, 0, 0));
	probe_lookup("loop.test", AF_INET6, text, sizeof(text));
	MUST(!pthread_create(&thread, NULL, stay_inside, answer));
	while (sem_wait(&is_inside))
		;
	fork_and_look_up();
	vfork_and_exec(argv[0]);
	vfork_and_connect(&loopback);
	print_lookup("parent");
	sem_post(&may_leave);
	MUST(!pthread_join(thread, NULL));
	printf("thread %s\n", answer);
	return 0;
}
