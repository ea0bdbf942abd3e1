/* SPDX-License-Identifier: MIT */
/* Calls connect with addresses that are NULL, short, of no family or none of pin4's business, and
 * prints what it said: edges [HOST], which is looked up first. */
#define _GNU_SOURCE
#include "probe.h"

#include <stdbool.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/un.h>

/* The last bytes before a page that nobody may read. */
static char *edge(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	MUST(pages != MAP_FAILED && !mprotect(pages + page, page, PROT_NONE));
	return pages + page;
}

static void report(const char *what, int domain, int type, socklen_t len, int result)
{
	char text[32];

	printf("%s on %s/%d len=%u: %s\n", what, domain == AF_INET6 ? "AF_INET6" : "AF_INET", type,
	       (unsigned int)len, result ? probe_errno(errno, text, sizeof(text)) : "0");
}

/* The first len bytes of the address, to sockets of both families and kinds. */
static void try_short(const char *what, const void *addr, socklen_t len, char *end)
{
	static const int domains[] = { AF_INET, AF_INET6 };

	memcpy(end - len, addr, len);
	for (int d = 0; d < 2; d++)
		for (int type = SOCK_STREAM; type <= SOCK_DGRAM; type++) {
			int fd = socket(domains[d], type, 0);
			int on = 1;

			MUST(fd >= 0);
			if (domains[d] == AF_INET6)
				setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
			report(what, domains[d], type, len,
			       connect(fd, (struct sockaddr *)(void *)(end - len), len));
			close(fd);
		}
}

/* As programs ask the kernel whether they may read somewhere, on numbers that sockets had. */
static __attribute__((noinline)) void try_to_read(void)
{
	struct iovec part = { (void *)16, 64 };
	const struct iovec *volatile nothing = NULL;
	int sockets[] = { socket(AF_INET, SOCK_DGRAM, 0), socket(AF_INET, SOCK_DGRAM, 0) };
	int fds[2];

	close(sockets[0]);
	close(sockets[1]);
	MUST(!pipe(fds) && fds[1] == sockets[1]);
	report("write of a byte", 0, 0, 1, write(fds[1], part.iov_base, 1) < 0);
	report("write", 0, 0, 64, write(fds[1], part.iov_base, part.iov_len) < 0);
	report("writev", 0, 0, 64, writev(fds[1], &part, 1) < 0);
	report("writev of NULL", 0, 0, 0, writev(fds[1], nothing, 1) < 0);
	report("sendmsg of NULL", 0, 0, 0, sendmsg(fds[1], NULL, 0) < 0);
	close(fds[0]);
	close(fds[1]);
}

/* Under this name valgrind is told to expect it (tests/harm/valgrind.supp). */
static __attribute__((noinline)) void try_nothing(void)
{
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	report("NULL", AF_INET6, SOCK_STREAM, 0, connect(fd, NULL, 0));
	report("NULL", AF_INET6, SOCK_STREAM, 28, connect(fd, NULL, 28));
	report("bad address", AF_INET6, SOCK_STREAM, 28, connect(fd, (struct sockaddr *)16, 28));
	close(fd);
	try_to_read();
}

static void try_descriptors(const struct sockaddr *mapped)
{
	int fds[2];
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "/nonexistent/socket" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	MUST(!pipe(fds) && fd >= 0);
	report("descriptor -1", AF_INET6, 0, 28, connect(-1, mapped, sizeof(struct sockaddr_in6)));
	report("pipe", AF_INET6, 0, 28, connect(fds[0], mapped, sizeof(struct sockaddr_in6)));
	report("AF_UNIX", AF_UNIX, SOCK_STREAM, 0, connect(fd, (struct sockaddr *)&un, sizeof(un)));
	report("AF_INET6 to AF_UNIX", AF_UNIX, SOCK_STREAM, 28,
	       connect(fd, mapped, sizeof(struct sockaddr_in6)));
	close(fds[0]);
	close(fds[1]);
	close(fd);
}

/* connect(AF_UNSPEC) dissolves the association of a datagram socket. */
static void try_dissolve(const struct sockaddr *addr, socklen_t len, socklen_t unspec_len)
{
	char *end = edge();
	struct sockaddr_storage peer;
	socklen_t peer_len = sizeof(peer);
	int fd = socket(addr->sa_family, SOCK_DGRAM, 0);

	memset(end - unspec_len, 0, unspec_len);
	report("associate", addr->sa_family, SOCK_DGRAM, len, connect(fd, addr, len));
	report("has peer", addr->sa_family, SOCK_DGRAM, 0,
	       getpeername(fd, (struct sockaddr *)&peer, &peer_len));
	report("dissolve", addr->sa_family, SOCK_DGRAM, unspec_len,
	       connect(fd, (struct sockaddr *)(void *)(end - unspec_len), unspec_len));
	report("has peer", addr->sa_family, SOCK_DGRAM, 0,
	       getpeername(fd, (struct sockaddr *)&peer, &peer_len));
	close(fd);
}

int main(int argc, char **argv)
{
	struct sockaddr_in inet = { .sin_family = AF_INET, .sin_port = htons(9) };
	struct sockaddr_in6 mapped = { .sin6_family = AF_INET6, .sin6_port = htons(9) };
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	char *end = edge();
	char text[INET6_ADDRSTRLEN];

	if (argc > 1)
		probe_lookup(argv[1], AF_INET6, text, sizeof(text));
	MUST(inet_pton(AF_INET, "127.0.0.1", &inet.sin_addr) == 1);
	MUST(inet_pton(AF_INET6, "::ffff:127.0.0.1", &mapped.sin6_addr) == 1);
	for (socklen_t len = 0; len < sizeof(inet); len++)
		try_short("AF_INET", &inet, len, end);
	for (socklen_t len = 0; len < 24; len++) /* where Linux takes an AF_INET6 address to end */
		try_short("AF_INET6", &mapped, len, end);
	for (socklen_t len = 2; len <= sizeof(unspec); len++)
		try_short("AF_UNSPEC", &unspec, len, end);
	try_nothing();
	try_descriptors((struct sockaddr *)&mapped);
	try_dissolve((struct sockaddr *)&inet, sizeof(inet), 2);
	try_dissolve((struct sockaddr *)&inet, sizeof(inet), sizeof(unspec));
	try_dissolve((struct sockaddr *)&mapped, sizeof(mapped), 2);
	try_dissolve((struct sockaddr *)&mapped, sizeof(mapped), sizeof(unspec));
	return 0;
}
