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

static bool is_unchanged(int fd, const struct stat *before, long got)
{
	struct stat now;

	return got == before->st_size && file_stat(fd, &now) && now.st_size == before->st_size &&
	       now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
	       now.st_mtim.tv_nsec == before->st_mtim.tv_nsec;
}

static int load(int fd, size_t max, char **text, size_t *len)
{
	struct stat st;
	char *buf;
	long got;

	if (!file_stat(fd, &st))
		return errno;
	if (!S_ISREG(st.st_mode))
		return EINVAL;
	if (st.st_size > (off_t)max)
		return EFBIG;
	buf = memory_map((size_t)st.st_size + 1);
	if (!buf)
		return ENOMEM;
	got = file_read(fd, buf, (size_t)st.st_size);
	if (got < 0 || !is_unchanged(fd, &st, got)) {
		int error = got < 0 ? errno : EAGAIN;

		memory_unmap(buf, (size_t)st.st_size + 1);
		return error;
	}
	*text = buf;
	*len = (size_t)got;
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
