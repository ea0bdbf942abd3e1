/* SPDX-License-Identifier: MIT */
/* Tries connections, all at once, by system calls: past every wrapper, pin4's too. */
#include <errno.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "file.h"

enum { DISCARD = 9 }; /* RFC 863; a UDP socket sends nothing when it connects */

static long connect_to(int fd, const struct check_address *address, unsigned port)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr = address->ipv4,
	};
	struct sockaddr_in6 sin6 = {
		.sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)port),
		.sin6_addr = address->ipv6,
		.sin6_scope_id = address->scope,
	};

	if (address->family == AF_INET)
		return syscall(SYS_connect, fd, &sin, sizeof(sin));
	return syscall(SYS_connect, fd, &sin6, sizeof(sin6));
}

/* Begins an attempt; it is under way with error EINPROGRESS. */
static void begin(struct check_attempt *attempt, const struct check_address *address, unsigned port)
{
	int type = (port ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK;

	*attempt = (struct check_attempt){ .address = address };
	attempt->fd = (int)syscall(SYS_socket, address->family, type, 0);
	if (attempt->fd < 0 || connect_to(attempt->fd, address, port ? port : DISCARD) != 0)
		attempt->error = errno;
	attempt->is_local = attempt->error != EINPROGRESS;
}

static void look(struct check_attempt *attempt, uint64_t start)
{
	struct pollfd wanted = { .fd = attempt->fd, .events = POLLOUT };
	socklen_t len = sizeof(attempt->error);

	if (attempt->error != EINPROGRESS || !check_poll(&wanted, 1, 0))
		return;
	syscall(SYS_getsockopt, attempt->fd, SOL_SOCKET, SO_ERROR, &attempt->error, &len);
	attempt->microseconds = (unsigned)(check_clock() - start);
}

/* Waits until one more attempt is over; false if there is none or the time is over. */
static bool await(const struct check_report *report, uint64_t end)
{
	struct pollfd wanted[2 * CHECK_ADDRESSES];
	unsigned count = 0;

	for (size_t i = 0; i < report->attempt_count; i++)
		if (report->attempts[i].error == EINPROGRESS)
			wanted[count++] =
				(struct pollfd){ .fd = report->attempts[i].fd, .events = POLLOUT };
	return count && check_poll(wanted, count, end);
}

static void begin_all(struct check_report *report, const struct check_answer *answer)
{
	for (unsigned i = 0; !answer->error && i < answer->count && i < CHECK_ADDRESSES; i++)
		begin(&report->attempts[report->attempt_count++], &answer->addresses[i],
		      report->port);
}

void check_connect(struct check_report *report)
{
	uint64_t start = check_clock();
	uint64_t end = start + report->wait * 1000ULL;

	begin_all(report, &report->answers[CHECK_A]);
	begin_all(report, &report->answers[CHECK_AAAA]);
	while (await(report, end))
		for (size_t i = 0; i < report->attempt_count; i++)
			look(&report->attempts[i], start);
	for (size_t i = 0; i < report->attempt_count; i++) {
		struct check_attempt *attempt = &report->attempts[i];

		if (attempt->error == EINPROGRESS) {
			attempt->error = ETIMEDOUT;
			attempt->microseconds = report->wait * 1000;
		}
		if (attempt->fd >= 0)
			file_close(attempt->fd);
	}
}
