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

void doctor_put_who(struct log_line *line, const struct process *process)
{
	log_text(line, "run it ");
	if ((unsigned)syscall(SYS_geteuid) != process->uid) {
		log_text(line, "as uid ");
		log_number(line, process->uid);
		log_text(line, ", or ");
	}
	log_text(line, "with CAP_SYS_PTRACE");
}

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

/* Why the loader of a process did not load a file that LD_PRELOAD names. */
static void put_reason_of_file(struct log_line *line, const struct process *process,
			       const char *file)
{
	struct log_line path;
	int dir = (int)syscall(SYS_openat, AT_FDCWD,
			       family_path(&path, process->pid, *file == '/' ? "root" : "cwd"),
			       O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *below = file;
	int error;

	log_text(&path, "/");
	log_text(&path, file);
	path.text[path.len] = '\0';
	while (*below == '/')
		below++;
	error = find_access(dir, below, process);
	if (error == ENOENT || error == ENOTDIR) {
		log_text(line, "there is no ");
		log_escaped(line, file, strlen(file));
		log_text(line, " where it runs");
	} else if (error == EACCES) {
		log_escaped(line, file, strlen(file));
		log_text(line, " cannot be read by its user, uid ");
		log_number(line, process->uid);
	} else if (is_noexec(path.text)) {
		log_escaped(line, file, strlen(file));
		log_text(line, " is on a file system that is mounted noexec");
	} else {
		log_text(line, "its loader was told to, and did not");
	}
}

static void put_reason_of_entry(struct log_line *line, const struct process *process,
				const char *entry, size_t len)
{
	char file[512];
	bool is_path = false;

	for (size_t i = 0; i < len; i++) {
		if (entry[i] == '"' || entry[i] == '\'') {
			log_text(line, "LD_PRELOAD holds quotes, which are a part of the name "
				       "there: write it without");
			return;
		}
		is_path |= entry[i] == '/';
	}
	for (size_t i = 0; i < len; i++)
		is_path &= entry[i] != '$'; /* the loader knows what it stands for */
	if (!is_path || len >= sizeof(file)) {
		log_text(line, "its loader was told to, and did not");
		return;
	}
	memcpy(file, entry, len);
	file[len] = '\0';
	put_reason_of_file(line, process, file);
}

void doctor_put_reason(struct log_line *line, const struct process *process, const char *preload)
{
	struct log_line path;
	char culprit[256];
	enum program_fault fault = program_look(family_path(&path, process->pid, "exe"), culprit);
	int error = errno;
	size_t len;

	log_text(line, program_reason(fault));
	if (fault == PROGRAM_UNREADABLE)
		log_errno(line, error);
	if (fault != PROGRAM_LOADS)
		return;
	for (; preload && *preload; preload += len + (preload[len] != '\0')) {
		len = check_entry_length(preload);
		if (!check_is_pin4(preload, len))
			continue;
		put_reason_of_entry(line, process, preload, len);
		return;
	}
	log_text(line, preload ? "it was started without it in LD_PRELOAD"
			       : "it has overwritten its environment, and LD_PRELOAD with it");
}
