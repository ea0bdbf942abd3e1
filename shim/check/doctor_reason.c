/* SPDX-License-Identifier: MIT */
/* Why a process does not have the library. It relies on being alone in this process. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "check.h"
#include "doctor.h"
#include "file.h"
#include "program.h"

#ifdef SYS_setresuid32 /* the older ones take 16 bits there */
#define SET_UIDS SYS_setresuid32
#define SET_GIDS SYS_setresgid32
#else
#define SET_UIDS SYS_setresuid
#define SET_GIDS SYS_setresgid
#endif

/* An errno, or 0 where the process's user can read the file. access(2) asks for the real user, so
 * that root can ask for another one. */
static int find_access(int dir, const char *file, const struct process *process)
{
	long uid = syscall(SYS_getuid);
	long gid = syscall(SYS_getgid);
	int error;

	syscall(SET_GIDS, (long)process->gid, -1L, -1L);
	syscall(SET_UIDS, (long)process->uid, -1L, -1L);
	error = syscall(SYS_faccessat, dir, file, R_OK) == 0 ? 0 : errno;
	syscall(SET_UIDS, uid, -1L, -1L);
	syscall(SET_GIDS, gid, -1L, -1L);
	return error;
}

static bool is_noexec(const char *path)
{
	struct statfs found = { 0 };
#ifdef SYS_statfs64
	syscall(SYS_statfs64, path, sizeof(found), &found);
#else
	syscall(SYS_statfs, path, &found);
#endif
	return found.f_flags & MS_NOEXEC;
}

static void print_not_loaded(void)
{
	check_print("LD_PRELOAD names the library, but the loader did not load it");
}

/* Why the loader of a process did not load a file that LD_PRELOAD names. */
static void print_reason_of_file(const struct process *process, const char *file)
{
	struct log_line path;
	int dir = (int)syscall(SYS_openat, AT_FDCWD,
			       family_path(&path, process->pid, *file == '/' ? "root" : "cwd"),
			       O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *below = file;
	int error;

	check_put(&path, "/%s", file);
	while (*below == '/')
		below++;
	error = find_access(dir, below, process);
	if (error == ENOENT || error == ENOTDIR)
		check_print("%q does not exist in its file system", file);
	else if (error == EACCES)
		check_print("%q cannot be read by its user, uid %u", file, process->uid);
	else if (is_noexec(path.text))
		check_print("%q is on a file system that is mounted noexec", file);
	else
		print_not_loaded();
}

static void print_reason_of_entry(const struct process *process, const char *entry, size_t len)
{
	char file[512];
	bool has_quote = false;
	bool is_path = false;
	bool is_plain = len < sizeof(file);

	for (size_t i = 0; i < len; i++) {
		has_quote |= entry[i] == '"' || entry[i] == '\'';
		is_path |= entry[i] == '/';
		is_plain &= entry[i] != '$'; /* the loader knows what it stands for */
	}
	if (has_quote) {
		check_print("LD_PRELOAD contains quotes, which become part of the path: remove "
			    "them");
	} else if (is_path && is_plain) {
		memcpy(file, entry, len);
		file[len] = '\0';
		print_reason_of_file(process, file);
	} else {
		print_not_loaded();
	}
}

void doctor_print_reason(const struct process *process, const char *preload)
{
	struct log_line path;
	char culprit[256];
	enum program_fault fault = program_look(family_path(&path, process->pid, "exe"), culprit);
	int error = errno;
	size_t len;

	check_print("%s", program_reason(fault));
	if (fault == PROGRAM_UNREADABLE)
		check_print("%e", error);
	if (fault != PROGRAM_LOADS)
		return;
	for (; preload && *preload; preload += len + (preload[len] != '\0')) {
		len = check_entry_length(preload);
		if (check_is_pin4(preload, len)) {
			print_reason_of_entry(process, preload, len);
			return;
		}
	}
	check_print(preload ? "its LD_PRELOAD does not name the library"
			    : "it has overwritten its environment, and LD_PRELOAD with it");
}
