/* SPDX-License-Identifier: MIT */
/* What the findings of a host report add up to. Pure. */
#include <errno.h>

#include "check.h"

enum check_reach check_reach_of(int error, bool is_local)
{
	switch (error) {
	case 0:
		return CHECK_CONNECTS;
	case ECONNREFUSED:
	case ECONNRESET:
		return CHECK_REFUSED;
	case ETIMEDOUT:
		return CHECK_DROPPED;
	case EHOSTUNREACH:
		return CHECK_UNREACHABLE;
	case ENETUNREACH:
		return is_local ? CHECK_NO_ROUTE : CHECK_UNREACHABLE;
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
		return CHECK_NO_ROUTE;
	default:
		return CHECK_NOT_LET_OUT;
	}
}

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
	switch (verdict) {
	case CHECK_IS_PINNED:
		return "pinned";
	case CHECK_NOTHING_TO_CURE:
		return "nothing_to_cure";
	case CHECK_WOULD_HELP:
		return "pinning_would_help";
	case CHECK_ONLY_AAAA:
		return "only_aaaa";
	case CHECK_NO_IPV4:
		return "no_ipv4_here";
	case CHECK_NEITHER:
		return "neither_answers";
	case CHECK_NO_SUCH_NAME:
		return "no_such_name";
	case CHECK_NO_RESOLVER:
		return "no_resolver";
	case CHECK_AAAA_BREAKS:
		return "aaaa_breaks";
	case CHECK_RULE_HARMS:
		return "rule_harms";
	case CHECK_IS_ADDRESS:
		break;
	}
	return "address";
}

const char *check_reach_words(enum check_reach reach, bool is_tried)
{
	switch (reach) {
	case CHECK_CONNECTS:
		return is_tried ? "connects"
				: "has a route (no port given, so no connection tried)";
	case CHECK_REFUSED:
		return "is refused";
	case CHECK_UNREACHABLE:
		return "is unreachable";
	case CHECK_DROPPED:
		return "does not answer";
	case CHECK_NO_ROUTE:
		return "has no route from here";
	case CHECK_NOT_LET_OUT:
		return "is not let out by this machine";
	case CHECK_NO_RECORD:
		return "is not published";
	case CHECK_UNKNOWN:
		break;
	}
	return "is unknown: the resolver fails on that, or is silent";
}

static const char *words_of_pinned(const struct check_view *view)
{
	if (view->ipv6 == CHECK_CONNECTS)
		return "Pinned: it is reached over IPv4.";
	if (view->ipv6 == CHECK_NO_RECORD)
		return "Pinned: Erlang's :nxdomain goes away, callers that insist on IPv6 connect "
		       "too.";
	return "Pinned: callers that insist on IPv6 connect too, over IPv4.";
}

static const char *words_of_no_ipv4(const struct check_view *view)
{
	if (view->ipv6 != CHECK_CONNECTS)
		return "Pinning cannot help: from here the host is reached over neither family.";
	if (view->rule == CHECK_PINNED)
		return "This rule does harm here: take it away, or say except: for this host.";
	return "Pinning cannot help, and is not needed: IPv6 connects.";
}

static const char *words_of_would_help(const struct check_view *view)
{
	if (view->rule == CHECK_EXCEPTED)
		return "Pinning would help, but this rule leaves the host alone: take it away.";
	return "Not pinned, and pinning would help: callers that insist on IPv6 fail here.";
}

static const char *words_of_aaaa(const struct check_view *view)
{
	if (view->rule == CHECK_PINNED)
		return "The resolver breaks on AAAA questions. Pinned: those are never asked.";
	return "The resolver breaks on AAAA questions; pinning would help: those are never asked.";
}

const char *check_verdict_words(const struct check_view *view)
{
	if (view->is_off && is_curable(view))
		return "Pinning would help, and is switched off: take PIN4=off away.";
	switch (check_judge(view)) {
	case CHECK_IS_PINNED:
		return words_of_pinned(view);
	case CHECK_NOTHING_TO_CURE:
		return view->ipv4 == CHECK_CONNECTS
			       ? "Not pinned: nothing to cure."
			       : "Not pinned, and better so: leave it to IPv6.";
	case CHECK_WOULD_HELP:
		return words_of_would_help(view);
	case CHECK_ONLY_AAAA:
		return "Pinning cannot help: the host has AAAA records only.";
	case CHECK_NO_IPV4:
		return words_of_no_ipv4(view);
	case CHECK_NEITHER:
		return "Pinning cannot help: look at the host, its port and the firewalls between.";
	case CHECK_NO_SUCH_NAME:
		return "The name does not exist, as far as this program's resolver knows.";
	case CHECK_NO_RESOLVER:
		return "The resolver is the fault: look at /etc/resolv.conf and what it names.";
	case CHECK_AAAA_BREAKS:
		return words_of_aaaa(view);
	case CHECK_RULE_HARMS:
		return "This rule does harm: IPv6 connects, and it takes that away.";
	case CHECK_IS_ADDRESS:
		break;
	}
	return "An address and not a name: no rule matches it.";
}
