# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2086,SC2154 # run sets the variables; within may be empty
# Resolvers that are between a lookup and DNS, or that are broken. Sourced by run.

# The first line of resolv.conf is the server, the others are given.
world_resolver() { # SERVER [LINE...]
	echo "nameserver $1" >"$world/resolv.conf"
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" >>"$world/resolv.conf"
}

# How often which type was asked for the pinned host, with whatever suffix and spelling.
asked_counts() {
	tr '[:upper:]' '[:lower:]' <"$world/queries" |
		sed -n "s/.*query\[\([a-z]*\)\] $pinned_host.* from .*/\1/p" | sort | uniq -c |
		awk '{ print $1 "*" toupper($2) }' | paste -sd+ -
}

asking() { # COMMAND...
	"$@"
	asked_counts
}

# nscd answers for glibc, and keeps what it found for the second client.
nscd_tests() {
	world_mode noaaaa
	$within nscd
	row nscd EAI_NONAME,EAI_NONAME,2*A+2*AAAA ipv4,ipv4,1*A nscd_client
	$within nscd -K
}

nscd_client() {
	(unset LD_PRELOAD && $within nscd -i hosts)
	run_client python_socket6 "$pinned_host"
	asking run_client python_socket6 "$pinned_host"
}

# As in Kubernetes. The last question of four is for the name as it is.
search_tests() {
	world_mode noaaaa
	world_resolver 198.51.100.53 'search default.svc.cluster.local svc.cluster.local cluster.local' \
		'options ndots:5'
	row search_glibc EAI_NODATA,4*AAAA ipv4,4*A asking run_client python_socket6 "$pinned_host"
	row search_glibc_unspec ipv4,4*A+4*AAAA ipv4,4*A asking run_client python_socket "$pinned_host"
	musl-gcc -O1 -o "$world/bin/app-musl" "$root/tests/check/app.c"
	row search_musl 'Name has no usable address,4*AAAA' ::ffff:198.51.100.10,4*A \
		asking $within "$world/bin/app-musl" "$pinned_host"
	world_resolver 198.51.100.53
}

# AAAA questions that get no answer, or SERVFAIL. glibc asks for the AAAA record again for as long
# as its time-outs allow, although it has the A record.
broken_tests() {
	for mode in 54:silent 55:servfail; do
		in_server ip addr add "198.51.100.${mode%:*}/24" dev server
		in_server /usr/bin/python3 "$root/tests/check/resolver.py" "198.51.100.${mode%:*}" "${mode#*:}"
	done
	limit=4
	world_resolver 198.51.100.54
	row silent_unspec hung ipv4 run_client python_socket "$pinned_host"
	row silent_inet6 hung ipv4 run_client python_socket6 "$pinned_host"
	world_resolver 198.51.100.55
	row servfail_unspec ipv4 ipv4 run_client python_socket "$pinned_host"
	row servfail_inet6 EAI_AGAIN ipv4 run_client python_socket6 "$pinned_host"
	limit=10
	world_resolver 198.51.100.53
}

# libevent's own resolver, which spells names in random case and insists on that in the answer.
evdns_tests() {
	$within gcc -O1 -o "$world/bin/client-evdns" "$here/today/client-evdns.c" -levent
	world_mode dropped
	row evdns_dropped timeout,1*AAAA ipv4,1*A asking limited $within \
		"$world/bin/client-evdns" "$pinned_host"
	world_mode noaaaa
	row evdns_noaaaa 'non-recoverable failure in name resolution,1*AAAA' ipv4,1*A asking limited $within \
		"$world/bin/client-evdns" "$pinned_host"
}
