/* SPDX-License-Identifier: MIT */
/* The whole getaddrinfo entry over a libc whose answers are generated, with generated hints. */
#include <arpa/inet.h>
#include <errno.h>

#include "hosts.h"
#include "libc.h"

/* The entries go by these names here, and the libc's own stay in place (see run). */
int pin4_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		     struct addrinfo **res);

enum { MAX_CALLS = 4, MAX_TYPES = 3 };

static const int errors[] = {
	EAI_NONAME,  -5 /* EAI_NODATA */, -9 /* EAI_ADDRFAMILY */, EAI_AGAIN, EAI_FAIL, EAI_SYSTEM,
	EAI_SERVICE, EAI_MEMORY
};

/* What the fake libc is asked, and what it will say. */
static struct {
	const char *node;
	const char *service;
	const struct addrinfo *hints;
	struct addrinfo copy;
	struct addrinfo *answer;
	int error;
} calls[MAX_CALLS];
static size_t call_count;
static struct answer ipv4, ipv6;
static int types;

static struct addrinfo *make_node(int family, unsigned char last, int type, int flags)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(443) };
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_port = htons(443) };
	size_t len = family == AF_INET ? sizeof(sin) : sizeof(sin6);
	struct addrinfo *node = malloc(sizeof(*node) + len);

	MUST(node);
	sin.sin_addr.s_addr = htonl(0xc0000200 + last);
	sin6.sin6_addr.s6_addr[0] = 0x20;
	sin6.sin6_addr.s6_addr[15] = last;
	*node = (struct addrinfo){ .ai_flags = flags,
				   .ai_family = family,
				   .ai_socktype = type,
				   .ai_protocol = type * 3,
				   .ai_addrlen = (socklen_t)len,
				   .ai_addr = (void *)(node + 1) };
	memcpy(node->ai_addr, family == AF_INET ? (void *)&sin : (void *)&sin6, len);
	return node;
}

static struct addrinfo **append(struct addrinfo **tail, const struct answer *answer, int family,
				const struct addrinfo *hints)
{
	for (size_t i = 0; i < answer->count; i++)
		for (int type = 1; type <= types; type++) {
			*tail = make_node(family, answer->last[i], type,
					  hints ? hints->ai_flags : 0);
			tail = &(*tail)->ai_next;
		}
	return tail;
}

static int fake_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
			    struct addrinfo **res)
{
	int family = hints ? hints->ai_family : AF_UNSPEC;
	struct addrinfo *list = NULL;
	struct addrinfo **tail = &list;
	int error = 0;

	MUST(call_count < MAX_CALLS);
	calls[call_count].node = node;
	calls[call_count].service = service;
	calls[call_count].hints = hints;
	calls[call_count].copy = hints ? *hints : (struct addrinfo){ .ai_family = AF_UNSPEC };
	if (family != AF_INET)
		tail = append(tail, &ipv6, AF_INET6, hints);
	if (family != AF_INET6)
		append(tail, &ipv4, AF_INET, hints);
	if (!list)
		error = family == AF_INET    ? ipv4.error
			: family == AF_INET6 ? ipv6.error
					     : errors[0];
	if (error == EAI_SYSTEM)
		errno = ETIMEDOUT;
	if (list && hints && hints->ai_flags & AI_CANONNAME)
		list->ai_canonname = strdup("canonical.test");
	if (!error && !list)
		error = EAI_FAIL;
	calls[call_count].error = error;
	calls[call_count++].answer = list;
	if (!error)
		*res = list;
	return error;
}

static bool is_handed_on(int error)
{
	return error == errors[0] || error == errors[1] || error == errors[2];
}

/* The call as it came, and its answer as it was. */
static void expect_untouched(size_t call, const char *node, const char *service,
			     const struct addrinfo *hints, int error, const struct addrinfo *res)
{
	MUST(call_count == call + 1);
	MUST(calls[call].node == node && calls[call].service == service &&
	     calls[call].hints == hints);
	MUST(error == calls[call].error && (error || res == calls[call].answer));
}

static void expect_address(const struct addrinfo *node, const struct answer *answer, size_t i,
			   bool is_mapped)
{
	const struct sockaddr_in *sin = (const void *)node->ai_addr;
	const struct sockaddr_in6 *sin6 = (const void *)node->ai_addr;
	const unsigned char wanted[] = { 192, 0, 2, answer->last[i] };

	MUST(node->ai_family == (is_mapped ? AF_INET6 : AF_INET));
	MUST(node->ai_addrlen == (is_mapped ? sizeof(*sin6) : sizeof(*sin)));
	MUST((is_mapped ? sin6->sin6_port : sin->sin_port) == htons(443));
	MUST(memcmp(is_mapped ? (const void *)&sin6->sin6_addr.s6_addr[12]
			      : (const void *)&sin->sin_addr,
		    wanted, 4) == 0);
	MUST(!is_mapped || IN6_IS_ADDR_V4MAPPED(&sin6->sin6_addr));
}

