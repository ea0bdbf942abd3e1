/* SPDX-License-Identifier: MIT */
/* The calls whose cost the benchmark counts, each as often as asked:
 *
 *     calls once|MILLISECONDS[xTHREADS] none
 *     calls once|MILLISECONDS[xTHREADS] connect inet|unix|inet6|refused [PINNED]
 *     calls once|MILLISECONDS[xTHREADS] lookup unspec|inet|inet6 HOST
 *     calls once|MILLISECONDS[xTHREADS] send|recv|read BYTES
 *     calls COUNT spawn PROGRAM
 *     calls once memory [HOST]
 *
 * "once" stops before and after single calls, for steps.c; a time prints nanoseconds a call, and
 * a spawn's likewise. PINNED is how many hosts h1.pinned.test, h2... are looked up first. send and
 * recv are of datagrams to itself. "memory" prints the kilobytes that the process has for itself,
 * after a lookup of HOST if there is one. */
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { COUNTED = 2, BATCH = 16, MAX_THREADS = 64 };

struct call {
	const char *what;
	int family;
	const char *host;
	bool is_refused;
	struct sockaddr_storage addr;
	socklen_t len;
	size_t bytes;
};

static struct call call;
static long milliseconds;

static void die(const char *what)
{
	fprintf(stderr, "calls: %s failed\n", what);
	exit(1);
}

static int make_socket(void)
{
	int fd = socket(call.family, call.is_refused ? SOCK_STREAM : SOCK_DGRAM, 0);

	if (fd < 0)
		die("socket");
	return fd;
}

static int family_of(const char *kind)
{
	return strcmp(kind, "inet6") == 0    ? AF_INET6
	       : strcmp(kind, "unix") == 0   ? AF_UNIX
	       : strcmp(kind, "unspec") == 0 ? AF_UNSPEC
					     : AF_INET;
}

static void make_address(const char *kind)
{
	struct sockaddr_in *sin = (void *)&call.addr;
	struct sockaddr_in6 *sin6 = (void *)&call.addr;
	struct sockaddr_un *sun = (void *)&call.addr;
	int server;

	call.is_refused = strcmp(kind, "refused") == 0;
	call.family = family_of(kind);
	call.addr.ss_family = (sa_family_t)call.family;
	if (call.family == AF_INET) {
		sin->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		sin->sin_port = htons(9);
		call.len = sizeof(*sin);
	} else if (call.family == AF_INET6) {
		sin6->sin6_addr = in6addr_loopback;
		sin6->sin6_port = htons(9);
		call.len = sizeof(*sin6);
	} else {
		/* Of the abstract kind, which leaves no file; the kernel chooses the name. */
		call.len = sizeof(sa_family_t);
		server = make_socket();
		if (bind(server, (void *)sun, call.len) != 0)
			die("bind");
		call.len = sizeof(*sun);
		getsockname(server, (void *)sun, &call.len);
	}
}

static void look_up_pinned(int count)
{
	const struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	char host[64];

	for (int i = 1; i <= count; i++) {
		snprintf(host, sizeof(host), "h%d.pinned.test", i);
		if (getaddrinfo(host, NULL, &hints, &list) != 0)
			die(host);
		freeaddrinfo(list);
	}
}

/* A socket that is connected to itself, or a file without end. */
static int make_traffic(void)
{
	struct sockaddr_in self = { .sin_family = AF_INET };
	socklen_t len = sizeof(self);
	int fd;

	if (strcmp(call.what, "read") == 0)
		return open("/dev/zero", O_RDONLY);
	self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (bind(fd, (void *)&self, len) != 0 || getsockname(fd, (void *)&self, &len) != 0 ||
	    connect(fd, (void *)&self, len) != 0)
		die("a socket to itself");
	return fd;
}

/* What a call works on. */
static int make_fd(void)
{
	if (call.bytes)
		return make_traffic();
	return strcmp(call.what, "connect") == 0 ? make_socket() : -1;
}

static void mark(bool is_counted)
{
	if (is_counted)
		raise(SIGSTOP);
}

