/* SPDX-License-Identifier: MIT */
/* The doctor's report: a process and its descendants, each before what it started; its settings
 * from its memory or its environment, and its rules by the library's own parser. */
#include "doctor.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "check.h"
#include "memory.h"

extern HIDDEN const char __ehdr_start[]; /* the linker's: where this file is mapped */

static bool read_memory(unsigned pid, uintptr_t from, void *to, size_t len)
{
	struct iovec local = { .iov_base = to, .iov_len = len };
	struct iovec remote = { .iov_base = (void *)from, .iov_len = len };

	return syscall(SYS_process_vm_readv, pid, &local, 1UL, &remote, 1UL, 0UL) == (long)len;
}

/* The variables that the library of that process has copied, which stay when the program overwrites
 * its environment. NULL where they cannot be read: with EPERM for want of the right to. */
static const char *copied_variables(unsigned pid, uintptr_t library)
{
	struct settings_copied copied;
	uintptr_t offset = (uintptr_t)&settings_copied - (uintptr_t)__ehdr_start;
	char *variables;

	if (!read_memory(pid, library + offset, &copied, sizeof(copied)))
		return NULL;
	errno = 0;
	if (copied.mark != SETTINGS_MARK || copied.size > FAMILY_TEXT)
		return NULL;
	variables = memory_map(copied.size + 2);
	if (variables && read_memory(pid, (uintptr_t)copied.variables, variables, copied.size))
		return variables;
	return NULL;
}

/* LD_PRELOAD as a process was started with it, "" if it was not; NULL where the program has written
 * a title over its environment, which then does not begin with a variable. */
static const char *find_preload(const char *environment, long len)
{
	const char *preload = settings_get(environment, "LD_PRELOAD");
	size_t name = 0;

	while (environment[name] && environment[name] != '=')
		name++;
	if (len && (!name || !environment[name]))
		return NULL;
	return preload ? preload : "";
}

static void print_who(const struct process *process)
{
	if ((unsigned)syscall(SYS_geteuid) == process->uid)
		check_print("run doctor with CAP_SYS_PTRACE");
	else
		check_print("run doctor as uid %u or with CAP_SYS_PTRACE", process->uid);
}

/* Ends the line of a process. */
static void print_preload(const char *preload)
{
	check_print(preload ? "; LD_PRELOAD=%t\n" : "\n", preload);
}

/* Prints the rules in force. Returns whether there is one. */
static bool print_rules(const struct rules *rules)
{
	struct check_place place = { 0 };
	struct rule rule;
	bool has_rule = false;

	while (check_next_rule(rules, &place, &rule))
		if (rules_has(rules, &rule)) {
			check_print(has_rule ? ", " : "covered: ");
			check_print_rule(&rule, " ");
			has_rule = true;
		}
	return has_rule;
}

static void print_fault(struct log_line *line)
{
	check_put(line, "\n");
	check_print("    %s", line->text);
	line->len = 0;
}

static void print_faults(const struct reading *reading)
{
	struct check_place place = { 0 };
	struct rule rule;
	int error = reading->file_error;
	struct log_line line = { .len = 0 };

	if (error && (reading->settings.is_config_named || (error != ENOENT && error != EACCES))) {
		allowlist_put_file(&line, reading->settings.config, error,
				   "cannot be read from here");
		print_fault(&line);
	}
	while (check_next_rule(reading->rules, &place, &rule))
		if (rule.fault != RULE_OK) {
			allowlist_put_rule(&line, &rule);
			print_fault(&line);
		}
}

static void print_unknown_rules(const struct process *process, int error)
{
	check_print("covered, but its rules cannot be read: it has overwritten its environment, "
		    "and ");
	if (error == EPERM) {
		check_print("its memory may not be read: ");
		print_who(process);
	} else {
		check_print("runs another build of libpin4.so");
	}
	check_print("\n");
}

/* As the process would find its rules file, in path. */
static void move_config(struct settings *settings, unsigned pid, struct log_line *path)
{
	family_path(path, pid, *settings->config == '/' ? "root" : "cwd/");
	check_put(path, "%s", settings->config);
	settings->config = path->text;
}

