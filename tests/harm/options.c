/* SPDX-License-Identifier: MIT */
/* What ASan is told where it cannot read the environment, as in a setuid program: a preload may
 * stand before it, and it cannot look for leaks there. */

const char *__asan_default_options(void);

__attribute__((visibility("default"))) const char *__asan_default_options(void)
{
	return "verify_asan_link_order=0:detect_leaks=0:abort_on_error=1";
}
