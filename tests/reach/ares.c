/* SPDX-License-Identifier: MIT */
/* A c-ares client: resolves each host with it and connects to the first IPv6 address, in one
 * process; prints the client address that the HTTP server saw, or the error.
 * Arguments: select or epoll, byname or addrinfo, hosts. */
#define _GNU_SOURCE /* for SOCK_NONBLOCK */
#include <ares.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define TIMEOUT_MS 2500

struct found {
	int status;
	bool is_there;
	struct in6_addr addr;
};

static int poller = -1;

static void on_byname(void *arg, int status, int timeouts, struct hostent *host)
{
	struct found *found = arg;

	(void)timeouts;
	found->status = status;
	if (status == ARES_SUCCESS && host->h_addrtype == AF_INET6) {
		memcpy(&found->addr, host->h_addr_list[0], sizeof(found->addr));
		found->is_there = true;
	}
}

static void on_addrinfo(void *arg, int status, int timeouts, struct ares_addrinfo *list)
{
	struct found *found = arg;

	(void)timeouts;
	found->status = status;
	if (status != ARES_SUCCESS)
		return;
	for (struct ares_addrinfo_node *node = list->nodes; node; node = node->ai_next)
		if (node->ai_family == AF_INET6 && !found->is_there) {
			found->addr = ((struct sockaddr_in6 *)(void *)node->ai_addr)->sin6_addr;
			found->is_there = true;
		}
	ares_freeaddrinfo(list);
}

/* c-ares tells which sockets it has, and what it waits for on them. */
static void on_socket(void *arg, ares_socket_t fd, int readable, int writable)
{
	struct epoll_event event = { .data.fd = fd };

	(void)arg;
	event.events = (readable ? EPOLLIN : 0u) | (writable ? EPOLLOUT : 0u);
	if (!event.events)
		epoll_ctl(poller, EPOLL_CTL_DEL, fd, NULL);
	else if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) < 0)
		epoll_ctl(poller, EPOLL_CTL_MOD, fd, &event);
}

static bool step_select(ares_channel channel)
{
	fd_set reads, writes;
	struct timeval limit;
	int count;

	FD_ZERO(&reads);
	FD_ZERO(&writes);
	count = ares_fds(channel, &reads, &writes);
	if (count == 0)
		return false;
	select(count, &reads, &writes, NULL, ares_timeout(channel, NULL, &limit));
	ares_process(channel, &reads, &writes);
	return true;
}

static bool step_epoll(ares_channel channel)
{
	struct timeval limit;
	struct epoll_event event;

	if (!ares_timeout(channel, NULL, &limit))
		return false;
	if (epoll_wait(poller, &event, 1, (int)(limit.tv_sec * 1000 + limit.tv_usec / 1000)) == 1)
		ares_process_fd(channel, event.events & EPOLLIN ? event.data.fd : ARES_SOCKET_BAD,
				event.events & EPOLLOUT ? event.data.fd : ARES_SOCKET_BAD);
	else
		ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	return true;
}

static const char *status_name(int status)
{
	return status == ARES_ENODATA ? "ENODATA" : ares_strerror(status);
}

static const char *error_name(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return "ECONNREFUSED";
	case ENETUNREACH:
		return "ENETUNREACH";
	case ETIMEDOUT:
		return "ETIMEDOUT";
	default:
		return strerror(error);
	}
}

/* Connects as programs with an event loop do. Returns 0 or an errno. */
static int connect_within(int fd, const struct sockaddr_in6 *server)
{
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	int error = 0;

	if (connect(fd, (const struct sockaddr *)server, sizeof(*server)) == 0)
		return 0;
	if (errno != EINPROGRESS)
		return errno;
	if (poll(&ready, 1, TIMEOUT_MS) != 1)
		return ETIMEDOUT;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t){ sizeof(error) });
	return error;
}

/* The answer's last word, which is the client's address. */
static const char *fetch(const struct in6_addr *addr)
{
	static const char request[] = "GET / HTTP/1.0\r\n\r\n";
	static char answer[1024];
	struct sockaddr_in6 server = { .sin6_family = AF_INET6, .sin6_port = htons(80) };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	const char *client = "no answer";
	size_t used = 0;
	ssize_t got;
	int error;

	server.sin6_addr = *addr;
	error = connect_within(fd, &server);
	if (error == 0 && send(fd, request, strlen(request), 0) > 0)
		while (poll(&ready, 1, TIMEOUT_MS) == 1 &&
		       (got = read(fd, answer + used, sizeof(answer) - 1 - used)) > 0)
			used += (size_t)got;
	close(fd);
	answer[used] = '\0';
	for (const char *word = strtok(answer, "\r\n "); word; word = strtok(NULL, "\r\n "))
		client = word;
	return error ? error_name(error) : client;
}

int main(int argc, char **argv)
{
	struct ares_addrinfo_hints hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	struct ares_options options = { .sock_state_cb = on_socket };
	bool with_epoll = argc > 3 && strcmp(argv[1], "epoll") == 0;
	bool by_name = argc > 3 && strcmp(argv[2], "byname") == 0;
	ares_channel channel;

	poller = epoll_create1(0);
	ares_library_init(ARES_LIB_INIT_ALL);
	if (ares_init_options(&channel, &options, with_epoll ? ARES_OPT_SOCK_STATE_CB : 0))
		return 1;
	for (int i = 3; i < argc; i++) {
		struct found found = { .status = ARES_ENODATA };

		if (by_name)
			ares_gethostbyname(channel, argv[i], AF_INET6, on_byname, &found);
		else
			ares_getaddrinfo(channel, argv[i], NULL, &hints, on_addrinfo, &found);
		while (with_epoll ? step_epoll(channel) : step_select(channel))
			;
		puts(found.is_there ? fetch(&found.addr) : status_name(found.status));
	}
	ares_destroy(channel);
	return 0;
}
