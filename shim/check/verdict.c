/* SPDX-License-Identifier: MIT */
/* What the findings of a host report add up to. Pure. */
#include "check.h"

static enum check_verdict judge_without_a_record(enum check_reach ipv6)
{
	if (ipv6 == CHECK_UNKNOWN)
		return CHECK_NO_RESOLVER;
	return ipv6 == CHECK_NO_RECORD ? CHECK_NO_SUCH_NAME : CHECK_ONLY_AAAA;
}

enum check_verdict check_judge(const struct check_view *view)
{
	bool is_ipv4_good = view->ipv4 == CHECK_CONNECTS;
	bool is_ipv6_good = view->ipv6 == CHECK_CONNECTS;

	if (view->is_address)
		return CHECK_IS_ADDRESS;
	if (view->ipv4 == CHECK_NO_RECORD)
		return judge_without_a_record(view->ipv6);
	if (view->ipv4 == CHECK_UNKNOWN)
		return CHECK_NO_RESOLVER;
	if (view->ipv4 == CHECK_NO_ROUTE)
		return CHECK_NO_IPV4;
	if (is_ipv4_good && (view->ipv6 == CHECK_UNKNOWN || view->is_any_broken))
		return CHECK_AAAA_BREAKS;
	if (is_ipv4_good && (view->rule == CHECK_PINNED || view->rule == CHECK_PREFERRED))
		return CHECK_IS_PINNED;
	if (is_ipv4_good)
		return is_ipv6_good ? CHECK_NOTHING_TO_CURE : CHECK_WOULD_HELP;
	if (!is_ipv6_good)
		return CHECK_NEITHER;
	return view->rule == CHECK_PINNED ? CHECK_RULE_HARMS : CHECK_NOTHING_TO_CURE;
}

bool check_is_good(const struct check_view *view)
{
	bool is_ipv6_good = view->ipv6 == CHECK_CONNECTS;

	switch (check_judge(view)) {
	case CHECK_IS_PINNED:
	case CHECK_NOTHING_TO_CURE:
		return true;
	case CHECK_AAAA_BREAKS:
		return view->rule == CHECK_PINNED;
	case CHECK_ONLY_AAAA:
		return is_ipv6_good;
	case CHECK_NO_IPV4:
		return is_ipv6_good && view->rule != CHECK_PINNED;
	case CHECK_IS_ADDRESS:
		return is_ipv6_good || view->ipv4 == CHECK_CONNECTS;
	default:
		return false;
	}
}

/* Whether pinning would help, if nothing stood in its way. */
static bool is_curable(const struct check_view *view)
{
	enum check_verdict verdict = check_judge(view);

	return view->rule != CHECK_PINNED && view->rule != CHECK_EXCEPTED &&
	       (verdict == CHECK_WOULD_HELP || verdict == CHECK_AAAA_BREAKS);
}

bool check_has_cure(const struct check_view *view)
{
	return !view->is_off && is_curable(view);
}

const char *check_verdict_name(enum check_verdict verdict)
{
	return check_text("pinned\0nothing_to_cure\0pinning_would_help\0only_aaaa\0no_ipv4_here\0"
			  "neither_answers\0no_such_name\0no_resolver\0aaaa_breaks\0rule_harms\0"
			  "address",
			  verdict);
}

const char *check_reach_words(enum check_reach reach, bool is_tried)
{
	if (reach == CHECK_CONNECTS && !is_tried)
		return "has a route (no port given, so no connection tried)";
	return check_text("connects\0is refused\0is unreachable\0does not answer\0"
			  "has no route from here\0is blocked by this machine\0is not published\0"
			  "is unknown: the resolver fails or does not answer",
			  reach);
}

/* Each text has the number of the verdict; a second one for it follows below. */
static const char *words(enum check_verdict verdict)
{
	return check_text(
		"Pinned: callers that only ask for IPv6 connect too, over IPv4.\0"
		"Not pinned: nothing to cure.\0"
		"Not pinned, and pinning would help: callers that only ask for IPv6 fail here.\0"
		"Pinning cannot help: the host has AAAA records only.\0"
		"Pinning cannot help, and is not needed: IPv6 connects.\0"
		"Pinning cannot help: check the host, its port and the firewalls on the way.\0"
		"The name does not exist, as far as this program's resolver knows.\0"
		"The resolver fails: check /etc/resolv.conf and the servers that it names.\0"
		"The resolver breaks on AAAA questions; pinning would help: they are never asked.\0"
		"This rule does harm: IPv6 connects, but the rule demands IPv4.\0"
		"An address and not a name: no rule matches it.",
		verdict);
}

const char *check_verdict_words(const struct check_view *view)
{
	enum check_verdict verdict = check_judge(view);

	if (view->is_off && is_curable(view))
		return "Pinning would help, but it is switched off: remove PIN4=off.";
	if (verdict == CHECK_IS_PINNED && view->ipv6 == CHECK_CONNECTS)
		return "Pinned: it is reached over IPv4.";
	if (verdict == CHECK_IS_PINNED && view->ipv6 == CHECK_NO_RECORD)
		return "Pinned: callers that only ask for IPv6 connect too; Erlang's :nxdomain is "
		       "gone.";
	if (verdict == CHECK_NOTHING_TO_CURE && view->ipv4 != CHECK_CONNECTS)
		return "Not pinned, and it should stay so: IPv6 connects.";
	if (verdict == CHECK_WOULD_HELP && view->rule == CHECK_EXCEPTED)
		return "Pinning would help, but this rule leaves the host alone: remove it.";
	if (verdict == CHECK_NO_IPV4 && view->ipv6 != CHECK_CONNECTS)
		return "Pinning cannot help: the host cannot be reached from here, over IPv4 or "
		       "IPv6.";
	if (verdict == CHECK_NO_IPV4 && view->rule == CHECK_PINNED)
		return "This rule does harm here: remove it, or add except:HOST.";
	if (verdict == CHECK_AAAA_BREAKS && view->rule == CHECK_PINNED)
		return "The resolver breaks on AAAA questions. Pinned: they are never asked.";
	return words(verdict);
}
