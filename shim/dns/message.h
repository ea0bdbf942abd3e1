/* SPDX-License-Identifier: MIT */
/* DNS messages (RFC 1035, 3596, 6891): the questions that pin4 changes, and their answers made
 * into what the program asked for. Pure: bytes in, bytes out, within the caller's buffer; no
 * memory, no clock, async-signal-safe. */
#ifndef PIN4_DNS_MESSAGE_H
#define PIN4_DNS_MESSAGE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "hostname.h"

enum {
	MESSAGE_HEADER = 12,
	MESSAGE_LEAST = MESSAGE_HEADER + 1 + 4, /* with a question about the root */
	MESSAGE_MOST = 512,                     /* of a question (RFC 1035 4.2.1) */
	MESSAGE_A = 1,                          /* RFC 1035 3.2.2 */
	MESSAGE_AAAA = 28,                      /* RFC 3596 2.1 */
	MESSAGE_IN = 1,
	MESSAGE_ADDRESSES = 256, /* that one answer is rebuilt with, at the most */
};

/* A question about the AAAA records of one host. */
struct question {
	size_t end; /* of the question in its message; the type is 4 bytes before */
	char name[HOSTNAME_MAX + 1]; /* terminated, in lower case, without trailing dot */
};

/* Whether the header of a message, at least MESSAGE_HEADER bytes, is that of a question as
 * message_read_question() takes it. This is all that most sends pay. */
static inline bool message_has_question(const void *msg)
{
	/* Flags, then the number of questions, answers and authorities. */
	static const unsigned char wanted[8] = { 0x01, 0, 0, 1, 0, 0, 0, 0 };
	static const unsigned char mask[8] = { 0xff, 0xdf, 255, 255, 255, 255, 255, 255 };
	uint64_t flags, want, bits;

	memcpy(&flags, (const char *)msg + 2, sizeof(flags));
	memcpy(&want, wanted, sizeof(want));
	memcpy(&bits, mask, sizeof(bits));
	return ((flags ^ want) & bits) == 0;
}

/* Whether the len bytes at msg are a question that pin4 may change: a standard query with RD, one
 * question, AAAA, IN, about a name of the form of a host name, nothing else but an OPT record. One
 * with CD or DO is none: whoever validates would call the changed answer bogus. *ret is untouched
 * if not. */
bool message_read_question(const unsigned char *msg, size_t len, struct question *ret);

/* Sets the type of the question that ends at end. */
static inline void message_set_type(unsigned char *msg, size_t end, unsigned char type)
{
	msg[end - 3] = type;
}

/* Where the one question of an answer, len bytes at msg, ends; 0 where this is no answer (RFC 1035
 * 4.1.1: QR, opcode 0, one question). */
size_t message_question_end(const unsigned char *msg, size_t len);

/* Whether the len bytes at msg are an answer to the question that ends at end in asked, with the
 * same ID and, but for the type, which is A here, to the letter. */
bool message_answers(const unsigned char *msg, size_t len, const unsigned char *asked, size_t end);

enum message_outcome {
	MESSAGE_REBUILT,   /* it holds AAAA records now */
	MESSAGE_NO_RECORD, /* the host has no A record; nothing was changed */
	MESSAGE_RESTORED,  /* an error, or nothing to be read: only the question is as it was asked
			    */
};

struct message_answer {
	size_t len;     /* of the message now */
	unsigned rcode; /* RFC 1035 4.1.1 */
	size_t count;   /* of the A records that it was rebuilt with */
	struct in_addr addresses[MESSAGE_ADDRESSES];
};

/* Turns an answer to an A question, len bytes in a buffer of size bytes, into the answer to the
 * AAAA question about the same name, which ends at end: the question, then one AAAA record for each
 * A record at the end of the CNAME chain, whose owner is the question's name and whose address is
 * mapped, with the least TTL of the chain; then the answer's own OPT record. Records that do not
 * fit are left out; TC stays only if none fits. len may be less than was sent: the records that are
 * whole count. */
enum message_outcome message_rebuild(unsigned char *msg, size_t len, size_t size, size_t end,
				     struct message_answer *ret);

#endif