static void make_call(int fd, bool is_counted)
{
	const struct addrinfo hints = { .ai_family = call.family, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	static char buf[4096] = "no question";
	int error = 0;

	if (strcmp(call.what, "recv") == 0)
		syscall(SYS_write, fd, buf, call.bytes);
	mark(is_counted);
	if (call.what[0] == 'c')
		error = connect(fd, (void *)&call.addr, call.len) == 0 ? 0 : 1;
	else if (call.what[0] == 's')
		error = send(fd, buf, call.bytes, 0) >= 0 ? 0 : 1;
	else if (call.what[0] == 'l')
		error = getaddrinfo(call.host, NULL, &hints, &list);
	else if (strcmp(call.what, "recv") == 0)
		error = recv(fd, buf, call.bytes, 0) >= 0 ? 0 : 1;
	else if (strcmp(call.what, "read") == 0)
		error = read(fd, buf, call.bytes) >= 0 ? 0 : 1;
	mark(is_counted);
	if (list)
		freeaddrinfo(list);
	if ((error != 0) != call.is_refused)
		die("the call");
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

/* Calls for that long; *ret gets nanoseconds a call. */
static void *call_for_a_while(void *ret)
{
	int fd = make_fd();
	double start;
	double end;
	long calls = 0;

	make_call(fd, false);
	start = now();
	do {
		for (int i = 0; i < BATCH; i++)
			make_call(fd, false);
		calls += BATCH;
		end = now();
	} while (end - start < (double)milliseconds * 1e6);
	*(double *)ret = (end - start) / (double)calls;
	return NULL;
}

static void time_calls(int threads)
{
	pthread_t thread[MAX_THREADS];
	double each[MAX_THREADS];
	double sum = 0;

	for (int i = 1; i < threads; i++)
		if (pthread_create(&thread[i], NULL, call_for_a_while, &each[i]) != 0)
			die("pthread_create");
	call_for_a_while(&each[0]);
	for (int i = 1; i < threads; i++)
		pthread_join(thread[i], NULL);
	for (int i = 0; i < threads; i++)
		sum += each[i];
	printf("%.2f\n", sum / threads);
}

static void time_spawns(int count, char **argv)
{
	double start = now();

	for (int i = 0; i < count; i++) {
		int status;
		pid_t pid;

		if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0 ||
		    waitpid(pid, &status, 0) != pid || status != 0)
			die(argv[0]);
	}
	printf("%.2f\n", (now() - start) / count);
}

static void print_memory(const char *host)
{
	FILE *file;
	char line[256];
	long kilobytes;

	call.what = "lookup";
	call.host = host;
	if (host)
		make_call(-1, false);
	file = fopen("/proc/self/smaps_rollup", "r");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "Private_Dirty: %ld", &kilobytes) == 1)
			printf("%ld\n", kilobytes);
}

static void count_calls(void)
{
	int fd = make_fd();

	for (int i = 0; i < 2; i++)
		make_call(fd, false);
	for (int i = 0; i < COUNTED; i++)
		make_call(fd, true);
}

int main(int argc, char **argv)
{
	const char *threads;

	if (argc < 3)
		return 2;
	call.what = argv[2];
	if (strcmp(call.what, "memory") == 0) {
		print_memory(argv[3]);
		return 0;
	}
	if (strcmp(call.what, "spawn") == 0) {
		time_spawns(atoi(argv[1]), argv + 3);
		return 0;
	}
	if (strcmp(call.what, "connect") == 0) {
		make_address(argv[3]);
		look_up_pinned(argc > 4 ? atoi(argv[4]) : 0);
	} else if (strcmp(call.what, "lookup") == 0) {
		call.family = family_of(argv[3]);
		call.host = argv[4];
	} else if (argc > 3) {
		call.bytes = (size_t)atoi(argv[3]);
	}
	if (strcmp(argv[1], "once") == 0) {
		count_calls();
		return 0;
	}
	milliseconds = atol(argv[1]);
	threads = strchr(argv[1], 'x');
	time_calls(threads ? atoi(threads + 1) : 1);
	return 0;
}
