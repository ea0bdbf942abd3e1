/* SPDX-License-Identifier: MIT */
/* The rules that the user wrote: read from text, indexed, matched against a host. Pure: no files,
 * environment, clock, output or memory of its own; all of it async-signal-safe. */
#ifndef PIN4_RULES_H
#define PIN4_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "hostname.h"

enum rule_verb {
	RULE_IPV4,   /* reach it over IPv4 */
	RULE_PREFER, /* IPv4 first */
	RULE_EXCEPT, /* leave it alone */
};

/* Why a rule cannot be read, and what to write instead. The first ones are enum hostname_fault. Of
 * RULE_URL show no token: it may hold a password. */
#define RULE_FAULTS(FAULT)                                                                         \
	FAULT(RULE_OK, "")                                                                         \
	FAULT(RULE_EMPTY_LABEL,                                                                    \
	      "empty label: a dot too many (for every name below a domain write *.domain)")        \
	FAULT(RULE_LONG_LABEL, "a label of more than 63 bytes")                                    \
	FAULT(RULE_LONG_NAME, "a name of more than 253 bytes")                                     \
	FAULT(RULE_NOT_ASCII, "not ASCII: write the name in punycode (xn--...)")                   \
	FAULT(RULE_BAD_CHARACTER, "a character that no host name has")                             \
	FAULT(RULE_NUL, "a NUL byte")                                                              \
	FAULT(RULE_STAR, "'*' stands alone or as the first label (*.domain)")                      \
	FAULT(RULE_UNKNOWN_VERB, "unknown verb: ipv4, prefer and except are known")                \
	FAULT(RULE_NO_PATTERN, "no pattern behind the verb")                                       \
	FAULT(RULE_URL, "a URL, or user@host: rules name hosts only")                              \
	FAULT(RULE_PORT, "a port: rules name hosts only")                                          \
	FAULT(RULE_ADDRESS, "an IP address: rules name hosts, addresses are left alone")           \
	FAULT(RULE_QUOTE, "remove the quotes: here they are part of the value (docker --env-file " \
			  "and Compose lists keep them)")                                          \
	FAULT(RULE_BYTE_ORDER_MARK,                                                                \
	      "remove the byte order mark: save the text as UTF-8 without one")

enum rule_fault {
#define RULE_FAULT(fault, reason) fault,
	RULE_FAULTS(RULE_FAULT)
#undef RULE_FAULT
};

/* A source of rules. The bytes may hold anything, NULs included, and end anywhere. */
struct rules_text {
	const char *name; /* for people: "PIN4_HOSTS", a path */
	const char *text;
	size_t len;   /* at most RULES_TEXT_MAX */
	bool is_file; /* people find a rule in it by its line */
};

enum {
	RULES_TEXT_MAX = 64 << 20,
	RULES_TEXTS = 2, /* the file, then PIN4_HOSTS; of two equal patterns the later wins */
};

/* One rule as it stands in its text. */
struct rule {
	enum rule_verb verb;
	enum rule_fault fault;
	const char *token; /* as the user wrote it, verb included; not terminated */
	size_t token_len;
	bool is_below; /* "*." name, or "*" where name_len is 0 */
	const char *name;
	size_t name_len; /* trimmed */
	const struct rules_text *source;
};

struct rules;

/* Reads the next rule of text from *at on, good or bad, and moves *at behind it. Returns false
 * at the end. Blanks, commas and line ends separate rules; a "#" before one starts a comment. A
 * byte order mark at the start of the text is a bad rule of its own. */
bool rules_next(const struct rules_text *text, size_t *at, struct rule *ret);

/* Where a rule stands, counted from 1; the column in bytes. */
void rules_place(const struct rule *rule, size_t *line, size_t *column);

/* The words for a fault, for people. */
const char *rules_reason(enum rule_fault fault);

/* "ipv4", "prefer" or "except". */
const char *rules_verb_name(enum rule_verb verb);

/* The bytes that the index of the count texts takes. */
size_t rules_size(const struct rules_text *texts, size_t count);

/* Indexes the good rules of the count texts, at most RULES_TEXTS, in memory: rules_size() bytes of
 * zeros, aligned as malloc aligns, which are the caller's. Bad rules match nothing. The texts are
 * copied, but not their names, which outlive the rules. The result, at the same address, never
 * changes again, so that any thread and any signal handler may match against it without a lock. */
struct rules *rules_index(void *memory, size_t size, const struct rules_text *texts, size_t count);

/* The copies of the texts; *ret is as long-lived as rules. Returns their count. */
size_t rules_texts(const struct rules *rules, const struct rules_text **ret);

/* The most specific rule for a terminated host, as the program gave it: its name, then the longest
 * "*.name", then "*". Returns false, with *ret untouched, where none matches; an IP literal and
 * what cannot be a host name never match. */
bool rules_match(const struct rules *rules, const char *host, struct rule *ret);

/* Whether rule, one that rules_next() gave for one of rules_texts(), is in force: good, and not
 * overruled by a later one with the same pattern. */
bool rules_has(const struct rules *rules, const struct rule *rule);

#endif
