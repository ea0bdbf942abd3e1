# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# Servers that ask DNS, or answer it, while pin4 is in them.

# A DNS question as a client of a server in this namespace asks it: "RCODE ADDRESS...".
dig_at() { # ADDRESS PORT NAME [TYPE]
	dig +tries=1 +timeout=3 "@$1" -p "$2" "$3" "${4:-AAAA}" >"$world/dig" 2>&1
	sed -n 's/.*status: \([A-Z]*\),.*/\1/p; s/^[^;].*IN[[:blank:]]*A*[[:blank:]]//p' "$world/dig" |
		sort | paste -sd' ' -
}

under() { # RULES COMMAND...
	rules=$1
	shift
	LD_PRELOAD="$lib" PIN4_HOSTS="$rules" "$@"
}

# A forwarder hands on what it got: mapped addresses, to programs that may have no pin4.
dnsmasq_cases() {
	dns_for dnsmasq works
	recorded dnsmasq_session >"$world/session"
	is dnsmasq_under_all_hosts_keeps_serving "$(cat "$world/session")" "$(
		cat <<-EOT
			::ffff:198.51.100.10 NOERROR
			::ffff:198.51.100.10 NOERROR
			198.51.100.10 NOERROR
			::ffff:198.51.100.20 NOERROR
			NOERROR fdaa:0:1::30
			NXDOMAIN
		EOT
	)"
	is dnsmasq_under_all_hosts_asks_for_a "$(wire_asked)" A+A+A
}

dnsmasq_session() {
	under '*' dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --user=root --keep-in-foreground \
		--pid-file --bind-interfaces --listen-address=127.0.0.1 --server="$nameserver" \
		2>"$world/stderr" &
	until ss -Hlnu 'sport = :53' | grep -q .; do sleep 0.02; done
	dig_at 127.0.0.1 53 "$pinned_host"
	dig_at 127.0.0.1 53 "$pinned_host"
	dig_at 127.0.0.1 53 "$pinned_host" A
	dig_at 127.0.0.1 53 dual.example.net
	dig_at 127.0.0.1 53 db.internal
	dig_at 127.0.0.1 53 gone.example.net
	stop "$!"
}

# A validating resolver asks with DO, and whatever it forwards to, it gets what it asked for.
unbound_cases() {
	cat >"$world/unbound.conf" <<-EOT
		server:
			interface: 127.0.0.1@5353
			chroot: ""
			username: ""
			pidfile: "$world/unbound.pid"
			use-syslog: no
			module-config: "validator iterator"
			do-not-query-localhost: no
		remote-control:
			control-enable: no
		forward-zone:
			name: "."
			forward-addr: $nameserver
	EOT
	dns_for unbound works
	recorded unbound_session >"$world/session"
	is unbound_under_all_hosts_keeps_serving "$(cat "$world/session")" "$(
		cat <<-EOT
			2001:db8:5::10 NOERROR
			198.51.100.10 NOERROR
			2001:db8::20 NOERROR
			NXDOMAIN
		EOT
	)"
	is unbound_under_all_hosts_asks_as_without_pin4 "$(wire_asked)" AAAA+A
}

unbound_session() {
	under '*' unbound -d -c "$world/unbound.conf" 2>"$world/stderr" &
	until ss -Hlnu 'sport = :5353' | grep -q .; do sleep 0.02; done
	dig_at 127.0.0.1 5353 "$pinned_host"
	dig_at 127.0.0.1 5353 "$pinned_host" A
	dig_at 127.0.0.1 5353 dual.example.net
	dig_at 127.0.0.1 5353 gone.example.net
	stop "$!"
}

# Debian starts chronyd in a seccomp sandbox, which kills it at a system call that it never makes
# by itself.
chronyd_cases() {
	cat >"$world/chrony.conf" <<-EOT
		server $pinned_host iburst
		cmdport 0
		bindcmdaddress /
		pidfile $world/chronyd.pid
	EOT
	dns_for chronyd dropped
	recorded chronyd_session >"$world/session"
	is chronyd_in_its_sandbox_keeps_running "$(cat "$world/session")" alive
	is chronyd_in_its_sandbox_reaches_the_pinned_host_over_ipv4 \
		"$(sed -n 's/^peer .* \(.* 123\)$/\1/p' "$world/wire")" '198.51.100.10 123'
	explain
}

chronyd_session() {
	pinned chronyd -x -d -F 1 -f "$world/chrony.conf" 2>"$world/stderr" >&2 &
	chronyd=$!
	sleep 2
	grep -q '^State:[[:blank:]]*[RS]' "/proc/$chronyd/status" && echo alive
	stop "$chronyd" 2>"$world/killed"
}

# Postfix with IPv6 alone asks for AAAA records by res_nsend.
postfix_cases() {
	mkdir "$world/postfix"
	cat >"$world/postfix/main.cf" <<-EOT
		compatibility_level = 3.6
		inet_protocols = ipv6
		queue_directory = $world
		data_directory = $world
		maillog_file = /dev/stdout
	EOT
	in_server /usr/bin/python3 "$reach/smtp.py" 198.51.100.10 2001:db8::20
	dns_for postfix noroute
	is postfix_without_pin4_reaches_ipv6_alone "$(recorded postfix_greeted)" ipv6
	dns_for postfix noroute
	is postfix_with_pin4_reaches_the_pinned_host \
		"$(recorded pinned postfix_greeted)" "$(printf '%s\n' ipv4 ipv6)"
	explain
	is postfix_with_pin4_asks_for_a "$(wire_asked)" A
}

# The client address that the mail servers of the pinned host and of one without a rule saw.
postfix_greeted() {
	for host in "$pinned_host" dual.example.net; do
		MAIL_CONFIG="$world/postfix" limited posttls-finger -l may -t 3 -T 3 "[$host]" \
			2>"$world/stderr" | sed -n 's/.*< 220 //p' | family
	done
}
