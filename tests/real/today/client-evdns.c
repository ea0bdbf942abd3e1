/* SPDX-License-Identifier: MIT */
/* Looks HOST up over IPv6 by libevent's evdns, connects, and prints the client address that the
 * HTTP server saw, or the error. */
#include <event2/dns.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static const char request[] = "GET / HTTP/1.0\r\n\r\n";

/* The last line of what the server sends. */
static void print_answer(int fd)
{
	char text[1024];
	size_t len = 0;
	ssize_t got;

	while ((got = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += (size_t)got;
	while (len && text[len - 1] == '\n')
		len--;
	text[len] = '\0';
	puts(strrchr(text, '\n') + 1);
}

static void connect_to(int error, struct evutil_addrinfo *list, void *unused)
{
	struct timeval limit = { .tv_sec = 2 };
	int fd;

	(void)unused;
	if (error) {
		puts(evutil_gai_strerror(error));
		return;
	}
	((struct sockaddr_in6 *)(void *)list->ai_addr)->sin6_port = htons(80);
	fd = socket(list->ai_family, SOCK_STREAM, 0);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	if (connect(fd, list->ai_addr, list->ai_addrlen))
		puts("timeout");
	else if (write(fd, request, sizeof(request) - 1) > 0)
		print_answer(fd);
	close(fd);
	evutil_freeaddrinfo(list);
}

int main(int argc, char **argv)
{
	struct evutil_addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	struct event_base *base = event_base_new();
	struct evdns_base *dns;

	if (argc != 2 || !base)
		return 2;
	dns = evdns_base_new(base,
			     EVDNS_BASE_INITIALIZE_NAMESERVERS | EVDNS_BASE_DISABLE_WHEN_INACTIVE);
	evdns_getaddrinfo(dns, argv[1], NULL, &hints, connect_to, NULL);
	event_base_dispatch(base);
	evdns_base_free(dns, 0);
	event_base_free(base);
	return 0;
}
