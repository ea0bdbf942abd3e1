/* SPDX-License-Identifier: MIT */
/* Start-up: what has to happen before main, and no more, because every sh and awk pays for it. */
#include "book.h"
#include "check.h"
#include "libc.h"
#include "log.h"
#include "settings.h"

__attribute__((constructor)) static void start(void)
{
	struct settings settings;

	libc_bind();
	book_open();
	if (!settings_copy())
		return;
	settings_read(&settings);
	if (settings.check)
		check_run(settings.check);
	if (!settings.is_off && settings.log_level != LOG_OFF && !settings.log_file)
		log_remember_stderr();
}
