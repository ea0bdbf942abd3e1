/* SPDX-License-Identifier: MIT */
/* The reports that the library prints instead of running the program. check_run() is for others;
 * the rest is between the files of this folder. */
#ifndef PIN4_CHECK_H
#define PIN4_CHECK_H

#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "allowlist.h"
#include "hostname.h"
#include "log.h"

/* Prints the report that request (PIN4_CHECK) names on descriptor 1 and ends the process;
 * complaints go to descriptor 2. Before main only.
 *
 *     rules           the rules in force, one per line: verb, pattern, source. Exit 1 if a rule or
 *                     the file was bad.
 *     doctor:PID      whether PID and its descendants are covered, and why not. Exit 1 if one of
 *                     them is not.
 *     live            what cures a running Erlang or Elixir node, and what undoes that.
 *     host[/SECONDS]:HOST[:PORT], json[/SECONDS]:HOST[:PORT]
 *                     whether this program reaches HOST, as text or as a JSON object. Exit 0 if it
 *                     will connect, 1 if not.
 *
 * Exit 2, and a line that gives the reason, where the request or the target is none. */
_Noreturn void check_run(const char *request);

#if defined __x86_64__
#define CHECK_MACHINE "x86_64"
#elif defined __aarch64__
#define CHECK_MACHINE "aarch64"
#elif defined __i386__
#define CHECK_MACHINE "i686"
#else
#define CHECK_MACHINE "an unknown machine"
#endif

enum { CHECK_GOOD = 0, CHECK_BAD = 1, CHECK_USAGE = 2 };

enum {
	CHECK_ADDRESSES = 16, /* of one answer; more are counted and not tried */
	CHECK_CURES = 3,
	CHECK_NO_ANSWER = 1, /* instead of an EAI error, which are negative in every libc here */
};

/* Both have the family and the port at the same place. */
struct check_address {
	union {
		struct sockaddr_in ipv4;
		struct sockaddr_in6 ipv6;
	};
};

/* What the resolver said to one question. It fits a pipe's atomic write. */
struct check_answer {
	unsigned question;
	int error; /* 0, EAI_*, CHECK_NO_ANSWER */
	int error_errno;
	unsigned microseconds;
	unsigned count; /* of all addresses; the first CHECK_ADDRESSES are kept */
	struct check_address addresses[CHECK_ADDRESSES];
	char name[HOSTNAME_MAX + 1]; /* the canonical one; "" where none was asked for */
};

enum check_question {
	CHECK_A,    /* of the libc, as AF_INET */
	CHECK_AAAA, /* of the libc, as AF_INET6 */
	CHECK_ANY,  /* of the libc, as AF_UNSPEC */
	CHECK_PINNED_AAAA,
	CHECK_PINNED_ANY, /* of pin4, as the program would */
	CHECK_QUESTIONS,
};

/* How one address took a connection; without a port, whether there is a route. */
struct check_attempt {
	const struct check_address *address;
	int fd;
	int error;     /* 0, an errno; ETIMEDOUT also where the wait was over */
	bool is_local; /* the error came at once: from this machine, not from the network */
	unsigned microseconds;
};

/* No rule, and then the verbs in their order. */
enum check_rule { CHECK_UNPINNED, CHECK_PINNED, CHECK_PREFERRED, CHECK_EXCEPTED };

/* The result for one family, the best first. */
enum check_reach {
	CHECK_CONNECTS,
	CHECK_REFUSED,
	CHECK_UNREACHABLE, /* a router said so */
	CHECK_DROPPED,
	CHECK_NO_ROUTE,  /* this machine has none */
	CHECK_BLOCKED,   /* any other error of this machine's */
	CHECK_NO_RECORD, /* the resolver said so */
	CHECK_UNKNOWN,   /* the resolver failed, or did not answer */
};

enum check_verdict {
	CHECK_IS_PINNED,
	CHECK_NOTHING_TO_CURE,
	CHECK_WOULD_HELP,
	CHECK_ONLY_AAAA,
	CHECK_NO_IPV4,
	CHECK_NEITHER,
	CHECK_NO_SUCH_NAME,
	CHECK_NO_RESOLVER,
	CHECK_AAAA_BREAKS,
	CHECK_RULE_HARMS, /* IPv6 connects, and the rule demands IPv4 */
	CHECK_IS_ADDRESS,
};

/* All that the verdict depends on. */
struct check_view {
	bool is_address;    /* the host is numeric */
	bool is_any_broken; /* the libc has an A record, but no answer for AF_UNSPEC */
	enum check_rule rule;
	enum check_reach ipv4;
	enum check_reach ipv6;
	bool is_off; /* PIN4=off: the rule is CHECK_UNPINNED then */
};

