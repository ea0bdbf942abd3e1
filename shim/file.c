/* SPDX-License-Identifier: MIT */
/* Files, by system call number. It relies on syscall(2) and memory.c. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory.h"

bool file_stat(int fd, struct stat *ret)
{
#ifdef SYS_fstat64
	return syscall(SYS_fstat64, fd, ret) == 0;
#else
	return syscall(SYS_fstat, fd, ret) == 0;
#endif
}

bool file_look(const char *path, struct stat *ret)
{
#ifdef SYS_fstatat64
	return syscall(SYS_fstatat64, AT_FDCWD, path, ret, 0) == 0;
#else
	return syscall(SYS_newfstatat, AT_FDCWD, path, ret, 0) == 0;
#endif
}

int file_open(const char *path)
{
	return (int)syscall(SYS_openat, AT_FDCWD, path,
			    O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

void file_close(int fd)
{
	int saved = errno;

	syscall(SYS_close, fd);
	errno = saved;
}

long file_read(int fd, char *buf, size_t len)
{
	size_t done = 0;

	while (done < len) {
		long got = syscall(SYS_read, fd, buf + done, len - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (long)done;
}

/* Reads the file that fd is into memory of st->st_size + 1 bytes. Returns an errno, or 0. */
static int read_whole(int fd, const struct stat *st, char *to)
{
	long got = file_read(fd, to, (size_t)st->st_size);
	struct stat now;

	if (got < 0 || !file_stat(fd, &now))
		return errno;
	return got == st->st_size && now.st_size == got &&
			       now.st_mtim.tv_sec == st->st_mtim.tv_sec &&
			       now.st_mtim.tv_nsec == st->st_mtim.tv_nsec
		       ? 0
		       : EAGAIN;
}

static int load(int fd, size_t max, char **text, size_t *len)
{
	struct stat st;
	char *to;
	int error;

	if (!file_stat(fd, &st))
		return errno;
	if (!S_ISREG(st.st_mode))
		return EINVAL;
	if (st.st_size > (off_t)max)
		return EFBIG;
	to = memory_map((size_t)st.st_size + 1);
	if (!to)
		return ENOMEM;
	error = read_whole(fd, &st, to);
	if (error) {
		memory_unmap(to, (size_t)st.st_size + 1);
		return error;
	}
	*text = to;
	*len = (size_t)st.st_size;
	return 0;
}

int file_load(const char *path, size_t max, char **text, size_t *len)
{
	int fd = file_open(path);
	int error;

	if (fd < 0)
		return errno;
	error = load(fd, max, text, len);
	file_close(fd);
	return error;
}
