/* SPDX-License-Identifier: MIT */
/* Finds files. It relies on system calls by number. */
#include "find.h"

#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "file.h"

char *find_absolute(struct text *text, const char *path)
{
	if (*path != '/') {
		/* The kernel writes the terminator too, and "(unreachable)" for what is no path. */
		long len = syscall(SYS_getcwd, text->end, FIND_PATH_MAX);

		if (len <= 0 || *text->end != '/')
			return NULL;
		text->end += len - 1;
		text_put(text, "/");
	}
	text_put(text, path);
	return text_finish(text);
}

char *find_self(struct text *text)
{
	const char *called;
	long len = syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", text->end, FIND_PATH_MAX);

	if (len > 0 && len < FIND_PATH_MAX) {
		text->end += len;
		return text_finish(text);
	}
	called = (const char *)getauxval(AT_EXECFN); /* without /proc */
	return called ? find_absolute(text, called) : NULL;
}

static bool is_regular(const char *path)
{
	struct stat st;

	return file_look(path, &st) && S_ISREG(st.st_mode);
}

bool find_is_readable(const char *path)
{
	int fd = is_regular(path) ? file_open(path) : -1;

	if (fd >= 0)
		file_close(fd);
	return fd >= 0;
}

static bool is_executable(const char *path)
{
	return syscall(SYS_faccessat, AT_FDCWD, path, X_OK) == 0;
}

static enum find_result find_path(const char *path, const char **ret)
{
	struct stat st;

	if (!file_look(path, &st))
		return FIND_NOTHING;
	*ret = path;
	return S_ISREG(st.st_mode) && is_executable(path) ? FIND_OK : FIND_NO_PROGRAM;
}

static bool has_slash(const char *name)
{
	while (*name && *name != '/')
		name++;
	return *name != '\0';
}

enum find_result find_command(struct text *text, const char *name, const char *path,
			      const char **ret)
{
	*ret = NULL;
	if (has_slash(name))
		return find_path(name, ret);
	for (size_t len; *name && path; path = path[len] ? path + len + 1 : NULL) {
		char *file;

		for (len = 0; path[len] && path[len] != ':';)
			len++;
		text_put_bytes(text, path, len);
		text_put(text, len ? "/" : "./");
		text_put(text, name);
		file = text_finish(text);
		if (is_regular(file) && is_executable(file)) {
			*ret = file;
			return FIND_OK;
		}
		if (!*ret && is_regular(file))
			*ret = file;
		else
			text->start = text->end = file;
	}
	return *ret ? FIND_NO_PROGRAM : FIND_NOTHING;
}
