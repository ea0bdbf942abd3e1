/* SPDX-License-Identifier: MIT */
/* Counts what a program does between two stops of its own making (SIGSTOP): its user-space
 * instructions, by single steps, or with -s its system calls. -a counts from exec to exit. The
 * kernel counts alike every time, where performance counters are missing or approximate. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SYSCALL_STOP = SIGTRAP | 0x80 };

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static pid_t start(char **argv)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;
	/* The same addresses each time, because a copy's length in instructions may hang on them.
	 */
	personality(ADDR_NO_RANDOMIZE);
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
		die("ptrace");
	execvp(argv[0], argv);
	die(argv[0]);
	return -1;
}

/* Lets pid go on until its next stop; the stop's signal, or 0 at its end. */
static int next_stop(pid_t pid, int request, int signal)
{
	int status;

	if (ptrace(request, pid, NULL, (void *)(long)signal) != 0 ||
	    waitpid(pid, &status, 0) != pid)
		die("ptrace");
	if (WIFSTOPPED(status))
		return WSTOPSIG(status);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "steps: the program failed, status 0x%x\n", status);
		exit(1);
	}
	return 0;
}

/* The count up to the program's next SIGSTOP, or to its end, which *is_end tells. */
static unsigned long count(pid_t pid, int request, bool *is_end)
{
	const int counted = request == PTRACE_SYSCALL ? SYSCALL_STOP : SIGTRAP;
	unsigned long stops = 0;
	int signal = 0;

	for (;;) {
		signal = next_stop(pid, request, signal);
		*is_end = signal == 0;
		if (*is_end || signal == SIGSTOP)
			/* A system call stops twice, on its way in and out; the last, exit, once.
			 */
			return request == PTRACE_SYSCALL ? (stops + 1) / 2 : stops;
		stops += signal == counted;
		if (signal == counted || signal == SIGTRAP)
			signal = 0;
	}
}

static void run_to_stop(pid_t pid, bool *is_end)
{
	int signal = 0;

	do
		signal = next_stop(pid, PTRACE_CONT, signal == SIGTRAP ? 0 : signal);
	while (signal != 0 && signal != SIGSTOP);
	*is_end = signal == 0;
}

/* Prints the least of the counts between the stops: what the clock or another thread added to
 * one of them is none of the call's. */
int main(int argc, char **argv)
{
	int request = PTRACE_SINGLESTEP;
	bool all = false;
	bool is_end = false;
	unsigned long least = 0;
	int status;
	int option;
	pid_t pid;

	while ((option = getopt(argc, argv, "+as")) != -1) {
		all |= option == 'a';
		if (option == 's')
			request = PTRACE_SYSCALL;
		if (option == '?')
			return 2;
	}
	if (optind == argc)
		return 2;
	pid = start(argv + optind);
	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		die(argv[optind]);
	ptrace(PTRACE_SETOPTIONS, pid, NULL,
	       (void *)(long)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
	if (all)
		least = count(pid, request, &is_end);
	while (!is_end) {
		unsigned long n;

		run_to_stop(pid, &is_end);
		if (is_end)
			break;
		n = count(pid, request, &is_end);
		if (is_end)
			break;
		if (least == 0 || n < least)
			least = n;
	}
	printf("%lu\n", least);
	return 0;
}
