/* SPDX-License-Identifier: MIT */
/* Receives as a fortified program does (glibc's debug/), on a socket that has asked DNS for HOST's
 * AAAA records: prints for each call and buffer how it ended. fortified HOST */
#define _GNU_SOURCE
#include "probe.h"

#include <dlfcn.h>
#include <sys/resource.h>
#include <sys/wait.h>

enum { ROOM = 16 };

static int (*recv_chk)(int fd, void *buf, size_t len, size_t size, int flags);
static int (*recvfrom_chk)(int fd, void *buf, size_t len, size_t size, int flags,
			   struct sockaddr *from, socklen_t *from_len);
static int (*read_chk)(int fd, void *buf, size_t len, size_t size);

/* A question, and no server that answers it. */
static int ask(const char *host)
{
	struct sockaddr_in server = { .sin_family = AF_INET, .sin_port = htons(53) };
	unsigned char query[300] = { 0x12, 0x34, 1, 0, 0, 1 };
	size_t len = 12;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	while (*host) {
		size_t label = strcspn(host, ".");

		query[len++] = (unsigned char)label;
		memcpy(query + len, host, label);
		len += label;
		host += label + (host[label] == '.');
	}
	memcpy(query + len, "\0\0\x1c\0\1", 5);
	MUST(inet_pton(AF_INET, "127.0.0.1", &server.sin_addr) == 1);
	MUST(fd >= 0 && !connect(fd, (struct sockaddr *)&server, sizeof(server)));
	MUST(send(fd, query, len + 5, 0) == (ssize_t)len + 5);
	return fd;
}

static void try(const char *what, int call, const char *host, size_t len)
{
	char buf[ROOM];
	pid_t child;
	int status;

	fflush(stdout); /* some watchers write what is left at any child's end */
	child = fork();
	MUST(child >= 0);
	if (!child) {
		struct rlimit none = { 0, 0 };
		int fd = ask(host);

		setrlimit(RLIMIT_CORE, &none);
		close(STDERR_FILENO); /* glibc has a word to say before it ends the program */
		if (call == 0)
			_exit(recv_chk(fd, buf, len, sizeof(buf), 0) == -1 ? 1 : 0);
		if (call == 1)
			_exit(recvfrom_chk(fd, buf, len, sizeof(buf), 0, NULL, NULL) == -1 ? 1 : 0);
		_exit(read_chk(fd, buf, len, sizeof(buf)) == -1 ? 1 : 0);
	}
	MUST(waitpid(child, &status, 0) == child);
	if (WIFSIGNALED(status))
		printf("%s of %zu: signal %d\n", what, len, WTERMSIG(status));
	else
		printf("%s of %zu: status %d\n", what, len, WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
	static const char *const names[] = { "__recv_chk", "__recvfrom_chk", "__read_chk" };

	MUST(argc == 2);
	*(void **)&recv_chk = dlsym(RTLD_DEFAULT, names[0]);
	*(void **)&recvfrom_chk = dlsym(RTLD_DEFAULT, names[1]);
	*(void **)&read_chk = dlsym(RTLD_DEFAULT, names[2]);
	MUST(recv_chk && recvfrom_chk && read_chk);
	for (int call = 0; call < 3; call++) {
		try(names[call], call, argv[1], ROOM);
		try(names[call], call, argv[1], ROOM + 1);
	}
	return 0;
}
