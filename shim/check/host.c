/* SPDX-License-Identifier: MIT */
/* The host report: what this very program gets for a host, and whether it connects. */
#include <netdb.h>
#include <string.h>

#include "check.h"
#include "hostname.h"
#include "libc.h"

/* Whether the libc takes the host for an address. */
static bool is_numeric(const char *host)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;

	libc_bind();
	if (libc(getaddrinfo)(host, NULL, &hints, &list) != 0)
		return false;
	freeaddrinfo(list);
	return true;
}

bool check_is_host(const char *host)
{
	size_t len = hostname_trim(host, strlen(host));

	return hostname_fault(host, len) == HOSTNAME_OK ||
	       (hostname_is_address(host) && is_numeric(host));
}

/* The rules stay in memory: report->rule refers to them. */
static void find_rule(struct check_report *report)
{
	struct reading reading;

	if (!allowlist_read(&reading))
		return;
	log_open(LOG_ERROR, NULL);
	settings_complain();
	allowlist_complain(&reading, 20);
	report->view.is_off = reading.settings.is_off;
	if (report->view.is_address || !rules_match(reading.rules, report->host, &report->rule))
		return;
	report->view.rule = (enum check_rule)(CHECK_PINNED + report->rule.verb);
}

/* The best that the addresses of a family came to, or why there are none. */
static enum check_reach reach(const struct check_report *report, enum check_question question,
			      int family)
{
	enum check_reach best = CHECK_UNKNOWN;

	if (check_is_no_record(report->answers[question].error))
		return CHECK_NO_RECORD;
	for (size_t i = 0; i < report->attempt_count; i++) {
		const struct check_attempt *attempt = &report->attempts[i];
		enum check_reach one = check_reach_of(attempt->error, attempt->is_local);

		if (attempt->address->ipv4.sin_family == family && one < best)
			best = one;
	}
	return best;
}

int check_host(const char *host, unsigned port, unsigned wait, bool is_json)
{
	struct check_report report = { .host = host, .port = port, .wait = wait };

	report.view.is_address = is_numeric(host);
	find_rule(&report);
	check_look_up(&report);
	check_connect(&report);
	report.view.is_any_broken =
		!report.answers[CHECK_A].error && report.answers[CHECK_ANY].error;
	report.view.ipv4 = reach(&report, CHECK_A, AF_INET);
	report.view.ipv6 = reach(&report, CHECK_AAAA, AF_INET6);
	if (is_json)
		check_print_json(&report);
	else
		check_print_text(&report);
	return check_is_good(&report.view) ? CHECK_GOOD : CHECK_BAD;
}
