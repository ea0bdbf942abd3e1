/* SPDX-License-Identifier: MIT */
/* 32 threads that look up, connect, fork, spawn, are cancelled, take signals, load and unload
 * libraries and have the rules file replaced, all at once, for as many seconds as asked. A server
 * tells each connection which of its addresses was reached. TAP.
 *	races SECONDS RULES-FILE LIBRARY */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MUST(what) ((what) ? (void)0 : die(#what, __LINE__))

enum { SERVERS = 6, HOSTS = 100, WARM_UP = 2, LEAK_MOST = 512 << 10 };

/* None under TSan: a child has the locks of TSan's own allocator as it was, and may wait for ever
 * for a thread that is not there. */
#ifdef __SANITIZE_THREAD__
enum { FORKERS = 0 };
#else
enum { FORKERS = 2 };
#endif

static _Atomic unsigned long lookups, connects, handled, forks, spawns, cancelled, loads, reloads;
static _Atomic unsigned long wrong_lookups, wrong_peers, wrong_children;
static _Atomic unsigned long flips[2]; /* of flip.test: left alone, pinned */
static atomic_bool is_over;
static in_port_t port;
static const char *rules_file;
static const char *library;
static struct in6_addr mapped_0; /* ::ffff:127.0.1.0, for signal handlers */

static void die(const char *what, int line)
{
	printf("not ok - races.c:%d: %s, errno %d\n", line, what, errno);
	fflush(stdout);
	_exit(1);
}

/* Tells each client the local address that it reached. */
static void *serve(void *listener)
{
	struct sockaddr_in6 local;
	struct in6_addr address;

	for (;;) {
		socklen_t len = sizeof(local);
		int fd = accept(*(int *)listener, NULL, NULL);

		if (fd < 0)
			continue;
		if (getsockname(fd, (void *)&local, &len) == 0) {
			address = local.sin6_addr;
			send(fd, &address, sizeof(address), MSG_NOSIGNAL);
		}
		close(fd);
	}
	return NULL;
}

static int *open_server(void)
{
	static int listener;
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6 };
	socklen_t len = sizeof(addr);
	const int off = 0;

	listener = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	MUST(bind(listener, (void *)&addr, len) == 0 && listen(listener, 512) == 0);
	MUST(getsockname(listener, (void *)&addr, &len) == 0);
	port = addr.sin6_port;
	return &listener;
}

/* Connects a socket for IPv6 alone to address, which a pinned lookup gave, and compares what the
 * server says. Async-signal-safe. */
static bool reaches(const struct in6_addr *address)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_port = port };
	const struct linger reset = { .l_onoff = 1 };
	const int on = 1;
	struct in6_addr seen;
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool is_right = false;
	int result;

	if (fd < 0)
		return false;
	addr.sin6_addr = *address;
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	while ((result = connect(fd, (void *)&addr, sizeof(addr))) != 0 && errno == EINTR)
		;
	if (result == 0)
		is_right = recv(fd, &seen, sizeof(seen), MSG_WAITALL) == sizeof(seen) &&
			   memcmp(&seen, address, sizeof(seen)) == 0;
	close(fd);
	return is_right;
}

static struct in6_addr mapped_of(int host)
{
	struct in6_addr address = mapped_0;

	address.s6_addr[15] = (unsigned char)host;
	return address;
}

static bool look_up(const char *name, struct in6_addr *ret)
{
	const struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;

	if (getaddrinfo(name, NULL, &hints, &list) != 0 || list->ai_family != AF_INET6)
		return false;
	*ret = ((struct sockaddr_in6 *)(void *)list->ai_addr)->sin6_addr;
	freeaddrinfo(list);
	return true;
}

static bool is_same(struct in6_addr a, struct in6_addr b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

/* A pinned host, one without a rule, or the one that only every other rules file has. */
static bool look_up_any(unsigned *seed, struct in6_addr *ret)
{
	int host = rand_r(seed) % HOSTS;
	char name[32];

	switch (rand_r(seed) % 4) {
	case 0:
		return look_up("free.test", ret) && is_same(*ret, in6addr_loopback);
	case 1:
		if (!look_up("flip.test", ret))
			return false;
		flips[is_same(*ret, mapped_of(200))]++;
		return is_same(*ret, in6addr_loopback) || is_same(*ret, mapped_of(200));
	default:
		snprintf(name, sizeof(name), "h%d.pin.test", host);
		return look_up(name, ret) && is_same(*ret, mapped_of(host));
	}
}

static unsigned seed_of(const void *arg)
{
	return (unsigned)(uintptr_t)arg * 2654435761U;
}

static void *run_lookups(void *arg)
{
	unsigned seed = seed_of(arg);
	struct in6_addr address;

	while (!is_over) {
		wrong_lookups += !look_up_any(&seed, &address);
		lookups++;
	}
	return NULL;
}

static void *run_connects(void *arg)
{
	unsigned seed = seed_of(arg);
	struct in6_addr address;

	while (!is_over) {
		wrong_lookups += !look_up_any(&seed, &address);
		wrong_peers += !reaches(&address);
		connects++;
	}
	return NULL;
}

static int child(unsigned seed)
{
	struct in6_addr address;

	return look_up_any(&seed, &address) && reaches(&address) ? 0 : 1;
}

static void *run_forks(void *arg)
{
	unsigned seed = seed_of(arg);

	while (!is_over) {
		pid_t pid = fork();
		int status;

		MUST(pid >= 0);
		if (pid == 0) {
			alarm(30); /* one that hangs dies of it, and counts */
			_exit(child(seed + (unsigned)getpid()));
		}
		MUST(waitpid(pid, &status, 0) == pid);
		wrong_children += status != 0;
		forks++;
		usleep(5000);
	}
	return NULL;
}

static void *run_spawns(void *arg)
{
	char *argv[] = { (char *)(uintptr_t) "true", NULL };

	(void)arg;
	while (!is_over) {
		pid_t pid;
		int status;

		MUST(posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) == 0);
		MUST(waitpid(pid, &status, 0) == pid);
		wrong_children += status != 0;
		spawns++;
		usleep(20000);
	}
	return NULL;
}

