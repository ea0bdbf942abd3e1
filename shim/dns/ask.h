/* SPDX-License-Identifier: MIT */
/* What becomes of one DNS question and of its answer; between the files of this folder. As
 * async-signal-safe as the calls that they stand in. errno stays. */
#ifndef PIN4_DNS_ASK_H
#define PIN4_DNS_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "dns/message.h"
#include "dns/questions.h"
#include "policy.h"

/* Whether memory can be at an address at all. What cannot be there is left for the kernel to refuse
 * (EFAULT). */
static inline bool ask_is_address(const void *at)
{
	const uintptr_t page = 4096, end = sizeof(at) == 8 ? INTPTR_MAX : UINTPTR_MAX - page;

	return (uintptr_t)at - page < end - page;
}

/* Whether what a program sends may be a question at all, by its length and its first bytes, which
 * are read. */
static inline bool ask_is_likely(const void *buf, size_t len)
{
	return len - MESSAGE_LEAST <= MESSAGE_MOST - MESSAGE_LEAST && ask_is_address(buf) &&
	       message_has_question(buf);
}

/* Whether a rule pins a terminated name that DNS is asked about; then *ret is the lookup. */
bool ask_is_pinned(const char *name, struct lookup *ret);

/* A question that leaves in place of the program's. */
struct changed {
	struct question question;
	unsigned char msg[MESSAGE_MOST];
};

/* Whether the len bytes at msg, which a program is about to send on fd, have to leave as an A
 * question: then that is in *ret, as long as before, and waits for its answer. to is the
 * destination that the program gives, or NULL. */
bool ask_change(int fd, const unsigned char *msg, size_t len, int flags, const struct sockaddr *to,
		socklen_t to_len, struct changed *ret);

/* What rebuilding an answer came to: notes its addresses, and reports it at level info. */
void ask_report(const struct lookup *lookup, enum message_outcome outcome,
		const struct message_answer *answer);

#endif
