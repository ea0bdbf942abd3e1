/* SPDX-License-Identifier: MIT */
/* Four threads ask for a host again and again while its rules file is replaced COUNT times:
 *
 *     reload DIRECTORY changed|forks COUNT	by other rules, in every way in which files change;
 *						"forks" does it in children too
 *     reload DIRECTORY same COUNT		by the same bytes
 *
 * Exit 0 if each answer belongs to one whole version of the file, each change is taken over, and
 * no mapping is made but one for a version. It is made of the library's own sources, so that
 * sanitizers see into them; the clock is the test's. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/nomap.h"
#include "policy.h"

/* Version n has its rule on line n % LINES + 1, after as many lines of others; an odd line says
 * ipv4 and an even one prefer. An answer whose line and verb do not fit is of no version. */
enum { LINES = 50, THREADS = 4, PATIENCE = 2000 };

static _Atomic(time_t) now;
static atomic_bool is_over;
static atomic_ulong lookups;
static char new_path[256], path[256];

time_t time(time_t *ret)
{
	time_t value = atomic_load(&now);

	if (ret)
		*ret = value;
	return value;
}

/* The pages of the address space. */
static size_t pages(void)
{
	char text[256] = "";
	int fd = open("/proc/self/statm", O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		abort();
	close(fd);
	return strtoul(text, NULL, 10);
}

static void fail(const char *what, unsigned change)
{
	fprintf(stderr, "change %u: %s\n", change, what);
	_exit(1);
}

/* The line of the version that answers, or 0 where its rules have nothing for the host. */
static size_t ask(void)
{
	struct lookup lookup;
	enum verdict verdict;
	size_t line, column;

	if (policy_ask("getaddrinfo", "fixed.example", AF_INET6, &lookup) != VERDICT_PIN)
		fail("the rule of PIN4_HOSTS was lost", 0);
	verdict = policy_ask("getaddrinfo", "h.example", AF_INET6, &lookup);
	if (verdict == VERDICT_PASS)
		return 0;
	rules_place(&lookup.rule, &line, &column);
	if (line % 2 != (verdict == VERDICT_PIN) || line > LINES ||
	    strcmp(lookup.rule.source->name, path) != 0 ||
	    memcmp(lookup.rule.token, line % 2 ? "h.example" : "prefer:h.example",
		   lookup.rule.token_len) != 0)
		fail("an answer of no version", 0);
	return line;
}

/* arg is how long a thread rests between its lookups, or NULL. */
static void *ask_on(void *arg)
{
	while (!atomic_load(&is_over)) {
		ask();
		atomic_fetch_add(&lookups, 1);
		if (arg)
			nanosleep(arg, NULL);
	}
	return NULL;
}

static void write_version(const char *to, unsigned version)
{
	FILE *file = fopen(to, "w");
	unsigned lines = version % LINES;

	for (unsigned i = 0; i < lines; i++)
		fprintf(file, "other%u-%u.example\n", version, i);
	fprintf(file, "%sh.example\n", lines % 2 ? "prefer:" : "");
	fclose(file);
}

static void write_garbage(unsigned seed)
{
	FILE *file = fopen(path, "w");

	srand(seed);
	for (unsigned i = 0; i < 5000; i++)
		fputc(rand() & 0xff, file);
	fclose(file);
}

/* Makes a change and returns the line that has to answer from then on. */
static size_t change(unsigned i, size_t before)
{
	switch (i % 10) {
	case 6: /* truncated and written in place */
		truncate(path, 0);
		write_version(path, i);
		return i % LINES + 1;
	case 7: /* at once: a thread that looks late, for the change before, may read what it can */
		write_version(new_path, i);
		chmod(new_path, 0);
		rename(new_path, path);
		return before;
	case 8:
		unlink(path);
		return 0;
	case 9:
		unlink(path);
		write_garbage(i);
		return 0;
	default:
		write_version(new_path, i);
		rename(new_path, path);
		return i % LINES + 1;
	}
}

/* Another thread may be at it, with what it read a moment ago. */
static void expect(size_t line, unsigned i)
{
	const struct timespec moment = { .tv_nsec = 1000000 };

	for (int tries = 0; tries < PATIENCE; tries++) {
		atomic_fetch_add(&now, 1);
		if (ask() == line)
			return;
		nanosleep(&moment, NULL);
	}
	fail("the change was not taken over", i);
}

/* A child has none of its parent's threads, wherever they were: it reloads by itself. */
static void check_child(unsigned i)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		write_version(new_path, i + 1);
		rename(new_path, path);
		expect((i + 1) % LINES + 1, i);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child || status != 0)
		fail("the child failed", i);
}

static void change_all(unsigned changes, bool is_forking)
{
	long before = nomap_live;
	size_t line = 1;

	for (unsigned i = 1; i <= changes; i++) {
		line = change(i, line);
		expect(line, i);
		if (is_forking && i % 50 == 5) {
			check_child(i);
			line = (i + 1) % LINES + 1;
			expect(line, i);
		}
	}
	if (nomap_live > before + (long)changes + THREADS) /* a look each may be under way */
		fail("more was mapped than there are versions", changes);
}

/* The address space has its size once each thread has looked a few times. */
static void rewrite_all(unsigned count)
{
	size_t before = 0;

	for (unsigned i = 0; i < count; i++) {
		int fd = open(new_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

		if (write(fd, "h.example\n", 10) != 10)
			abort();
		close(fd);
		rename(new_path, path);
		expect(1, i);
		if (i == count / 10)
			before = pages();
	}
	if (pages() > before + THREADS)
		fail("the address space has grown", count);
}

int main(int argc, char **argv)
{
	struct timespec rest = { .tv_nsec = 1000000 };
	pthread_t threads[THREADS];
	bool is_same;
	unsigned count;

	if (argc != 4)
		return 2;
	is_same = strcmp(argv[2], "same") == 0;
	count = (unsigned)atoi(argv[3]);
	atomic_store(&now, 4000000000); /* past every file's time */
	snprintf(path, sizeof(path), "%s/rules", argv[1]);
	snprintf(new_path, sizeof(new_path), "%s/new", argv[1]);
	write_version(path, 0);
	setenv("PIN4_CONFIG", path, 1);
	setenv("PIN4_HOSTS", "fixed.example", 1);
	setenv("PIN4_LOG", "info", 1);
	log_remember_stderr();
	expect(1, 0);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, ask_on, is_same ? &rest : NULL);
	if (is_same)
		rewrite_all(count);
	else
		change_all(count, strcmp(argv[2], "forks") == 0);
	atomic_store(&is_over, true);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	printf("%u changes, %lu lookups\n", count, atomic_load(&lookups));
	return 0;
}
