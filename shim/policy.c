/* SPDX-License-Identifier: MIT */
/* Decides. It relies on the rules in force. */
#include "policy.h"

#include <errno.h>
#include <string.h>

#include "file.h"
#include "log.h"

static RARE void keep_rule(const struct rules *rules, const struct rules_hit *hit,
			   struct lookup *lookup)
{
	struct rule rule;
	size_t column;

	rules_read(rules, hit, &rule);
	lookup->rule_len =
		rule.token_len < sizeof(lookup->rule) ? rule.token_len : sizeof(lookup->rule);
	memcpy(lookup->rule, rule.token, lookup->rule_len);
	lookup->source = rule.source->name;
	lookup->line = 0;
	if (rule.source->must_end_line)
		rules_place(&rule, &lookup->line, &column);
}

enum verdict policy_decide(const struct rules *rules, struct lookup *lookup)
{
	struct rules_hit hit;

	lookup->verdict = VERDICT_PASS;
	if (!rules_decide(rules, lookup->host, lookup->len, &hit) || hit.verb == RULE_EXCEPT)
		return VERDICT_PASS;
	lookup->verdict = hit.verb == RULE_PREFER ? VERDICT_PREFER : VERDICT_PIN;
	lookup->is_logged = log_wants(LOG_INFO);
	if (lookup->is_logged)
		keep_rule(rules, &hit, lookup);
	return lookup->verdict;
}

enum verdict policy_ask_now(struct lookup *lookup)
{
	enum verdict verdict = VERDICT_PASS;
	const struct rules *rules;
	_Atomic(unsigned) *counter;

	if (!allowlist_is_loaded() && (hostname_is_address(lookup->host) || !allowlist_load()))
		return verdict;
	counter = allowlist_enter(&rules);
	if (rules)
		verdict = policy_decide(rules, lookup);
	allowlist_leave(counter);
	return verdict;
}

enum verdict policy_ask(const char *call, const char *host, int family, struct lookup *ret)
{
	ret->call = call;
	ret->host = host;
	ret->len = strlen(host);
	ret->family = family;
	ret->asked = family == AF_INET6 ? "AF_INET6" : family == AF_INET ? "AF_INET" : "AF_UNSPEC";
	allowlist_refresh();
	return policy_ask_now(ret);
}
