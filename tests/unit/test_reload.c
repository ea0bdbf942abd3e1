/* SPDX-License-Identifier: MIT */
/* The rules file looked at again: what changes, goes, comes back and fails; from within the log's
 * own work, by a jump, in a forked child; and what memory it takes. Each case is a process. */
#include <errno.h>
#include <setjmp.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "allowlist.h"
#include "child.h"
#include "nomap.h"

extern char **environ;

static void (*at_complaint)(void);
static time_t now; /* later than any file is written, and each look later than the last */

/* Stands before the libc's: the log asks for the time before it writes a line. */
time_t time(time_t *ret)
{
	void (*call)(void) = at_complaint;

	at_complaint = NULL;
	if (call)
		call();
	if (ret)
		*ret = now;
	return now;
}

static void write_text(const char *text)
{
	unit_write_file("rules", text, strlen(text), 0644);
}

/* A file that cannot be told from the last by its size. */
static void replace_text(const char *text)
{
	unit_write_file("new", text, strlen(text), 0644);
	child_need(rename("new", "rules") == 0);
}

static bool is_in_force(const char *host)
{
	struct rule rule;

	return rules_match(allowlist_rules(), host, &rule);
}

/* "HOST " for each of three hosts that has a rule, after a look if there is one. */
static void say(const char *after)
{
	static const char *const hosts[] = { "a", "b", "fixed" };

	fprintf(child_answer, "%s:", after);
	errno = EXDEV;
	for (size_t i = 0; i < 3; i++)
		if (is_in_force(hosts[i]))
			fprintf(child_answer, " %s", hosts[i]);
	child_need(errno == EXDEV);
	fprintf(child_answer, "; ");
}

static void look(const char *after)
{
	now++;
	say(after);
}

static void begin_with(const char *level)
{
	static const char *variables[] = { "PIN4_CONFIG=rules", "PIN4_HOSTS=fixed", NULL, NULL };

	variables[2] = level;
	environ = (char **)(uintptr_t)variables;
	now = 4000000000;
	log_remember_stderr();
}

static void begin(void)
{
	begin_with("PIN4_LOG=info");
}

static void reload_of_a_file_that_comes_and_goes(void)
{
	unlink("rules");
	begin();
	look("none");
	write_text("a\n");
	say("same second");
	look("came");
	replace_text("b\n");
	look("changed");
	unlink("rules");
	look("gone");
	look("still gone");
	write_text("b");
	look("back");
	write_text("");
	look("empty");
}

static void reload_of_what_cannot_be_read(void)
{
	write_text("a\n");
	begin();
	look("there");
	unlink("rules");
	child_need(mkdir("rules", 0755) == 0);
	look("directory");
	look("again");
	child_need(rmdir("rules") == 0 && symlink("rules", "rules") == 0);
	look("loop");
	unlink("rules");
	write_text("b\n");
	look("mended");
	unlink("rules");
	child_need(mkdir("rules", 0755) == 0);
	look("directory");
	child_need(rmdir("rules") == 0);
}

static void reload_of_what_could_not_be_read_at_first(void)
{
	unlink("rules");
	child_need(symlink("rules", "rules") == 0);
	begin();
	look("loop");
	look("again");
	unlink("rules");
	write_text("a");
	look("mended");
}

/* Both versions are published before, so that neither needs memory or a place in the list. */
static void reload_of_two_versions_in_turn(void)
{
	long live;

	begin_with("PIN4_LOG=off");
	write_text("a\n");
	look("one");
	replace_text("b\n");
	look("other");
	live = nomap_live;
	for (int i = 0; i < 1000; i++) {
		replace_text(i % 2 ? "b\n" : "a\n");
		now++;
		child_need(is_in_force(i % 2 ? "b" : "a") && !is_in_force(i % 2 ? "a" : "b"));
		unlink("rules");
		now++;
		child_need(is_in_force("fixed") && !is_in_force("a") && !is_in_force("b"));
	}
	fprintf(child_answer, "%ld more", nomap_live - live);
}

static void reload_of_the_same_bytes(void)
{
	const struct rules *rules;
	long live;

	begin();
	write_text("a\n");
	look("first");
	rules = allowlist_rules();
	live = nomap_live;
	for (int i = 0; i < 1000; i++) {
		replace_text("a\n");
		now++;
		child_need(allowlist_rules() == rules);
	}
	fprintf(child_answer, "%ld more", nomap_live - live);
}

/* Written in the very second of the look: its time cannot tell it from what follows. */
static void reload_within_one_second(void)
{
	struct stat st;

	begin();
	write_text("a\n");
	child_need(stat("rules", &st) == 0);
	now = st.st_ctime;
	say("first");
	write_text("b\n");
	look("then");
}

