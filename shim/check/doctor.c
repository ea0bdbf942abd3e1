/* SPDX-License-Identifier: MIT */
/* The doctor's report: a process and its descendants, each before what it started. */
#include "doctor.h"

#include <limits.h>
#include <unistd.h>

#include "check.h"

static bool descend(const struct family *family, struct process *process)
{
	bool is_good;

	process->is_shown = true;
	is_good = doctor_examine(family, process);
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
	struct log_line line = { .len = 0 };

	if (!number || *end)
		return check_say("doctor needs a process id");
	if (!family_read(&family))
		return check_say("doctor needs /proc, which is not mounted");
	process = family_find(&family, number);
	if (process)
		return descend(&family, process) ? CHECK_GOOD : CHECK_BAD;
	log_text(&line, "pin4: no process ");
	log_number(&line, number);
	log_text(&line, " here");
	check_write(STDERR_FILENO, &line);
	return CHECK_USAGE;
}
