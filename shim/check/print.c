/* SPDX-License-Identifier: MIT */
/* Writing reports: a format, and output by system calls. */
#include <errno.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

/* A text in which prefix and two digits stand for control characters, those that are special, and
 * bytes beyond last. */
static void put_coded(struct log_line *line, const char *text, const char *special,
		      unsigned char last, const char *prefix)
{
	static const char hex[] = "0123456789abcdef";

	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;
		const char plain[] = { *text, '\0' };
		const char digits[] = { hex[byte >> 4], hex[byte & 15], '\0' };
		bool is_plain = byte >= ' ' && byte <= last && !*check_find(special, *text);

		log_text(line, is_plain ? plain : prefix);
		log_text(line, is_plain ? "" : digits);
	}
}

static void put_json(struct log_line *line, const char *text)
{
	log_text(line, text ? "\"" : "null");
	put_coded(line, text ? text : "", "\"\\", '~', "\\u00");
	log_text(line, text ? "\"" : "");
}

static void put_address(struct log_line *line, const struct check_address *address)
{
	if (address->ipv4.sin_family == AF_INET) {
		log_ipv4(line, address->ipv4.sin_addr);
		return;
	}
	log_ipv6(line, &address->ipv6.sin6_addr);
	if (address->ipv6.sin6_scope_id) {
		log_text(line, "%");
		log_number(line, address->ipv6.sin6_scope_id);
	}
}

static void put_value(struct log_line *line, char kind, const void *value)
{
	if (kind == 'a')
		put_address(line, value);
	else if (kind == 'j')
		put_json(line, value);
	else if (kind == 't')
		put_coded(line, value, "\\", '~', "\\x");
	else if (kind == 'q')
		put_coded(line, value, " \"\\", '~', "\\x");
	else if (kind == 'v')
		put_coded(line, value, "\"\\'#\177", 0xff, "\\x");
	else
		log_text(line, value);
}

/* NOLINTBEGIN(clang-analyzer-valist.Uninitialized): it loses sight of a list that is passed on. */
static void put(struct log_line *line, const char *format, va_list values)
{
	for (; *format; format++) {
		const char plain[] = { *format, '\0' };

		if (*format != '%') {
			log_text(line, plain);
		} else if (*++format == 'u' || *format == 'e') {
			unsigned number = va_arg(values, unsigned);

			if (*format == 'u')
				log_number(line, number);
			else
				log_errno(line, (int)number);
		} else if (*format == 'b') {
			size_t len = va_arg(values, size_t);

			log_escaped(line, va_arg(values, const char *), len);
		} else {
			put_value(line, *format, va_arg(values, const void *));
		}
	}
	line->text[line->len] = '\0';
}
/* NOLINTEND(clang-analyzer-valist.Uninitialized) */

static void write_all(int fd, const struct log_line *line)
{
	for (size_t done = 0; done < line->len;) {
		long len = syscall(SYS_write, fd, line->text + done, line->len - done);

		if (len < 0 && errno != EINTR)
			break;
		done += len > 0 ? (size_t)len : 0;
	}
}

void check_put(struct log_line *line, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	put(line, format, values);
	va_end(values);
}

void check_print(const char *format, ...)
{
	struct log_line line;
	va_list values;

	line.len = 0;
	va_start(values, format);
	put(&line, format, values);
	va_end(values);
	write_all(STDOUT_FILENO, &line);
}

int check_say(const char *format, ...)
{
	struct log_line line;
	va_list values;

	line.len = 0;
	log_text(&line, "pin4: ");
	va_start(values, format);
	put(&line, format, values);
	va_end(values);
	log_text(&line, "\n");
	write_all(STDERR_FILENO, &line);
	return CHECK_USAGE;
}

const char *check_text(const char *texts, unsigned number)
{
	while (number)
		number -= !*texts++;
	return texts;
}
