/* SPDX-License-Identifier: MIT */
/* Reads DNS messages (RFC 1035, 3596, 6891) that a program sends and receives by itself. Pure:
 * bytes in, facts out; never alters a byte, allocates nothing, async-signal-safe. */
#ifndef PIN4_SNOOP_H
#define PIN4_SNOOP_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hostname.h"

enum {
	SNOOP_A = 1,          /* RFC 1035 3.2.2 */
	SNOOP_AAAA = 28,      /* RFC 3596 2.1 */
	SNOOP_ADDRESSES = 32, /* those behind are not kept */
};

struct snoop_question {
	uint16_t id;
	uint16_t type;
	size_t name_len;
	char name[HOSTNAME_MAX + 1]; /* terminated, in lower case, without trailing dot */
};

struct snoop_answer {
	struct snoop_question question;
	uint32_t ttl; /* seconds, the least of all records used */
	size_t ipv4_count;
	size_t ipv6_count;
	struct in_addr ipv4[SNOOP_ADDRESSES];
	struct in6_addr ipv6[SNOOP_ADDRESSES];
};

/* Whether the len bytes at msg, one message without a TCP length, are a query for the A or AAAA
 * records of one host name of the Internet class. *ret is untouched if not. */
bool snoop_question(const unsigned char *msg, size_t len, struct snoop_question *ret);

/* Whether they begin as an answer to such a query does: what the header says is one, and the
 * question. Cheap, whatever comes behind. *ret is untouched if not. */
bool snoop_reply(const unsigned char *msg, size_t len, struct snoop_question *ret);

/* Whether they are a whole, well-formed, successful answer to such a query; then *ret has the
 * addresses at the end of the CNAME chain that starts at the question. A message with any fault is
 * refused whole; so is a truncated one (TC), which the program asks for again. */
bool snoop_answer(const unsigned char *msg, size_t len, struct snoop_answer *ret);

#endif
