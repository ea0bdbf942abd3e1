/* SPDX-License-Identifier: MIT */
/* Tries connections, all at the same time, by system calls: past every wrapper, pin4's too. */
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "file.h"

enum { DISCARD = 9 }; /* RFC 863; a UDP socket sends nothing when it connects */

uint64_t check_clock(void)
{
	struct timespec now = { 0 };

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

bool check_poll(struct pollfd *wanted, unsigned count, uint64_t end)
{
	long ready;

	do {
		uint64_t now = check_clock();
		uint64_t left = now < end ? end - now : 0;
		struct timespec wait = {
			.tv_sec = (time_t)(left / 1000000),
			.tv_nsec = (long)(left % 1000000 * 1000),
		};

		ready = syscall(SYS_ppoll, wanted, count, &wait, NULL, 0);
	} while (ready < 0 && errno == EINTR);
	return ready > 0;
}

/* Begins an attempt; it is under way with error EINPROGRESS. */
static void begin(struct check_attempt *attempt, const struct check_address *address, unsigned port)
{
	struct check_address to = *address;
	int type = (port ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK;

	to.ipv4.sin_port = htons((uint16_t)(port ? port : DISCARD));
	*attempt = (struct check_attempt){ .address = address };
	attempt->fd = (int)syscall(SYS_socket, to.ipv4.sin_family, type, 0);
	if (attempt->fd < 0 || syscall(SYS_connect, attempt->fd, &to, sizeof(to)) != 0)
		attempt->error = errno;
	attempt->is_local = attempt->error != EINPROGRESS;
}

static void begin_all(struct check_report *report, const struct check_answer *answer)
{
	for (unsigned i = 0; !answer->error && i < answer->count && i < CHECK_ADDRESSES; i++)
		begin(&report->attempts[report->attempt_count++], &answer->addresses[i],
		      report->port);
}

/* Waits for the attempts that are under way, which then stand in wanted. */
static bool await(const struct check_report *report, struct pollfd *wanted, uint64_t end)
{
	bool is_any = false;

	for (size_t i = 0; i < report->attempt_count; i++) {
		bool is_under_way = report->attempts[i].error == EINPROGRESS;

		wanted[i] = (struct pollfd){ .fd = is_under_way ? report->attempts[i].fd : -1,
					     .events = POLLOUT };
		is_any |= is_under_way;
	}
	return is_any && check_poll(wanted, (unsigned)report->attempt_count, end);
}

void check_connect(struct check_report *report)
{
	uint64_t start = check_clock();
	struct pollfd wanted[2 * CHECK_ADDRESSES];

	begin_all(report, &report->answers[CHECK_A]);
	begin_all(report, &report->answers[CHECK_AAAA]);
	while (await(report, wanted, start + report->wait * 1000ULL))
		for (size_t i = 0; i < report->attempt_count; i++) {
			struct check_attempt *attempt = &report->attempts[i];
			socklen_t len = sizeof(attempt->error);

			if (!wanted[i].revents)
				continue;
			syscall(SYS_getsockopt, attempt->fd, SOL_SOCKET, SO_ERROR, &attempt->error,
				&len);
			attempt->microseconds = (unsigned)(check_clock() - start);
		}
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
