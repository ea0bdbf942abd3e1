/* SPDX-License-Identifier: MIT */
/* One process: its settings from its memory or its environment, and its rules by the library's own
 * parser. */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "check.h"
#include "doctor.h"
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

static void put_plain(struct log_line *line, const char *text)
{
	for (; *text; text++) {
		const char plain[] = { *text, '\0' };

		if (*text == ' ' || *text == '"')
			log_text(line, plain);
		else
			log_escaped(line, text, 1);
	}
}

/* Prints the rules in force. Returns whether there is one. */
static bool print_rules(struct log_line *line, const struct rules *rules)
{
	struct check_place place = { 0 };
	struct rule rule;
	bool has_rule = false;

	while (check_next_rule(rules, &place, &rule)) {
		if (!rules_has(rules, &rule))
			continue;
		log_text(line, has_rule ? ", " : "covered: ");
		check_put_rule(line, &rule, " ");
		check_flush(STDOUT_FILENO, line);
		has_rule = true;
	}
	return has_rule;
}

static void print_faults(const struct reading *reading)
{
	struct check_place place = { 0 };
	struct rule rule;
	struct log_line line = { .len = 0 };
	int error = reading->file_error;

	if (error && (reading->settings.is_config_named || (error != ENOENT && error != EACCES))) {
		log_text(&line, "    ");
		allowlist_put_file(&line, reading->settings.config, error,
				   "cannot be read from here");
		check_write(STDOUT_FILENO, &line);
	}
	while (check_next_rule(reading->rules, &place, &rule)) {
		if (rule.fault == RULE_OK)
			continue;
		log_text(&line, "    ");
		allowlist_put_rule(&line, &rule);
		check_write(STDOUT_FILENO, &line);
	}
}

static void put_unknown_rules(struct log_line *line, const struct process *process, int error)
{
	log_text(line, "covered, by rules that are not known: it has overwritten its environment, "
		       "and ");
	log_text(line, error == EPERM ? "its memory may not be read: "
				      : "runs another build of libpin4.so");
	if (error == EPERM)
		doctor_put_who(line, process);
}

static void finish(struct log_line *line, const char *preload)
{
	if (preload) {
		log_text(line, "; LD_PRELOAD=");
		put_plain(line, preload);
	}
	check_write(STDOUT_FILENO, line);
}

/* As the process would find its rules file, in path. */
static void move_config(struct settings *settings, unsigned pid, struct log_line *path)
{
	family_path(path, pid, *settings->config == '/' ? "root" : "cwd/");
	log_text(path, settings->config);
	path->text[path->len] = '\0';
	settings->config = path->text;
}

/* The rest of the line of a process that has the library. preload is NULL if it is lost. */
static bool examine_rules(const struct family *family, const struct process *process,
			  uintptr_t library, struct log_line *line, const char *preload)
{
	const char *variables = copied_variables(process->pid, library);
	struct reading reading;
	struct settings settings;
	struct log_line path;
	bool is_good;

	if (!variables && !preload) {
		put_unknown_rules(line, process, errno);
		finish(line, NULL);
		return true;
	}
	settings_parse(variables ? variables : family->text, &settings);
	move_config(&settings, process->pid, &path);
	if (!allowlist_gather(&settings, &reading))
		return false;
	is_good = print_rules(line, reading.rules);
	if (!is_good)
		log_text(line, settings.is_off
				       ? "not covered: it was started with PIN4=off"
				       : "not covered: it has the library, and no good rule");
	else if (strcmp(process->name, "beam.smp") == 0 &&
		 !family_find_below(family, process->pid, "inet_gethost"))
		log_text(line, "; without inet_gethost: it has looked no name up yet, or asks DNS "
			       "itself");
	finish(line, preload);
	print_faults(&reading);
	return is_good;
}

/* What starts programs and looks nothing up: inits, shells, the supervisors of images. */
static bool is_starter(const struct family *family, const struct process *process)
{
	static const char names[] =
		" tini tini-static docker-init dumb-init catatonit pause "
		"s6-svscan s6-supervise runsvdir runsv sh ash bash dash busybox ";
	size_t len = strlen(process->name);

	if (strcmp(process->name, "erl_child_setup") == 0)
		return true;
	for (const char *at = names; at[1]; at++)
		if (*at == ' ' && memcmp(at + 1, process->name, len) == 0 && at[1 + len] == ' ')
			return family_find_below(family, process->pid, NULL);
	return false;
}

/* The rest of the line of a process that does not have the library. */
static bool examine_bare(const struct family *family, const struct process *process,
			 struct log_line *line, const char *preload)
{
	const struct process *resolver = NULL;
	bool is_good = true;

	if (strcmp(process->name, "beam.smp") == 0)
		resolver = family_find_below(family, process->pid, "inet_gethost");
	if (resolver) {
		log_text(line, "needs none: its lookups are made by inet_gethost, ");
		log_number(line, resolver->pid);
	} else if (is_starter(family, process)) {
		log_text(line, "needs none: it only starts programs");
	} else {
		log_text(line, "not covered: ");
		doctor_put_reason(line, process, preload);
		is_good = false;
	}
	finish(line, preload);
	return is_good;
}

bool doctor_examine(const struct family *family, const struct process *process)
{
	uintptr_t library = family_find_library(family, process->pid);
	long len = family_load(family, process->pid, "environ");
	bool is_forbidden = len < 0 && (errno == EACCES || errno == EPERM);
	const char *preload;
	struct log_line line = { .len = 0 };

	log_number(&line, process->pid);
	log_text(&line, " ");
	put_plain(&line, process->name);
	log_text(&line, process->has_ended ? ": needs none: it has ended"
			: is_forbidden     ? ": not known: "
					   : ": ");
	if (is_forbidden)
		doctor_put_who(&line, process);
	if (process->has_ended || is_forbidden) {
		finish(&line, NULL);
		return process->has_ended;
	}
	if (len < 0)
		return true; /* it has ended meanwhile */
	preload = find_preload(family->text, len);
	return library ? examine_rules(family, process, library, &line, preload)
		       : examine_bare(family, process, &line, preload);
}