static void reload_without_memory(void)
{
	write_text("a\n");
	begin();
	look("before");
	replace_text("b\n");
	nomap_countdown = 1; /* the file's bytes */
	look("one");
	nomap_countdown = 2; /* the rules */
	look("two");
	child_need(nomap_countdown == 0);
	look("later");
}

/* As a thread sees it that forks while another one is at the first load. */
static void fork_and_reload(void)
{
	pid_t pid;
	int status;

	fflush(child_answer); /* valgrind frees, and so flushes, what a process has at _exit() */
	pid = fork();
	if (pid == 0) {
		replace_text("b\n");
		now++;
		_exit(is_in_force("b") && !is_in_force("a") ? 0 : 1);
	}
	child_need(waitpid(pid, &status, 0) == pid);
	fprintf(child_answer, "child %d; ", status);
}

static void arm(void)
{
	at_complaint = fork_and_reload;
}

static void fork_at_first_complaint(void)
{
	write_text("a a..b\n");
	begin_with(NULL);
	at_complaint = arm; /* the first to ask is the lookup itself, the second the log */
	look("first");
	look("then");
}

static jmp_buf outside;

static void jump_out(void)
{
	longjmp(outside, 1);
}

static void arm_jump(void)
{
	at_complaint = jump_out;
}

/* As a program does that bounds its lookups by an alarm. */
static void reload_left_by_a_jump(void)
{
	write_text("a\n");
	begin();
	look("first");
	replace_text("b b..c\n");
	now++;
	at_complaint = arm_jump;
	if (setjmp(outside) == 0)
		is_in_force("a");
	replace_text("a b\n");
	look("then");
}

static void ask_and_count(void)
{
	fprintf(child_answer, "within %d; ", is_in_force("b"));
}

static void arm_ask(void)
{
	at_complaint = ask_and_count;
}

/* As a signal handler that sends a question does. */
static void ask_while_a_reload_complains(void)
{
	write_text("a\n");
	begin();
	look("first");
	replace_text("b b..c\n");
	at_complaint = arm_ask;
	look("then");
}

#define STAYS "error: rules: the rules read before stay in force: "
#define CHANGED "info: rules: has changed, its new rules are in force\n"
#define GONE "error: rules: its rules are no longer in force: ENOENT\n"
#define BAD(text) \
	": " text ": empty label: a dot too many (for every name below a domain write *.domain)\n"

static const struct CMUnitTest tests[] = {
	CHILD(reload_of_a_file_that_comes_and_goes_follows_it, reload_of_a_file_that_comes_and_goes,
	      "none: fixed; same second: fixed; came: a fixed; changed: b fixed; gone: fixed; "
	      "still gone: fixed; back: b fixed; empty: fixed; ",
	      "error: rules: its rules are not in force: ENOENT\n" CHANGED CHANGED GONE CHANGED
		      CHANGED),
	CHILD(reload_of_what_cannot_be_read_keeps_the_rules, reload_of_what_cannot_be_read,
	      "there: a fixed; directory: a fixed; again: a fixed; loop: a fixed; mended: b fixed; "
	      "directory: b fixed; ",
	      STAYS "it is not a regular file\n" STAYS "ELOOP\n" CHANGED STAYS
		    "it is not a regular file\n"),
	CHILD(reload_of_what_could_not_be_read_at_first_is_tried_again,
	      reload_of_what_could_not_be_read_at_first,
	      "loop: fixed; again: fixed; mended: a fixed; ",
	      "error: rules: its rules are not in force: ELOOP\n" CHANGED),
	CHILD(reload_of_two_versions_in_turn_takes_no_memory, reload_of_two_versions_in_turn,
	      "one: a fixed; other: b fixed; 1 more", ""), /* that without a file */
	CHILD(reload_of_the_same_bytes_takes_no_memory, reload_of_the_same_bytes,
	      "first: a fixed; 0 more", ""),
	CHILD(reload_within_one_second_is_seen_in_the_next, reload_within_one_second,
	      "first: a fixed; then: b fixed; ", CHANGED),
	CHILD(reload_without_memory_keeps_the_rules, reload_without_memory,
	      "before: a fixed; one: a fixed; two: a fixed; later: b fixed; ",
	      STAYS "ENOMEM\n" CHANGED),
	CHILD(reload_in_child_forked_at_first_complaint_is_seen, fork_at_first_complaint,
	      "first:child 0;  a fixed; then: b fixed; ", "error: rules:1:3" BAD("a..b")),
	CHILD(reload_left_by_a_jump_is_not_the_last, reload_left_by_a_jump,
	      "first: a fixed; then: a b fixed; ", CHANGED),
	CHILD(reload_asked_within_is_whole, ask_while_a_reload_complains,
	      "first: a fixed; then:within 1;  b fixed; ", CHANGED "error: rules:1:3" BAD("b..c")),
};

int main(void)
{
	return cmocka_run_group_tests(tests, unit_enter_directory, unit_leave_directory);
}
