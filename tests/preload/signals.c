/* SPDX-License-Identifier: MIT */
/* While the program is inside a lookup, a signal handler connects, or jumps out of the lookup:
 * prints what the server saw and what the lookups got, then and afterwards. */
#define _GNU_SOURCE
#include "loopback.h"

#include <setjmp.h>
#include <signal.h>

static struct loopback loopback;
static sigjmp_buf out;

/* The fake libc calls it while it looks inside.test up. */
void probe_inside(void)
{
	raise(SIGUSR1);
}

static void connect_in_handler(int sig)
{
	(void)sig;
	loopback_connect(&loopback, loopback_socket());
}

static void jump_in_handler(int sig)
{
	(void)sig;
	siglongjmp(out, 1);
}

static void handle_with(void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler };

	MUST(!sigaction(SIGUSR1, &action, NULL));
}

/* From further down the stack than the lookup that was left. */
static void look_up_deeper(int depth, char *ret, size_t size)
{
	char frame[4096];

	if (depth > 0)
		look_up_deeper(depth - 1, frame, sizeof(frame));
	else
		probe_lookup("both.test", AF_INET6, frame, sizeof(frame));
	snprintf(ret, size, "%s", frame);
}

static void jump_out(void)
{
	char text[INET6_ADDRSTRLEN];

	if (sigsetjmp(out, 1) == 0)
		probe_lookup("inside.test", AF_INET6, text, sizeof(text));
}

/* Leaves a lookup several times from further down the stack than the caller's. */
static void jump_out_deeper(int depth)
{
	char frame[4096];

	snprintf(frame, sizeof(frame), "%d", depth);
	if (depth > 0)
		jump_out_deeper(depth - 1);
	for (int i = 0; depth == 0 && i < 6; i++)
		jump_out();
	MUST(atoi(frame) == depth);
}

int main(void)
{
	char text[INET6_ADDRSTRLEN];
	volatile int jumps = 0;

	loopback = loopback_open(5);
	probe_lookup("loop.test", AF_INET6, text, sizeof(text));
	handle_with(connect_in_handler);
	printf("lookup %s\n", probe_lookup("inside.test", AF_INET6, text, sizeof(text)));
	printf("server=%s\n", loopback_seen(&loopback, text, sizeof(text)));

	handle_with(jump_in_handler);
	if (sigsetjmp(out, 1) == 0 || ++jumps < 300)
		probe_lookup("inside.test", AF_INET6, text, sizeof(text));
	printf("jumps %d\n", jumps);
	look_up_deeper(3, text, sizeof(text));
	printf("deeper lookup %s\n", text);
	printf("lookup %s\n", probe_lookup("both.test", AF_INET6, text, sizeof(text)));
	look_up_deeper(3, text, sizeof(text));
	printf("deeper lookup %s\n", text);

	jump_out();
	jump_out_deeper(2);
	look_up_deeper(3, text, sizeof(text));
	printf("deeper lookup %s\n", text);
	return 0;
}