struct check_report {
	const char *host; /* terminated */
	unsigned port;    /* 0: none */
	unsigned wait;    /* milliseconds for the resolver, and again for the connections */
	struct check_answer answers[CHECK_QUESTIONS];
	struct check_attempt attempts[2 * CHECK_ADDRESSES];
	size_t attempt_count;
	struct rule rule; /* where view.rule is not CHECK_UNPINNED */
	struct check_view view;
};

/* The reports of these names; each returns the exit status. */
int check_rules(void);
int check_doctor(const char *pid);
int check_live(void);
int check_host(const char *host, unsigned port, unsigned wait, bool is_json);

/* Whether host is a name or an address. Asks nobody for that. */
bool check_is_host(const char *host);

/* Asks all questions at the same time, within report->wait; fills report->answers. */
void check_look_up(struct check_report *report);

/* How many of the questions are asked: those of pin4 only where a rule changes answers. */
unsigned check_asked(const struct check_report *report);

/* Tries all addresses at the same time; fills report->attempts. Sends nothing once connected. */
void check_connect(struct check_report *report);

/* The verdict and what follows from it. Pure. */
enum check_verdict check_judge(const struct check_view *view);
const char *check_verdict_name(enum check_verdict verdict);
const char *check_verdict_words(const struct check_view *view);
bool check_is_good(const struct check_view *view);  /* the program will connect */
bool check_has_cure(const struct check_view *view); /* pinning alone makes it good */

/* What errors mean, and what runtimes call them: "Erlang nxdomain, Python gaierror -2, ...", or
 * NULL where there is nothing to tell. check_lookup_called() writes into line. Pure. */
bool check_is_no_record(int error); /* the resolver said that there is none */
const char *check_lookup_name(int error);
const char *check_lookup_words(int error);
const char *check_lookup_called(int error, struct log_line *line);
enum check_reach check_reach_of(int error, bool is_local);
const char *check_reach_words(enum check_reach reach, bool is_tried);
const char *check_connect_words(int error, bool is_local);
const char *check_connect_called(int error);

/* Prints a report on descriptor 1. */
void check_print_text(const struct check_report *report);
void check_print_json(const struct check_report *report);

/* Parts of both. A cure is a line of a Dockerfile, a command, or a command for a running node. */
const char *check_program(char path[256]); /* in path; "" where it is not known */
const char *check_glibc_version(void);     /* NULL on musl */
void check_put_state(struct log_line *line, const struct check_report *report);
void check_put_cure(struct log_line *line, const struct check_report *report, size_t i);

/* Whether the A and the AAAA records belong to different names, to which a search list may lead. */
bool check_is_torn(const struct check_report *report);

/* Microseconds of a clock that only goes forward. */
uint64_t check_clock(void);

/* Waits until one of count descriptors is ready, at most until that clock says end. Returns
 * whether one is; a signal does not end the wait. */
bool check_poll(struct pollfd *wanted, unsigned count, uint64_t end);

/* Appends to line, and terminates it. The format has %s for a string as it is, %q escaped, %t
 * escaped but for blanks and double quotes, %j as in JSON (NULL is null), %v as inside a string of
 * Erlang or Elixir; %b for a length (size_t) and so many bytes, escaped; %u for an unsigned
 * number; %e for an errno, by its name; %a for a struct check_address. */
void check_put(struct log_line *line, const char *format, ...);

/* The same, written to descriptor 1; and to descriptor 2, as a line that begins with "pin4: ". The
 * latter returns CHECK_USAGE, for those whose report that line replaces. */
void check_print(const char *format, ...);
int check_say(const char *format, ...);

/* One of texts, each terminated, by its number from 0 on. */
const char *check_text(const char *texts, unsigned number);

/* What follows prefix in text, or NULL. */
const char *check_after(const char *text, const char *prefix);

/* Where wanted first stands in text, or the end of text. */
const char *check_find(const char *text, char wanted);

/* A decimal number from 1 to most, whose end is *end; 0 if there is none. */
unsigned check_number(const char *text, unsigned most, const char **end);

/* Goes through all rules, good and bad ones, as rules_next(). Begin with zeros in *place. */
struct check_place {
	size_t text, at;
};
bool check_next_rule(const struct rules *rules, struct check_place *place, struct rule *ret);

/* Prints the verb, separator and the pattern. */
void check_print_rule(const struct rule *rule, const char *separator);

/* The length of the entry that a value of LD_PRELOAD begins with, and whether its file is named
 * after pin4, whatever the folders are called. */
size_t check_entry_length(const char *entry);
bool check_is_pin4(const char *entry, size_t len);

/* This library as LD_PRELOAD has it. Returns whether another library is there too. */
bool check_put_library(struct log_line *line);

#endif
