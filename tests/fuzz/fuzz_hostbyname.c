/* SPDX-License-Identifier: MIT */
/* The gethostbyname2 entries over a libc whose answers are generated, with buffers of any length.
 */
#include <arpa/inet.h>
#include <errno.h>

#include "hosts.h"
#include "libc.h"

/* The entries go by these names here, and the libc's own stay in place (see run). */
int pin4_gethostbyname2_r(const char *name, int family, struct hostent *ret, char *buf,
			  size_t buflen, struct hostent **result, int *h_errnop);
struct hostent *pin4_gethostbyname2(const char *name, int family);

enum { MAX_BUFFER = 512, MAX_CALLS = 8 };

static const int errors[] = { HOST_NOT_FOUND, NO_DATA, TRY_AGAIN, NO_RECOVERY };

static struct answer ipv4, ipv6;
static int asked[MAX_CALLS];
static size_t call_count;

/* As glibc does: *result NULL and 0 or an errno, or the data in buf. */
static int fake_gethostbyname2_r(const char *name, int family, struct hostent *ret, char *buf,
				 size_t buflen, struct hostent **result, int *h_errnop)
{
	const struct answer *answer = family == AF_INET ? &ipv4 : &ipv6;
	size_t length = family == AF_INET ? 4 : 16;
	size_t pad = -(uintptr_t)buf % _Alignof(char *);
	size_t need = pad + (answer->count + 2) * sizeof(char *) + answer->count * length +
		      strlen(name) + 1;
	char *at;

	MUST(call_count < MAX_CALLS);
	asked[call_count++] = family;
	*result = NULL;
	if (!answer->count) {
		*h_errnop = answer->error ? answer->error : NO_DATA;
		return *h_errnop == TRY_AGAIN ? EAGAIN : 0;
	}
	if (buflen < need) {
		*h_errnop = NETDB_INTERNAL;
		return errno = ERANGE;
	}
	ret->h_addr_list = (void *)(buf + pad);
	ret->h_aliases = ret->h_addr_list + answer->count + 1;
	at = (char *)(ret->h_aliases + 1);
	*ret->h_aliases = NULL;
	for (size_t i = 0; i < answer->count; i++, at += length) {
		memset(at, 0, length);
		memcpy(at, family == AF_INET ? "\xc0\x00\x02" : "\x20\x01\x0d", 3);
		at[length - 1] = (char)answer->last[i];
		ret->h_addr_list[i] = at;
	}
	ret->h_addr_list[answer->count] = NULL;
	ret->h_name = strcpy(at, name);
	ret->h_addrtype = family;
	ret->h_length = (int)length;
	*result = ret;
	return 0;
}

static struct hostent *fake_gethostbyname2(const char *name, int family)
{
	static struct hostent host;
	static _Alignas(char *) char buf[MAX_BUFFER * 4];
	struct hostent *result;
	int h_error;

	fake_gethostbyname2_r(name, family, &host, buf, sizeof(buf), &result, &h_error);
	if (!result)
		h_errno = h_error;
	return result;
}

static void expect_mapped(const struct hostent *host, bool is_prefer)
{
	MUST(host->h_addrtype == AF_INET6 && host->h_length == 16 && host->h_name[0]);
	for (size_t i = 0; i < ipv4.count; i++) {
		const struct in6_addr *address = (const void *)host->h_addr_list[i];

		MUST(IN6_IS_ADDR_V4MAPPED(address));
		MUST(address->s6_addr[15] == ipv4.last[i] && address->s6_addr[12] == 192);
	}
	for (size_t i = 0; is_prefer && i < ipv6.count; i++)
		MUST(host->h_addr_list[ipv4.count + i] &&
		     host->h_addr_list[ipv4.count + i][0] == 0x20);
	MUST(!host->h_addr_list[ipv4.count + (is_prefer ? ipv6.count : 0)]);
}

static bool is_none(void)
{
	return !ipv4.count &&
	       (!ipv4.error || ipv4.error == HOST_NOT_FOUND || ipv4.error == NO_DATA);
}

/* host is what the entry gave, or NULL; h_error what it said then. */
static void expect(enum verdict verdict, int family, const struct hostent *host, int h_error)
{
	const struct answer *same = family == AF_INET ? &ipv4 : &ipv6;
	bool is_ipv6_right = verdict == VERDICT_PREFER ? !ipv4.count : is_none();

	if (verdict == VERDICT_PASS || family != AF_INET6) {
		MUST(call_count == 1 && asked[0] == family);
		MUST(host ? host->h_addrtype == family && same->count : h_error != 0);
		return;
	}
	if (host && ipv4.count)
		expect_mapped(host, verdict == VERDICT_PREFER);
	else if (host)
		MUST(is_ipv6_right && host->h_addrtype == AF_INET6 &&
		     host->h_addr_list[0][0] == 0x20);
	else
		MUST(h_error == NETDB_INTERNAL || (!ipv4.count && !(is_ipv6_right && ipv6.count)));
	if (verdict == VERDICT_PIN && !is_none())
		for (size_t i = 0; i < call_count; i++)
			MUST(asked[i] == AF_INET);
}

static void try_static(unsigned host, int family)
{
	const struct hostent *result;

	call_count = 0;
	h_errno = 0;
	result = pin4_gethostbyname2(hosts[host].name, family);
	expect(hosts[host].verdict, family, result, h_errno);
	MUST(h_errno != NETDB_INTERNAL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input input = { data, len };
	unsigned host = take(&input, HOSTS - 1);
	int family = take(&input, 3) ? AF_INET6 : AF_INET;
	size_t buflen = take(&input, 256) * 2;
	struct hostent hostent;
	struct hostent *result = &hostent;
	int h_error = 0;
	char *buf = malloc(buflen ? buflen : 1);
	int error;

	MUST(buf);
	ipv4 = take_answer(&input, errors, sizeof(errors) / sizeof(*errors));
	ipv6 = take_answer(&input, errors, sizeof(errors) / sizeof(*errors));
	atomic_store(&libc_table[LIBC_getaddrinfo],
		     (symbol_function)getaddrinfo); /* all are bound */
	atomic_store(&libc_table[LIBC_gethostbyname2_r], (symbol_function)fake_gethostbyname2_r);
	atomic_store(&libc_table[LIBC_gethostbyname2], (symbol_function)fake_gethostbyname2);
	call_count = 0;
	error = pin4_gethostbyname2_r(hosts[host].name, family, &hostent, buf, buflen, &result,
				      &h_error);
	MUST(!result || (result == &hostent && error == 0));
	MUST((error == ERANGE) == (!result && h_error == NETDB_INTERNAL));
	expect(hosts[host].verdict, family, result, h_error);
	free(buf);
	try_static(host, family);
	return 0;
}