/* The rest of the line of a process that has the library. preload is NULL if it is lost. */
static bool examine_rules(const struct family *family, const struct process *process,
			  uintptr_t library, const char *preload)
{
	const char *variables = copied_variables(process->pid, library);
	struct reading reading;
	struct settings settings;
	struct log_line path;
	bool is_good;

	if (!variables && !preload) {
		print_unknown_rules(process, errno);
		return true;
	}
	settings_parse(variables ? variables : family->text, &settings);
	move_config(&settings, process->pid, &path);
	if (!allowlist_gather(&settings, &reading)) {
		check_print("not known: no memory\n");
		return false;
	}
	is_good = print_rules(reading.rules);
	if (!is_good)
		check_print(settings.is_off
				    ? "not covered: it was started with PIN4=off"
				    : "not covered: the library is loaded, but no good rule is in "
				      "force");
	else if (strcmp(process->name, "beam.smp") == 0 &&
		 !family_find_below(family, process->pid, "inet_gethost"))
		check_print("; without inet_gethost: it has not looked up any name yet, or it asks "
			    "DNS itself");
	print_preload(preload);
	print_faults(&reading);
	return is_good;
}

/* What starts programs and looks nothing up: inits, shells, the supervisors of images. */
static bool is_starter(const struct family *family, const struct process *process)
{
	static const char names[] =
		"tini\0tini-static\0docker-init\0dumb-init\0catatonit\0pause\0s6-svscan\0"
		"s6-supervise\0runsvdir\0runsv\0sh\0ash\0bash\0dash\0busybox\0";

	if (strcmp(process->name, "erl_child_setup") == 0)
		return true;
	for (unsigned i = 0; *check_text(names, i); i++)
		if (strcmp(process->name, check_text(names, i)) == 0)
			return family_find_below(family, process->pid, NULL);
	return false;
}

/* The rest of the line of a process that does not have the library. */
static bool examine_bare(const struct family *family, const struct process *process,
			 const char *preload)
{
	const struct process *resolver = NULL;
	bool is_good = true;

	if (strcmp(process->name, "beam.smp") == 0)
		resolver = family_find_below(family, process->pid, "inet_gethost");
	if (resolver) {
		check_print("needs no library: its lookups are made by inet_gethost, process %u",
			    resolver->pid);
	} else if (is_starter(family, process)) {
		check_print("needs no library: it only starts programs");
	} else {
		check_print("not covered: ");
		doctor_print_reason(process, preload);
		is_good = false;
	}
	print_preload(preload);
	return is_good;
}

/* Prints a line on a process, and below it what is wrong with its rules. Returns false if it should
 * be covered and is not. */
static bool examine(const struct family *family, const struct process *process)
{
	uintptr_t library = family_find_library(family, process->pid);
	long len = family_load(family, process->pid, "environ");
	bool is_forbidden = len < 0 && (errno == EACCES || errno == EPERM);
	const char *preload;

	if (len < 0 && !is_forbidden && !process->has_ended)
		return true; /* it has ended meanwhile */
	check_print("%u %t: ", process->pid, process->name);
	if (process->has_ended) {
		check_print("needs no library: it has ended\n");
		return true;
	}
	if (is_forbidden) {
		check_print("cannot be examined: ");
		print_who(process);
		check_print("\n");
		return false;
	}
	preload = find_preload(family->text, len);
	return library ? examine_rules(family, process, library, preload)
		       : examine_bare(family, process, preload);
}

static bool descend(const struct family *family, struct process *process)
{
	bool is_good;

	process->is_shown = true;
	is_good = examine(family, process);
	for (size_t i = 0; i < family->count; i++)
		if (family->all[i].parent == process->pid && !family->all[i].is_shown)
			is_good &= descend(family, &family->all[i]);
	return is_good;
}

int check_doctor(const char *pid)
{
	struct family family;
	struct process *process;
	const char *end;
	unsigned number = check_number(pid, INT_MAX / 10, &end);

	if (!number || *end)
		return check_say("doctor needs a process id");
	if (!family_read(&family))
		return check_say("doctor needs /proc, which is not mounted");
	process = family_find(&family, number);
	if (!process)
		return check_say("no process %u here", number);
	return descend(&family, process) ? CHECK_GOOD : CHECK_BAD;
}
