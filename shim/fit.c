/* SPDX-License-Identifier: MIT */
/* Makes a socket and an address fit. It relies on system calls by number. */
#include "fit.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "libc.h"
#include "log.h"
#include "mapped.h"

enum {
	SHORTEST = offsetof(struct sockaddr_in6, sin6_scope_id), /* of an IPv6 address (RFC 2133) */
	SLOT_BITS = 10,
};

atomic_bool fit_used;

/* Each address has one place, which the next one with that hash takes. */
static _Atomic uint32_t slots[1 << SLOT_BITS];

static _Atomic uint32_t *slot_of(struct in_addr addr)
{
	return &slots[addr.s_addr * 0x9e3779b1U >> (32 - SLOT_BITS)];
}

void fit_add(struct in_addr addr)
{
	atomic_store_explicit(slot_of(addr), addr.s_addr, memory_order_relaxed);
	if (!fit_is_used())
		atomic_store(&fit_used, true);
}

static bool is_known(struct in_addr addr)
{
	return addr.s_addr &&
	       atomic_load_explicit(slot_of(addr), memory_order_relaxed) == addr.s_addr;
}

/* The socket options by number: the symbols would be three more to bind at each start. */
static int get_option(int fd, int level, int name)
{
	int value = 0;
	socklen_t len = sizeof(value);

	return syscall(SYS_getsockopt, fd, level, name, &value, &len) == 0 ? value : -1;
}

/* Whether fd has no local address yet. A socket bound to an IPv6 address reaches IPv6 only, and
 * the kernel says IPV6_V6ONLY of it whatever the program chose. */
static bool is_unbound(int fd)
{
	struct sockaddr_in6 local;
	socklen_t len = sizeof(local);

	return syscall(SYS_getsockname, fd, &local, &len) == 0 && local.sin6_family == AF_INET6 &&
	       !local.sin6_port && IN6_IS_ADDR_UNSPECIFIED(&local.sin6_addr);
}

/* The refused connect has bound a datagram socket to a port of the kernel's choice
 * (inet_dgram_connect), and only an unbound socket lets the option go. Dissolving takes that port
 * away, and none that the program chose; a socket that has a peer is left as it is. */
static void unbind_datagram(int fd)
{
	const struct sockaddr none = { .sa_family = AF_UNSPEC };
	struct sockaddr_storage peer;
	socklen_t len = sizeof(peer);

	if (get_option(fd, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM &&
	    syscall(SYS_getpeername, fd, &peer, &len) != 0)
		libc(connect)(fd, &none, sizeof(none));
}

static bool clear_v6only(int fd)
{
	const int off = 0;

	return syscall(SYS_setsockopt, fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) == 0;
}

static void report(enum log_level level, int fd, struct in_addr addr, const char *what)
{
	struct log_line line;

	if (!log_wants(level))
		return;
	log_begin(&line, level);
	log_text(&line, "connect fd=");
	log_number(&line, (unsigned long)fd);
	log_text(&line, " address=");
	log_ipv4(&line, addr);
	log_text(&line, ": ");
	log_text(&line, what);
	log_end(&line);
}

/* Whether a pinned lookup gave the address; *ret gets it, mapped. len is looked at first: the
 * kernel refuses an impossible one (EINVAL) without having read a byte of addr. */
static bool is_pinned(const struct sockaddr *addr, socklen_t len, struct sockaddr_in6 *ret)
{
	struct sockaddr_in sin;

	*ret = (struct sockaddr_in6){ .sin6_family = AF_INET6 };
	if (!addr || len < sizeof(sin) || len > sizeof(struct sockaddr_storage))
		return false;
	memcpy(&sin, addr, sizeof(sin)); /* addr need not be aligned */
	if (sin.sin_family == AF_INET6 && len >= SHORTEST) {
		memcpy(ret, addr, SHORTEST);
		return IN6_IS_ADDR_V4MAPPED(&ret->sin6_addr) &&
		       is_known(mapped_ipv4(&ret->sin6_addr));
	}
	ret->sin6_port = sin.sin_port;
	mapped_from(sin.sin_addr, &ret->sin6_addr);
	return sin.sin_family == AF_INET && is_known(sin.sin_addr);
}

bool fit_address(int fd, const struct sockaddr *addr, socklen_t len, int error,
		 struct sockaddr_in6 *ret)
{
	struct in_addr ipv4;
	sa_family_t family;
	bool is_v6only;

	if ((error != ENETUNREACH && error != EINVAL && error != EAFNOSUPPORT) ||
	    !is_pinned(addr, len, ret))
		return false;
	ipv4 = mapped_ipv4(&ret->sin6_addr);
	memcpy(&family, addr, sizeof(family));
	is_v6only = get_option(fd, IPPROTO_IPV6, IPV6_V6ONLY) == 1;
	if (family == AF_INET
		    ? error == ENETUNREACH || get_option(fd, SOL_SOCKET, SO_DOMAIN) != AF_INET6
		    : !is_v6only)
		return false;
	if (is_v6only) {
		unbind_datagram(fd);
		if (!is_unbound(fd) || !clear_v6only(fd)) {
			report(LOG_ERROR, fd, ipv4,
			       "the socket is bound to IPv6 and cannot reach IPv4");
			return false;
		}
		report(LOG_INFO, fd, ipv4, "IPV6_V6ONLY cleared, so that IPv4 is reached");
	}
	if (family == AF_INET)
		report(LOG_INFO, fd, ipv4, "mapped, because the socket is an IPv6 one");
	return true;
}
