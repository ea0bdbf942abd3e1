# SPDX-License-Identifier: MIT
# Every combination of flags, socktype, service and protocol. What a pinned host answers to it is
# what the libc answers to the same question for AF_INET; any other host answers what it did.

# run sets the variables.
# shellcheck disable=SC2154

is matrix_of_questions_is_whole "$(bare lookup -m -F inet both.test | grep -c ^flags=)" 768
for host in v4only.test both.test several.test canon.test; do
	bare lookup -m -F inet "$host" >"$tmp/inet"
	mapped <"$tmp/inet" >"$tmp/inet6"
	is "matrix_of_${host}_pinned_asked_unspec_is_as_inet" \
		"$(pinned '*' lookup -m -F unspec "$host" | diff "$tmp/inet" -)" ''
	is "matrix_of_${host}_pinned_asked_inet6_is_as_inet_mapped" \
		"$(pinned '*' lookup -m -F inet6 "$host" | diff "$tmp/inet6" -)" ''
done

# Answers and questions, with and without pin4: equal to the byte.
is_untouched() { # NAME RULES LOOKUP-ARG...
	untouched_name=$1
	untouched_rules=$2
	shift 2
	forget
	bare "$@" >"$tmp/bare"
	mv "$FAKE_LOG" "$tmp/bare-questions"
	pinned "$untouched_rules" "$@" >"$tmp/pinned"
	is "answers_of_$untouched_name" \
		"$([ -s "$tmp/bare" ] && diff "$tmp/bare" "$tmp/pinned" && echo same)" same
	is "questions_of_$untouched_name" "$(diff "$tmp/bare-questions" "$FAKE_LOG" && echo same)" same
}

# One question a host where each takes its time (tests/harm/sanitize): of a host without a rule pin4
# looks at the name and the family, and those stay.
every=-m
[ -z "${WATCH:-}" ] || every=
long=$(printf '%0300d' 0 | tr 0 a)
for family in unspec inet6 inet unix; do
	# shellcheck disable=SC2086
	is_untouched "hosts_without_rule_asked_${family}_are_the_libcs" \
		'ipv4:*.psdb.cloud,prefer:other.example,except:*' lookup $every -F "$family" $hosts - $numeric
	# shellcheck disable=SC2086
	is_untouched "numeric_hosts_under_star_asked_${family}_are_the_libcs" \
		'*' lookup $every -F "$family" - $numeric
	# shellcheck disable=SC2086
	is_untouched "numeric_hosts_under_prefer_asked_${family}_are_the_libcs" \
		'prefer:*' lookup $every -F "$family" - $numeric
	# shellcheck disable=SC2086
	is_untouched "hosts_without_rules_asked_${family}_are_the_libcs" \
		'' lookup $every -F "$family" $hosts
	is_untouched "odd_hosts_without_rule_asked_${family}_are_the_libcs" \
		'ipv4:*.test' lookup -F "$family" '' . .. ' ' 'a b' '*' "$long" "$long.$long" \
		"$(printf 'a\nb')" "$(printf '\303\274')" -- -
done
# shellcheck disable=SC2086
is_untouched hosts_without_rule_and_hints_are_the_libcs '*.psdb.cloud' lookup -F null $hosts - $numeric
# shellcheck disable=SC2086
is_untouched numeric_hosts_without_hints_are_the_libcs '*' lookup -F null - $numeric
is_untouched pinned_asked_inet_are_the_libcs '*' lookup -m -F inet both.test several.test canon.test \
	v6only.test again.test none.test

# A host with AAAA records only, or none at all, keeps each of its answers.
for host in v6only.test canon6.test a-none.test nodata.test none.test; do
	for family in unspec inet6; do
		is "matrix_of_${host}_pinned_asked_${family}_is_handed_on" \
			"$(pinned '*' lookup -m -F $family "$host")" "$(bare lookup -m -F $family "$host")"
	done
done

# AI_NUMERICHOST fails for a name and succeeds for a literal.
is numerichost_of_pinned_name_fails "$(pinned '*' lookup -F inet6 -f 4 both.test)" EAI_NONAME
has numerichost_of_literal_under_star_succeeds "$(pinned '*' lookup -F inet6 -f 4 ::1)" 'AF_INET6 ::1 '
