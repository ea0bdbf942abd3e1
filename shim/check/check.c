/* SPDX-License-Identifier: MIT */
/* Which report a request names. It relies on running before main, alone in the process. */
#include "check.h"

#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

const char *check_after(const char *text, const char *prefix)
{
	while (*prefix)
		if (*text++ != *prefix++)
			return NULL;
	return text;
}

unsigned check_number(const char *text, unsigned most, const char **end)
{
	unsigned number = 0;

	while (*text >= '0' && *text <= '9' && number <= most)
		number = number * 10 + (unsigned)(*text++ - '0');
	*end = text;
	return number <= most ? number : 0;
}

const char *check_find(const char *text, char wanted)
{
	while (*text && *text != wanted)
		text++;
	return text;
}

static const char bad_target[] = "not a host: write HOST, HOST:PORT or [ADDRESS]:PORT";

/* Splits HOST, HOST:PORT, [ADDRESS], [ADDRESS]:PORT or a bare IPv6 address: terminates the host
 * in text. Returns NULL, or what is wrong if it is none of these. */
static const char *parse_target(char *text, char **host, unsigned *port)
{
	bool is_bracketed = *text == '[';
	const char *end;
	char *colon;

	*host = text + is_bracketed;
	colon = *host + (check_find(*host, is_bracketed ? ']' : ':') - *host);
	*port = 0;
	if (!is_bracketed && *colon && *check_find(colon + 1, ':'))
		return NULL;
	if (colon == *host || (is_bracketed && !*colon))
		return bad_target;
	if (is_bracketed)
		*colon++ = '\0';
	if (!*colon)
		return NULL;
	if (*colon != ':')
		return bad_target;
	if (!(*port = check_number(colon + 1, 65535, &end)) || *end)
		return "no port: write HOST:PORT, with a number from 1 to 65535";
	*colon = '\0';
	return NULL;
}

/* Shows nothing of the request, which may hold a password. */
static int refuse_request(void)
{
	return check_say("PIN4_CHECK must be one of host[/SECONDS]:HOST[:PORT], "
			 "json[/SECONDS]:HOST[:PORT], rules, doctor:PID or live, "
			 "with SECONDS from 1 to 600");
}

/* Shows nothing of a URL, of user@host and of name=value, which may hold a password. */
static int refuse_target(const char *target, const char *reason)
{
	bool is_secret =
		*check_find(target, '@') || *check_find(target, '/') || *check_find(target, '=');
	size_t len = strlen(target);
	size_t shown = is_secret ? 0 : len < 80 ? len : 80;

	if (hostname_fault(target, len) == HOSTNAME_NOT_ASCII)
		reason = rules_reason(RULE_NOT_ASCII);
	else if (is_secret)
		reason = "not a host: write only the HOST:PORT of the URL";
	return check_say("%b%s: %s", shown, target, shown < len ? "..." : "", reason);
}

/* [/SECONDS]:TARGET */
static int check_target(const char *request, bool is_json)
{
	enum { USUAL = 5, MOST = 600 };
	unsigned seconds = USUAL;
	size_t len;
	unsigned port;
	char target[512];
	char *host;
	const char *reason = bad_target;

	if (*request == '/')
		seconds = check_number(request + 1, MOST, &request);
	if (!seconds || *request++ != ':')
		return refuse_request();
	len = strlen(request);
	if (len < sizeof(target)) {
		memcpy(target, request, len + 1);
		reason = parse_target(target, &host, &port);
		if (!reason && !check_is_host(host))
			reason = bad_target;
	}
	if (reason)
		return refuse_target(request, reason);
	return check_host(host, port, seconds * 1000, is_json);
}

static int check(const char *request)
{
	const char *rest;

	if (strcmp(request, "rules") == 0)
		return check_rules();
	if (strcmp(request, "live") == 0)
		return check_live();
	if ((rest = check_after(request, "doctor:")))
		return check_doctor(rest);
	if ((rest = check_after(request, "host")))
		return check_target(rest, false);
	if ((rest = check_after(request, "json")))
		return check_target(rest, true);
	return refuse_request();
}

_Noreturn void check_run(const char *request)
{
	int status = check(request);

	for (;;)
		syscall(SYS_exit_group, status);
}
