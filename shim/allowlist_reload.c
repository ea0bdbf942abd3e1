/* SPDX-License-Identifier: MIT */
/* Publishes the rules, and replaces them when their file has changed. It relies on allowlist.c for
 * reading them, and on readers that stay between enter and leave for a moment only. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "allowlist.h"
#include "file.h"
#include "guard.h"
#include "libc.h"
#include "memory.h"

enum {
	TOLD = 20,    /* a file of garbage must not flood the log */
	VERSIONS = 9, /* one in force; where readers keep the others alive, no reload for now */
};

_Atomic(const struct rules *) allowlist_rules;
_Atomic(_Atomic(unsigned) *) allowlist_counter;
_Atomic(uint32_t) allowlist_looked;
struct filter allowlist_filter;

/* The file as it was when it was read: what changes when it is replaced, written to or given to
 * others to read. */
struct stamp {
	dev_t dev;
	ino_t ino; /* 0: differs from every file */
	off_t size;
	struct timespec written;
	struct timespec changed;
};

/* All but the first belongs to the one thread that looks. */
static struct {
	_Atomic(long) looker; /* the thread that looks, or 0 */
	const char *path;
	struct stamp stamp;
	int told; /* the file's error that the log has */
	/* A version is in force if allowlist_rules points to it, whatever else happened: so a
	 * process that is forked in the midst of all this neither frees it nor frees one twice. */
	struct version {
		struct rules *rules;
		char *text;
		unsigned idle; /* bit n: since it was replaced, counters[n] was 0 once */
	} versions[VERSIONS];
	/* Of those who are inside: whoever enters is counted in one of the two, so that those in
	 * the other get fewer until there are none. */
	_Atomic(unsigned) *counters;
	unsigned turn;
} state;

static bool is_same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool is_same(const struct stamp *a, const struct stamp *b)
{
	return a->ino == b->ino && a->dev == b->dev && a->size == b->size &&
	       is_same_time(a->written, b->written) && is_same_time(a->changed, b->changed);
}

/* Returns an errno, or 0. */
static int take_stamp(const char *path, struct stamp *ret)
{
	struct stat st;

	*ret = (struct stamp){ .ino = 0 };
	if (!file_look(path, &st))
		return errno;
	*ret = (struct stamp){ st.st_dev, st.st_ino, st.st_size, st.st_mtim, st.st_ctim };
	return 0;
}

/* A file that changed in this very second counts as unknown, and is read once more: the clock that
 * stamps files is too coarse to tell whether it has changed again since. */
static void keep_stamp(struct stamp stamp, uint32_t now)
{
	if ((uint32_t)stamp.changed.tv_sec == now)
		stamp.ino = 0;
	state.stamp = stamp;
}

/* Whether the file itself is not to blame: a process at its limits, which may get better. */
static bool is_passing(int error)
{
	return error && error != ENOENT && error != EINVAL && error != EFBIG && error != EACCES;
}

/* Two counters in a page of their own, which the kernel clears in a forked child: the threads that
 * are inside at a fork are not in the child, and would be counted there for good. */
static void make_counters(void)
{
	enum { PAGE = 4096, WIPE_ON_FORK = 18 };
	static _Atomic(unsigned) without_memory[2];
	_Atomic(unsigned) *none = NULL;
	void *page = memory_map(PAGE);

	if (page)
		syscall(SYS_madvise, page, PAGE, WIPE_ON_FORK);
	if (!atomic_compare_exchange_strong(&allowlist_counter, &none,
					    page ? page : without_memory) &&
	    page)
		memory_unmap(page, PAGE);
}

/* Frees what is not in force and cannot have readers: those of its time have left once each
 * counter was 0 since. Returns room for a version, or NULL. */
static struct version *sweep(void)
{
	struct version *room = NULL;
	unsigned idle = 0;

	for (unsigned i = 0; i < 2; i++)
		idle |= (unsigned)!atomic_load(&state.counters[i]) << i;
	for (size_t i = 0; i < VERSIONS; i++) {
		struct version *version = &state.versions[i];
		struct version old = *version;

		version->idle = old.rules == atomic_load(&allowlist_rules) ? 0 : old.idle | idle;
		if (old.rules && version->idle == 3) {
			version->rules = NULL;
			rules_free(old.rules);
			free(old.text);
		}
		if (!version->rules)
			room = version;
	}
	state.turn = !state.turn;
	atomic_store(&allowlist_counter, &state.counters[state.turn]);
	return room;
}

