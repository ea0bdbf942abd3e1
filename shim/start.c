/* SPDX-License-Identifier: MIT */
/* Start-up: what has to happen before main, and no more, because every sh and awk pays for it. */
#include "check/check.h"
#include "dns/questions.h"
#include "libc.h"
#include "log.h"
#include "settings.h"

__attribute__((constructor)) static void start(void)
{
	struct settings settings;

	libc_bind();
	log_remember_stderr();
	if (!settings_copy())
		return;
	if (settings_check())
		check_run(settings_check());
	settings_read(&settings);
	if (*settings.hosts || settings.is_config_named)
		questions_expect();
}
