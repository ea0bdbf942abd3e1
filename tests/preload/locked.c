/* SPDX-License-Identifier: MIT */
/* Forks while another thread walks the loader's objects, as one in dlopen does: with glibc the lock
 * is locked for ever in the child. Prints what the child's first lookup and connection got. */
#define _GNU_SOURCE
#include "loopback.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>

static sem_t is_inside;
static sem_t may_leave;

static int stay(struct dl_phdr_info *info, size_t size, void *data)
{
	(void)info, (void)size, (void)data;
	sem_post(&is_inside);
	while (sem_wait(&may_leave))
		;
	return 1;
}

static void *walk(void *nothing)
{
	dl_iterate_phdr(stay, NULL);
	return nothing;
}

/* The fake libc looks for its own next functions at its first lookup. */
static void warm_fake(void)
{
	void *fake = dlopen(getenv("FAKE"), RTLD_NOW | RTLD_NOLOAD);
	__typeof__(&getaddrinfo) its_own;
	struct addrinfo *list;

	MUST(fake);
	*(void **)&its_own = dlsym(fake, "getaddrinfo");
	MUST(its_own && !its_own("both.test", NULL, NULL, &list));
	freeaddrinfo(list);
}

static void look_up_and_connect(const struct loopback *loopback)
{
	char text[INET6_ADDRSTRLEN];

	printf("child %s\n", probe_lookup("both.test", AF_INET6, text, sizeof(text)));
	probe_lookup("loop.test", AF_INET6, text, sizeof(text));
	printf("child connect=%d\n", loopback_connect(loopback, loopback_socket()));
	fflush(stdout);
}

int main(void)
{
	struct loopback loopback = loopback_open(5);
	pthread_t thread;
	int status = -1;
	pid_t child;

	warm_fake();
	MUST(!sem_init(&is_inside, 0, 0) && !sem_init(&may_leave, 0, 0));
	MUST(!pthread_create(&thread, NULL, walk, NULL));
	while (sem_wait(&is_inside))
		;
	child = fork();
	if (!child) {
		alarm(5);
		look_up_and_connect(&loopback);
		_exit(0);
	}
	MUST(child > 0 && waitpid(child, &status, 0) == child);
	printf("child status %d\n", status);
	sem_post(&may_leave);
	MUST(!pthread_join(thread, NULL));
	return 0;
}
