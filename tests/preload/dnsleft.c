/* SPDX-License-Identifier: MIT */
/* Sends AAAA questions about a host below ZONE in ways, and by sockets, that are no datagram of one
 * question, and bad addresses: dnsleft SCENARIO ZONE prints what arrives, or what the call says. */
#define _GNU_SOURCE
#include "dnsclient.h"
#include "network.h"

#include <fcntl.h>
#include <sys/uio.h>

#define ZEROCOPY 0x4000000
#define SEGMENT 103

/* Sends with flags or a control message, then prints what the server saw. */
static void left_with(const char *name, int flags, int segment)
{
	int fd = dns_socket(&world);
	struct dns_message asked = ask_for("one");
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(uint16_t))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(uint16_t)),
				  .cmsg_level = IPPROTO_UDP,
				  .cmsg_type = SEGMENT } };
	uint16_t size = (uint16_t)segment;
	struct iovec part = { asked.bytes, asked.len };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	memcpy(CMSG_DATA(&control.header), &size, sizeof(size));
	if (segment) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	MUST(sendmsg(fd, &message, flags) == (ssize_t)asked.len);
	if (flags & MSG_MORE)
		MUST(!send(fd, "", 0, 0));
	dns_await(&world, ++number);
	printf("%s: wire=%s", name, dns_seen(&world, number - 1, &asked));
	receive(fd, &asked, 0, 512);
	puts("");
	close(fd);
}

/* Sends a question on one end, as it is, and prints whether the other end has the same. */
static void left_on(const char *name, int from, int to, size_t header)
{
	struct dns_message asked = ask_for("one");
	struct dns_message got;

	MUST(send(from, asked.bytes, asked.len, 0) == (ssize_t)asked.len);
	got.len = (size_t)recv(to, got.bytes, sizeof(got.bytes), 0);
	printf("%s: %s\n", name,
	       got.len == asked.len + header && !memcmp(got.bytes + header, asked.bytes, asked.len)
		       ? "same"
		       : "changed");
	close(from);
	close(to);
}

static void left_on_tcp(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(addr);
	int server = socket(AF_INET, SOCK_STREAM, 0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	MUST(server >= 0 && !bind(server, (struct sockaddr *)&addr, len) && !listen(server, 1));
	MUST(!getsockname(server, (struct sockaddr *)&addr, &len));
	MUST(!connect(fd, (struct sockaddr *)&addr, len));
	left_on("tcp", fd, accept(server, NULL, NULL), 0);
	close(server);
}

static void left(void)
{
	int pair[2];

	left_with("MSG_MORE", MSG_MORE, 0);
	left_with("MSG_ZEROCOPY", ZEROCOPY, 0);
	left_with("UDP_SEGMENT", 0, 500);
	left_on_tcp();
	MUST(!socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
	left_on("unix datagram", pair[0], pair[1], 0);
	MUST(!socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair));
	left_on("unix seqpacket", pair[0], pair[1], 0);
}

/* The answer to a ping has what the ping had, behind its header of 8 bytes. */
static void ping(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int range = open("/proc/sys/net/ipv4/ping_group_range", O_WRONLY);
	struct dns_message asked = ask_for("one");
	struct dns_message got;
	int fd;

	MUST(range >= 0 && write(range, "0 0", 3) == 3);
	fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);
	MUST(fd >= 0 && !connect(fd, (struct sockaddr *)&addr, sizeof(addr)));
	asked.bytes[0] = 8; /* an echo request */
	asked.bytes[1] = 0;
	MUST(send(fd, asked.bytes, asked.len, 0) == (ssize_t)asked.len);
	got.len = (size_t)recv(fd, got.bytes, sizeof(got.bytes), 0);
	printf("ping: %s\n",
	       got.len == asked.len && !memcmp(got.bytes + 8, asked.bytes + 8, asked.len - 8)
		       ? "same"
		       : "changed");
}

/* IP protocol 253 is for experiments (RFC 3692); the receiver has the IP header too. */
static void raw(void)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int from, to;

	network_make();
	from = socket(AF_INET, SOCK_RAW, 253);
	to = socket(AF_INET, SOCK_RAW, 253);
	MUST(from >= 0 && to >= 0);
	MUST(!connect(from, (struct sockaddr *)&addr, sizeof(addr)));
	left_on("raw", from, to, 20);
	ping();
}

