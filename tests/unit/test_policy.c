/* SPDX-License-Identifier: MIT */
/* What becomes of a lookup, and the line that says so. Each line is written by a process of its
 * own. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>

#include "child.h"
#include "index_rules.h"
#include "log.h"
#include "policy.h"

struct verdict_row {
	const char *rules;
	const char *host;
	enum verdict verdict;
};

static void check_verdict(void **state)
{
	const struct verdict_row *row = *state;
	struct rules_text text = { .name = "T", .text = row->rules, .len = strlen(row->rules) };
	struct rules *rules = index_rules(&text, 1);
	struct lookup lookup = {
		.call = "call", .host = row->host, .asked = "AF_INET6", .family = AF_INET6
	};

	assert_int_equal(policy_decide(rules, &lookup), row->verdict);
	if (row->verdict != VERDICT_PASS) {
		assert_int_equal(lookup.verdict, row->verdict);
		assert_string_equal(lookup.call, "call");
		assert_ptr_equal(lookup.host, row->host);
		assert_int_equal(lookup.family, AF_INET6);
		assert_false(lookup.is_logged); /* nobody opened the log */
	}
	free(rules);
}

#define DECIDE(name, rules, host, verdict) \
	UNIT_ROW(#name, check_verdict, verdict_row, rules, host, verdict)

/* What a lookup came to. */
struct outcome {
	const char *addresses[6]; /* a list; doubled, as for two socket types, where is_twice */
	bool is_twice;
	bool is_hostent;
	const char *error;
};

struct line_row {
	const char *rules;
	const char *source; /* a path begins with "/" */
	const char *call;
	const char *host;
	int family;
	enum log_level level;
	struct outcome outcome;
	const char *log;
};

static void log_list(const struct lookup *lookup, const struct outcome *outcome)
{
	struct addrinfo nodes[12];
	struct sockaddr_in6 addresses[12];
	size_t count = 0;

	for (size_t i = 0; outcome->addresses[i / (outcome->is_twice + 1U)]; i++, count++) {
		const char *text = outcome->addresses[i / (outcome->is_twice + 1U)];
		struct sockaddr_in *sin = (void *)&addresses[i];
		bool is_ipv4 = !strchr(text, ':');

		memset(&addresses[i], 0, sizeof(addresses[i]));
		addresses[i].sin6_family = is_ipv4 ? AF_INET : AF_INET6;
		inet_pton(addresses[i].sin6_family, text,
			  is_ipv4 ? (void *)&sin->sin_addr : &addresses[i].sin6_addr);
		nodes[i] = (struct addrinfo){ .ai_family = addresses[i].sin6_family,
					      .ai_socktype = 1 + (int)(i % 2),
					      .ai_addr = (void *)&addresses[i],
					      .ai_addrlen =
						      is_ipv4 ? sizeof(*sin) : sizeof(*addresses) };
		if (i)
			nodes[i - 1].ai_next = &nodes[i];
	}
	policy_log_list(lookup, count ? nodes : NULL);
}

static void log_host(const struct lookup *lookup, const struct outcome *outcome)
{
	struct in6_addr addresses[6];
	char *list[7] = { NULL };
	struct hostent host = { .h_addrtype = AF_INET6, .h_length = 16, .h_addr_list = list };

	for (size_t i = 0; outcome->addresses[i]; i++) {
		inet_pton(AF_INET6, outcome->addresses[i], &addresses[i]);
		list[i] = (char *)&addresses[i];
	}
	policy_log_host(lookup, &host);
}

static const char *family_name(int family)
{
	return family == AF_INET6 ? "AF_INET6" : "AF_UNSPEC";
}

static void write_row(const void *arg)
{
	const struct line_row *row = arg;
	struct rules_text text = { .name = row->source,
				   .text = row->rules,
				   .len = strlen(row->rules) };
	struct rules *rules;
	struct lookup lookup = { .call = row->call,
				 .host = row->host,
				 .asked = family_name(row->family),
				 .family = row->family };

	text.is_file = *row->source == '/';
	rules = index_rules(&text, 1);
	log_remember_stderr();
	log_open(row->level, NULL);
	child_need(policy_decide(rules, &lookup));
	errno = EXDEV;
	if (row->outcome.error)
		policy_log_error(&lookup, row->outcome.error);
	else if (row->outcome.is_hostent)
		log_host(&lookup, &row->outcome);
	else if (row->outcome.addresses[0])
		log_list(&lookup, &row->outcome);
	else
		policy_log_handed_on(&lookup);
	child_need(errno == EXDEV);
	free(rules);
}

static void check_line(void **state)
{
	const struct line_row *row = *state;
	struct child child;

	child_run(write_row, row, &child);
	assert_string_equal(child.log, row->log);
}

#define LINE(name, rules, source, call, host, family, level, log, ...)                  \
	UNIT_ROW(#name, check_line, line_row, rules, source, call, host, family, level, \
		 { __VA_ARGS__ }, log)
#define PINNED(name, family, log, ...)                                                             \
	LINE(name, "*.b", "PIN4_HOSTS", "getaddrinfo", "a.b", family, LOG_INFO,                    \
	     "info: getaddrinfo host=a.b asked=" #family " rule=*.b(PIN4_HOSTS) answer=" log "\n", \
	     __VA_ARGS__)
#define BY_NAME(name, log, ...)                                                                \
	LINE(name, "b", "PIN4_HOSTS", "gethostbyname2", "b", AF_INET6, LOG_INFO,               \
	     "info: gethostbyname2 host=b asked=AF_INET6 rule=b(PIN4_HOSTS) answer=" log "\n", \
	     .is_hostent = true, __VA_ARGS__)

static const struct CMUnitTest tests[] = {
	DECIDE(host_without_rule_passes, "a *.b", "c", VERDICT_PASS),
	DECIDE(host_without_any_rule_passes, "", "c", VERDICT_PASS),
	DECIDE(host_with_a_bad_rule_passes, "a..b c", "a..b", VERDICT_PASS),
	DECIDE(host_with_ipv4_is_pinned, "ipv4:*.b", "a.b", VERDICT_PIN),
	DECIDE(host_with_no_verb_is_pinned, "a.b", "A.B.", VERDICT_PIN),
	DECIDE(host_with_prefer_is_preferred, "prefer:a.b", "a.b", VERDICT_PREFER),
	DECIDE(host_with_except_passes, "* except:a.b", "a.b", VERDICT_PASS),
	DECIDE(host_with_except_below_passes, "* except:*.b", "a.b", VERDICT_PASS),
	DECIDE(host_with_a_name_under_except_is_pinned, "except:*.b a.b", "a.b", VERDICT_PIN),
	DECIDE(host_with_prefer_under_ipv4_is_preferred, "*.b prefer:a.b", "a.b", VERDICT_PREFER),
	DECIDE(host_that_is_numeric_passes, "*", "192.0.2.1", VERDICT_PASS),
	DECIDE(host_that_is_empty_passes, "*", "", VERDICT_PASS),
	PINNED(list_for_ipv6_is_shown_mapped, AF_INET6, "::ffff:198.51.100.10",
	       .addresses = { "::ffff:198.51.100.10" }),
	PINNED(list_for_any_is_shown_as_ipv4, AF_UNSPEC, "198.51.100.10",
	       .addresses = { "198.51.100.10" }),
	PINNED(list_of_several_is_in_order, AF_UNSPEC, "192.0.2.2,192.0.2.1,192.0.2.3",
	       .addresses = { "192.0.2.2", "192.0.2.1", "192.0.2.3" }),
	PINNED(list_with_two_types_shows_each_address_once, AF_UNSPEC, "192.0.2.2,192.0.2.1",
	       .addresses = { "192.0.2.2", "192.0.2.1" }, .is_twice = true),
	PINNED(list_with_ipv6_behind_says_so, AF_INET6, "::ffff:192.0.2.1,IPv6",
	       .addresses = { "::ffff:192.0.2.1", "2001:db8::1" }),
	PINNED(lookup_without_a_record_is_handed_on, AF_INET6, "none: no A record, handed on",
	       .error = NULL),
	PINNED(lookup_that_failed_names_the_error, AF_INET6, "EAI_AGAIN", .error = "EAI_AGAIN"),
	BY_NAME(host_of_one_address_is_shown_mapped, "::ffff:192.0.2.1",
		.addresses = { "::ffff:192.0.2.1" }),
	BY_NAME(host_of_several_addresses_is_in_order, "::ffff:192.0.2.2,::ffff:192.0.2.1,IPv6",
		.addresses = { "::ffff:192.0.2.2", "::ffff:192.0.2.1", "2001:db8::1" }),
	LINE(rule_of_a_file_has_its_line, "# one\n\nprefer:*.b\n", "/etc/pin4.conf", "getaddrinfo",
	     "a.b", AF_INET6, LOG_INFO,
	     "info: getaddrinfo host=a.b asked=AF_INET6 rule=prefer:*.b(/etc/pin4.conf:3) "
	     "answer=EAI_FAIL\n",
	     .error = "EAI_FAIL"),
	LINE(rule_and_host_are_as_they_were_written, "IPV4:Db.EXAMPLE.", "PIN4_HOSTS",
	     "getaddrinfo", "dB.example", AF_INET6, LOG_INFO,
	     "info: getaddrinfo host=dB.example asked=AF_INET6 rule=IPV4:Db.EXAMPLE.(PIN4_HOSTS) "
	     "answer=EAI_FAIL\n",
	     .error = "EAI_FAIL"),
	LINE(rule_of_the_greatest_length_is_whole, "prefer:*." L63 "." L63 "." L63 "." L10,
	     "PIN4_HOSTS", "getaddrinfo", "a." L63 "." L63 "." L63 "." L10, AF_INET6, LOG_INFO,
	     "info: getaddrinfo host=a." L63 "." L63 "." L63 "." L10
	     " asked=AF_INET6 rule=prefer:*." L63 "." L63 "." L63 "." L10
	     "(PIN4_HOSTS) answer=EAI_FAIL\n",
	     .error = "EAI_FAIL"),
	LINE(rule_of_253_bytes_and_a_dot_is_whole, "prefer:" N253 ".", "PIN4_HOSTS", "getaddrinfo",
	     N253 ".", AF_INET6, LOG_INFO,
	     "info: getaddrinfo host=" N253 ". asked=AF_INET6 rule=prefer:" N253
	     ".(PIN4_HOSTS) answer=EAI_FAIL\n",
	     .error = "EAI_FAIL"),
	LINE(source_with_a_hostile_name_is_escaped, "b\n", "/x y\n", "getaddrinfo", "b", AF_UNSPEC,
	     LOG_INFO,
	     "info: getaddrinfo host=b asked=AF_UNSPEC rule=b(/x\\x20y\\x0a:1) answer=EAI_FAIL\n",
	     .error = "EAI_FAIL"),
	LINE(level_error_gets_no_line, "b", "PIN4_HOSTS", "getaddrinfo", "b", AF_UNSPEC, LOG_ERROR,
	     "", .error = "EAI_AGAIN"),
	LINE(level_error_gets_no_line_of_a_list, "b", "PIN4_HOSTS", "getaddrinfo", "b", AF_UNSPEC,
	     LOG_ERROR, "", .addresses = { "192.0.2.1" }),
	LINE(level_error_gets_no_line_of_a_host, "b", "PIN4_HOSTS", "getaddrinfo", "b", AF_INET6,
	     LOG_ERROR, "", .is_hostent = true, .addresses = { "::ffff:192.0.2.1" }),
	LINE(level_off_gets_no_line, "b", "PIN4_HOSTS", "getaddrinfo", "b", AF_UNSPEC, LOG_OFF, "",
	     .error = NULL),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
