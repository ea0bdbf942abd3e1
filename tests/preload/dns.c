/* SPDX-License-Identifier: MIT */
/* Asks a DNS server of its own for AAAA records of hosts below ZONE, by every call that sends and
 * receives datagrams, and prints what the server saw and what came back: dns SCENARIO ZONE */
#define _GNU_SOURCE
#include "dnsclient.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <time.h>

enum by_send { SEND, SENDTO, SENDMSG, SENDMSG_PARTS, SENDMMSG, SENDS };

static const char *const send_names[] = { "send", "sendto", "sendmsg", "sendmsg-parts",
					  "sendmmsg" };

static ssize_t send_by(enum by_send how, int fd, const struct dns_message *msg)
{
	unsigned char *bytes = (unsigned char *)msg->bytes;
	struct iovec parts[] = {
		{ bytes, 5 }, { NULL, 0 }, { bytes + 5, 9 }, { bytes + 14, msg->len - 14 }
	};
	struct iovec whole = { bytes, msg->len };
	struct mmsghdr message = { .msg_hdr = { .msg_iov = &whole, .msg_iovlen = 1 } };

	switch (how) {
	case SEND:
		return send(fd, bytes, msg->len, 0);
	case SENDTO:
		return sendto(fd, bytes, msg->len, 0, (struct sockaddr *)&world.addr,
			      sizeof(world.addr));
	case SENDMSG_PARTS:
		message.msg_hdr.msg_iov = parts;
		message.msg_hdr.msg_iovlen = 4;
		return sendmsg(fd, &message.msg_hdr, 0);
	case SENDMSG:
		message.msg_hdr.msg_name = &world.addr;
		message.msg_hdr.msg_namelen = sizeof(world.addr);
		return sendmsg(fd, &message.msg_hdr, 0);
	default:
		MUST(sendmmsg(fd, &message, 1, 0) == 1);
		return message.msg_len;
	}
}

enum by_receive {
	RECV,
	RECVFROM,
	RECVMSG,
	RECVMSG_PARTS,
	RECVMMSG,
	READ,
	READV,
	READV_PARTS,
	RECV_CHK,
	RECVFROM_CHK,
	READ_CHK,
	RECEIVES
};

static const char *const receive_names[] = { "recv",     "recvfrom",     "recvmsg", "recvmsg-parts",
					     "recvmmsg", "read",         "readv",   "readv-parts",
					     "recv_chk", "recvfrom_chk", "read_chk" };

/* A libc without fortified calls has no programs that call them. */
static ssize_t receive_fortified(enum by_receive how, int fd, void *buf, size_t len)
{
	ssize_t (*recv_chk)(int, void *, size_t, size_t, int);
	ssize_t (*recvfrom_chk)(int, void *, size_t, size_t, int, struct sockaddr *, socklen_t *);
	ssize_t (*read_chk)(int, void *, size_t, size_t);

	*(void **)&recv_chk = dlsym(RTLD_DEFAULT, "__recv_chk");
	*(void **)&recvfrom_chk = dlsym(RTLD_DEFAULT, "__recvfrom_chk");
	*(void **)&read_chk = dlsym(RTLD_DEFAULT, "__read_chk");
#ifndef __GLIBC__
	return recv(fd, buf, len, 0);
#endif
	if (how == RECV_CHK)
		return recv_chk(fd, buf, len, len, 0);
	if (how == READ_CHK)
		return read_chk(fd, buf, len, len);
	return recvfrom_chk(fd, buf, len, len, 0, NULL, NULL);
}

static ssize_t receive_by(enum by_receive how, int fd, unsigned char *buf, size_t len)
{
	struct iovec parts[] = {
		{ buf, 3 }, { buf + 3, 20 }, { NULL, 0 }, { buf + 23, 10 }, { buf + 33, len - 33 }
	};
	struct iovec whole = { buf, len };
	struct mmsghdr message = { .msg_hdr = { .msg_iov = &whole, .msg_iovlen = 1 } };
	struct sockaddr_in from;
	socklen_t from_len = sizeof(from);
	ssize_t got;

	switch (how) {
	case RECV:
		return recv(fd, buf, len, 0);
	case RECVFROM:
		got = recvfrom(fd, buf, len, 0, (struct sockaddr *)&from, &from_len);
		MUST(from_len == sizeof(from) && from.sin_port == world.addr.sin_port);
		return got;
	case RECVMSG_PARTS:
		message.msg_hdr.msg_iov = parts;
		message.msg_hdr.msg_iovlen = 5;
		return recvmsg(fd, &message.msg_hdr, 0);
	case RECVMSG:
		message.msg_hdr.msg_name = &from;
		message.msg_hdr.msg_namelen = sizeof(from);
		got = recvmsg(fd, &message.msg_hdr, 0);
		MUST(from.sin_port == world.addr.sin_port);
		return got;
	case RECVMMSG:
		MUST(recvmmsg(fd, &message, 1, 0, NULL) == 1);
		return message.msg_len;
	case READ:
		return read(fd, buf, len);
	case READV:
		return readv(fd, &whole, 1);
	case READV_PARTS:
		return readv(fd, parts, 5);
	default:
		return receive_fortified(how, fd, buf, len);
	}
}

