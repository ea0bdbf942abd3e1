/* SPDX-License-Identifier: MIT */
/* The table of the fake libc's hosts, which of a host's addresses a question gets, and the log of
 * the questions. */
#define _GNU_SOURCE
#include "fakezone.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const struct fake_host hosts[] = {
	{ "v4only.test", "192.0.2.1", 0, 0, NULL },
	{ "v6only.test", "2001:db8::1", 0, 0, NULL },
	{ "both.test", "2001:db8::2 192.0.2.2", 0, 0, NULL },
	{ "several.test", "2001:db8::31 192.0.2.31 192.0.2.32 2001:db8::32 192.0.2.33", 0, 0,
	  NULL },
	{ "canon.test", "2001:db8::4 192.0.2.4", 0, 0, "real.canon.test" },
	{ "canon6.test", "2001:db8::5", 0, 0, "real.canon6.test" },
	{ "mapped.test", "192.0.2.6 ::ffff:192.0.2.66", 0, 0, NULL },
	{ "a-again.test", "2001:db8::7", EAI_AGAIN, 0, NULL },
	{ "aaaa-again.test", "192.0.2.8", 0, EAI_AGAIN, NULL },
	{ "aaaa-fail.test", "192.0.2.9", 0, EAI_FAIL, NULL },
	{ "a-fail.test", "2001:db8::9", EAI_FAIL, 0, NULL },
	{ "a-none.test", "2001:db8::a", EAI_NONAME, 0, NULL },
	{ "a-family.test", "2001:db8::b", EAI_ADDRFAMILY, 0, NULL },
	{ "a-system.test", "2001:db8::c", EAI_SYSTEM, 0, NULL },
	{ "a-memory.test", "2001:db8::d", EAI_MEMORY, 0, NULL },
	{ "again.test", "", EAI_AGAIN, EAI_AGAIN, NULL },
	{ "none.test", "", EAI_NONAME, EAI_NONAME, NULL },
	{ "nodata.test", "", EAI_NODATA, EAI_NODATA, NULL },
	{ "fail.test", "", EAI_FAIL, EAI_FAIL, NULL },
	{ "differ.test", "", EAI_NODATA, EAI_AGAIN, NULL },
	/* nss.test asks for both.test from inside, mirror.test, when asked for IPv4, for its own
	 * IPv6 addresses, and inside.test calls the program's own hook. */
	{ "nss.test", "2001:db8::e 192.0.2.14", 0, 0, NULL },
	{ "mirror.test", "2001:db8::10 192.0.2.16", 0, 0, NULL },
	{ "inside.test", "2001:db8::f 192.0.2.15", 0, 0, NULL },
	{ "loop.test", "::1 127.0.0.1", 0, 0, NULL },
	{ "loop4.test", "127.0.0.1", 0, 0, NULL },
	{ "many.test",
	  "192.0.2.101 192.0.2.102 192.0.2.103 192.0.2.104 192.0.2.105 192.0.2.106 192.0.2.107 "
	  "192.0.2.108 192.0.2.109 192.0.2.110 192.0.2.111 192.0.2.112 192.0.2.113 192.0.2.114 "
	  "192.0.2.115 192.0.2.116 192.0.2.117",
	  0, 0, NULL },
	{ "psdb.cloud", "2001:db8::20 192.0.2.20", 0, 0, NULL },
	{ "pg.psdb.cloud", "2001:db8::21 192.0.2.21", 0, 0, NULL },
	{ "eu.pg.psdb.cloud", "2001:db8::22 192.0.2.22", 0, 0, NULL },
	{ "notpsdb.cloud", "2001:db8::23 192.0.2.23", 0, 0, NULL },
	{ "psdb.cloud.evil.example", "2001:db8::24 192.0.2.24", 0, 0, NULL },
};

const struct fake_host *fake_find(const char *name)
{
	size_t len = name ? strlen(name) : 0;

	if (len > 0 && name[len - 1] == '.')
		len--;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		if (strlen(hosts[i].name) == len && !strncasecmp(hosts[i].name, name, len))
			return &hosts[i];
	return NULL;
}

static int read_addresses(const struct fake_host *host, struct fake_address *ret)
{
	char text[256];
	char *rest = text;
	char *word;
	int count = 0;

	snprintf(text, sizeof(text), "%s", host->addresses);
	while ((word = strsep(&rest, " ")) && *word) {
		ret[count].family = strchr(word, ':') ? AF_INET6 : AF_INET;
		inet_pton(ret[count].family, word, ret[count].bytes);
		count++;
	}
	return count;
}

static void map(struct fake_address *address)
{
	if (address->family != AF_INET)
		return;
	address->family = AF_INET6;
	memcpy(address->bytes + 12, address->bytes, 4);
	memset(address->bytes, 0, 10);
	memset(address->bytes + 10, 0xff, 2);
}

static int why_none(const struct fake_host *host, int family)
{
	int error = family == AF_INET ? host->error4 : host->error6;

	if (family == AF_UNSPEC && !error)
		error = host->error4;
	if (error == EAI_SYSTEM)
		errno = ETIMEDOUT;
	return error ? error : EAI_NODATA;
}

int fake_answer(const struct fake_host *host, int family, bool v4mapped, bool all,
		struct fake_address *ret, int *count)
{
	struct fake_address known[FAKE_MAX_ADDRESSES];
	int known_count = read_addresses(host, known);
	bool has6 = false;

	for (int i = 0; i < known_count; i++)
		has6 |= known[i].family == AF_INET6;
	v4mapped = family == AF_INET6 && v4mapped && (all || !has6);

#ifndef __GLIBC__
	/* musl gives a whole lookup up when either of its two questions fails. */
	if (family == AF_UNSPEC && (host->error4 == EAI_AGAIN || host->error4 == EAI_FAIL))
		return host->error4;
	if (family == AF_UNSPEC && (host->error6 == EAI_AGAIN || host->error6 == EAI_FAIL))
		return host->error6;
#endif
	*count = 0;
	for (int i = 0; i < known_count; i++) {
		if (family != AF_UNSPEC && known[i].family != family && !v4mapped)
			continue;
		if (v4mapped)
			map(&known[i]);
		ret[(*count)++] = known[i];
	}
	return *count ? 0 : why_none(host, family);
}

void fake_note(const char *line)
{
	const char *path = getenv("FAKE_LOG");
	int fd = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666) : -1;

	if (fd < 0)
		return;
	if (write(fd, line, strlen(line)) < 0)
		abort();
	close(fd);
}

const char *fake_family_name(int family)
{
	return family == AF_INET     ? "AF_INET"
	       : family == AF_INET6  ? "AF_INET6"
	       : family == AF_UNSPEC ? "AF_UNSPEC"
				     : "AF_?";
}

bool fake_is_numeric(const char *name)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST };
	struct addrinfo *list;

	if (REAL(getaddrinfo)(name, NULL, &hints, &list))
		return false;
	REAL(freeaddrinfo)(list);
	return true;
}
