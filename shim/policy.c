/* SPDX-License-Identifier: MIT */
/* Decides, and says what became of a lookup. It relies on the rules in force and the log. */
#include "policy.h"

#include <string.h>

#include "addrlist.h"
#include "allowlist.h"
#include "mapped.h"

enum verdict policy_decide(const struct rules *rules, struct lookup *lookup)
{
	lookup->verdict = VERDICT_PASS;
	if (!rules_match(rules, lookup->host, &lookup->rule) || lookup->rule.verb == RULE_EXCEPT)
		return VERDICT_PASS;
	lookup->verdict = lookup->rule.verb == RULE_PREFER ? VERDICT_PREFER : VERDICT_PIN;
	lookup->is_logged = log_wants(LOG_INFO);
	return lookup->verdict;
}

static const char *family_name(int family)
{
	return family == AF_INET6 ? "AF_INET6" : family == AF_INET ? "AF_INET" : "AF_UNSPEC";
}

enum verdict policy_ask(const char *call, const char *host, int family, struct lookup *ret)
{
	const struct rules *rules = allowlist_rules();

	ret->call = call;
	ret->host = host;
	ret->asked = family_name(family);
	ret->family = family;
	return rules ? policy_decide(rules, ret) : VERDICT_PASS;
}

void policy_begin_line(struct log_line *line, const struct lookup *lookup)
{
	const struct rule *rule = &lookup->rule;
	size_t row, column;

	log_begin(line, LOG_INFO);
	log_text(line, lookup->call);
	log_text(line, " host=");
	log_escaped(line, lookup->host, strlen(lookup->host));
	log_text(line, " asked=");
	log_text(line, lookup->asked);
	log_text(line, " rule=");
	log_escaped(line, rule->token, rule->token_len);
	log_text(line, "(");
	log_escaped(line, rule->source->name, strlen(rule->source->name));
	if (rule->source->is_file) {
		rules_place(rule, &row, &column);
		log_text(line, ":");
		log_number(line, row);
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
	policy_begin_line(&line, lookup);
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
	policy_begin_line(&line, lookup);
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
	policy_begin_line(&line, lookup);
	log_text(&line, error);
	log_end(&line);
}

void policy_log_handed_on(const struct lookup *lookup)
{
	policy_log_error(lookup, "none: no A record, handed on");
}
