# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# No host speaks for another: what one pinned name publishes moves no connection to another host,
# and no DNS question; and connect() waits for no lookup.

others_cases() {
	others_claims_the_dns_server
	others_claims_an_address
	others_connect_asks_nobody
	others_connect_waits_for_nobody
}

asker() { # SERVER STEP...
	limited /usr/bin/python3 "$reach/asker.py" "$@"
}

# The DNS servers that were asked.
wire_servers() {
	sed -n 's/^server //p' "$world/wire" | paste -sd, -
}

# evil.psdb.cloud has an A record of its own, and the DNS server's IPv6 address.
others_claims_the_dns_server() {
	for client in ares_select_byname ares_epoll_addrinfo node erlang_inet erlang_socket; do
		dns_for "${client}_tcp6" dropped
		is "others_${client}_pinned_name_claims_the_dns_server_which_is_asked_on" \
			"$(seen pinned run_client "$client" evil.psdb.cloud dual.example.net db.internal
			wire_servers)" "$(printf '%s\n' ipv4,ipv6,ipv6 2001:db8::54)"
		explain
	done
}

# twin.psdb.cloud has an A record of its own, and the pinned host's IPv6 address.
others_claims_an_address() {
	dns_for others works
	is others_pinned_name_claims_an_address_which_stays \
		"$(seen pinned asker "$nameserver" "$pinned_host" twin.psdb.cloud =2001:db8:5::10)" \
		::ffff:198.51.100.10,::ffff:198.51.100.20,ipv6
	explain
}

# The program asks one server, and resolv.conf names another.
others_connect_asks_nobody() {
	dns_for others works
	names_start
	seen pinned asker "$nameserver" "$pinned_host" =2001:db8:5::10 >"$world/answers"
	is others_connect_asks_no_server_of_its_own "$(wire_asked),$(wire_servers)" \
		"A,$nameserver"
}

# The server in resolv.conf never answers. HAProxy has one thread, and one request is for the
# pinned host.
others_connect_waits_for_nobody() {
	dns_for others works
	echo 'nameserver 2001:db8:4::53' >"$world/resolv.conf"
	is others_connect_waits_for_no_lookup \
		"$(seen pinned asker "$nameserver" "$pinned_host" =2001:db8:5::10)" \
		::ffff:198.51.100.10,ipv6
	dns_for others works
	haproxy_configure udp "$pinned_host" db.internal
	echo 'nameserver 2001:db8:4::53' >"$world/resolv.conf"
	is others_haproxy_answers_while_it_connects "$(pinned others_haproxy)" 200
}

others_haproxy() {
	haproxy -db -f "$world/haproxy.cfg" >"$world/haproxy.log" 2>&1 &
	haproxy=$!
	until curl -sf -o "$world/resolved" http://127.0.0.1:9001/resolved; do sleep 0.05; done
	curl -s -m 4 -o "$world/slow" http://127.0.0.1:9001/ &
	slow=$!
	sleep 0.2
	curl -s -m 2 -o "$world/fast" -w '%{http_code}\n' http://127.0.0.1:9002/resolved
	wait "$slow"
	stop "$haproxy"
}
