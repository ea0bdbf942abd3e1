/* SPDX-License-Identifier: MIT */
/* Calls each function that libpin4.so exports, and prints its name and how often that walked the
 * loader's objects. Whoever walks takes a lock that fork may leave locked in the child. */
#define _GNU_SOURCE
#include "loopback.h"

#include <dlfcn.h>
#include <link.h>
#include <signal.h>
#include <sys/uio.h>

static unsigned walks;

/* Stands before the libc's. */
int dl_iterate_phdr(int (*call)(struct dl_phdr_info *info, size_t size, void *data), void *data)
{
	static __typeof__(&dl_iterate_phdr) real;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "dl_iterate_phdr");
	walks++;
	return real(call, data);
}

#define CALL_NAMED(name, function, ...)                  \
	do {                                             \
		unsigned before = walks;                 \
		(void)!function(__VA_ARGS__);            \
		printf("%s %u\n", name, walks - before); \
	} while (0)

#define CALL_FOUND(type, name, ...)                              \
	do {                                                     \
		type *found = (type *)dlsym(RTLD_DEFAULT, name); \
		if (found)                                       \
			CALL_NAMED(name, found, __VA_ARGS__);    \
	} while (0)

#define CALL(name, ...) CALL_NAMED(#name, name, __VA_ARGS__)

/* The resolver's, by any name that a program was ever linked with; without pin4, by those that the
 * libc has. They refuse what they are asked before they send anything. */
static void ask_dns(const char *prefix)
{
	typedef int query(const char *name, int class, int type, unsigned char *buf, int size);
	unsigned char buf[512];
	char name[32];

	snprintf(name, sizeof(name), "%sres_query", prefix);
	CALL_FOUND(query, name, "a..b.test.", 1, 28, buf, sizeof(buf));
	snprintf(name, sizeof(name), "%sres_search", prefix);
	CALL_FOUND(query, name, "a..b.test.", 1, 28, buf, sizeof(buf));
}

#ifdef __GLIBC__
static void ask_dns_as_glibc_may(const char *prefix)
{
	typedef int nquery(void *state, const char *name, int class, int type, unsigned char *buf,
			   int size);
	typedef int send_it(const unsigned char *msg, int len, unsigned char *buf, int size);
	typedef int nsend(void *state, const unsigned char *msg, int len, unsigned char *buf,
			  int size);
	static _Alignas(16) char state[4096];
	unsigned char buf[512];
	char name[32];

	snprintf(name, sizeof(name), "%sres_nquery", prefix);
	CALL_FOUND(nquery, name, state, "a..b.test.", 1, 28, buf, sizeof(buf));
	snprintf(name, sizeof(name), "%sres_nsearch", prefix);
	CALL_FOUND(nquery, name, state, "a..b.test.", 1, 28, buf, sizeof(buf));
	snprintf(name, sizeof(name), "%sres_send", prefix);
	CALL_FOUND(send_it, name, buf, 12, buf, 0);
	snprintf(name, sizeof(name), "%sres_nsend", prefix);
	CALL_FOUND(nsend, name, state, buf, 12, buf, 0);
}
#endif

static void look_up(void)
{
	const struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list = NULL;
	struct hostent host;
	struct hostent *result;
	char buf[1024];
	int h_error;

	CALL(getaddrinfo, "both.test", NULL, &hints, &list);
	if (list)
		freeaddrinfo(list);
	CALL(getaddrinfo, "other.example", NULL, &hints, &list);
	CALL(getaddrinfo, "127.0.0.1", NULL, &hints, &list);
	CALL(gethostbyname2, "both.test", AF_INET6);
	CALL(gethostbyname2_r, "both.test", AF_INET6, &host, buf, sizeof(buf), &result, &h_error);
	CALL(dlopen, NULL, RTLD_NOW);
}

#ifdef __GLIBC__
ssize_t __read_chk(int fd, void *buf, size_t len, size_t size);
ssize_t __recv_chk(int fd, void *buf, size_t len, size_t size, int flags);
ssize_t __recvfrom_chk(int fd, void *buf, size_t len, size_t size, int flags, struct sockaddr *from,
		       socklen_t *from_len);

static void call_what_glibc_has(void)
{
	const struct addrinfo hints = { .ai_family = AF_INET6 };
	struct gaicb request = { .ar_name = "127.0.0.1", .ar_request = &hints };
	struct gaicb *list[] = { &request };
	char byte;

	CALL(__read_chk, -1, &byte, 1, 1);
	CALL(__recv_chk, -1, &byte, 1, 1, 0);
	CALL(__recvfrom_chk, -1, &byte, 1, 1, 0, NULL, NULL);
	CALL(getaddrinfo_a, GAI_WAIT, list, 1, NULL);
	CALL(gai_error, &request);
	CALL(gai_suspend, (const struct gaicb *const *)list, 1, NULL);
	CALL(gai_cancel, &request);
}
#endif

int main(void)
{
	struct loopback loopback = loopback_open(5);
	char byte = 0;
	struct iovec part = { &byte, 1 };
	struct mmsghdr message = { .msg_hdr = { .msg_iov = &part, .msg_iovlen = 1 } };
	int fd = loopback_socket();

	look_up();
	CALL(connect, fd, (struct sockaddr *)&loopback.mapped, sizeof(loopback.mapped));
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < 2; i++, fd = -1) {
		CALL(send, fd, &byte, 1, 0);
		CALL(sendto, fd, &byte, 1, 0, NULL, 0);
		CALL(sendmsg, fd, &message.msg_hdr, 0);
		CALL(sendmmsg, fd, &message, 1, 0);
		CALL(recv, fd, &byte, 1, MSG_DONTWAIT);
		CALL(recvfrom, fd, &byte, 1, MSG_DONTWAIT, NULL, NULL);
		CALL(recvmsg, fd, &message.msg_hdr, MSG_DONTWAIT);
		CALL(recvmmsg, fd, &message, 1, MSG_DONTWAIT, NULL);
		CALL(read, -1, &byte, 1);
		CALL(readv, -1, &part, 1);
	}
#ifdef __GLIBC__
	call_what_glibc_has();
	ask_dns("__");
	ask_dns_as_glibc_may("__");
	ask_dns_as_glibc_may("");
#endif
	ask_dns("");
	return 0;
}
