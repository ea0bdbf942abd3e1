/* SPDX-License-Identifier: MIT */
/* A client of the libc's own DNS calls: asks for each host's AAAA records by each call that this
 * libc has, and connects to the first address. Prints the client address that the HTTP server saw,
 * or the error; where the calls differ, one for each. OLD: by the names that binaries
 * from before glibc 2.34 are bound to. DNSSEC: with DO in the questions of the calls that make
 * them. */
#define _GNU_SOURCE /* for struct __res_state's calls */
#include <arpa/nameser.h>
#include <netdb.h>
#include <resolv.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fetch.h"

enum { ROOM = 4096, TEXT = 64 };
enum call { BY_QUERY, BY_SEARCH, BY_SEND, BY_NQUERY, BY_NSEARCH, BY_NSEND };

#ifdef OLD
#ifdef __aarch64__
#define BIND(name) __asm__(".symver " #name ", __" #name "@GLIBC_2.17")
#else
#define BIND(name) __asm__(".symver " #name ", __" #name "@GLIBC_2.2.5")
#endif
BIND(res_query);
BIND(res_search);
BIND(res_send);
BIND(res_nquery);
BIND(res_nsearch);
BIND(res_nsend);
#endif

static int ask(enum call call, const char *host, unsigned char *answer)
{
	unsigned char msg[NS_PACKETSZ];
	int len =
		res_mkquery(ns_o_query, host, ns_c_in, ns_t_aaaa, NULL, 0, NULL, msg, sizeof(msg));

	switch (call) {
	case BY_QUERY:
		return res_query(host, ns_c_in, ns_t_aaaa, answer, ROOM);
	case BY_SEARCH:
		return res_search(host, ns_c_in, ns_t_aaaa, answer, ROOM);
	case BY_SEND:
		return res_send(msg, len, answer, ROOM);
#ifdef __GLIBC__
	case BY_NQUERY:
		return res_nquery(&_res, host, ns_c_in, ns_t_aaaa, answer, ROOM);
	case BY_NSEARCH:
		return res_nsearch(&_res, host, ns_c_in, ns_t_aaaa, answer, ROOM);
	case BY_NSEND:
		return res_nsend(&_res, msg, len, answer, ROOM);
#endif
	default:
		return -1;
	}
}

/* Whether the answer holds an AAAA record of the host, under that name and question. */
static bool find_address(const unsigned char *answer, int len, const char *host,
			 struct in6_addr *ret)
{
	ns_msg msg;
	ns_rr record;

	if (ns_initparse(answer, len, &msg) < 0 || ns_parserr(&msg, ns_s_qd, 0, &record) < 0 ||
	    ns_rr_type(record) != ns_t_aaaa)
		return false;
	for (int i = 0; i < ns_msg_count(msg, ns_s_an); i++)
		if (ns_parserr(&msg, ns_s_an, i, &record) == 0 && ns_rr_type(record) == ns_t_aaaa &&
		    ns_rr_rdlen(record) == sizeof(*ret) && strcmp(ns_rr_name(record), host) == 0) {
			memcpy(ret, ns_rr_rdata(record), sizeof(*ret));
			return true;
		}
	return false;
}

static void try_call(enum call call, const char *host, char *outcome)
{
	static unsigned char answer[ROOM];
	struct in6_addr addr;
	int len = ask(call, host, answer);

	if (len < 0)
		snprintf(outcome, TEXT, "%s", h_errno == NO_DATA ? "NODATA" : hstrerror(h_errno));
	else if (!find_address(answer, len, host, &addr))
		snprintf(outcome, TEXT, answer[3] & 15 ? "rcode %d" : "NODATA", answer[3] & 15);
	else
		snprintf(outcome, TEXT, "%s", fetch(&addr));
}

static void try_calls(const char *host)
{
#ifdef __GLIBC__
	const enum call last = BY_NSEND;
#else
	const enum call last = BY_SEND;
#endif
	char first[TEXT], other[TEXT];

	try_call(BY_QUERY, host, first);
	fputs(first, stdout);
	for (enum call call = BY_SEARCH; call <= last; call++) {
		try_call(call, host, other);
		if (strcmp(other, first) != 0)
			printf("+%s", other);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	res_init();
#ifdef DNSSEC
	_res.options |= RES_USE_DNSSEC;
#endif
	for (int i = 1; i < argc; i++)
		try_calls(argv[i]);
	return 0;
}
