/* SPDX-License-Identifier: MIT */
/* Looks all hosts up at once with getaddrinfo_a and connects an IPv6 socket to each; prints the
 * client address that the HTTP server saw, or the error. Arguments: wait, suspend or thread, which
 * is how it gets to know that the lookups are done, then hosts. */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static atomic_int is_done;

static void finish(union sigval unused)
{
	(void)unused;
	is_done = 1;
}

static int look_up(const char *how, struct gaicb **list, int count)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD };
	int error;

	event.sigev_notify_function = finish;
	if (!strcmp(how, "wait"))
		return getaddrinfo_a(GAI_WAIT, list, count, NULL);
	error = getaddrinfo_a(GAI_NOWAIT, list, count, !strcmp(how, "thread") ? &event : NULL);
	if (!strcmp(how, "thread"))
		while (!error && !is_done)
			usleep(1000);
	for (int i = 0; !error && i < count; i++)
		while (gai_error(list[i]) == EAI_INPROGRESS)
			gai_suspend((const struct gaicb *const *)&list[i], 1, NULL);
	return error;
}

/* The server's answer, whose last line is the address, is short enough for one packet. */
static void fetch(const struct addrinfo *address)
{
	static const char request[] = "GET / HTTP/1.0\r\n\r\n";
	const struct timeval limit = { .tv_sec = 2 };
	int fd = socket(address->ai_family, SOCK_STREAM, 0);
	FILE *stream = fdopen(fd, "r+");
	char line[256] = "nothing\n";

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
		puts(errno == EINPROGRESS ? "timeout" : strerrorname_np(errno));
	} else {
		fputs(request, stream);
		fflush(stream);
		while (fgets(line, sizeof(line), stream))
			;
		printf("%s", line);
	}
	fclose(stream);
}

int main(int argc, char **argv)
{
	const struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	int count = argc - 2;
	struct gaicb *requests = calloc((size_t)argc, sizeof(*requests));
	struct gaicb **list = calloc((size_t)argc, sizeof(*list));

	if (argc < 3 || !requests || !list)
		return 2;
	for (int i = 0; i < count; i++) {
		requests[i] = (struct gaicb){ .ar_name = argv[i + 2],
					      .ar_service = "80",
					      .ar_request = &hints };
		list[i] = &requests[i];
	}
	if (look_up(argv[1], list, count) != 0)
		return 1;
	for (int i = 0; i < count; i++)
		if (gai_error(list[i]) != 0)
			puts(gai_error(list[i]) == EAI_NODATA ? "EAI_NODATA" : "EAI");
		else
			fetch(requests[i].ar_result);
	return 0;
}
