/* SPDX-License-Identifier: MIT */
/* Holds the thread's guards, and reports lookups that pile up. It relies on the log. */
#include "guard.h"

#include <stdatomic.h>
#include <string.h>

#include "log.h"

_Thread_local uintptr_t guard_frames[GUARD_LEVELS + 1];

RARE void guard_report(const char *host)
{
	static atomic_flag is_reported = ATOMIC_FLAG_INIT;
	struct log_line line;

	if (!log_wants(LOG_ERROR) || atomic_flag_test_and_set(&is_reported))
		return;
	log_begin(&line, LOG_ERROR);
	log_text(&line, "lookup of ");
	log_escaped(&line, host, strlen(host));
	log_text(&line, " is handed on unpinned, because it is made inside ");
	log_number(&line, GUARD_LEVELS);
	log_text(&line, " other lookups: does an NSS module look itself up?");
	log_end(&line);
}
