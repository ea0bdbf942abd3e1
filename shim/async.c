/* SPDX-License-Identifier: MIT */
/* getaddrinfo_a and its kin: the libc's own threads look up, past any preload, and so what they
 * are asked is changed beforehand, and what they answered before the program gets to know. It
 * relies on the program asking for that, by gai_error, gai_suspend or its notification. */
#include "async.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "export.h"
#include "libc.h"

/* A notification that the program wants once all of its requests are done. */
struct notice {
	struct sigevent event;
	long pid;
	int count;
	struct gaicb *list[];
};

enum { FROM_LOOKUP = -60 }; /* SI_ASYNCNL */

/* As glibc does it (__gai_sigqueue). */
static void raise_signal(const struct sigevent *event, long pid)
{
	siginfo_t info = { .si_signo = event->sigev_signo, .si_code = FROM_LOOKUP };

	info.si_pid = (pid_t)pid;
	info.si_uid = (uid_t)syscall(SYS_getuid);
	info.si_value = event->sigev_value;
	syscall(SYS_rt_sigqueueinfo, pid, event->sigev_signo, &info);
}

static void settle_all(struct gaicb *const list[], int count)
{
	int error;

	for (int i = 0; i < count; i++)
		async_settle(list[i], AGAIN_NOW, &error);
}

/* Runs in a thread that the libc makes for this, once the libc is done with all requests. */
static void notify(union sigval value)
{
	struct notice *notice = value.sival_ptr;
	struct sigevent event = notice->event;
	long pid = notice->pid;

	if (event.sigev_notify == SIGEV_SIGNAL) {
		/* The program's signals are not for a thread that it knows nothing of; 32 and 33
		 * are glibc's own, and have to reach every thread. */
		const uint64_t all = ~((uint64_t)3 << (32 - 1));

		syscall(SYS_rt_sigprocmask, SIG_BLOCK, &all, NULL, sizeof(all));
	}
	settle_all(notice->list, notice->count);
	free(notice);
	if (event.sigev_notify == SIGEV_SIGNAL)
		raise_signal(&event, pid);
	else
		event.sigev_notify_function(event.sigev_value);
}

/* GAI_NOWAIT, with at least one request that was taken: the program is notified through notify().
 * Without memory for that, its requests are the libc's alone. */
static int start(struct gaicb *list[], int count, struct sigevent *event)
{
	struct sigevent ours = { .sigev_notify = SIGEV_THREAD, .sigev_notify_function = notify };
	struct notice *notice;

	if (!event || (event->sigev_notify != SIGEV_THREAD && event->sigev_notify != SIGEV_SIGNAL))
		return libc_extra(getaddrinfo_a)(ASYNC_NOWAIT, list, count, event);
	notice = malloc(sizeof(*notice) + (size_t)count * sizeof(struct gaicb *));
	for (int i = 0; i < count; i++)
		if (notice)
			notice->list[i] = list[i];
		else
			async_drop(list[i]);
	if (!notice)
		return libc_extra(getaddrinfo_a)(ASYNC_NOWAIT, list, count, event);
	notice->event = *event;
	notice->pid = syscall(SYS_getpid);
	notice->count = count;
	if (event->sigev_notify == SIGEV_THREAD)
		ours.sigev_notify_attributes = event->sigev_notify_attributes;
	ours.sigev_value.sival_ptr = notice;
	return libc_extra(getaddrinfo_a)(ASYNC_NOWAIT, list, count, &ours);
}

EXPORT int getaddrinfo_a(int mode, struct gaicb *list[], int count, struct sigevent *event)
{
	bool is_ours = false;
	int result;

	if (mode == ASYNC_WAIT || mode == ASYNC_NOWAIT)
		for (int i = 0; i < count; i++)
			is_ours |= list[i] && async_take(list[i]);
	if (is_ours && mode == ASYNC_NOWAIT)
		return start(list, count, event);
	result = libc_extra(getaddrinfo_a)(mode, list, count, event);
	if (is_ours)
		settle_all(list, count);
	return result;
}

static int error_of(struct gaicb *request)
{
	int error;

	return async_settle(request, AGAIN_LATER, &error) ? error : libc_extra(gai_error)(request);
}

EXPORT int gai_error(struct gaicb *request)
{
	return error_of(request);
}

/* Whether nothing of what the program waits for is done: what was has been handed on, or glibc
 * woke up for the end of what was handed on and not for that of its successor. */
static bool is_all_pending(const struct gaicb *const list[], int count)
{
	bool is_any = false;

	for (int i = 0; i < count; i++) {
		is_any |= list[i] != NULL;
		if (list[i] && error_of((struct gaicb *)(uintptr_t)list[i]) != ASYNC_IN_PROGRESS)
			return false;
	}
	return is_any;
}

/* What is left of timeout since then, or nothing. */
static struct timespec left(const struct timespec *timeout, const struct timespec *then)
{
	struct timespec now = *then;
	struct timespec rest;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	rest.tv_sec = timeout->tv_sec - (now.tv_sec - then->tv_sec);
	rest.tv_nsec = timeout->tv_nsec - (now.tv_nsec - then->tv_nsec);
	for (; rest.tv_nsec < 0; rest.tv_nsec += 1000000000)
		rest.tv_sec--;
	if (rest.tv_sec < 0)
		rest.tv_sec = rest.tv_nsec = 0;
	return rest;
}

/* gai_suspend, with its frame well below those of what pin4 does next: where a request finishes
 * just as glibc stops to wait for another, glibc leaves a pointer into that frame in its list, and
 * follows it a moment later (resolv/gai_suspend.c; without pin4 too, and valgrind tells). */
static RARE int suspend(const struct gaicb *const list[], int count, const struct timespec *timeout)
{
	volatile char room[8192];
	int result;

	room[0] = 0;
	result = libc_extra(gai_suspend)(list, count, timeout);
	return result + room[0];
}

EXPORT int gai_suspend(const struct gaicb *const list[], int count, const struct timespec *timeout)
{
	struct timespec begin = { 0 };
	struct timespec rest;
	int result;

	if (!async_is_used())
		return libc_extra(gai_suspend)(list, count, timeout);
	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &begin);
	result = suspend(list, count, timeout);
	while ((result == 0 || result == ASYNC_ALL_DONE) && is_all_pending(list, count)) {
		if (timeout)
			rest = left(timeout, &begin);
		result = suspend(list, count, timeout ? &rest : NULL);
	}
	return result;
}

EXPORT int gai_cancel(struct gaicb *request)
{
	int result = libc_extra(gai_cancel)(request);
	int error;

	if (result == ASYNC_CANCELED)
		async_drop(request);
	else if (result == ASYNC_ALL_DONE)
		async_settle(request, AGAIN_NEVER, &error);
	return result;
}
