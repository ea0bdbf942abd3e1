# SPDX-License-Identifier: MIT
# Datagrams to an IPv6 address that the book has: which server gets them. A socket or message that
# cannot go to IPv4 goes where the program wants it.

# run sets the variables.
# shellcheck disable=SC2154

# An emulator knows no way to give an interface an IPv6 address.
if is_native && [ "$(bare sends)" = 'no network' ]; then
	skip sends_to_address_of_pinned_host 'the right to make a network namespace'
elif is_native; then
	bare sends | grep -v ': IPv6$' >"$tmp/not-ipv6"
	is sends_without_pin4_go_to_ipv6 "$(cat "$tmp/not-ipv6")" ''
	is sends_to_host_without_rule_go_to_ipv6 \
		"$(pinned other.test sends | grep -v ': IPv6$')" ''
	pinned v4only.test sends >"$tmp/sends" 2>&1
	while read -r name server; do
		is "${name%:}_to_address_of_pinned_host_goes_to_$server" \
			"$(grep "^$name" "$tmp/sends")" "$name $server"
	done <<'TABLE'
sendto: IPv4
sendmsg: IPv4
sendmmsg: IPv4
sendto-v6only: IPv4
sendmsg-v6only: IPv4
sendmmsg-v6only: IPv4
sendto-v6only-bound-any: IPv6
sendto-bound-any: IPv4
sendto-bound-v6: IPv6
sendmsg-bound-v6: IPv6
sendmmsg-bound-v6: IPv6
sendmsg-with-source: IPv6
sendmmsg-with-source: IPv6
connect-v6only: IPv4
connect-bound-v6: IPv6
TABLE
fi
