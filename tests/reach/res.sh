# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# The libc's own DNS calls: all that glibc has, by their names of today and by those that older
# binaries are bound to, and all that musl has.

res_cases() {
	for client in res_glibc res_old res_musl; do
		for mode in noroute works noaaaa noa; do
			res_case "$client" "$mode"
		done
		unruled "$client"
	done
	# As Postfix asks.
	dns_for res_dnssec works
	is res_query_with_dnssec_is_pinned "$(seen pinned run_client res_dnssec "$pinned_host"
		wire_counted)" "$(printf '%s\n' ipv4 '6*A')"
}

# Each call of the client asks for the host, so the questions are counted.
res_case() { # CLIENT MODE
	calls=6
	[ "$1" != res_musl ] || calls=3
	asked="$calls*A"
	reached=ipv4
	case $2 in
	noroute) bare=ENETUNREACH ;;
	works) bare=ipv6 ;;
	noaaaa) bare=NODATA ;;
	noa)
		bare=ipv6
		asked="$calls*A $calls*AAAA"
		reached=ipv6
		;;
	esac
	dns_for "$1" "$2"
	is "$1_$2_without_pin4_$bare" "$(seen run_client "$1" db.internal "$pinned_host"
		wire_counted)" "$(printf '%s\n' "ipv6,$bare" "$calls*AAAA")"
	dns_for "$1" "$2"
	is "$1_$2_with_pin4_$reached" "$(seen pinned run_client "$1" db.internal "$pinned_host"
		wire_counted)" "$(printf '%s\n' "ipv6,$reached" "$asked")"
	explain
}

# The questions for the pinned host, as 3*A 3*AAAA.
wire_counted() {
	wire_asked | tr + '\n' | sort | uniq -c | sed 's/^ *//; s/ /*/' | paste -sd' ' -
}