static unsigned char *wall; /* behind it nobody may read or write */

static void *const addresses[] = { NULL,       (void *)1,  (void *)8,    (void *)4095,
				   (void *)-1, (void *)-8, (void *)-4096 };

static void said(const char *call, const void *address, size_t len, ssize_t result)
{
	char text[32];

	printf("%s %zx %zu: ", call, (size_t)address, len);
	if (result < 0)
		printf("%s\n", probe_errno(errno, text, sizeof(text)));
	else
		printf("%zd\n", result);
}

/* Bad buffers, behind the wall only of a length that no question has. */
static void bad_buffers(int fd)
{
	static const size_t lens[] = { 0, 1, 12, 16, 17, 30, 512, 513, 5000 };

	for (size_t a = 0; a <= sizeof(addresses) / sizeof(*addresses); a++)
		for (size_t i = 0; i < sizeof(lens) / sizeof(*lens); i++) {
			bool is_wall = a == sizeof(addresses) / sizeof(*addresses);
			void *address = is_wall ? wall : addresses[a];
			size_t len = lens[i];
			struct iovec part = { address, len };
			struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
			struct mmsghdr several = { .msg_hdr = message };

			if (is_wall && len >= 17 && len <= 512)
				continue;
			address = is_wall ? NULL : address; /* the wall's differs from run to run */
			said("send", address, len, send(fd, part.iov_base, len, 0));
			said("sendto", address, len, sendto(fd, part.iov_base, len, 0, NULL, 0));
			said("sendmsg", address, len, sendmsg(fd, &message, 0));
			said("sendmmsg", address, len, sendmmsg(fd, &several, 1, 0));
			said("sendmsg-fastopen", address, len, sendmsg(fd, &message, MSG_FASTOPEN));
		}
}

/* Bad addresses of what stands around a buffer that is a question, or nearly. */
static void bad_messages(int fd, int loose)
{
	struct dns_message asked = ask_for("one");
	struct iovec whole = { asked.bytes, asked.len };

	for (size_t a = 0; a < sizeof(addresses) / sizeof(*addresses); a++) {
		void *bad = addresses[a];
		struct iovec first[] = { { bad, 20 }, { asked.bytes, asked.len } };
		struct iovec second[] = { { asked.bytes, 20 }, { bad, 20 } };
		struct iovec small[] = { { bad, 5 }, { asked.bytes + 5, asked.len - 5 } };
		struct iovec empty[] = { { bad, 0 }, { asked.bytes, asked.len } };
		struct msghdr message = { .msg_iov = &whole, .msg_iovlen = 1 };
		struct mmsghdr several = { .msg_hdr = message };

		said("sendto-name", bad, 16,
		     sendto(loose, asked.bytes, asked.len, 0, bad, sizeof(world.addr)));
		said("sendto-name-0", bad, 0, sendto(fd, asked.bytes, asked.len, 0, bad, 0));
		said("sendmmsg-none", bad, 0, sendmmsg(fd, bad, 0, 0));
		message.msg_iov = bad;
		said("sendmsg-parts", bad, 1, sendmsg(fd, &message, 0));
		message.msg_iovlen = 0;
		said("sendmsg-no-parts", bad, 0, sendmsg(fd, &message, 0));
		message.msg_iovlen = 2;
		message.msg_iov = first;
		said("sendmsg-first", bad, 20, sendmsg(fd, &message, 0));
		message.msg_iov = second;
		said("sendmsg-second", bad, 20, sendmsg(fd, &message, 0));
		message.msg_iov = small;
		said("sendmsg-small", bad, 5, sendmsg(fd, &message, 0));
		message.msg_iov = empty;
		said("sendmsg-empty", bad, 0, sendmsg(fd, &message, 0));
		message = (struct msghdr){ .msg_iov = &whole, .msg_iovlen = 1 };
		message.msg_name = bad;
		message.msg_namelen = sizeof(world.addr);
		said("sendmsg-name", bad, 16, sendmsg(loose, &message, 0));
		several.msg_hdr = message;
		said("sendmmsg-name", bad, 16, sendmmsg(loose, &several, 1, 0));
	}
}

