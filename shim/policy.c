/* SPDX-License-Identifier: MIT */
/* Decides, and says what was decided. It relies on the rules in force and the log. */
#include "policy.h"

#include <errno.h>
#include <string.h>

#include "addrlist.h"
#include "file.h"
#include "log.h"
#include "mapped.h"

static void keep_rule(struct lookup *lookup, const struct rule *rule)
{
	size_t column;

	lookup->rule_len =
		rule->token_len < sizeof(lookup->rule) ? rule->token_len : sizeof(lookup->rule);
	memcpy(lookup->rule, rule->token, lookup->rule_len);
	lookup->source = rule->source->name;
	lookup->line = 0;
	if (rule->source->must_end_line)
		rules_place(rule, &lookup->line, &column);
}

enum verdict policy_decide(const struct rules *rules, const char *call, const char *host,
			   size_t len, int family, struct lookup *ret)
{
	struct rules_hit hit;
	struct rule rule;

	if (!rules_decide(rules, host, len, &hit) || hit.verb == RULE_EXCEPT)
		return VERDICT_PASS;
	ret->verdict = hit.verb == RULE_PREFER ? VERDICT_PREFER : VERDICT_PIN;
	ret->call = call;
	ret->host = host;
	ret->family = family;
	ret->is_logged = log_wants(LOG_INFO);
	if (ret->is_logged) {
		rules_read(rules, &hit, &rule);
		keep_rule(ret, &rule);
	}
	return ret->verdict;
}

enum verdict policy_ask(const char *call, const char *host, int family, struct lookup *ret)
{
	enum verdict verdict = VERDICT_PASS;
	const struct rules *rules;
	_Atomic(unsigned) *counter;

	allowlist_refresh();
	if (!allowlist_is_loaded() && (hostname_is_address(host) || !allowlist_load()))
		return verdict;
	counter = allowlist_enter(&rules);
	if (rules)
		verdict = policy_decide(rules, call, host, strlen(host), family, ret);
	allowlist_leave(counter);
	return verdict;
}

bool policy_is_pinned(const char *host)
{
	struct lookup lookup;

	return policy_ask("dns", host, AF_INET6, &lookup) == VERDICT_PIN;
}

bool policy_may_pin(void)
{
	enum { UNKNOWN, YES, NO };
	static _Atomic int known;
	int answer = atomic_load_explicit(&known, memory_order_relaxed);
	struct settings settings;
	struct stat st;
	int saved = errno;

	if (answer == UNKNOWN && settings_copy()) {
		settings_read(&settings);
		answer = !settings.is_off && (*settings.hosts || file_look(settings.config, &st))
				 ? YES
				 : NO;
		atomic_store(&known, answer);
		errno = saved;
	}
	return answer == YES;
}

static const char *family_name(int family)
{
	return family == AF_INET6 ? "AF_INET6" : family == AF_INET ? "AF_INET" : "AF_UNSPEC";
}

static void begin(struct log_line *line, const struct lookup *lookup)
{
	log_begin(line, LOG_INFO);
	log_text(line, lookup->call);
	log_text(line, " host=");
	log_escaped(line, lookup->host, strlen(lookup->host));
	log_text(line, " asked=");
	log_text(line, family_name(lookup->family));
	log_text(line, " rule=");
	log_escaped(line, lookup->rule, lookup->rule_len);
	log_text(line, "(");
	log_escaped(line, lookup->source, strlen(lookup->source));
	if (lookup->line) {
		log_text(line, ":");
		log_number(line, lookup->line);
	}
	log_text(line, ") answer=");
}

static void put_address(struct log_line *line, const struct lookup *lookup, struct in_addr addr)
{
	log_text(line, lookup->family == AF_INET6 ? "::ffff:" : "");
	log_ipv4(line, addr);
}

/* A list has a node for each socket type, so that an address stands in it more than once. */
static bool is_first(const struct addrinfo *list, const struct addrinfo *node)
{
	while (list->ai_addrlen != node->ai_addrlen ||
	       memcmp(list->ai_addr, node->ai_addr, node->ai_addrlen) != 0)
		list = list->ai_next;
	return list == node;
}

void policy_log_list(const struct lookup *lookup, const struct addrinfo *list)
{
	struct log_line line;
	const char *between = "";

	if (!lookup->is_logged)
		return;
	begin(&line, lookup);
	for (const struct addrinfo *node = list; node; node = node->ai_next) {
		struct in_addr addr;

		if (!is_first(list, node))
			continue;
		log_text(&line, between);
		between = ",";
		if (addrlist_ipv4(node, &addr))
			put_address(&line, lookup, addr);
		else
			log_text(&line, "IPv6");
	}
	log_end(&line);
}

void policy_log_host(const struct lookup *lookup, const struct hostent *host)
{
	struct log_line line;

	if (!lookup->is_logged)
		return;
	begin(&line, lookup);
	for (size_t i = 0; host->h_addr_list[i]; i++) {
		struct in6_addr address;

		memcpy(&address, host->h_addr_list[i], sizeof(address));
		log_text(&line, i ? "," : "");
		if (IN6_IS_ADDR_V4MAPPED(&address))
			put_address(&line, lookup, mapped_ipv4(&address));
		else
			log_text(&line, "IPv6");
	}
	log_end(&line);
}

void policy_log_error(const struct lookup *lookup, const char *error)
{
	struct log_line line;

	if (!lookup->is_logged)
		return;
	begin(&line, lookup);
	log_text(&line, error);
	log_end(&line);
}

void policy_log_handed_on(const struct lookup *lookup)
{
	policy_log_error(lookup, "none: no A record, handed on");
}
