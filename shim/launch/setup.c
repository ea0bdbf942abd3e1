/* SPDX-License-Identifier: MIT */
/* The environment that the command, or the report, gets; and the files that are named in it. */
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check/check.h"
#include "file.h"
#include "launch.h"
#include "memory.h"

enum { PATH_SIZE = 4096 }; /* the kernel's PATH_MAX */

extern char **environ;

const char *setup_self;

static struct {
	char *start; /* of what is not finished yet */
	char *end;
} text;

static void put_bytes(const char *bytes, size_t len)
{
	memcpy(text.end, bytes, len);
	text.end += len;
}

void setup_put(const char *part)
{
	put_bytes(part, strlen(part));
}

char *setup_finish(void)
{
	char *finished = text.start;

	*text.end++ = '\0';
	text.start = text.end;
	return finished;
}

static void make_room(char **argv)
{
	enum { VARIABLES = 8, PATHS = 8 };
	size_t size = PATHS * PATH_SIZE;
	size_t count = 0;
	char **copy;

	for (; *argv; argv++)
		size += strlen(*argv) + 1;
	for (; environ[count]; count++)
		size += strlen(environ[count]) + 1;
	copy = memory_map(size + (count + VARIABLES) * sizeof(*copy));
	if (!copy)
		die(CHECK_USAGE, "no memory", "");
	memcpy(copy, environ, count * sizeof(*copy));
	environ = copy;
	text.start = text.end = (char *)(copy + count + VARIABLES);
}

const char *setup_get(const char *name)
{
	const char *value = NULL;

	for (char **at = environ; *at && !value; at++)
		value = check_after(*at, name);
	return value ? value : "";
}

static bool is_same_name(const char *a, const char *b)
{
	while (*a == *b && *b != '=') {
		a++;
		b++;
	}
	return *a == *b;
}

void setup_set(char *variable)
{
	char **to = environ;

	for (char **at = environ; *at; at++)
		if (!is_same_name(*at, variable))
			*to++ = *at;
	*to++ = variable;
	*to = NULL;
}

size_t setup_sanitizers(const char *preload)
{
	size_t kept = 0;

	for (;;) {
		size_t end = kept + check_entry_length(preload + kept);
		size_t name = end;

		while (name > kept && preload[name - 1] != '/')
			name--;
		if (end != kept && !check_after(preload + name, "libasan") &&
		    !check_after(preload + name, "libtsan"))
			return kept;
		if (!preload[end])
			return end;
		kept = end + 1;
	}
}

static void set_preload(void)
{
	const char *old = setup_get("LD_PRELOAD=");
	size_t kept = setup_sanitizers(old);

	setup_put("LD_PRELOAD=");
	put_bytes(old, kept);
	setup_put(kept && !old[kept] ? ":" : "");
	setup_put(setup_self);
	setup_put(old[kept] ? ":" : "");
	setup_put(old + kept);
	setup_set(setup_finish());
}

/* One line for each -H, so that a complaint's line number tells them apart. */
static void set_hosts(const struct command *command)
{
	const char *old = setup_get("PIN4_HOSTS=");

	setup_put("PIN4_HOSTS=");
	setup_put(old);
	for (size_t i = 0; i < command->rule_count; i++) {
		setup_put(i || *old ? "\n" : "");
		setup_put(command->rules[i]);
	}
	setup_set(setup_finish());
}

/* Puts path as seen from the root; false where the working directory is not known. */
static bool put_absolute(const char *path)
{
	if (*path != '/') {
		/* The kernel writes the terminator too, and "(unreachable)" for what is no path. */
		long len = syscall(SYS_getcwd, text.end, PATH_SIZE);

		if (len <= 0 || *text.end != '/')
			return false;
		text.end += len - 1;
		setup_put("/");
	}
	setup_put(path);
	return true;
}

/* Whether there is a regular file that this user may use so: R_OK, X_OK, or F_OK. */
static bool is_file(const char *path, int mode)
{
	struct stat st;

	return file_look(path, &st) && S_ISREG(st.st_mode) &&
	       syscall(SYS_faccessat, AT_FDCWD, path, mode) == 0;
}

/* The command may change its directory before it reads the file. */
static void set_config(const char *path)
{
	setup_put("PIN4_CONFIG=");
	if (!is_file(path, R_OK) || !put_absolute(path))
		die(CHECK_USAGE, "%s: not a file that can be read", path);
	setup_set(setup_finish());
}

static void find_self(void)
{
	long len = syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", text.end, PATH_SIZE);

	if (len > 0 && len < PATH_SIZE)
		text.end += len;
	else if (!put_absolute((const char *)getauxval(AT_EXECFN)))
		die(CHECK_USAGE, "cannot find its own file: mount /proc", "");
	setup_self = setup_finish();
}

static const char *search(const char *name, const char *path, int mode)
{
	if (!*path)
		path = "/usr/local/bin:/bin:/usr/bin";
	for (;;) {
		char *file = text.end;
		size_t len = 0;

		while (path[len] && path[len] != ':')
			len++;
		put_bytes(path, len);
		setup_put(len ? "/" : "./");
		setup_put(name);
		setup_finish();
		if (is_file(file, mode))
			return file;
		text.start = text.end = file;
		if (!path[len])
			return NULL;
		path += len + 1;
	}
}

const char *setup_find(const char *name, int status)
{
	const char *path = setup_get("PATH=");
	const char *file = name;
	struct stat st;

	while (*file && *file != '/')
		file++;
	if (*file)
		file = file_look(name, &st) ? name : NULL;
	else if (!(file = search(name, path, X_OK)))
		file = search(name, path, F_OK);
	if (!file)
		die(status, "%s: not found", name);
	return file;
}

static void set(const char *name, const char *value)
{
	setup_put(name);
	setup_put(value);
	setup_set(setup_finish());
}

void setup(const struct command *command, char **argv)
{
	make_room(argv);
	find_self();
	if (setup_self[check_entry_length(setup_self)])
		die(CHECK_USAGE,
		    "%s: the path must not contain spaces or colons: copy the file elsewhere",
		    setup_self);
	if (!is_file(setup_self, R_OK))
		die(CHECK_USAGE, "%s: this user cannot read it, so no loader can load it",
		    setup_self);
	set_preload();
	if (command->rule_count)
		set_hosts(command);
	if (command->config)
		set_config(command->config);
	if (command->is_verbose)
		set("PIN4_LOG=", "info");
	if (command->kind != COMMAND_RUN)
		set("PIN4_CALLED=", argv[0] ? argv[0] : setup_self);
}
