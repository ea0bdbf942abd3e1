/* SPDX-License-Identifier: MIT */
/* Looks hosts up with getaddrinfo_a in each of the ways in which a program gets to know that it is
 * done, or with getaddrinfo, and prints the answers in one form, so that they can be compared. */
#define _GNU_SOURCE
#include "probe.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

enum { MOST = 64 };

static struct gaicb requests[MOST];
static struct gaicb *list[MOST];
static struct addrinfo hints;
static const struct addrinfo *given = &hints;
static int count;

static void print_answer(const char *host, int error, const struct addrinfo *answer)
{
	char text[INET6_ADDRSTRLEN];

	printf("%s %d", host, error);
	for (const struct addrinfo *node = error ? NULL : answer; node; node = node->ai_next)
		printf(" %s/%d/0x%x/%d%s%s", probe_text(node->ai_addr, text, sizeof(text)),
		       node->ai_socktype, (unsigned int)node->ai_flags, node->ai_family,
		       node->ai_canonname ? "/" : "", node->ai_canonname ? node->ai_canonname : "");
	printf("\n");
}

static void print_request(struct gaicb *request)
{
	int error = gai_error(request);

	print_answer(request->ar_name, error, request->ar_result);
	if (error != EAI_INPROGRESS && request->ar_request != given)
		printf("  its hints are not the program's\n");
	if (!error)
		freeaddrinfo(request->ar_result);
}

static void print_all(void)
{
	for (int i = 0; i < count; i++)
		if (list[i])
			print_request(list[i]);
}

static void add(const char *host)
{
	MUST(count < MOST);
	if (strcmp(host, "NULL") != 0) {
		list[count] = &requests[count];
		requests[count] = (struct gaicb){ .ar_name = host, .ar_request = given };
	}
	count++;
}

static void begin(struct sigevent *event)
{
	MUST(getaddrinfo_a(GAI_NOWAIT, list, count, event) == 0);
}

static void run_sync(void)
{
	for (int i = 0; i < count; i++) {
		struct addrinfo *answer = NULL;
		int error;

		if (!list[i])
			continue;
		error = getaddrinfo(list[i]->ar_name, NULL, given, &answer);
		print_answer(list[i]->ar_name, error, answer);
		if (!error)
			freeaddrinfo(answer);
	}
}

static void run_wait(void)
{
	MUST(getaddrinfo_a(GAI_WAIT, list, count, NULL) == 0);
	print_all();
}

/* The same, and then once more with getaddrinfo, as its first call. */
static void run_wait_sync(void)
{
	run_wait();
	run_sync();
}

static void run_poll(void)
{
	begin(NULL);
	for (int i = 0; i < count; i++)
		while (list[i] && gai_error(list[i]) == EAI_INPROGRESS)
			usleep(1000);
	print_all();
}

/* One after the other, so that what gai_suspend says can be held against gai_error. */
static void run_suspend(const struct timespec *timeout)
{
	begin(NULL);
	for (int i = 0; i < count; i++) {
		const struct gaicb *one[] = { list[i] };
		int result = list[i] ? gai_suspend(one, 1, timeout) : 0;

		if (result != 0 && result != EAI_ALLDONE)
			printf("gai_suspend %d\n", result);
		else if (list[i] && gai_error(list[i]) == EAI_INPROGRESS)
			printf("gai_suspend came too early\n");
	}
	print_all();
}

static void run_suspend_all(void)
{
	struct gaicb *left[MOST];
	int pending = count;

	begin(NULL);
	memcpy(left, list, sizeof(left));
	while (pending) {
		int result = gai_suspend((const struct gaicb *const *)left, count, NULL);

		MUST(result == 0 || result == EAI_ALLDONE);
		pending = 0;
		for (int i = 0; i < count; i++)
			if (left[i] && gai_error(left[i]) != EAI_INPROGRESS)
				left[i] = NULL;
			else
				pending += left[i] != NULL;
	}
	print_all();
}

static atomic_int notified;
static atomic_int early;

static void on_thread(union sigval value)
{
	for (int i = 0; i < count; i++)
		early += list[i] && gai_error(list[i]) == EAI_INPROGRESS;
	notified = value.sival_int;
}

static void wait_for_notice(void)
{
	while (!notified)
		usleep(1000);
	printf("notified=%d early=%d\n", notified, early);
	print_all();
}

static void run_thread(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_THREAD, .sigev_value.sival_int = 7 };

	event.sigev_notify_function = on_thread;
	begin(&event);
	wait_for_notice();
}

static void on_signal(int number, siginfo_t *info, void *context)
{
	(void)number, (void)context;
	if (info->si_code == SI_ASYNCNL && info->si_pid == getpid() && info->si_uid == getuid())
		on_thread(info->si_value);
}

static void run_signal(void)
{
	struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
				  .sigev_signo = SIGUSR1,
				  .sigev_value.sival_int = 9 };

	MUST(sigaction(SIGUSR1, &action, NULL) == 0);
	begin(&event);
	wait_for_notice();
}

/* A signal without a handler, which would end the program in a thread that lets it in. */
static void run_sigwait(void)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL,
				  .sigev_signo = SIGUSR2,
				  .sigev_value.sival_int = 11 };
	siginfo_t info;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	MUST(pthread_sigmask(SIG_BLOCK, &set, NULL) == 0);
	begin(&event);
	MUST(sigwaitinfo(&set, &info) == SIGUSR2 && info.si_code == SI_ASYNCNL);
	on_thread(info.si_value);
	wait_for_notice();
}