/* Each way to send with each way to receive, a line each. */
static void pairs(void)
{
	int fd = dns_socket(&world);
	unsigned char buf[DNS_ROOM];

	for (enum by_send s = 0; s < SENDS; s++)
		for (enum by_receive r = 0; r < RECEIVES; r++) {
			struct dns_message asked = ask_for("one");
			ssize_t got;

			errno = KEPT;
			MUST(send_by(s, fd, &asked) == (ssize_t)asked.len);
			got = receive_by(r, fd, buf, sizeof(buf));
			MUST(got < 0 || errno == KEPT);
			printf("%s+%s: wire=%s", send_names[s], receive_names[r],
			       dns_seen(&world, number++, &asked));
			tell(&asked, buf, got);
			puts("");
		}
}

#define OPT_512 "\0\0\x29\2\0\0\0\0\0\0\0"
#define OPT_1232 "\0\0\x29\4\xd0\0\0\0\0\0\0"
#define OPT_COOKIE                                 \
	"\0\0\x29\4\xd0\0\0\0\0\0\x0c\0\x0a\0\x08" \
	"cookie67"
#define OPT_DO "\0\0\x29\4\xd0\0\0\x80\0\0\0"

/* What a server may say, and how much room there is. A AAAA record takes 28 bytes. */
static void answers(void)
{
	size_t end = 12 + 4 + 1 + strlen(zone) + 1 + 4;

	one("one", 500, NULL, 0);
	one("oNe", 500, NULL, 0);
	one("ONE", 500, NULL, 0);
	one("chain", 500, NULL, 0);
	one("nxdomain", 500, NULL, 0);
	one("servfail", 500, NULL, 0);
	one("cut", 500, NULL, 0);
	one("part", 500, NULL, 0);
	one("one", 512, OPT_512, sizeof(OPT_512) - 1);
	one("one", 1232, OPT_COOKIE, sizeof(OPT_COOKIE) - 1);
	one("one", 1233, OPT_DO, sizeof(OPT_DO) - 1);
	one("many", 2048, NULL, 0);
	one("many", 1232, OPT_1232, sizeof(OPT_1232) - 1);
	one("many", 700, OPT_512, sizeof(OPT_512) - 1);
	one("one", end + 28, NULL, 0);
	one("one", end + 27, NULL, 0);
	one("one", end + 10, NULL, 0);
	one("one", 20, NULL, 0);
}

/* Questions that leave as they are, and bytes that are none. */
static void questions(void)
{
	static const struct {
		const char *name;
		size_t at;
		unsigned char byte;
	} changes[] = { { "without RD", 2, 0 },   { "with CD", 3, 0x10 },
			{ "an answer", 2, 0x81 }, { "of opcode 2", 2, 0x11 },
			{ "with two", 5, 2 },     { "with an answer", 7, 1 } };
	int fd = dns_socket(&world);
	struct dns_message asked = dns_question(DNS_A, id++, "one", zone);

	printf("for A:");
	ask(fd, &asked);
	puts("");
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		asked = ask_for("one");
		asked.bytes[changes[i].at] = changes[i].byte;
		printf("%s:", changes[i].name);
		ask(fd, &asked);
		puts("");
	}
	asked = ask_for("one");
	dns_put(&asked, "", 1);
	printf("with a byte more:");
	ask(fd, &asked);
	puts("");
}

