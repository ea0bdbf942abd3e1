/* SPDX-License-Identifier: MIT */
/* Start-up: what has to happen before main, and no more, because every sh and awk pays for it. */
#include "book.h"
#include "check.h"
#include "libc.h"
#include "log.h"
#include "settings.h"

static void check(void)
{
	struct settings settings;

	settings_read(&settings);
	if (settings.check)
		check_run(settings.check);
}

__attribute__((constructor)) static void start(void)
{
	libc_bind_connect();
	book_open();
	log_remember_stderr();
	if (settings_copy())
		check();
}
