/* SPDX-License-Identifier: MIT */
/* A c-ares client: resolves each host with it and connects to the first IPv6 address, in one
 * process; prints the client address that the HTTP server saw, or the error.
 * Arguments: select or epoll, byname or addrinfo, hosts; without hosts, each line of stdin is one.
 */
#define _GNU_SOURCE /* for fd_set, which <ares.h> needs */
#include <ares.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "fetch.h"

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

static void look_up(ares_channel channel, bool with_epoll, bool by_name, const char *host)
{
	struct ares_addrinfo_hints hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	struct found found = { .status = ARES_ENODATA };

	if (by_name)
		ares_gethostbyname(channel, host, AF_INET6, on_byname, &found);
	else
		ares_getaddrinfo(channel, host, NULL, &hints, on_addrinfo, &found);
	while (with_epoll ? step_epoll(channel) : step_select(channel))
		;
	puts(found.is_there ? fetch(&found.addr) : status_name(found.status));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct ares_options options = { .sock_state_cb = on_socket };
	bool with_epoll = argc > 2 && strcmp(argv[1], "epoll") == 0;
	bool by_name = argc > 2 && strcmp(argv[2], "byname") == 0;
	ares_channel channel;
	char line[256];

	poller = epoll_create1(0);
	ares_library_init(ARES_LIB_INIT_ALL);
	if (ares_init_options(&channel, &options, with_epoll ? ARES_OPT_SOCK_STATE_CB : 0))
		return 1;
	for (int i = 3; i < argc; i++)
		look_up(channel, with_epoll, by_name, argv[i]);
	while (argc == 3 && fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		look_up(channel, with_epoll, by_name, line);
	}
	ares_destroy(channel);
	return 0;
}
