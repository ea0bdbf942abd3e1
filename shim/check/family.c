/* SPDX-License-Identifier: MIT */
/* Processes, as /proc(5) shows them. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"
#include "doctor.h"
#include "file.h"
#include "memory.h"

const char *family_path(struct log_line *line, unsigned pid, const char *file)
{
	line->len = 0;
	check_put(line, "/proc/%u/%s", pid, file);
	return line->text;
}

long family_load(const struct family *family, unsigned pid, const char *file)
{
	struct log_line line;
	int fd = file_open(family_path(&line, pid, file));
	long len;

	if (fd < 0)
		return -1;
	len = file_read(fd, family->text, FAMILY_TEXT - 2);
	file_close(fd);
	if (len >= 0)
		family->text[len] = family->text[len + 1] = '\0';
	return len;
}

/* What follows label in text. */
static const char *field(const char *text, const char *label)
{
	for (; *text; text++) {
		const char *value = check_after(text, label);

		if (value)
			return value;
	}
	return "";
}

/* The effective one of the real, the effective and others. */
static unsigned effective(const char *ids)
{
	check_number(ids, INT_MAX / 10, &ids);
	return check_number(*ids ? ids + 1 : ids, INT_MAX / 10, &ids);
}

static bool read_process(const struct family *family, unsigned pid, struct process *ret)
{
	const char *text = family->text;
	const char *end;
	const char *name;

	if (family_load(family, pid, "status") <= 0)
		return false;
	*ret = (struct process){
		.pid = pid,
		.parent = check_number(field(text, "\nPPid:\t"), INT_MAX / 10, &end),
		.uid = effective(field(text, "\nUid:\t")),
		.gid = effective(field(text, "\nGid:\t")),
		.has_ended = *field(text, "\nState:\t") == 'Z',
	};
	name = field(text, "Name:\t");
	for (size_t i = 0; i + 1 < sizeof(ret->name) && name[i] && name[i] != '\n'; i++)
		ret->name[i] = name[i];
	return true;
}

/* Adds the processes among the directory entries (getdents64(2)) at entries. */
static void add(struct family *family, const char *entries, size_t len)
{
	enum { LENGTH_AT = 16, NAME_AT = 19 };
	unsigned short entry_len;

	for (size_t at = 0; at < len; at += entry_len) {
		const char *end;
		unsigned pid = check_number(entries + at + NAME_AT, INT_MAX / 10, &end);

		memcpy(&entry_len, entries + at + LENGTH_AT, sizeof(entry_len));
		if (pid && !*end && pid != (unsigned)syscall(SYS_getpid) &&
		    family->count < FAMILY_MOST &&
		    read_process(family, pid, &family->all[family->count]))
			family->count++;
	}
}

bool family_read(struct family *ret)
{
	char entries[4096];
	int fd = file_open("/proc");
	long len;

	*ret = (struct family){ .all = memory_map(FAMILY_MOST * sizeof(*ret->all)),
				.text = memory_map(FAMILY_TEXT) };
	if (!ret->all || !ret->text)
		return false;
	while ((len = syscall(SYS_getdents64, fd, entries, sizeof(entries))) > 0)
		add(ret, entries, (size_t)len);
	file_close(fd);
	return ret->count || family_load(ret, (unsigned)syscall(SYS_getpid), "status") > 0;
}

struct process *family_find(const struct family *family, unsigned pid)
{
	for (size_t i = 0; i < family->count; i++)
		if (family->all[i].pid == pid)
			return &family->all[i];
	return NULL;
}

const struct process *family_find_below(const struct family *family, unsigned pid, const char *name)
{
	for (size_t i = 0; i < family->count; i++) {
		const struct process *other = &family->all[i];
		const struct process *above = other;

		if (name && strcmp(other->name, name) != 0)
			continue;
		/* Process ids that came round again while /proc was read may make a ring. */
		for (size_t steps = 0; above && steps < family->count; steps++) {
			if (above->parent == pid)
				return other;
			above = family_find(family, above->parent);
		}
	}
	return NULL;
}

static uintptr_t hexadecimal(const char *text)
{
	uintptr_t number = 0;

	for (; *text && *text != '-'; text++)
		number = number << 4 | (uintptr_t)(*text <= '9' ? *text - '0' : *text - 'a' + 10);
	return number;
}

uintptr_t family_find_library(const struct family *family, unsigned pid)
{
	const char *line;
	const char *next;

	if (family_load(family, pid, "maps") <= 0)
		return 0;
	for (line = family->text; *line; line = next) {
		const char *name = "";
		const char *rest;

		for (next = line; *next && *next != '\n'; next++)
			if (*next == '/')
				name = next;
		rest = check_after(name, "/libpin4.so");
		if (rest && (rest == next || check_after(rest, " (deleted)") == next))
			return hexadecimal(line);
		next += *next != '\0';
	}
	return 0;
}
