/* SPDX-License-Identifier: MIT */
/* What the host report says in the same words as text and as JSON. Of what it writes a cure alone
 * may need escaping in either. */
#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "libc.h"

void check_flush(int fd, struct log_line *line)
{
	size_t done = 0;

	while (done < line->len) {
		long put = syscall(SYS_write, fd, line->text + done, line->len - done);

		if (put < 0 && errno != EINTR)
			break;
		done += put > 0 ? (size_t)put : 0;
	}
	line->len = 0;
}

size_t check_program_path(char *ret, size_t size)
{
	long len = syscall(SYS_readlinkat, -1, "/proc/self/exe", ret, size);

	return len > 0 ? (size_t)len : 0;
}

void check_put_libc(struct log_line *line)
{
	log_text(line, libc_is_glibc() ? "glibc " : "musl");
	if (libc_is_glibc())
		log_text(line, libc(gnu_get_libc_version)());
}

void check_put_address(struct log_line *line, const struct check_address *address)
{
	if (address->family == AF_INET)
		log_ipv4(line, address->ipv4);
	else
		log_ipv6(line, &address->ipv6);
	if (address->scope) {
		log_text(line, "%");
		log_number(line, address->scope);
	}
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

	log_text(line, view->is_off ? "PIN4=off: no rule is in force. " : "");
	if (!view->is_address || view->ipv6 != CHECK_NO_RECORD) {
		log_text(line, "IPv6 ");
		log_text(line, check_reach_words(view->ipv6, report->port));
	}
	if (!view->is_address)
		log_text(line, "; ");
	if (!view->is_address || view->ipv4 != CHECK_NO_RECORD) {
		log_text(line, "IPv4 ");
		log_text(line, check_reach_words(view->ipv4, report->port));
	}
	log_text(line, ".");
}

/* How the user called the file that started this report; without it, where the file is. */
static void put_command(struct log_line *line)
{
	const char *called = settings_get(settings_copied.variables, "PIN4_CALLED");

	if (called && *called)
		log_escaped(line, called, strlen(called));
	else
		check_put_library(line);
}

/* A host with a cure has records, so that its name is one that a rule can have, but for oddities
 * that some resolvers take. */
void check_put_cure(struct log_line *line, const struct check_report *report, size_t i)
{
	struct settings settings;

	settings_read(&settings);
	if (i == 0) {
		log_text(line, "ENV LD_PRELOAD=");
		log_text(line, check_put_library(line) ? ":$LD_PRELOAD" : "");
		log_text(line, *settings.hosts ? " PIN4_HOSTS=$PIN4_HOSTS," : " PIN4_HOSTS=");
	} else {
		put_command(line);
		log_text(line, " -H ");
	}
	log_escaped(line, report->host, strlen(report->host));
	log_text(line, i == 1 ? " -- COMMAND" : i == 2 ? " live" : "");
}

unsigned check_asked(const struct check_report *report)
{
	bool is_changed = report->view.rule == CHECK_PINNED || report->view.rule == CHECK_PREFERRED;

	return is_changed ? CHECK_QUESTIONS : CHECK_PINNED_AAAA;
}
