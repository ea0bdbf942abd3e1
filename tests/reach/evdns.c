/* SPDX-License-Identifier: MIT */
/* A client of libevent's own resolver: resolves each host for IPv6, connects to the first address,
 * in one process; prints the client address that the HTTP server saw, or the error.
 * Arguments: 0x20 (letters in random case, libevent's default) or plain, hosts. */
#include <event2/dns.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "fetch.h"

struct found {
	bool is_done;
	int error;
	int count;
	struct in6_addr addr;
};

static void on_answer(int error, char type, int count, int ttl, void *addresses, void *arg)
{
	struct found *found = arg;

	(void)ttl;
	found->is_done = true;
	found->error = error;
	found->count = type == DNS_IPv6_AAAA ? count : 0;
	if (error == DNS_ERR_NONE && found->count)
		memcpy(&found->addr, addresses, sizeof(found->addr));
}

int main(int argc, char **argv)
{
	struct event_base *base = event_base_new();
	struct evdns_base *dns = evdns_base_new(base, EVDNS_BASE_INITIALIZE_NAMESERVERS);

	if (!dns || argc < 2)
		return 1;
	if (strcmp(argv[1], "plain") == 0)
		evdns_base_set_option(dns, "randomize-case:", "0");
	for (int i = 2; i < argc; i++) {
		struct found found = { .is_done = false };

		evdns_base_resolve_ipv6(dns, argv[i], DNS_QUERY_NO_SEARCH, on_answer, &found);
		while (!found.is_done)
			event_base_loop(base, EVLOOP_ONCE);
		if (found.error == DNS_ERR_NODATA)
			puts("NODATA");
		else if (found.error || !found.count)
			puts(evdns_err_to_string(found.error));
		else
			puts(fetch(&found.addr));
	}
	evdns_base_free(dns, 0);
	event_base_free(base);
	return 0;
}
