/* SPDX-License-Identifier: MIT */
/* What the host report says in the same words as text and as JSON. Nothing that it writes needs
 * escaping in either. */
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
	symbol_function version = NULL;

	if (libc_is_glibc())
		symbol_find("gnu_get_libc_version", 1, SYMBOL_ANYWHERE, &version);
	log_text(line, version ? "glibc " : "musl");
	if (version)
		log_text(line, ((const char *(*)(void))version)());
}

extern char **environ;

static size_t entry_length(const char *entry)
{
	size_t len = 0;

	while (entry[len] && entry[len] != ':' && entry[len] != ' ')
		len++;
	return len;
}

/* By the name of the file, whatever the folders are called. */
static bool is_pin4(const char *entry, size_t len)
{
	bool is_found = false;

	for (size_t i = 0; i + 4 <= len; i++)
		is_found = entry[i] != '/' && (is_found || memcmp(entry + i, "pin4", 4) == 0);
	return is_found;
}

/* This library as LD_PRELOAD has it, the first entry that is named after it; and a reference to
 * what was there before, if that is another library. */
static void put_preload(struct log_line *line)
{
	static const char usual[] = "/usr/local/lib/libpin4.so";
	const char *library = usual;
	size_t library_len = sizeof(usual) - 1;
	bool has_other = false;
	const char *entry = NULL;

	for (char **variable = environ; !entry && variable && *variable; variable++)
		if (strlen(*variable) > 11 && memcmp(*variable, "LD_PRELOAD=", 11) == 0)
			entry = *variable + 11;
	while (entry && *entry) {
		size_t len = entry_length(entry);

		if (!is_pin4(entry, len)) {
			has_other |= len > 0;
		} else if (library == usual) {
			library = entry;
			library_len = len;
		}
		entry += len + (entry[len] != '\0');
	}
	log_escaped(line, library, library_len);
	log_text(line, has_other ? ":$LD_PRELOAD" : "");
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

void check_put_state(struct log_line *line, const struct check_report *report)
{
	const struct check_view *view = &report->view;
	struct settings settings;

	settings_read(&settings);
	log_text(line, settings.is_off ? "PIN4=off: no rule is in force. " : "");
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

/* A host with a cure has records, so that its name is one that a rule can have, but for oddities
 * that some resolvers take. */
void check_put_cure(struct log_line *line, const struct check_report *report, size_t i)
{
	size_t len = strlen(report->host);
	struct settings settings;

	settings_read(&settings);
	if (i == 0) {
		log_text(line, "ENV LD_PRELOAD=");
		put_preload(line);
		log_text(line, *settings.hosts ? " PIN4_HOSTS=$PIN4_HOSTS," : " PIN4_HOSTS=");
	} else {
		log_text(line, "pin4 -H ");
	}
	log_escaped(line, report->host, len);
	log_text(line, i == 1 ? " -- COMMAND" : i == 2 ? " live" : "");
}

unsigned check_asked(const struct check_report *report)
{
	bool is_changed = report->view.rule == CHECK_PINNED || report->view.rule == CHECK_PREFERRED;

	return is_changed ? CHECK_QUESTIONS : CHECK_PINNED_AAAA;
}