/* Bad addresses of messages, and of what they have beside data: musl reads those itself. */
static void bad_headers(int fd)
{
#ifdef __GLIBC__
	struct dns_message asked = ask_for("one");
	struct iovec whole = { asked.bytes, asked.len };

	for (size_t a = 0; a < sizeof(addresses) / sizeof(*addresses); a++) {
		void *bad = addresses[a];
		struct msghdr message = { .msg_iov = &whole, .msg_iovlen = 1 };

		said("sendmsg-itself", bad, 0, sendmsg(fd, bad, 0));
		said("sendmsg-fastopen-itself", bad, 0, sendmsg(fd, bad, MSG_FASTOPEN));
		said("sendmmsg-itself", bad, 1, sendmmsg(fd, bad, 1, 0));
		said("sendmmsg-fastopen", bad, 1, sendmmsg(fd, bad, 1, MSG_FASTOPEN));
		said("recvmsg-itself", bad, 0, recvmsg(fd, bad, MSG_DONTWAIT));
		said("recvmmsg-itself", bad, 0, recvmmsg(fd, bad, 1, MSG_DONTWAIT, NULL));
		message.msg_control = bad;
		message.msg_controllen = 24;
		said("sendmsg-control", bad, 24, sendmsg(fd, &message, 0));
	}
	said("sendmsg-fastopen-wall", NULL, 0, sendmsg(fd, (void *)wall, MSG_FASTOPEN));
#else
	(void)fd;
#endif
}

/* The same to where something can be received: an answer that a changed question waits for. */
static void bad_receives(int fd)
{
	static const size_t lens[] = { 0, 1, 30, 5000 };
	struct dns_message asked = ask_for("one");

	for (size_t a = 0; a < sizeof(addresses) / sizeof(*addresses); a++)
		for (size_t i = 0; i < sizeof(lens) / sizeof(*lens); i++) {
			void *bad = addresses[a];
			struct iovec part = { bad, lens[i] };
			struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
			struct mmsghdr several = { .msg_hdr = message };
			const int flags = MSG_DONTWAIT | MSG_PEEK;
			socklen_t len = sizeof(world.addr);

			MUST(send(fd, asked.bytes, asked.len, 0) == (ssize_t)asked.len);
			dns_await(&world, ++number);
			said("recv", bad, lens[i], recv(fd, bad, lens[i], flags));
			said("recvfrom-name", bad, lens[i],
			     recvfrom(fd, asked.bytes + 1000, 1000, flags, bad, &len));
			said("recvmsg", bad, lens[i], recvmsg(fd, &message, flags));
			said("recvmmsg", bad, lens[i], recvmmsg(fd, &several, 1, flags, NULL));
			message.msg_iov = bad;
			said("recvmsg-parts", bad, 1, recvmsg(fd, &message, flags));
			said("readv-parts", bad, 1, readv(fd, bad, 1));
			said("readv", bad, lens[i], readv(fd, &part, 1));
			said("read", bad, lens[i], read(fd, bad, lens[i]));
			while (recv(fd, asked.bytes + 1000, 1000, MSG_DONTWAIT) >= 0)
				;
		}
}

/* Buffers that end before their length says so: the kernel asks for no more than there is to write.
 */
static void long_buffers(int fd)
{
	struct dns_message asked = ask_for("one");
	struct iovec parts[] = { { asked.bytes + 1000, 500 }, { wall, 5000 } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = 2 };

	for (int i = 0; i < 2; i++) {
		MUST(send(fd, asked.bytes, asked.len, 0) == (ssize_t)asked.len);
		dns_await(&world, ++number);
		if (i)
			said("recvmsg-long", NULL, 0, recvmsg(fd, &message, 0));
		else
			said("readv-long", NULL, 0, readv(fd, parts, 2));
	}
}

static void bad(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int fd = dns_socket(&world);
	int loose = socket(AF_INET, SOCK_DGRAM, 0);

	wall = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	MUST(wall != MAP_FAILED && loose >= 0 && !fcntl(fd, F_SETFL, O_NONBLOCK));
	long_buffers(fd);
	bad_receives(fd);
	bad_buffers(fd);
	bad_messages(fd, loose);
	bad_headers(fd);
}

int main(int argc, char **argv)
{
	MUST(argc == 3);
	zone = argv[2];
	if (!strcmp(argv[1], "raw")) {
		raw();
		return 0;
	}
	world = dns_open();
	if (!strcmp(argv[1], "left"))
		left();
	else
		bad();
	dns_close(&world);
	return 0;
}
