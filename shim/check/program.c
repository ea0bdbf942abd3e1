/* SPDX-License-Identifier: MIT */
/* Reads the head of a program file. It relies on <elf.h> and on read-only system calls. */
#include "program.h"

#include <elf.h>
#include <errno.h>
#include <link.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "file.h"

#if defined __x86_64__
#define OWN_MACHINE EM_X86_64
#elif defined __aarch64__
#define OWN_MACHINE EM_AARCH64
#elif defined __i386__
#define OWN_MACHINE EM_386
#endif

#define OWN_CLASS (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32)

enum { SCRIPT_DEPTH = 5 }; /* execve(2): more interpreters are ELOOP */

/* As the kernel reads it: blanks, the interpreter's path, its end at a blank or the line's, which
 * may be the file's. */
static bool read_interpreter(const char *head, size_t len, char path[256])
{
	size_t i = 2;
	size_t out = 0;

	while (i < len && (head[i] == ' ' || head[i] == '\t'))
		i++;
	while (i < len && head[i] != ' ' && head[i] != '\t' && head[i] != '\n' && out < 255)
		path[out++] = head[i++];
	path[out] = '\0';
	return out && (i < len || len < 256);
}

/* Reads len bytes at at into ret. */
static bool read_at(int fd, unsigned long at, void *ret, size_t len)
{
	return syscall(SYS_lseek, fd, (off_t)at, SEEK_SET) == (off_t)at &&
	       file_read(fd, ret, len) == (long)len;
}

/* Whether a segment of notes has Go's build ID, which its linker puts into every program. Only the
 * start is looked at; the other notes there, if any, are short. */
static bool has_go_note(int fd, const ElfW(Phdr) * phdr)
{
	static const char type_and_name[] = "\4\0\0\0Go\0";
	char notes[256];
	size_t len = phdr->p_filesz < sizeof(notes) ? phdr->p_filesz : sizeof(notes);

	if (!read_at(fd, phdr->p_offset, notes, len))
		return false;
	for (size_t i = 0; i + 8 + sizeof(type_and_name) <= len; i += 4)
		if (memcmp(notes + i + 8, type_and_name, sizeof(type_and_name)) == 0)
			return true;
	return false;
}

/* What the program headers tell: a static program names no loader. */
static enum program_fault look_segments(int fd, const ElfW(Ehdr) * ehdr)
{
	enum program_fault fault = PROGRAM_STATIC;
	ElfW(Phdr) phdr;

	for (unsigned i = 0; i < ehdr->e_phnum; i++) {
		if (ehdr->e_phentsize != sizeof(phdr) ||
		    !read_at(fd, ehdr->e_phoff + i * sizeof(phdr), &phdr, sizeof(phdr)))
			return PROGRAM_STATIC;
		if (phdr.p_type == PT_NOTE && has_go_note(fd, &phdr))
			return PROGRAM_GO;
		if (phdr.p_type == PT_INTERP)
			fault = PROGRAM_LOADS;
	}
	return fault;
}

/* The two ways by which the kernel makes a program AT_SECURE. */
static enum program_fault privilege(int fd, const struct stat *st)
{
	uid_t uid = (uid_t)syscall(SYS_geteuid);
	gid_t gid = (gid_t)syscall(SYS_getegid);

	if ((st->st_mode & S_ISUID && st->st_uid != uid) ||
	    (st->st_mode & S_ISGID && st->st_mode & S_IXGRP && st->st_gid != gid))
		return PROGRAM_SETUID;
	if (uid && syscall(SYS_fgetxattr, fd, "security.capability", NULL, 0) > 0)
		return PROGRAM_CAPABLE;
	return PROGRAM_LOADS;
}

static enum program_fault look_elf(int fd, const char *head, long len, const struct stat *st)
{
	enum program_fault fault;
	ElfW(Ehdr) ehdr;

	if (len < (long)sizeof(ehdr))
		return PROGRAM_NO_PROGRAM;
	memcpy(&ehdr, head, sizeof(ehdr));
	if (ehdr.e_ident[EI_CLASS] != OWN_CLASS)
		return PROGRAM_OTHER_CLASS;
	if (ehdr.e_machine != OWN_MACHINE)
		return PROGRAM_OTHER_MACHINE;
	fault = look_segments(fd, &ehdr);
	return fault == PROGRAM_LOADS ? privilege(fd, st) : fault;
}

/* Judges one file; a script leaves its interpreter in path and true in *is_script. */
static enum program_fault look_once(char path[256], bool *is_script)
{
	enum program_fault fault = PROGRAM_UNREADABLE;
	struct stat st;
	char head[256];
	int fd = file_open(path);
	long len;

	*is_script = false;
	if (fd < 0)
		return fault;
	len = file_read(fd, head, sizeof(head));
	if (len < 0 || !file_stat(fd, &st))
		goto out;
	if (len > 2 && memcmp(head, "#!", 2) == 0) {
		*is_script = read_interpreter(head, (size_t)len, path);
		fault = *is_script ? PROGRAM_LOADS : PROGRAM_NO_PROGRAM;
	} else if (len > SELFMAG && memcmp(head, ELFMAG, SELFMAG) == 0) {
		fault = look_elf(fd, head, len, &st);
	} else {
		fault = PROGRAM_NO_PROGRAM;
	}
out:
	file_close(fd);
	return fault;
}

enum program_fault program_look(const char *path, char culprit[256])
{
	bool is_script = true;
	size_t len = strlen(path);
	enum program_fault fault = PROGRAM_NO_PROGRAM;

	if (len > 255) {
		culprit[0] = '\0';
		errno = ENAMETOOLONG;
		return PROGRAM_UNREADABLE;
	}
	memcpy(culprit, path, len + 1);
	for (int depth = 0; is_script && depth <= SCRIPT_DEPTH; depth++)
		fault = look_once(culprit, &is_script);
	return is_script ? PROGRAM_NO_PROGRAM : fault;
}

const char *program_reason(enum program_fault fault)
{
	const char *reason =
		"\0"
		"it cannot be read: \0"
		"it is neither an ELF program nor a script with #!\0"
		"it is a program of another word size, 32 against 64 bits; "
		"use the libpin4.so for that architecture\0"
		"it is a program for another architecture; "
		"use the libpin4.so for that architecture\0"
		"it is statically linked, so no loader preloads anything; a line "
		"\"::ffff:ADDRESS HOST\" in /etc/hosts works there\0"
		"it is a Go program, which connects without the C library; what works there is a "
		"forwarder on ::1, such as socat, with a line \"::1 HOST\" in /etc/hosts\0"
		"it is setuid or setgid, so the loader ignores LD_PRELOAD; "
		"/etc/ld.so.preload and /etc/pin4.conf work there\0"
		"it has file capabilities, so the loader ignores LD_PRELOAD; "
		"/etc/ld.so.preload and /etc/pin4.conf work there";

	for (unsigned left = fault; left;)
		left -= !*reason++;
	return reason;
}