/* Tells the log of an error once, until the file can be read again or has another one. */
static void tell(const char *path, int error)
{
	if (error && error != state.told)
		allowlist_complain_file(path, error, "the rules read before stay in force");
	state.told = error;
}

static void publish(struct reading *reading, struct version *room)
{
	struct log_line line;

	*room = (struct version){ .text = reading->file_text };
	room->rules = reading->rules;
	filter_widen(&allowlist_filter, rules_filter(reading->rules));
	atomic_store(&allowlist_rules, reading->rules);
	filter_copy(&allowlist_filter, rules_filter(reading->rules));
	if (log_wants(LOG_INFO)) {
		log_begin(&line, LOG_INFO);
		log_escaped(&line, reading->settings.config, strlen(reading->settings.config));
		log_text(&line, ": has changed, its new rules are in force");
		log_end(&line);
	}
	allowlist_complain(reading, TOLD);
}

static void reload(const char *path, uint32_t now)
{
	struct version *room = sweep();
	struct reading reading;
	struct stamp stamp;
	int error = take_stamp(path, &stamp);

	if (!error && is_same(&stamp, &state.stamp))
		return;
	if (!error && !room)
		error = EBUSY; /* someone never left: a lookup ended by siglongjmp, at worst */
	if (!error && !allowlist_read(&reading))
		return;
	if (!error && (error = reading.file_error))
		allowlist_free(&reading);
	tell(path, error);
	if (error)
		return;
	publish(&reading, room);
	keep_stamp(stamp, now);
}

/* Whether this thread may look: no other one of this process is at it. A looker that is this very
 * thread has left by siglongjmp, and one that is no thread here was the parent's at a fork. */
static bool become_looker(void)
{
	long self = syscall(SYS_gettid);
	long looker = atomic_load(&state.looker);

	if (looker && looker != self && syscall(SYS_tgkill, syscall(SYS_getpid), looker, 0) == 0)
		return false;
	return atomic_compare_exchange_strong(&state.looker, &looker, self);
}

bool allowlist_look(uint32_t now)
{
	uint32_t looked = atomic_load(&allowlist_looked);
	int saved = errno;

	if (!looked)
		return false;
	if (guard_depth(&guard_work) || looked == now ||
	    !atomic_compare_exchange_strong(&allowlist_looked, &looked, now))
		return true;
	guard_enter(&guard_work);
	if (become_looker()) {
		reload(state.path, now);
		atomic_store(&state.looker, 0);
	}
	guard_leave(&guard_work);
	errno = saved;
	return true;
}

/* Only the thread whose rules came first gets here, and no other looks before it is done. All is in
 * place before anything is written, which takes its time: a process that is forked meanwhile has no
 * thread that would go on here. */
static void open_for_business(struct reading *reading, struct stamp stamp)
{
	const struct settings *settings = &reading->settings;
	uint32_t now = (uint32_t)time(NULL);

	state.counters = atomic_load(&allowlist_counter);
	state.versions[0] = (struct version){ reading->rules, reading->file_text, 0 };
	if (settings->is_off)
		return;
	log_open(settings->log_level, settings->log_file);
	state.path = settings->config;
	state.told = reading->file_error;
	if (is_passing(reading->file_error))
		stamp.ino = 0;
	keep_stamp(stamp, now);
	filter_copy(&allowlist_filter, rules_filter(reading->rules));
	become_looker();
	atomic_store(&allowlist_looked, now);
	settings_complain();
	allowlist_complain(reading, TOLD);
	atomic_store(&state.looker, 0);
}

bool allowlist_load(void)
{
	const struct rules *none = NULL;
	struct settings settings;
	struct reading reading;
	struct stamp stamp = { .ino = 0 };
	int saved = errno;

	if (guard_depth(&guard_work) || !settings_copy())
		return false;
	guard_enter(&guard_work);
	settings_read(&settings);
	if (!settings.is_off)
		take_stamp(settings.config, &stamp);
	if (allowlist_read(&reading)) {
		make_counters();     /* before there are rules to read */
		libc_bind_lookups(); /* whom the filter lets pass, getaddrinfo hands on at once */
		if (atomic_compare_exchange_strong(&allowlist_rules, &none, reading.rules))
			open_for_business(&reading, stamp);
		else
			allowlist_free(&reading);
	}
	guard_leave(&guard_work);
	errno = saved;
	return atomic_load(&allowlist_rules);
}
