/* SPDX-License-Identifier: MIT */
/* What a program file is told to be, next to what the kernel makes of the very same file: whether
 * it runs a script, and whether a program is AT_SECURE. */
#include <errno.h>
#include <stdbool.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>

#include "check/program.h"
#include "child.h"

enum { NOBODY = 65534 };

static char self[256];

/* Whether the kernel runs path: 0, or the errno of execve(2). */
static int run(const char *path)
{
	pid_t pid;
	int status;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		execl(path, path, (char *)NULL);
		_exit(errno);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

struct script_row {
	const char *text;
	size_t len;
	const char *culprit;
	enum program_fault fault;
};

/* The interpreters are dynamic and end with 0, so that what loads is what the kernel runs. */
static void check_script(void **state)
{
	const struct script_row *row = *state;
	char culprit[256];
	enum program_fault fault;

	unit_write_file("script", row->text, row->len, 0755);
	fault = program_look("script", culprit);
	assert_int_equal(run("script") == 0, row->fault == PROGRAM_LOADS);
	assert_int_equal(fault, row->fault);
	assert_string_equal(culprit, row->culprit);
}

#define SCRIPT(name, text, culprit, fault) \
	UNIT_ROW(#name, check_script, script_row, text, sizeof(text) - 1, culprit, fault)

/* A chain of scripts, each the interpreter of the one before, the last one's a program. */
static void chain_of_each_length_loads_where_the_kernel_runs_it(void **state)
{
	(void)state;
	for (int scripts = 1; scripts <= 8; scripts++) {
		char path[64], text[128], culprit[256];
		int error;

		for (int i = 0; i < scripts; i++) {
			sprintf(path, "chain%d", i);
			if (i == scripts - 1)
				sprintf(text, "#!/bin/true\n");
			else
				sprintf(text, "#!chain%d\n", i + 1);
			unit_write_file(path, text, strlen(text), 0755);
		}
		error = run("chain0");
		if ((program_look("chain0", culprit) == PROGRAM_LOADS) != (error == 0))
			fail_msg("%d scripts: the kernel says %s, and program_look says %d",
				 scripts, strerror(error), program_look("chain0", culprit));
	}
}

static void script_that_is_its_own_interpreter_is_answered(void **state)
{
	char culprit[256];

	(void)state;
	unit_write_file("loop", "#!loop\n", 7, 0755);
	alarm(20); /* ends the program should it go round for ever */
	assert_int_equal(program_look("loop", culprit), PROGRAM_NO_PROGRAM);
	alarm(0);
	assert_int_equal(run("loop"), ELOOP);
}

/* A copy of this very program, which says whether it is AT_SECURE. */
struct privilege_row {
	mode_t mode;
	uid_t uid;
	gid_t gid;
	uid_t runs_as;
	bool is_capable;
	enum program_fault fault;
};

static void copy_self(const struct privilege_row *row)
{
	struct {
		uint32_t magic;
		uint32_t sets[4];
	} capability = { 0x02000001, { 1U << 10, 0, 0, 0 } }; /* revision 2, NET_BIND_SERVICE */
	char command[512];

	snprintf(command, sizeof(command), "cp -f '%s' copy", self);
	child_need(system(command) == 0);
	child_need(chown("copy", row->uid, row->gid) == 0);
	child_need(chmod("copy", row->mode) == 0);
	if (row->is_capable)
		child_need(setxattr("copy", "security.capability", &capability, sizeof(capability),
				    0) == 0);
}

static void look_at_privilege(const void *arg)
{
	const struct privilege_row *row = arg;
	char culprit[256];

	copy_self(row);
	child_need(seteuid(row->runs_as) == 0);
	fprintf(child_answer, "%d", program_look("copy", culprit));
	child_need(seteuid(0) == 0 && setuid(row->runs_as) == 0);
	fflush(child_answer);
	dup2(fileno(child_answer), STDOUT_FILENO);
	execl("copy", "copy", "--is-secure", (char *)NULL);
	abort();
}

static void check_privilege(void **state)
{
	const struct privilege_row *row = *state;
	bool is_secure = row->fault != PROGRAM_LOADS;
	struct statvfs fs;
	struct child child;
	char wanted[16];

	assert_int_equal(statvfs(".", &fs), 0);
	if (geteuid() != 0 || fs.f_flag & ST_NOSUID || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0))
		skip(); /* only root makes such files, and only there are they privileged */
	sprintf(wanted, "%d%s", row->fault, is_secure ? " secure" : " plain");
	child_run(look_at_privilege, row, &child);
	assert_string_equal(child.said, wanted);
}

#define PRIVILEGE(name, mode, uid, gid, runs_as, is_capable, fault) \
	UNIT_ROW(#name, check_privilege, privilege_row, mode, uid, gid, runs_as, is_capable, fault)

static const struct CMUnitTest tests[] = {
	SCRIPT(script_loads, "#!/bin/true\n", "/bin/true", PROGRAM_LOADS),
	SCRIPT(script_with_blanks_loads, "#! \t/bin/true \t\n", "/bin/true", PROGRAM_LOADS),
	SCRIPT(script_with_an_argument_loads, "#!/bin/true -x y\n", "/bin/true", PROGRAM_LOADS),
	SCRIPT(script_without_line_end_loads, "#!/bin/true", "/bin/true", PROGRAM_LOADS),
	SCRIPT(script_with_nul_behind_the_path_loads, "#!/bin/true\0x\n", "/bin/true",
	       PROGRAM_LOADS),
	SCRIPT(script_with_carriage_return_is_unreadable, "#!/bin/true\r\n", "/bin/true\r",
	       PROGRAM_UNREADABLE),
	SCRIPT(script_with_a_missing_interpreter_is_unreadable, "#!/missing\n", "/missing",
	       PROGRAM_UNREADABLE),
	SCRIPT(script_without_interpreter_is_no_program, "#!\n/bin/true\n", "", PROGRAM_NO_PROGRAM),
	SCRIPT(script_of_blanks_is_no_program, "#!  \n", "", PROGRAM_NO_PROGRAM),
	SCRIPT(script_of_two_bytes_is_no_program, "#!", "script", PROGRAM_NO_PROGRAM),
	SCRIPT(script_with_a_directory_is_no_program, "#!/\n", "/", PROGRAM_UNREADABLE),
	SCRIPT(script_without_magic_is_no_program, "echo\n", "script", PROGRAM_NO_PROGRAM),
	SCRIPT(script_that_is_empty_is_no_program, "", "script", PROGRAM_NO_PROGRAM),
	cmocka_unit_test(chain_of_each_length_loads_where_the_kernel_runs_it),
	cmocka_unit_test(script_that_is_its_own_interpreter_is_answered),
	PRIVILEGE(setuid_of_another_is_told, 04755, NOBODY, 0, 0, false, PROGRAM_SETUID),
	PRIVILEGE(setuid_of_root_for_nobody_is_told, 04755, 0, 0, NOBODY, false, PROGRAM_SETUID),
	PRIVILEGE(setuid_of_oneself_loads, 04755, 0, 0, 0, false, PROGRAM_LOADS),
	PRIVILEGE(setgid_of_another_is_told, 02755, 0, NOBODY, 0, false, PROGRAM_SETUID),
	PRIVILEGE(setgid_of_oneself_loads, 02755, 0, 0, 0, false, PROGRAM_LOADS),
	PRIVILEGE(setgid_that_its_group_cannot_run_loads, 02745, 0, NOBODY, 0, false,
		  PROGRAM_LOADS),
	PRIVILEGE(setuid_and_setgid_of_oneself_loads, 06755, 0, 0, 0, false, PROGRAM_LOADS),
	PRIVILEGE(program_without_privilege_loads, 0755, NOBODY, NOBODY, 0, false, PROGRAM_LOADS),
	PRIVILEGE(capabilities_for_nobody_are_told, 0755, 0, 0, NOBODY, true, PROGRAM_CAPABLE),
	PRIVILEGE(capabilities_for_root_load, 0755, 0, 0, 0, true, PROGRAM_LOADS),
};

static int find_self(void **state)
{
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	return len <= 0 || unit_enter_directory(state);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--is-secure") == 0) {
		dprintf(STDOUT_FILENO, getauxval(AT_SECURE) ? " secure" : " plain");
		_exit(0); /* a leak check cannot look into a privileged process */
	}
	return cmocka_run_group_tests(tests, find_self, unit_leave_directory);
}