/* Looks at an answer by MSG_PEEK in several ways, and takes it then. */
static void peek(void)
{
	int fd = dns_socket(&world);
	struct dns_message asked = ask_for("one");
	unsigned char header[12];
	struct iovec parts[] = { { header, 7 }, { header + 7, 5 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };
	struct iovec nothing = { NULL, 0 };
	struct msghdr none = { .msg_iov = &nothing, .msg_iovlen = 1 };
	const int size = MSG_PEEK | MSG_TRUNC;

	ask(fd, &asked);
	printf(" sizes=%zd,%zd,%zd,", recv(fd, NULL, 0, size), recvmsg(fd, &none, size),
	       recv(fd, header, sizeof(header), size));
	printf("%zd/%d records,", recvmsg(fd, &message, size), header[7]);
	printf("%zd", recv(fd, header, sizeof(header), MSG_PEEK));
	receive(fd, &asked, MSG_PEEK, 512);
	receive(fd, &asked, size, 512);
	receive(fd, &asked, 0, 512);
	receive(fd, &asked, MSG_DONTWAIT, 512);
	puts("");
	asked = ask_for("one");
	ask(fd, &asked);
	printf(" cut=%zd", recv(fd, header, sizeof(header), MSG_TRUNC));
	receive(fd, &asked, MSG_DONTWAIT, 512);
	puts("");
	asked = ask_for("nodata");
	ask(fd, &asked);
	printf(" size=%zd", recv(fd, NULL, 0, size | MSG_DONTWAIT));
	ask_second(&asked);
	printf(" size=%zd", recv(fd, NULL, 0, size | MSG_DONTWAIT));
	receive(fd, &asked, MSG_PEEK, 512);
	receive(fd, &asked, MSG_DONTWAIT, 512);
	puts("");
}

/* Several questions by one sendmmsg, and their answers by one recvmmsg. */
static void several(void)
{
	int fd = dns_socket(&world);
	static unsigned char bufs[4][DNS_ROOM];
	struct dns_message asked[] = { ask_for("one"),
				       dns_question(DNS_AAAA, id++, "one", "x.test"),
				       ask_for("nodata"), ask_for("chain") };
	struct mmsghdr messages[4];
	struct iovec parts[4];
	int got;

	memset(messages, 0, sizeof(messages));
	for (int i = 0; i < 4; i++) {
		parts[i] = (struct iovec){ asked[i].bytes, asked[i].len };
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	MUST(sendmmsg(fd, messages, 4, 0) == 4);
	dns_await(&world, number += 4);
	for (int i = 0; i < 4; i++) {
		MUST(messages[i].msg_len == asked[i].len);
		printf("wire=%s ", dns_seen(&world, (unsigned)i, &asked[i]));
		parts[i] = (struct iovec){ bufs[i], sizeof(bufs[i]) };
	}
	got = recvmmsg(fd, messages, 4, MSG_DONTWAIT, NULL);
	printf("got=%d", got);
	for (int i = 0; i < got; i++)
		tell(&asked[i], bufs[i], messages[i].msg_len);
	dns_await(&world, number + (got == 4 && !messages[2].msg_len));
	receive(fd, &asked[2], MSG_DONTWAIT, 512);
	puts("");
}

/* No A record: the second question leaves while the answer to the first is received. */
static void nodata(void)
{
	int fd = dns_socket(&world);
	struct dns_message asked = ask_for("nodata");
	struct pollfd ready = { .fd = fd, .events = POLLIN };

	printf("nonblocking:");
	MUST(!fcntl(fd, F_SETFL, O_NONBLOCK));
	ask(fd, &asked);
	receive(fd, &asked, 0, 512);
	ask_second(&asked);
	receive(fd, &asked, 0, 512);
	asked = ask_for("nodata");
	ask(fd, &asked);
	receive(fd, &asked, 0, 512);
	MUST(!fcntl(fd, F_SETFL, 0));
	zone++; /* another host, of which nothing is known yet */
	asked = ask_for("nodata");
	printf("\nblocking:");
	ask(fd, &asked);
	receive(fd, &asked, 0, 512);
	ask_second(&asked);
	zone++;
	asked = ask_for("nodata");
	printf("\npoll:");
	ask(fd, &asked);
	MUST(poll(&ready, 1, 5000) == 1);
	receive(fd, &asked, 0, 512);
	ask_second(&asked);
	puts("");
}

/* No A record, and no answer to the second question. */
static void lost(void)
{
	int fd = dns_socket(&world);
	struct timeval most = { .tv_usec = 300000 };
	struct dns_message asked = ask_for("lost");
	struct timespec begin, end;

	MUST(!setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof(most)));
	ask(fd, &asked);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	receive(fd, &asked, 0, 512);
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf(" %s", end.tv_sec - begin.tv_sec < 4 ? "soon" : "late");
	ask_second(&asked);
	puts("");
}

/* The same by a program that would wait for ever. */
static void lost_for_ever(void)
{
	int fd = dns_socket(&world);
	struct dns_message asked = ask_for("lost");

	ask(fd, &asked);
	receive(fd, &asked, 0, 512);
	puts("");
}

int main(int argc, char **argv)
{
	static const struct scenario scenarios[] = {
		{ "pairs", pairs },         { "answers", answers },
		{ "questions", questions }, { "peek", peek },
		{ "several", several },     { "nodata", nodata },
		{ "lost", lost },           { "lost-for-ever", lost_for_ever }
	};

	MUST(argc == 3);
	zone = argv[2];
	return run_scenario(scenarios, sizeof(scenarios) / sizeof(*scenarios), argv[1]);
}
