/* SPDX-License-Identifier: MIT */
/* Decides about questions by the rules, and says what was done. */
#include "dns/ask.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fit.h"
#include "log.h"

/* <sys/socket.h> shows it under _GNU_SOURCE only, and musl's not at all. */
enum { ZEROCOPY = 0x4000000 };

static int option(int fd, int name)
{
	int value = -1;
	socklen_t len = sizeof(value);

	return syscall(SYS_getsockopt, fd, SOL_SOCKET, name, &value, &len) == 0 ? value : -1;
}

/* Whether fd is a UDP socket: ping sockets are datagram ones, and raw ones may have its number. */
static bool is_udp(int fd)
{
	return option(fd, SO_TYPE) == SOCK_DGRAM && option(fd, SO_PROTOCOL) == IPPROTO_UDP;
}

bool ask_is_pinned(const char *name, struct lookup *ret)
{
	if (policy_ask("dns", name, AF_INET6, ret) != VERDICT_PIN)
		return false;
	ret->asked = "AAAA";
	return true;
}

static const char *reason(enum questions_advice advice)
{
	switch (advice) {
	case QUESTIONS_NO_RECORD:
		return "none: no A record within the last minute, asked as it was";
	case QUESTIONS_UNSEEN:
		return "none: no answer was received by a call that pin4 sees, asked as it was";
	default:
		return "none: too many questions wait, asked as it was";
	}
}

RARE bool ask_change(int fd, const unsigned char *msg, size_t len, int flags,
		     const struct sockaddr *to, socklen_t to_len, struct changed *ret)
{
	enum questions_advice advice;
	struct lookup lookup;
	int saved = errno;
	bool is_ours = !(flags & (ZEROCOPY | MSG_MORE)) && (!to || ask_is_address(to)) &&
		       message_read_question(msg, len, &ret->question) &&
		       ask_is_pinned(ret->question.name, &lookup) && is_udp(fd);

	errno = saved;
	questions_expect();
	if (!is_ours)
		return false;
	advice = questions_put(msg, len, &ret->question, to, to_len);
	if (advice != QUESTIONS_CHANGE) {
		policy_log_error(&lookup, reason(advice));
		return false;
	}
	memcpy(ret->msg, msg, len);
	message_set_type(ret->msg, ret->question.end, MESSAGE_A);
	return true;
}

static void write_addresses(const struct lookup *lookup, const struct message_answer *answer)
{
	struct log_line line;

	if (!lookup->is_logged)
		return;
	policy_begin_line(&line, lookup);
	for (size_t i = 0; i < answer->count; i++) {
		log_text(&line, i ? ",::ffff:" : "::ffff:");
		log_ipv4(&line, answer->addresses[i]);
	}
	log_end(&line);
}

static const char *rcode_name(unsigned rcode)
{
	static const char names[][10] = { "nothing",  "FORMERR", "SERVFAIL",
					  "NXDOMAIN", "NOTIMP",  "REFUSED" };

	return rcode < sizeof(names) / sizeof(*names) ? names[rcode] : "an error";
}

RARE void ask_report(const struct lookup *lookup, enum message_outcome outcome,
		     const struct message_answer *answer)
{
	int saved = errno;

	for (size_t i = 0; i < answer->count; i++)
		fit_add(answer->addresses[i]);
	if (outcome == MESSAGE_NO_RECORD)
		policy_log_error(lookup, "none: no A record, asked as it was");
	else if (answer->count)
		write_addresses(lookup, answer);
	else
		policy_log_error(lookup, rcode_name(answer->rcode));
	errno = saved;
}
