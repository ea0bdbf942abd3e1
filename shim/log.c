/* SPDX-License-Identifier: MIT */
/* The log. It relies on system calls by number. */
#include "log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "export.h"
#include "file.h"

_Static_assert(sizeof(struct log_line) < PIPE_BUF, "lines of two processes would mix");

enum { LOG_RECENT = 16 };

static struct {
	_Atomic(enum log_level) level;
	const char *path;    /* written before level is */
	atomic_bool is_told; /* that path cannot be opened */
	bool has_stderr;
	dev_t dev;
	ino_t ino;
	/* The hashes of the last lines, each with the second that it was written in. */
	_Atomic uint64_t recent[LOG_RECENT];
} state;

void log_remember_stderr(void)
{
	struct stat st;

	state.has_stderr = file_stat(STDERR_FILENO, &st);
	state.dev = state.has_stderr ? st.st_dev : 0;
	state.ino = state.has_stderr ? st.st_ino : 0;
}

void log_open(enum log_level level, const char *path)
{
	state.path = path;
	atomic_store_explicit(&state.level, level, memory_order_release);
}

bool log_wants(enum log_level level)
{
	return level <= atomic_load_explicit(&state.level, memory_order_acquire);
}

static void put(struct log_line *line, char c)
{
	static const char cut[] = "...\n";
	size_t room = sizeof(line->text) - line->len;

	if (room > sizeof(cut))
		line->text[line->len++] = c;
	else if (room == sizeof(cut))
		for (size_t i = 0; i < 3; i++)
			line->text[line->len++] = cut[i];
}

void log_text(struct log_line *line, const char *text)
{
	while (*text)
		put(line, *text++);
}

void log_number(struct log_line *line, unsigned long number)
{
	char digits[24];
	size_t i = sizeof(digits);

	digits[--i] = '\0';
	do
		digits[--i] = (char)('0' + number % 10);
	while (number /= 10);
	log_text(line, digits + i);
}

void log_ipv4(struct log_line *line, struct in_addr addr)
{
	const unsigned char *byte = (const unsigned char *)&addr;

	for (size_t i = 0; i < sizeof(addr); i++) {
		if (i)
			put(line, '.');
		log_number(line, byte[i]);
	}
}

void log_ipv6(struct log_line *line, const struct in6_addr *addr)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(AF_INET6, addr, text, sizeof(text)))
		log_text(line, text);
}

void log_escaped(struct log_line *line, const char *bytes, size_t len)
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte > ' ' && byte < 0x7f && byte != '"' && byte != '\\') {
			put(line, bytes[i]);
			continue;
		}
		log_text(line, "\\x");
		put(line, hex[byte >> 4]);
		put(line, hex[byte & 15]);
	}
}

void log_shortened(struct log_line *line, const char *bytes, size_t len, size_t most)
{
	log_escaped(line, bytes, len < most ? len : most);
	log_text(line, len > most ? "..." : "");
}

void log_errno(struct log_line *line, int error)
{
	/* clang-format off */
	switch (error) {
#define NAME(code) case code: log_text(line, #code); return
	NAME(EACCES); NAME(EADDRNOTAVAIL); NAME(EAFNOSUPPORT); NAME(EBUSY);
	NAME(ECONNREFUSED);
	NAME(ECONNRESET); NAME(EFBIG); NAME(EHOSTUNREACH); NAME(EINVAL); NAME(EIO);
	NAME(EISDIR); NAME(ELOOP); NAME(EMFILE); NAME(ENAMETOOLONG); NAME(ENETUNREACH);
	NAME(ENFILE); NAME(ENOENT); NAME(ENOMEM); NAME(ENOSPC); NAME(ENOSYS); NAME(ENOTDIR);
	NAME(ENXIO); NAME(EPERM); NAME(EROFS); NAME(ETIMEDOUT);
#undef NAME
	default: log_text(line, "errno "); log_number(line, (unsigned long)error);
	}
	/* clang-format on */
}

static void put_padded(struct log_line *line, unsigned long number, const char *behind)
{
	log_text(line, number < 10 ? "0" : "");
	log_number(line, number);
	log_text(line, behind);
}

/* UTC, by RFC 3339. The libc's gmtime_r() takes a lock. Years begin with March here, so that a leap
 * day is their last: 153 days are five months. */
