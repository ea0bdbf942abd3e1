/* SPDX-License-Identifier: MIT */
/* Time for the reports: a clock that only goes forward, and waiting by it. By system calls. */
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

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
