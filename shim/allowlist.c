/* SPDX-License-Identifier: MIT */
/* Publishes the rules whole, by one pointer. What was published stays in memory, because a reader
 * may stand in it: files of rules change a handful of times in the life of a process. */
#include "allowlist.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "export.h"
#include "file.h"
#include "log.h"
#include "memory.h"

enum { TOLD = 20 }; /* a file of garbage must not flood the log */

/* Of a file: a hash of what changes when it is replaced or written to. A bit of STAMPS is in each.
 */
enum { STAMP_NONE, STAMP_UNKNOWN, STAMPS };

/* One mapping: this, and behind it the rules with their texts. */
struct version {
	struct version *older; /* published before */
	size_t size;
	struct rules *rules;
	_Atomic uint64_t stamp; /* of the file that last held these bytes */
};

static _Atomic(struct version *) current;
static _Atomic(struct version *) newest; /* of all */
static _Atomic uint32_t looked;          /* the second of the last look */
static _Atomic int told;                 /* the file's error that the log has */

/* The bytes of the rules file while they are compared and copied. */
struct bytes {
	char *text;
	size_t len;
	int error; /* an errno, or 0 */
};

static struct bytes read_file(const struct settings *settings)
{
	struct bytes bytes = { .error = ENOENT };

	if (!settings->is_off)
		bytes.error = file_load(settings->config, RULES_TEXT_MAX, &bytes.text, &bytes.len);
	return bytes;
}

static void forget_file(const struct bytes *file)
{
	memory_unmap(file->text, file->len + 1);
}

/* A file that changed in this second or the one before is unknown, and read once more: the clock
 * that stamps files is coarser than ours, too coarse to tell whether it has changed again since. */
static uint64_t take_stamp(const char *path, uint32_t now)
{
	struct stat st;
	uint64_t changed;

	if (!file_look(path, &st))
		return errno == ENOENT ? STAMP_NONE : STAMP_UNKNOWN;
	if (now - (uint32_t)st.st_ctim.tv_sec <= 1)
		return STAMP_UNKNOWN;
	changed = (uint64_t)st.st_ctim.tv_sec * 1000000000 + (uint64_t)st.st_ctim.tv_nsec;
	return ((changed * 0x9e3779b97f4a7c15 ^ st.st_ino) * 0x9e3779b97f4a7c15 ^ st.st_dev) |
	       STAMPS;
}

static struct version *make(const struct settings *settings, const struct bytes *file)
{
	struct rules_text texts[RULES_TEXTS];
	struct version *version;
	size_t count = 0;
	size_t size;

	if (!file->error)
		texts[count++] =
			(struct rules_text){ settings->config, file->text, file->len, true };
	if (!settings->is_off)
		texts[count++] = (struct rules_text){ "PIN4_HOSTS", settings->hosts,
						      strlen(settings->hosts), false };
	size = rules_size(texts, count);
	version = memory_map(sizeof(*version) + size);
	if (!version)
		return NULL;
	version->size = sizeof(*version) + size;
	version->rules = rules_index(version + 1, size, texts, count);
	return version;
}

static bool is_made_of(const struct version *version, const struct bytes *file)
{
	const struct rules_text *text;

	rules_texts(version->rules, &text);
	if (file->error)
		return !text->is_file;
	return text->is_file && text->len == file->len &&
	       memcmp(text->text, file->text, file->len) == 0;
}

/* The version that was published of the same bytes, or NULL. */
static struct version *find_known(const struct bytes *file)
{
	struct version *version = atomic_load(&newest);

	while (version && !is_made_of(version, file))
		version = version->older;
	return version;
}

static void say_published(const struct reading *reading, bool is_first)
{
	const struct settings *settings = &reading->settings;
	struct log_line line;

	if (settings->is_off)
		return;
	if (is_first) {
		log_open(settings->log_level, settings->log_file);
		settings_complain();
	} else if (reading->file_error) {
		allowlist_complain_file(settings->config, reading->file_error,
					"its rules are no longer in force");
		return;
	} else {
		log_begin(&line, LOG_INFO);
		log_escaped(&line, settings->config, strlen(settings->config));
		log_text(&line, ": has changed, its new rules are in force");
		log_end(&line);
	}
	allowlist_complain(reading, TOLD);
}

/* Puts the rules made of the file's bytes in the place of old, NULL at first, unless somebody was
 * faster. Whatever race this loses or wins, the stamp of what is in force tells the next look
 * whether the file is another one. */
static void publish(struct version *old, const struct settings *settings, const struct bytes *file,
		    uint64_t stamp)
{
	struct version *known = find_known(file);
	struct version *version = known ? known : make(settings, file);

	if (!version)
		return;
	atomic_store(&version->stamp, stamp);
	atomic_store(&told, file->error);
	if (version == old)
		return;
	if (!atomic_compare_exchange_strong(&current, &(struct version *){ old }, version)) {
		if (!known)
			memory_unmap(version, version->size);
		return;
	}
	if (!known) {
		version->older = atomic_load(&newest);
		while (!atomic_compare_exchange_weak(&newest, &version->older, version))
			;
	}
	say_published(&(struct reading){ *settings, version->rules, file->error }, !old);
}

static RARE void look(uint32_t now)
{
	struct version *old = atomic_load(&current);
	uint32_t before = atomic_load(&looked);
	struct settings settings;
	struct bytes file;
	uint64_t stamp;

	if (!old)
		atomic_store(&looked, now);
	else if (before == now || !atomic_compare_exchange_strong(&looked, &before, now))
		return;
	if (!settings_copy())
		return;
	settings_read(&settings);
	stamp = settings.is_off ? STAMP_NONE : take_stamp(settings.config, now);
	if (old && stamp != STAMP_UNKNOWN && stamp == atomic_load(&old->stamp))
		return;
	file = read_file(&settings);
	if (file.error)
		stamp = file.error == ENOENT ? STAMP_NONE : STAMP_UNKNOWN;
	if (!old || !file.error || file.error == ENOENT)
		publish(old, &settings, &file, stamp);
	else if (atomic_exchange(&told, file.error) != file.error)
		allowlist_complain_file(settings.config, file.error,
					"the rules read before stay in force");
	forget_file(&file);
}

const struct rules *allowlist_rules(void)
{
	uint32_t now = (uint32_t)time(NULL);
	const struct version *version = atomic_load(&current);

	if (!version || now != atomic_load(&looked)) {
		int saved = errno;

		look(now);
		errno = saved;
		version = atomic_load(&current);
	}
	return version ? version->rules : NULL;
}

bool allowlist_read(struct reading *ret)
{
	struct settings settings;

	if (!settings_copy())
		return false;
	settings_read(&settings);
	return allowlist_gather(&settings, ret);
}

bool allowlist_gather(const struct settings *settings, struct reading *ret)
{
	struct bytes file = read_file(settings);
	struct version *version = make(settings, &file);

	forget_file(&file);
	if (version)
		*ret = (struct reading){ *settings, version->rules, file.error };
	return version;
}
