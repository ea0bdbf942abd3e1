/* SPDX-License-Identifier: MIT */
/* The libc's own DNS calls (resolver(3)), which send and receive inside the libc: the A question is
 * asked in place of the AAAA one, and its answer rebuilt. Not async-signal-safe, as they are not.
 */
#include <netdb.h>
#include <string.h>

#include "dns/ask.h"
#include "export.h"
#include "libc.h"

/* A call, to either form of the real function: with a state of the program's, or without. */
struct call {
	__typeof__(&res_query) query;
	__typeof__(&res_nquery) nquery;
	__typeof__(&res_send) send;
	__typeof__(&res_nsend) nsend;
	void *state;
	const char *name;
	const unsigned char *msg;
	int len; /* of msg */
	unsigned char *answer;
	int size;
};

static int query(const struct call *call, int class, int type)
{
	if (call->nquery)
		return call->nquery(call->state, call->name, class, type, call->answer, call->size);
	return call->query(call->name, class, type, call->answer, call->size);
}

static int send_message(const struct call *call, const unsigned char *msg)
{
	if (call->nsend)
		return call->nsend(call->state, msg, call->len, call->answer, call->size);
	return call->send(msg, call->len, call->answer, call->size);
}

/* Makes the answer to an A question, len bytes or an error, into the program's. Returns false if
 * the host has no A record: the libc has to be asked as the program did. */
static bool rebuild(const struct call *call, const struct lookup *lookup, int *len)
{
	struct message_answer answer = { .count = 0 };
	enum message_outcome outcome = MESSAGE_NO_RECORD;
	size_t got = (size_t)(*len < call->size ? *len : call->size);
	size_t end = *len < 0 ? 0 : message_question_end(call->answer, got);

	if (!end && (*len >= 0 || h_errno != NO_DATA)) {
		policy_log_error(lookup, "the lookup failed");
		return true;
	}
	if (end)
		outcome = message_rebuild(call->answer, got, (size_t)call->size, end, &answer);
	ask_report(lookup, outcome, &answer);
	if (outcome != MESSAGE_NO_RECORD)
		*len = (int)answer.len;
	return outcome != MESSAGE_NO_RECORD;
}

static int ask(const struct call *call, int class, int type)
{
	struct lookup lookup;
	int len;

	if (type == MESSAGE_AAAA && class == MESSAGE_IN && call->name && call->size > 0 &&
	    ask_is_pinned(call->name, &lookup)) {
		len = query(call, class, MESSAGE_A);
		if (rebuild(call, &lookup, &len))
			return len;
	}
	return query(call, class, type);
}

static int ask_message(const struct call *call)
{
	struct changed changed;
	struct lookup lookup;
	int len;

	if (call->len > 0 && call->size > 0 &&
	    message_read_question(call->msg, (size_t)call->len, &changed.question) &&
	    ask_is_pinned(changed.question.name, &lookup)) {
		memcpy(changed.msg, call->msg, (size_t)call->len);
		message_set_type(changed.msg, changed.question.end, MESSAGE_A);
		len = send_message(call, changed.msg);
		if (rebuild(call, &lookup, &len))
			return len;
	}
	return send_message(call, call->msg);
}

#define QUERY(row)                                                                             \
	EXPORT int row(const char *name, int class, int type, unsigned char *answer, int size) \
	{                                                                                      \
		struct call call = { .query = libc_extra(row), .name = name };                 \
                                                                                               \
		call.answer = answer;                                                          \
		call.size = size;                                                              \
		return ask(&call, class, type);                                                \
	}

#define NQUERY(row)                                                                               \
	EXPORT int row(void *state, const char *name, int class, int type, unsigned char *answer, \
		       int size)                                                                  \
	{                                                                                         \
		struct call call = { .nquery = libc_extra(row), .state = state, .name = name };   \
                                                                                                  \
		call.answer = answer;                                                             \
		call.size = size;                                                                 \
		return ask(&call, class, type);                                                   \
	}

#define SEND(row)                                                                          \
	EXPORT int row(const unsigned char *msg, int len, unsigned char *answer, int size) \
	{                                                                                  \
		struct call call = { .send = libc_extra(row), .msg = msg, .len = len };    \
                                                                                           \
		call.answer = answer;                                                      \
		call.size = size;                                                          \
		return ask_message(&call);                                                 \
	}

#define NSEND(row)                                                                            \
	EXPORT int row(void *state, const unsigned char *msg, int len, unsigned char *answer, \
		       int size)                                                              \
	{                                                                                     \
		struct call call = { .nsend = libc_extra(row), .state = state, .msg = msg };  \
                                                                                              \
		call.len = len;                                                               \
		call.answer = answer;                                                         \
		call.size = size;                                                             \
		return ask_message(&call);                                                    \
	}

QUERY(res_query)
QUERY(res_search)
QUERY(__res_query)
QUERY(__res_search)
NQUERY(res_nquery)
NQUERY(res_nsearch)
NQUERY(__res_nquery)
NQUERY(__res_nsearch)
SEND(res_send)
SEND(__res_send)
NSEND(res_nsend)
NSEND(__res_nsend)
