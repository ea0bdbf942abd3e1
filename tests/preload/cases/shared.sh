# SPDX-License-Identifier: MIT
# A program that asks DNS by itself for a pinned host, and the libc for others: where it gets with an
# IPv6 address that one of those others has too. There is no IPv6 in its network.

# run sets the variables.
# shellcheck disable=SC2154

reached() { # RULES CALL HOST
	pinned "v4only.test $1" shared "$2" "$3" 2>&1
}

if [ "$(bare shared getaddrinfo)" = 'no network' ]; then
	skip connect_to_shared_address 'the right to make a network namespace'
else
	is connect_to_address_of_pinned_host_is_over_ipv4 \
		"$(pinned v4only.test shared getaddrinfo)" ::ffff:192.0.2.1
	while read -r wanted what call host rules; do
		is "connect_after_${call}_of_${what}_gets_${wanted}" "$(reached "$rules" "$call" "$host")" \
			"$wanted"
	done <<'TABLE'
::ffff:192.0.2.1 address_itself getaddrinfo 2001:db8::2
ENETUNREACH other_host_at_that_address getaddrinfo both.test
ENETUNREACH other_host_with_a_dot getaddrinfo both.test.
ENETUNREACH other_host_excepted getaddrinfo both.test except:both.test
ENETUNREACH other_host_excepted_from_all getaddrinfo both.test * except:both.test
TABLE
fi
