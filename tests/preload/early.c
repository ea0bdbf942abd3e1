/* SPDX-License-Identifier: MIT */
/* A preload whose constructor runs before that of libpin4.so. EARLY=use: it looks up and connects.
 * EARLY=rename: it turns the rule "xoth.test" of PIN4_HOSTS into "both.test" where it stands, which
 * only a libpin4.so that starts later can see: so this shows that the order is the one meant. */
#define _GNU_SOURCE
#include "loopback.h"

__attribute__((constructor)) static void start(void)
{
	const char *how = getenv("EARLY");
	char *hosts = getenv("PIN4_HOSTS");
	struct loopback loopback;
	char text[INET6_ADDRSTRLEN];
	const struct hostent *hostent;

	if (how && hosts && !strcmp(how, "rename"))
		*hosts = 'b';
	if (!how || strcmp(how, "use") != 0)
		return;
	loopback = loopback_open(5);
	printf("early connect=%d\n", loopback_connect(&loopback, loopback_socket()));
	printf("early loop.test %s\n", probe_lookup("loop.test", AF_INET6, text, sizeof(text)));
	printf("early v6only.test %s\n", probe_lookup("v6only.test", AF_INET6, text, sizeof(text)));
	hostent = gethostbyname2("loop.test", AF_INET6);
	MUST(hostent);
	printf("early gethostbyname2 %s\n",
	       inet_ntop(AF_INET6, hostent->h_addr_list[0], text, sizeof(text)));
	loopback_connect(&loopback, loopback_socket());
	printf("early server=%s\n", loopback_seen(&loopback, text, sizeof(text)));
}
