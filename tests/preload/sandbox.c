/* SPDX-License-Identifier: MIT */
/* Exchanges datagrams in a sandbox (seccomp(2)) that kills for any system call but those of just
 * that, as chronyd -F 1 does: sandbox CALL prints what arrived. CALL is send, sendmsg, sendmmsg, or
 * strict: read and write alone. */
#define _GNU_SOURCE
#include "dnsworld.h"

#include <sys/syscall.h>

/* <linux/filter.h> and <linux/seccomp.h>, which not every libc's compiler finds. */
struct filter_line {
	uint16_t code;
	uint8_t yes, no;
	uint32_t value;
};

struct filter {
	unsigned short len;
	struct filter_line *lines;
};

enum {
	LOAD = 0x20,
	IF_EQUAL = 0x15,
	RETURN = 0x06,
	STRICT = 1,
	FILTER = 2,
	KILL = 0,
	ALLOW = 0x7fff0000
};

static const long allowed[] = {
	SYS_read,
	SYS_write,
	SYS_sendto,
	SYS_recvfrom,
	SYS_sendmsg,
	SYS_recvmsg,
	SYS_sendmmsg,
	SYS_recvmmsg,
	SYS_exit,
	SYS_exit_group,
	SYS_clock_gettime,
#ifdef SYS_socketcall
	SYS_socketcall,
#endif
#ifdef SYS_recvmmsg_time64
	SYS_recvmmsg_time64,
#endif
};

static void enter_sandbox(void)
{
	enum { COUNT = sizeof(allowed) / sizeof(*allowed) };
	struct filter_line lines[COUNT + 3] = { { LOAD, 0, 0, 0 } };
	struct filter filter = { COUNT + 3, lines };

	for (size_t i = 0; i < COUNT; i++)
		lines[1 + i] = (struct filter_line){ IF_EQUAL, (uint8_t)(COUNT - i), 0,
						     (uint32_t)allowed[i] };
	lines[COUNT + 1] = (struct filter_line){ RETURN, 0, 0, KILL };
	lines[COUNT + 2] = (struct filter_line){ RETURN, 0, 0, ALLOW };
	MUST(!prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	MUST(!prctl(PR_SET_SECCOMP, FILTER, &filter, 0, 0));
}

static ssize_t send_by(const char *how, int fd, const struct dns_message *msg)
{
	struct iovec part = { (void *)msg->bytes, msg->len };
	struct mmsghdr message = { .msg_hdr = { .msg_iov = &part, .msg_iovlen = 1 } };

	if (!strcmp(how, "sendmsg"))
		return sendmsg(fd, &message.msg_hdr, 0);
	if (!strcmp(how, "sendmmsg"))
		return sendmmsg(fd, &message, 1, 0) == 1 ? (ssize_t)message.msg_len : -1;
	return send(fd, msg->bytes, msg->len, 0);
}

static ssize_t receive_by(const char *how, int fd, struct dns_message *ret)
{
	struct iovec part = { ret->bytes, sizeof(ret->bytes) };
	struct mmsghdr message = { .msg_hdr = { .msg_iov = &part, .msg_iovlen = 1 } };

	if (!strcmp(how, "sendmsg"))
		return recvmsg(fd, &message.msg_hdr, 0);
	if (!strcmp(how, "sendmmsg"))
		return recvmmsg(fd, &message, 1, 0, NULL) == 1 ? (ssize_t)message.msg_len : -1;
	return recv(fd, ret->bytes, sizeof(ret->bytes), 0);
}

static void say(const char *what)
{
	MUST(write(STDOUT_FILENO, what, strlen(what)) > 0);
}

/* Two sockets, each the other's peer. */
static void make_pair(int ret[2])
{
	struct sockaddr_in addr[2];

	ret[0] = dns_bind(&addr[0]);
	ret[1] = dns_bind(&addr[1]);
	for (int i = 0; i < 2; i++)
		MUST(!connect(ret[i], (struct sockaddr *)&addr[!i], sizeof(addr[0])));
}

int main(int argc, char **argv)
{
	struct dns_message ntp = { .len = 48, .bytes = { 0x23, 0, 6, 0xe9 } };
	struct dns_message sent[] = { ntp, dns_question(DNS_A, 0x1234, "one", "pin.test"),
				      dns_question(12, 0x1235, "one", "pin.test") };
	struct dns_message got;
	int pair[2];

	MUST(argc == 2);
	make_pair(pair);
	if (strcmp(argv[1], "strict")) {
		enter_sandbox();
		for (int i = 0; i < 3; i++) {
			MUST(send_by(argv[1], pair[0], &sent[i]) == (ssize_t)sent[i].len);
			got.len = (size_t)receive_by(argv[1], pair[1], &got);
			say(got.len == sent[i].len && !memcmp(got.bytes, sent[i].bytes, got.len)
				    ? "same "
				    : "changed ");
		}
		_exit(0);
	}
	MUST(!prctl(PR_SET_SECCOMP, STRICT, 0, 0, 0));
	if (write(pair[0], "x", 1) == 1 && read(pair[1], got.bytes, 512) == 1)
		say("same ");
	syscall(SYS_exit, 0);
}
