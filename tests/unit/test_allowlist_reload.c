/* SPDX-License-Identifier: MIT */
/* The rules file read again, where that cannot be: while readers never leave, without memory, and
 * from within pin4's own work. The rules before stay in force, and later the new ones are. */
#include <errno.h>
#include <setjmp.h>
#include <stdbool.h>

#include "allowlist.h"
#include "child.h"
#include "guard.h"
#include "nomem.h"

extern char **environ;

enum { MOST = 20 }; /* more than there are versions */

static void (*at_complaint)(void);

/* Stands before the libc's: the log asks for the time before it writes a line. */
time_t time(time_t *ret)
{
	void (*call)(void) = log_wants(LOG_ERROR) ? at_complaint : NULL;
	struct timespec time = { 0 };

	if (call)
		at_complaint = NULL;
	if (call)
		call();
	clock_gettime(CLOCK_REALTIME, &time);
	if (ret)
		*ret = time.tv_sec;
	return time.tv_sec;
}

static uint32_t now; /* later than any file is written, and each look later than the last */

/* The file has one rule, for hN, and more, and there are none in the environment. */
static void write_rules(int n, const char *more)
{
	char text[32];

	sprintf(text, "h%d%s\n", n, more);
	unit_write_file("rules", text, strlen(text), 0644);
}

static void write_rule(int n)
{
	write_rules(n, "");
}

static void begin_with(const char *more)
{
	static const char *const variables[] = { "PIN4_CONFIG=rules", "PIN4_HOSTS=", NULL };

	environ = (char **)(uintptr_t)variables;
	now = (uint32_t)time(NULL) + 10;
	log_remember_stderr();
	write_rules(0, more);
	child_need(allowlist_load());
}

static void begin(void)
{
	begin_with("");
}

static bool is_in_force(int n)
{
	char host[16];
	struct rule rule;

	sprintf(host, "h%d", n);
	return rules_match(allowlist_rules, host, &rule);
}

static void look(void)
{
	errno = EXDEV;
	allowlist_look(++now);
	child_need(errno == EXDEV);
}

/* Somebody jumped out while inside: what was read since then is never freed, and once there is no
 * room for more, the last of it stays. */
static void reload_while_somebody_stays(void)
{
	const struct rules *rules;
	_Atomic(unsigned) *inside;
	int last = 0;

	begin();
	inside = allowlist_enter(&rules);
	for (int n = 1; n < MOST; n++) {
		write_rule(n);
		look();
		child_need(is_in_force(n) != is_in_force(last));
		last = is_in_force(n) ? n : last;
	}
	fprintf(child_answer, "%d are in force, ", last);
	allowlist_leave(inside);
	look(); /* one look for each of the two counters */
	look();
	fprintf(child_answer, "%d later", is_in_force(MOST - 1));
}

static void reload_without_memory(void)
{
	int call = 0;

	begin();
	write_rule(1);
	while (is_in_force(0)) {
		nomem_countdown = ++call;
		look();
		child_need((nomem_countdown == 0) != is_in_force(1));
		nomem_countdown = 0;
	}
	child_need(call > 2);
	fprintf(child_answer, "%d%d", is_in_force(0), is_in_force(1));
}

static void reload_within_own_work(void)
{
	begin();
	write_rule(1);
	guard_enter(&guard_work);
	look();
	guard_leave(&guard_work);
	fprintf(child_answer, "%d%d ", is_in_force(0), is_in_force(1));
	look();
	fprintf(child_answer, "%d%d", is_in_force(0), is_in_force(1));
}

/* As a thread sees it that forks while another one is at the first load. */
static void fork_and_reload(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		guard_work = (struct guard){ 0 };
		write_rule(1);
		look();
		_exit(is_in_force(1) ? 0 : 1);
	}
	child_need(waitpid(pid, &status, 0) == pid);
	fprintf(child_answer, "%d ", status);
}

static void fork_at_first_complaint(void)
{
	at_complaint = fork_and_reload;
	begin_with(" a..b");
	look();
	fprintf(child_answer, "%d%d", is_in_force(0), is_in_force(1));
}

static jmp_buf outside;

static void jump_out(void)
{
	longjmp(outside, 1);
}

/* As a program does that bounds its lookups by an alarm. */
static void reload_left_by_a_jump(void)
{
	begin();
	write_rules(1, " a..b");
	at_complaint = jump_out;
	if (setjmp(outside) == 0)
		look();
	write_rule(2);
	look();
	fprintf(child_answer, "%d%d", is_in_force(1), is_in_force(2));
}

static const struct CMUnitTest tests[] = {
	CHILD(reload_while_somebody_stays_inside_ends_and_goes_on, reload_while_somebody_stays,
	      "8 are in force, 1 later",
	      "error: rules: the rules read before stay in force: EBUSY\n"),
	CHILD(reload_without_memory_at_each_call_keeps_the_rules, reload_without_memory, "01", ""),
	CHILD(reload_in_child_forked_at_first_complaint_is_seen, fork_at_first_complaint, "0 01",
	      "error: rules:1:4: a..b: empty label: a dot too many (for every name "
	      "below a domain write *.domain)\n"),
	CHILD(reload_left_by_a_jump_is_not_the_last, reload_left_by_a_jump, "01", ""),
	CHILD(reload_within_own_work_waits_for_the_next_look, reload_within_own_work, "10 01", ""),
};

int main(void)
{
	return cmocka_run_group_tests(tests, unit_enter_directory, unit_leave_directory);
}
