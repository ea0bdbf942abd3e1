/* SPDX-License-Identifier: MIT */
/* IPv4 addresses written as IPv6 ones: ::ffff:a.b.c.d (RFC 4291 2.5.5.2). Async-signal-safe. */
#ifndef PIN4_MAPPED_H
#define PIN4_MAPPED_H

#include <netinet/in.h>
#include <string.h>

static inline void mapped_from(struct in_addr addr, struct in6_addr *ret)
{
	*ret = (struct in6_addr){ .s6_addr = { [10] = 0xff, [11] = 0xff } };
	memcpy(&ret->s6_addr[12], &addr, sizeof(addr));
}

/* Of a mapped address, the IPv4 one. */
static inline struct in_addr mapped_ipv4(const struct in6_addr *mapped)
{
	struct in_addr addr;

	memcpy(&addr, &mapped->s6_addr[12], sizeof(addr));
	return addr;
}

#endif