/* More slow requests than the libc has threads, so that the last one waits for its turn; its room
 * is used again for the first host. */
static void run_cancel(void)
{
	const char *host = requests[0].ar_name;
	struct gaicb *last = &requests[30];
	struct gaicb *one[] = { last };

	count = 0;
	for (int i = 0; i < 31; i++)
		add("slow.test");
	begin(NULL);
	printf("running %d\n", gai_cancel(list[0]) == EAI_NOTCANCELED);
	printf("queued %d\n", gai_cancel(last) == EAI_CANCELED);
	printf("hints are back %d\n", last->ar_request == given);
	*last = (struct gaicb){ .ar_name = host, .ar_request = given };
	MUST(getaddrinfo_a(GAI_WAIT, one, 1, NULL) == 0);
	print_request(last);
	for (int i = 0; i < 30; i++)
		while (gai_error(list[i]) == EAI_INPROGRESS)
			usleep(1000);
	printf("done %d\n", gai_cancel(list[0]) == EAI_ALLDONE);
	print_request(list[0]);
}

static void *run_rounds(void *host)
{
	for (int round = 0; round < 25; round++) {
		struct gaicb many[8];
		struct gaicb *all[8];

		for (int i = 0; i < 8; i++) {
			many[i] = (struct gaicb){ .ar_name = host, .ar_request = given };
			all[i] = &many[i];
		}
		MUST(getaddrinfo_a(round % 2 ? GAI_WAIT : GAI_NOWAIT, all, 8, NULL) == 0);
		for (int i = 0; i < 8; i++) {
			while (gai_error(all[i]) == EAI_INPROGRESS)
				gai_suspend((const struct gaicb *const *)&all[i], 1, NULL);
			MUST(gai_error(all[i]) == 0 && many[i].ar_request == given);
			MUST(many[i].ar_result->ai_family == given->ai_family);
			freeaddrinfo(many[i].ar_result);
		}
	}
	return NULL;
}

static void run_threads(void)
{
	pthread_t threads[4];

	for (int i = 0; i < 4; i++)
		MUST(!pthread_create(&threads[i], NULL, run_rounds,
				     (void *)(uintptr_t)requests[i % count].ar_name));
	for (int i = 0; i < 4; i++)
		MUST(!pthread_join(threads[i], NULL));
	printf("800 answers\n");
}

static void *poll_first(void *error)
{
	do
		usleep(200);
	while ((*(int *)error = gai_error(list[0])) == EAI_INPROGRESS);
	return NULL;
}

/* Two who wait for one request, and each takes the first answer for the last. */
static void run_pollers(void)
{
	pthread_t threads[2];
	int errors[2];

	begin(NULL);
	for (int i = 0; i < 2; i++)
		MUST(!pthread_create(&threads[i], NULL, poll_first, &errors[i]));
	for (int i = 0; i < 2; i++)
		MUST(!pthread_join(threads[i], NULL));
	printf("%d %d\n", errors[0], errors[1]);
	print_all();
}

/* Refused as a whole, and nothing of it may have changed. */
static void run_refused(void)
{
	errno = 0;
	MUST(getaddrinfo_a(77, list, count, NULL) == EAI_SYSTEM && errno == EINVAL);
	for (int i = 0; i < count; i++)
		MUST(!list[i] || list[i]->ar_request == given);
	printf("nothing changed\n");
}

static void run(const char *how)
{
	static const struct timespec ten = { .tv_sec = 10 };
	static const struct timespec none = { 0 };

	if (!strcmp(how, "suspend"))
		run_suspend(NULL);
	else if (!strcmp(how, "suspend-ten"))
		run_suspend(&ten);
	else if (!strcmp(how, "suspend-none"))
		run_suspend(&none);
}

/* async HOW FAMILY HOST...; FAMILY null is no hints, flags follow it behind a comma. */
int main(int argc, char **argv)
{
	static const struct {
		const char *how;
		void (*run)(void);
	} ways[] = {
		{ "sync", run_sync },           { "wait", run_wait },
		{ "poll", run_poll },           { "suspend-all", run_suspend_all },
		{ "thread", run_thread },       { "signal", run_signal },
		{ "sigwait", run_sigwait },     { "cancel", run_cancel },
		{ "threads", run_threads },     { "refused", run_refused },
		{ "wait-sync", run_wait_sync }, { "pollers", run_pollers },
	};
	const char *flags = argc > 2 ? strchr(argv[2], ',') : NULL;

	MUST(argc > 3);
	hints.ai_socktype = SOCK_STREAM;
	hints.ai_family = !strncmp(argv[2], "inet6", 5)  ? AF_INET6
			  : !strncmp(argv[2], "inet", 4) ? AF_INET
							 : AF_UNSPEC;
	hints.ai_flags = flags ? (int)strtol(flags + 1, NULL, 0) : 0;
	if (!strcmp(argv[2], "null"))
		given = NULL;
	for (int i = 3; i < argc; i++)
		add(argv[i]);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(argv[1], ways[i].how))
			ways[i].run();
	run(argv[1]);
	return 0;
}
