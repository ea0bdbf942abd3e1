/* SPDX-License-Identifier: MIT */
/* The reports that the library prints instead of running the program (PIN4_CHECK). check_run() is
 * for others; the rest is between the files of this module. */
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

/* Prints the report that request names on descriptor 1 and ends the process, as the loader does
 * for LD_TRACE_LOADED_OBJECTS; complaints go to descriptor 2. Before main only.
 *
 *     rules           the rules in force, a line each: verb, pattern, source. Exit 1 if a rule or
 *                     the file was bad.
 *     program:PATH    whether PATH would load the library. Exit 3, and a line that says why and
 *                     what works there, if not.
 *     doctor:PID      whether PID and its descendants are covered, a line each, and why not. Exit 1
 *                     if one of them is not.
 *     live            what cures a running Erlang or Elixir node, and takes it back.
 *     host[/SECONDS]:HOST[:PORT], json[/SECONDS]:HOST[:PORT]
 *                     whether this program reaches HOST, and over what, as text or as a JSON
 *                     object. Exit 0 if it will connect, 1 if not, 2 and a line that says why if
 *                     HOST or PORT cannot be one.
 *
 * Exit 2, and a line that says how a request is written, for any other. */
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

enum { CHECK_GOOD = 0, CHECK_BAD = 1, CHECK_USAGE = 2, CHECK_NOT_LOADED = 3 };

enum {
	CHECK_ADDRESSES = 16, /* of one answer; more are counted and not tried */
	CHECK_CURES = 3,
	CHECK_NO_ANSWER = 1, /* instead of an EAI error, which are negative in every libc here */
};

struct check_address {
	int family;
	unsigned scope;
	struct in6_addr ipv6;
	struct in_addr ipv4;
};

/* What the resolver said to one question. It fits a pipe's atomic write. */
struct check_answer {
	unsigned question;
	int error; /* 0, EAI_*, CHECK_NO_ANSWER */
	int error_errno;
	unsigned microseconds;
	unsigned count; /* of all addresses, of which CHECK_ADDRESSES are here */
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

enum check_rule { CHECK_UNPINNED, CHECK_PINNED, CHECK_PREFERRED, CHECK_EXCEPTED };

/* What the resolver or the network came to for one family. */
enum check_reach {
	CHECK_CONNECTS,
	CHECK_REFUSED,
	CHECK_UNREACHABLE, /* a router said so */
	CHECK_DROPPED,
	CHECK_NO_ROUTE,    /* this machine has none */
	CHECK_NOT_LET_OUT, /* any other error of this machine's */
	CHECK_NO_RECORD,   /* the resolver said so */
	CHECK_UNKNOWN,     /* the resolver failed, or did not answer */
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
	CHECK_RULE_HARMS, /* IPv6 connects, and the rule takes it away */
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

/* Whether host, a terminated string, is a name or an address. Asks nobody for that. */
bool check_is_host(const char *host);

/* The host report: gathers, prints, and returns the exit status. */
int check_host(const char *host, unsigned port, unsigned wait, bool is_json);

/* Asks all questions side by side, those of pin4 where the host is pinned, within report->wait;
 * fills report->answers. */
void check_look_up(struct check_report *report);

/* Tries all addresses side by side; fills report->attempts. Sends nothing once connected. */
void check_connect(struct check_report *report);

/* The verdict, what follows from it, whether the program will connect, and whether there is a
 * one-line cure. Pure. */
enum check_verdict check_judge(const struct check_view *view);
const char *check_verdict_name(enum check_verdict verdict);
const char *check_verdict_words(const struct check_view *view);
bool check_is_good(const struct check_view *view);
bool check_has_cure(const struct check_view *view);

/* Of a connection's errno. */
enum check_reach check_reach_of(int error, bool is_local);
const char *check_reach_words(enum check_reach reach, bool is_tried);

/* Errors of the resolver and of connections: the name and the meaning. */
bool check_is_no_record(int error); /* the resolver said that there is none */
const char *check_lookup_name(int error);
const char *check_lookup_words(int error);
const char *check_connect_words(int error, bool is_local);

/* How the usual runtimes call an error, as "Erlang nxdomain, Python gaierror -2, ...". Returns
 * false, and writes nothing, where there is nothing to tell. */
bool check_put_lookup_called(struct log_line *line, int error);
bool check_put_connect_called(struct log_line *line, int error);

/* Microseconds of a clock that only goes forward. */
uint64_t check_clock(void);

/* Waits until one of count descriptors is ready, at most until that clock says end. Returns
 * whether one is; a signal does not end the wait. */
bool check_poll(struct pollfd *wanted, unsigned count, uint64_t end);

/* How many of report's questions are asked: those of pin4 only where a rule changes answers. */
unsigned check_asked(const struct check_report *report);

/* Prints a report on descriptor 1. */
void check_print_text(const struct check_report *report);
void check_print_json(const struct check_report *report);

/* Parts of both. A cure is a line of a Dockerfile, a command, or a command for a running node. */
void check_put_libc(struct log_line *line);
void check_put_address(struct log_line *line, const struct check_address *address);
void check_put_state(struct log_line *line, const struct check_report *report);
void check_put_cure(struct log_line *line, const struct check_report *report, size_t i);

/* Whether the A and the AAAA records belong to different names, to which a search list may lead. */
bool check_is_torn(const struct check_report *report);

/* The path of the program, not terminated; returns its length, 0 where it is not known. */
size_t check_program_path(char *ret, size_t size);

/* Writes what line holds to fd, and empties it; the second writes a line end too. */
void check_flush(int fd, struct log_line *line);
void check_write(int fd, struct log_line *line);

/* Writes a line to descriptor 2. Returns CHECK_USAGE, for those whose report that line replaces. */
int check_say(const char *text);

/* What follows prefix in text, or NULL. */
const char *check_after(const char *text, const char *prefix);

/* A decimal number from 1 to most, whose end is *end; 0 if there is none. */
unsigned check_number(const char *text, unsigned most, const char **end);

/* Goes through all rules, good and bad ones, as rules_next(). Begin with zeros in *place. */
struct check_place {
	size_t text, at;
};
bool check_next_rule(const struct rules *rules, struct check_place *place, struct rule *ret);

/* The verb, separator and the pattern. */
void check_put_rule(struct log_line *line, const struct rule *rule, const char *separator);

/* The length of the entry that a value of LD_PRELOAD begins with, and whether its file is named
 * after pin4, whatever the folders are called. */
size_t check_entry_length(const char *entry);
bool check_is_pin4(const char *entry, size_t len);

/* This library as LD_PRELOAD has it. Returns whether another library is there too. */
bool check_put_library(struct log_line *line);

#endif
