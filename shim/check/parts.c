/* SPDX-License-Identifier: MIT */
/* What several reports say in the same words. It relies on environ as it is when the program
 * starts. */
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "libc.h"

extern char **environ;

const char *check_program(char path[256])
{
	long len = syscall(SYS_readlinkat, -1, "/proc/self/exe", path, 255);

	path[len > 0 ? len : 0] = '\0';
	return path;
}

const char *check_glibc_version(void)
{
	return libc_is_glibc() ? libc(gnu_get_libc_version)() : NULL;
}

bool check_is_torn(const struct check_report *report)
{
	const char *a = report->answers[CHECK_A].name;
	const char *aaaa = report->answers[CHECK_AAAA].name;
	size_t a_len = hostname_trim(a, strlen(a));
	size_t aaaa_len = hostname_trim(aaaa, strlen(aaaa));

	return a_len && aaaa_len && !hostname_is_equal(a, a_len, aaaa, aaaa_len);
}

void check_put_state(struct log_line *line, const struct check_report *report)
{
	const struct check_view *view = &report->view;
	bool has_ipv6 = !view->is_address || view->ipv6 != CHECK_NO_RECORD;
	bool has_ipv4 = !view->is_address || view->ipv4 != CHECK_NO_RECORD;

	if (view->is_off)
		check_put(line, "PIN4=off: no rule is in force. ");
	if (has_ipv6)
		check_put(line, "IPv6 %s", check_reach_words(view->ipv6, report->port));
	if (has_ipv4)
		check_put(line, has_ipv6 ? "; IPv4 %s" : "IPv4 %s",
			  check_reach_words(view->ipv4, report->port));
	check_put(line, ".");
}

size_t check_entry_length(const char *entry)
{
	size_t len = 0;

	while (entry[len] && entry[len] != ':' && entry[len] != ' ')
		len++;
	return len;
}

bool check_is_pin4(const char *entry, size_t len)
{
	bool is_found = false;

	for (size_t i = 0; i + 4 <= len; i++)
		is_found = entry[i] != '/' && (is_found || memcmp(entry + i, "pin4", 4) == 0);
	return is_found;
}

bool check_put_library(struct log_line *line)
{
	const char *entry = NULL;
	const char *library = NULL;
	size_t library_len = 0;
	bool has_other = false;

	for (char **variable = environ; !entry && variable && *variable; variable++)
		entry = check_after(*variable, "LD_PRELOAD=");
	while (entry && *entry) {
		size_t len = check_entry_length(entry);

		if (!check_is_pin4(entry, len)) {
			has_other |= len > 0;
		} else if (!library) {
			library = entry;
			library_len = len;
		}
		entry += len + (entry[len] != '\0');
	}
	if (library)
		check_put(line, "%b", library_len, library);
	else
		check_put(line, "/usr/local/lib/libpin4.so");
	return has_other;
}

/* How the user called the file that started this report; without it, where the file is. */
static void put_command(struct log_line *line)
{
	const char *called = settings_get(settings_copied.variables, "PIN4_CALLED");

	if (called && *called)
		check_put(line, "%q", called);
	else
		check_put_library(line);
}

void check_put_cure(struct log_line *line, const struct check_report *report, size_t i)
{
	struct settings settings;

	settings_read(&settings);
	if (i == 0) {
		check_put(line, "ENV LD_PRELOAD=");
		check_put(line, "%s PIN4_HOSTS=%s%q", check_put_library(line) ? ":$LD_PRELOAD" : "",
			  *settings.hosts ? "$PIN4_HOSTS," : "", report->host);
	} else {
		put_command(line);
		check_put(line, i == 1 ? " -H %q -- COMMAND" : " -H %q live", report->host);
	}
}

unsigned check_asked(const struct check_report *report)
{
	bool is_changed = report->view.rule == CHECK_PINNED || report->view.rule == CHECK_PREFERRED;

	return is_changed ? CHECK_QUESTIONS : CHECK_PINNED_AAAA;
}
