# SPDX-License-Identifier: MIT
# gethostbyname2 and gethostbyname2_r: the probe tries every size of buffer.

# run sets the variables.
# shellcheck disable=SC2154

# What the libc would say of the same host's A records, mapped.
mapped_hostent() {
	sed -e 's,AF_INET/4,AF_INET6/16,' -e 's/ \([0-9]*\.[0-9]*\.[0-9]*\.[0-9]*\)/ ::ffff:\1/g'
}

for host in v4only.test both.test several.test canon.test aaaa-again.test; do
	forget
	is "hostent_of_${host}_pinned_asked_inet6_is_mapped" \
		"$(pinned '*' hostbyname inet6 $host)" "$(bare hostbyname inet $host | mapped_hostent)"
	pinned '*' hostbyname inet6 $host >/dev/null
	is "hostent_of_${host}_pinned_asked_inet6_asks_inet_alone" \
		"$(grep -c 'AF_INET6' "$FAKE_LOG")" 0
	is "hostent_of_${host}_pinned_asked_inet_is_untouched" \
		"$(pinned '*' hostbyname inet $host)" "$(bare hostbyname inet $host)"
done

# No A record: handed on. A failure: returned, whatever the AAAA question would have said.
for host in v6only.test canon6.test a-none.test a-family.test none.test nodata.test; do
	is "hostent_of_${host}_pinned_asked_inet6_is_handed_on" \
		"$(pinned '*' hostbyname inet6 $host)" "$(bare hostbyname inet6 $host)"
done
for host in a-again.test a-fail.test again.test fail.test; do
	is "hostent_of_${host}_pinned_asked_inet6_is_the_failure" \
		"$(pinned '*' hostbyname inet6 $host)" "$(bare hostbyname inet $host)"
done

has hostent_of_several_pinned_has_its_addresses "$(pinned '*' hostbyname inet6 several.test)" \
	'gethostbyname2_r+1 several.test AF_INET6/16 ::ffff:192.0.2.31 ::ffff:192.0.2.32 ::ffff:192.0.2.33'
has hostent_of_again_pinned_has_h_errno "$(pinned '*' hostbyname inet6 again.test)" \
	'gethostbyname2 NULL h_errno=TRY_AGAIN'
has hostent_of_both_under_prefer_has_mapped_first "$(pinned 'prefer:*' hostbyname inet6 both.test)" \
	'gethostbyname2 both.test AF_INET6/16 ::ffff:192.0.2.2'

# Whatever becomes of the A records, under prefer the AAAA ones are what they are without pin4, and
# asked for once.
for host in v6only.test canon6.test a-again.test a-fail.test a-none.test; do
	forget
	is "hostent_of_${host}_under_prefer_has_its_ipv6_addresses" \
		"$(pinned 'prefer:*' hostbyname inet6 $host)" "$(bare hostbyname inet6 $host)"
done
for host in again.test fail.test none.test nodata.test; do
	is "hostent_of_${host}_under_prefer_is_the_failure" \
		"$(pinned 'prefer:*' hostbyname inet6 $host)" "$(bare hostbyname inet6 $host)"
done

for family in inet inet6; do
	for rules in '' 'other.example' 'except:*'; do
		forget
		# shellcheck disable=SC2086
		bare hostbyname $family $hosts $numeric >"$tmp/bare"
		mv "$FAKE_LOG" "$tmp/bare-questions"
		# shellcheck disable=SC2086
		pinned "$rules" hostbyname $family $hosts $numeric >"$tmp/pinned"
		is "hostents_without_rule_asked_${family}_under_'${rules}'_are_the_libcs" \
			"$([ -s "$tmp/bare" ] && diff "$tmp/bare" "$tmp/pinned" &&
				diff "$tmp/bare-questions" "$FAKE_LOG" && echo same)" \
			same
	done
	# shellcheck disable=SC2086
	is "numeric_hostents_under_star_asked_${family}_are_the_libcs" \
		"$(pinned '*' hostbyname $family $numeric)" "$(bare hostbyname $family $numeric)"
done
