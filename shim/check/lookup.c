/* SPDX-License-Identifier: MIT */
/* Asks the resolver, each question in a process of its own: a resolver that is silent on one
 * question must not keep the others waiting. It relies on being alone in the process. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "file.h"
#include "libc.h"

_Static_assert(sizeof(struct check_answer) <= PIPE_BUF, "answers would mix in the pipe");

static void keep_address(struct check_answer *answer, const struct addrinfo *node)
{
	if (answer->count < CHECK_ADDRESSES && node->ai_addrlen <= sizeof(answer->addresses[0]))
		memcpy(&answer->addresses[answer->count], node->ai_addr, node->ai_addrlen);
	answer->count++;
}

static void keep_name(struct check_answer *answer, const char *name)
{
	size_t len = name ? strlen(name) : 0;

	if (len && len < sizeof(answer->name))
		memcpy(answer->name, name, len);
}

static void ask(const char *host, enum check_question question, struct check_answer *ret)
{
	static const int families[] = { AF_INET, AF_INET6, AF_UNSPEC, AF_INET6, AF_UNSPEC };
	bool is_of_a_kind = question == CHECK_A || question == CHECK_AAAA;
	struct addrinfo hints = {
		.ai_family = families[question],
		.ai_socktype = SOCK_STREAM,
		.ai_flags = is_of_a_kind ? AI_CANONNAME : 0,
	};
	uint64_t start = check_clock();
	symbol_function programs_own = NULL;
	struct addrinfo *list = NULL;

	symbol_find("getaddrinfo", 1, SYMBOL_ANYWHERE, &programs_own, NULL);
	*ret = (struct check_answer){ .question = question };
	if (question < CHECK_PINNED_AAAA)
		ret->error = libc(getaddrinfo)(host, NULL, &hints, &list);
	else
		ret->error = ((__typeof__(&getaddrinfo))programs_own)(host, NULL, &hints, &list);
	ret->error_errno = ret->error == EAI_SYSTEM ? errno : 0;
	ret->microseconds = (unsigned)(check_clock() - start);
	if (!ret->error && is_of_a_kind)
		keep_name(ret, list->ai_canonname);
	for (; !ret->error && list; list = list->ai_next)
		keep_address(ret, list);
}

/* Forks by system call: this library takes no part in what the program does at a fork. */
static long ask_in_child(const char *host, enum check_question question, int pipe)
{
	long child = syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
	struct check_answer answer;

	if (child)
		return child;
	syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	ask(host, question, &answer);
	syscall(SYS_write, pipe, &answer, sizeof(answer));
	for (;;)
		syscall(SYS_exit_group, 0);
}

/* Reads answers until all that were started are there, one child is lost or the time is over. */
static void collect(struct check_report *report, int pipe, unsigned started)
{
	uint64_t end = check_clock() + report->wait * 1000ULL;
	struct check_answer answer;

	while (started--) {
		struct pollfd wanted = { .fd = pipe, .events = POLLIN };

		if (!check_poll(&wanted, 1, end) ||
		    file_read(pipe, (char *)&answer, sizeof(answer)) != sizeof(answer))
			return;
		report->answers[answer.question] = answer;
	}
}

void check_look_up(struct check_report *report)
{
	unsigned count = check_asked(report);
	long children[CHECK_QUESTIONS];
	int pipe[2];

	for (unsigned i = 0; i < CHECK_QUESTIONS; i++)
		report->answers[i] = (struct check_answer){ .error = CHECK_NO_ANSWER,
							    .microseconds = report->wait * 1000 };
	if (syscall(SYS_pipe2, pipe, 0) != 0)
		return;
	for (unsigned i = 0; i < count; i++)
		children[i] = ask_in_child(report->host, (enum check_question)i, pipe[1]);
	file_close(pipe[1]);
	collect(report, pipe[0], count);
	file_close(pipe[0]);
	for (unsigned i = 0; i < count; i++)
		if (children[i] > 0) {
			syscall(SYS_kill, children[i], SIGKILL);
			syscall(SYS_wait4, children[i], NULL, 0, NULL);
		}
}
