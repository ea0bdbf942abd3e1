/* SPDX-License-Identifier: MIT */
/* The questions that left this process as A instead of AAAA and wait for their answers, and the
 * hosts that turned out to have no A record. A fixed table of the process: any thread and any
 * descriptor may bring the answer. No lock, no memory, async-signal-safe; a forked child has a
 * copy, of which it misses what other threads were at work on. */
#ifndef PIN4_DNS_QUESTIONS_H
#define PIN4_DNS_QUESTIONS_H

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "dns/message.h"
#include "export.h"

enum {
	QUESTIONS_MOST = 128,    /* that wait at once; what is asked beyond that is not changed */
	QUESTIONS_PATIENCE = 60, /* seconds: who waits for an answer, who has no A record */
	QUESTIONS_AGAIN = 2,     /* seconds after which a question is asked again */
};

/* A question as the program asked it. */
struct asked {
	unsigned char msg[MESSAGE_MOST];
	size_t len;
	size_t end; /* of its question section */
	struct sockaddr_in6 to;
	socklen_t to_len; /* 0: to whom the socket is connected */
};

extern HIDDEN atomic_bool questions_expected;
extern HIDDEN _Atomic unsigned questions_waiting;

/* Whether this process may ask about pinned hosts by itself: it was started with rules, or sent a
 * question. Until then what it receives need not be looked at. */
static inline bool questions_are_expected(void)
{
	return atomic_load_explicit(&questions_expected, memory_order_relaxed);
}

static inline void questions_expect(void)
{
	if (!questions_are_expected())
		atomic_store(&questions_expected, true);
}

/* Whether any question waits. */
static inline bool questions_is_any(void)
{
	return atomic_load_explicit(&questions_waiting, memory_order_relaxed) != 0;
}

/* Why a question about a pinned host goes out as it is. */
enum questions_advice {
	QUESTIONS_CHANGE,
	QUESTIONS_NO_RECORD, /* the host had no A record within the last minute */
	QUESTIONS_UNSEEN, /* asked again, and this process never received an answer: it reads in a
			   * way that pin4 does not see */
	QUESTIONS_FULL,
};

/* Decides what becomes of a question, len bytes at msg, which was read into question. Where that is
 * QUESTIONS_CHANGE it waits from now on: call this before it is sent, because another thread may
 * read the answer at once. to, of to_len bytes, is its destination, or NULL. */
enum questions_advice questions_put(const unsigned char *msg, size_t len,
				    const struct question *question, const struct sockaddr *to,
				    socklen_t to_len);

/* A question that was put could not be sent, and waits no more. */
void questions_drop(const unsigned char *msg, const struct question *question);

/* The waiting question that the len bytes at msg answer, or NULL. It is the caller's alone until
 * questions_release(), before which nothing may block. */
const struct asked *questions_take(const unsigned char *msg, size_t len);

enum questions_next {
	QUESTIONS_WAITS,     /* it waits on: the answer was looked at and not taken (MSG_PEEK) */
	QUESTIONS_ANSWERED,  /* forgotten */
	QUESTIONS_REMEMBERED /* remembered as about a host without an A record */
};

void questions_release(const struct asked *asked, enum questions_next next);

#endif