/* The IPv4 addresses first, mapped for an AF_INET6 caller; then, for prefer, the IPv6 ones. */
static void expect_list(const struct addrinfo *list, const struct addrinfo *hints, bool is_prefer)
{
	int family = hints ? hints->ai_family : AF_UNSPEC;
	size_t ipv4_nodes = ipv4.count * (size_t)types;
	size_t nodes = ipv4_nodes + (is_prefer ? ipv6.count * (size_t)types : 0);
	size_t i = 0;

	for (const struct addrinfo *node = list; node; node = node->ai_next, i++) {
		MUST(node->ai_socktype == (int)(i % (size_t)types) + 1);
		MUST(node->ai_protocol == node->ai_socktype * 3);
		MUST(!hints || node->ai_flags == hints->ai_flags);
		MUST(!node->ai_canonname == !(i == 0 && hints && hints->ai_flags & AI_CANONNAME));
		if (i < ipv4_nodes)
			expect_address(node, &ipv4, i / (size_t)types, family == AF_INET6);
		else
			MUST(node->ai_family == AF_INET6 && node->ai_addr->sa_family == AF_INET6);
	}
	MUST(i == nodes);
}

static void expect_pinned(enum verdict verdict, const char *service, const struct addrinfo *hints,
			  int error, const struct addrinfo *res)
{
	const int no_say = AI_V4MAPPED | AI_ALL | AI_ADDRCONFIG;

	MUST(call_count >= 1 && calls[0].service == service);
	MUST(calls[0].copy.ai_family == (verdict == VERDICT_PIN ? AF_INET : AF_UNSPEC));
	if (hints && calls[0].hints != hints) {
		MUST(calls[0].copy.ai_flags == (hints->ai_flags & ~no_say));
		MUST(calls[0].copy.ai_socktype == hints->ai_socktype);
		MUST(calls[0].copy.ai_protocol == hints->ai_protocol);
	}
	if (is_handed_on(calls[0].error)) {
		expect_untouched(1, calls[0].node, service, hints, error, res);
		return;
	}
	MUST(call_count == 1 && error == calls[0].error);
	if (!error)
		expect_list(res, hints, verdict == VERDICT_PREFER);
}

static void free_in_parts(struct addrinfo *list, unsigned first)
{
	struct addrinfo *node = list;

	for (unsigned i = 0; i < first && node; i++)
		node = node->ai_next;
	if (node && node->ai_next) {
		freeaddrinfo(node->ai_next);
		node->ai_next = NULL;
	}
	freeaddrinfo(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const int families[] = { AF_UNSPEC, AF_INET6, AF_INET, AF_UNIX };
	struct input input = { data, len };
	unsigned host = take(&input, HOSTS);
	bool has_hints = take(&input, 4);
	int flags = (int)(take(&input, 256) | take(&input, 256) << 8) & 0x43f;
	struct addrinfo hints = { .ai_family = families[take(&input, 4)],
				  .ai_socktype = (int)take(&input, 4),
				  .ai_protocol = (int)take(&input, 4),
				  .ai_flags = flags };
	const struct addrinfo *given = has_hints ? &hints : NULL;
	const char *service = take(&input, 2) ? "443" : NULL;
	unsigned first = take(&input, 8);
	struct addrinfo untouched;
	struct addrinfo *res = &untouched;
	enum verdict verdict = hosts[host].verdict;
	int error;

	types = 1 + (int)take(&input, MAX_TYPES);
	ipv4 = take_answer(&input, errors, sizeof(errors) / sizeof(*errors));
	ipv6 = take_answer(&input, errors, sizeof(errors) / sizeof(*errors));
	call_count = 0;
	atomic_store(&libc_table[LIBC_getaddrinfo], (symbol_function)fake_getaddrinfo);
	errno = EXDEV;
	error = pin4_getaddrinfo(hosts[host].name, service, given, &res);
	MUST(error == 0 || res == &untouched);
	MUST(errno == (error == EAI_SYSTEM ? ETIMEDOUT : EXDEV) || call_count > 1);
	if (has_hints && (hints.ai_family == AF_INET || hints.ai_family == AF_UNIX ||
			  hints.ai_flags & AI_NUMERICHOST))
		verdict = VERDICT_PASS;
	if (verdict == VERDICT_PASS)
		expect_untouched(0, hosts[host].name, service, given, error, res);
	else
		expect_pinned(verdict, service, given, error, res);
	if (!error)
		free_in_parts(res, first);
	return 0;
}