static void put_time(struct log_line *line)
{
	unsigned long seconds = (unsigned long)time(NULL);
	unsigned long days = seconds / 86400 + 719468; /* since 1 March of the year 0 */
	unsigned long era = days / 146097;
	unsigned long day = days % 146097;
	unsigned long year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	unsigned long month;

	day -= year * 365 + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	log_number(line, era * 400 + year + (month >= 10));
	log_text(line, "-");
	put_padded(line, month < 10 ? month + 3 : month - 9, "-");
	put_padded(line, day + 1, "T");
	put_padded(line, seconds / 3600 % 24, ":");
	put_padded(line, seconds / 60 % 60, ":");
	put_padded(line, seconds % 60, "Z ");
}

void log_begin(struct log_line *line, enum log_level level)
{
	static const char names[][8] = { "off", "error", "info" };

	line->level = level;
	line->len = 0;
	if (state.path)
		put_time(line);
	line->time_len = line->len;
	log_text(line, "pin4[");
	log_number(line, (unsigned long)syscall(SYS_getpid));
	log_text(line, "] ");
	log_text(line, names[level]);
	log_text(line, ": ");
}

static bool is_repeat(const struct log_line *line)
{
	uint32_t hash = 2166136261U;
	uint64_t entry;

	for (size_t i = 0; i < line->len; i++)
		hash = (hash ^ (unsigned char)line->text[i]) * 16777619U;
	entry = (uint64_t)hash << 32 | (uint32_t)time(NULL);
	return atomic_exchange_explicit(&state.recent[hash % LOG_RECENT], entry,
					memory_order_relaxed) == entry;
}

/* Writes with SIGPIPE and SIGXFSZ held off and taken back, unless one was pending before, which
 * is the program's. The kernel's signal set is one 64-bit word. */
static void write_quietly(int fd, const char *text, size_t len)
{
	const uint64_t quiet = 1ULL << (SIGPIPE - 1) | 1ULL << (SIGXFSZ - 1);
	uint64_t ours;
	const struct timespec now = { 0 };
	uint64_t pending = 0;
	uint64_t old;

	if (syscall(SYS_rt_sigprocmask, SIG_BLOCK, &quiet, &old, sizeof(old)) != 0)
		return;
	syscall(SYS_rt_sigpending, &pending, sizeof(pending));
	ours = quiet & ~pending;
	if (syscall(SYS_write, fd, text, len) < 0 && (errno == EPIPE || errno == EFBIG) && ours)
		syscall(SYS_rt_sigtimedwait, &ours, NULL, &now, sizeof(ours));
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &old, NULL, sizeof(old));
}

/* Whether descriptor 2 is what it was at start, and takes a line now: a full pipe or a stopped
 * terminal must not stop the program. */
static bool takes_stderr(void)
{
	struct pollfd wanted = { .fd = STDERR_FILENO, .events = POLLOUT };
	const struct timespec now = { 0 };
	struct stat st;

	return state.has_stderr && file_stat(STDERR_FILENO, &st) && st.st_dev == state.dev &&
	       st.st_ino == state.ino && syscall(SYS_ppoll, &wanted, 1, &now, NULL, 0) == 1 &&
	       wanted.revents == POLLOUT;
}

static void write_stderr(const struct log_line *line)
{
	if (takes_stderr())
		write_quietly(STDERR_FILENO, line->text + line->time_len,
			      line->len - line->time_len);
}

/* Once, on descriptor 2. */
static RARE void tell_of_file(int error)
{
	struct log_line line;

	if (!takes_stderr() || atomic_exchange(&state.is_told, true))
		return;
	log_begin(&line, LOG_ERROR);
	log_escaped(&line, state.path, strlen(state.path));
	log_text(&line, ": the log goes to stderr: ");
	log_errno(&line, error);
	line.text[line.len++] = '\n';
	write_stderr(&line);
}

static void write_file(const struct log_line *line)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, state.path,
			      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
			      0644);

	if (fd >= 0) {
		write_quietly(fd, line->text, line->len);
		file_close(fd);
	} else {
		tell_of_file(errno);
		write_stderr(line);
	}
}

void log_end(struct log_line *line)
{
	int saved = errno;

	line->text[line->len++] = '\n';
	if (log_wants(line->level) && !is_repeat(line)) {
		if (state.path)
			write_file(line);
		else
			write_stderr(line);
	}
	errno = saved;
}