static void *look_up_until_cancelled(void *arg)
{
	unsigned seed = seed_of(arg);
	struct in6_addr address;

	for (;;)
		look_up_any(&seed, &address);
	return NULL;
}

static void *run_cancellations(void *arg)
{
	unsigned seed = seed_of(arg);

	while (!is_over) {
		pthread_t thread;
		void *result;

		MUST(pthread_create(&thread, NULL, look_up_until_cancelled, &thread + seed) == 0);
		usleep((useconds_t)(rand_r(&seed) % 2000));
		pthread_cancel(thread);
		MUST(pthread_join(thread, &result) == 0 && result == PTHREAD_CANCELED);
		cancelled++;
	}
	return NULL;
}

static void *run_loads(void *arg)
{
	(void)arg;
	while (!is_over) {
		void *self = dlopen(library, RTLD_NOW);
		void *other = dlopen("libresolv.so.2", RTLD_NOW | RTLD_LOCAL);

		MUST(self && other);
		dlclose(self);
		dlclose(other);
		loads++;
		usleep(1000);
	}
	return NULL;
}

static void on_signal(int number)
{
	int saved = errno;
	struct in6_addr address = mapped_of(number == SIGUSR1 ? 1 : 2);

	wrong_peers += !reaches(&address);
	handled++;
	errno = saved;
}

static void *run_reloads(void *arg)
{
	static const char *const texts[] = {
		"*.pin.test flip.test\n",
		"# the other one\nipv4:*.pin.test\nexcept:flip.test\n",
	};
	char next[4096];

	(void)arg;
	snprintf(next, sizeof(next), "%s.next", rules_file);
	while (!is_over) {
		FILE *file = fopen(next, "we");

		MUST(file && fputs(texts[reloads % 2], file) >= 0 && fclose(file) == 0);
		MUST(rename(next, rules_file) == 0);
		reloads++;
		usleep(300000);
	}
	return NULL;
}

static int count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(dir))
		count++;
	closedir(dir);
	return count;
}

static void report(const char *what, unsigned long count, unsigned long wrong)
{
	static int number;

	printf("%s %d - %s_from_32_threads_are_right\n# %lu, %lu of them wrong\n",
	       count && !wrong ? "ok" : "not ok", ++number, what, count, wrong);
}

int main(int argc, char **argv)
{
	static const struct {
		void *(*run)(void *);
		int count;
	} roles[] = { { run_lookups, 12 }, { run_connects, 10 },     { run_forks, FORKERS },
		      { run_spawns, 1 },   { run_cancellations, 4 }, { run_loads, 2 },
		      { run_reloads, 1 } };
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	pthread_t threads[64], server;
	sigset_t signals;
	int count = 0;
	unsigned seed = 1;
	int *listener;
	int descriptors;
	size_t memory;

	MUST(argc == 4);
	rules_file = argv[2];
	library = argv[3];
	alarm((unsigned)atoi(argv[1]) + 60);
	MUST(inet_pton(AF_INET6, "::ffff:127.0.1.0", &mapped_0) == 1);
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigaddset(&signals, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	listener = open_server();
	for (int i = 0; i < SERVERS; i++)
		MUST(pthread_create(&server, NULL, serve, listener) == 0);
	pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGUSR2, &action, NULL);
	for (size_t role = 0; role < sizeof(roles) / sizeof(*roles); role++)
		for (int i = 0; i < roles[role].count; i++, count++)
			MUST(pthread_create(&threads[count], NULL, roles[role].run,
					    (char *)threads + count + 1) == 0);
	sleep(WARM_UP);
	memory = mallinfo2().uordblks;
	for (time_t end = time(NULL) + atoi(argv[1]); time(NULL) < end; usleep(500))
		pthread_kill(threads[rand_r(&seed) % count], rand_r(&seed) % 2 ? SIGUSR1 : SIGUSR2);
	is_over = true;
	for (int i = 0; i < count; i++)
		MUST(pthread_join(threads[i], NULL) == 0);
	descriptors = count_descriptors();
	report("lookups", lookups, wrong_lookups);
	report("connections", connects, wrong_peers);
	report("connections_in_signal_handlers", handled, wrong_peers);
	if (FORKERS)
		report("lookups_and_connections_in_forked_children", forks, wrong_children);
	report("spawned_programs", spawns, wrong_children);
	report("cancelled_lookups", cancelled, 0);
	report("loads_and_unloads", loads, 0);
	report("replaced_rules_files", reloads, 0);
	report("lookups_by_either_rules_file", flips[0] && flips[1], 0);
	report("bytes_of_memory_left", 1, mallinfo2().uordblks > memory + LEAK_MOST);
	printf("# %zu bytes in use before, %zu after\n", memory, mallinfo2().uordblks);
	report("descriptors", (unsigned long)descriptors, descriptors > 16);
	return wrong_lookups + wrong_peers + wrong_children != 0;
}
