/* SPDX-License-Identifier: MIT */
/* Decides. It relies on the rules in force. */
#include "policy.h"

#include "allowlist.h"

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
