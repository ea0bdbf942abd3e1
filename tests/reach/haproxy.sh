# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# HAProxy with a resolvers section and servers that it resolves at run time, IPv6 preferred.
# Each host has a port of its own, from 9001 on.

haproxy_configure() { # TRANSPORT HOST...
	transport=$1
	shift
	cat >"$world/haproxy.cfg" <<-EOT
		global
			nbthread 1
		resolvers dns
			nameserver one $transport@$nameserver:53
			accepted_payload_size 8192
			timeout resolve 60s
			timeout retry 60s
			hold valid 60s
		defaults
			mode http
			timeout connect 1500ms
			timeout client 5s
			timeout server 5s
			retries 0
	EOT
	port=9000
	for host; do
		port=$((port + 1))
		cat >>"$world/haproxy.cfg" <<-EOT
			listen $host
				bind 127.0.0.1:$port
				monitor-uri /resolved
				monitor fail if { nbsrv eq 0 }
				server one $host:80 resolvers dns resolve-prefer ipv6 init-addr none
		EOT
	done
}

haproxy_client() { # TRANSPORT HOST...
	haproxy_configure "$@"
	shift
	haproxy -db -f "$world/haproxy.cfg" >"$world/haproxy.log" 2>&1 &
	port=9000
	for host; do
		port=$((port + 1))
		haproxy_ask "http://127.0.0.1:$port"
	done
	stop "$!"
}

# A host that does not exist never gets a server: two seconds are enough to know.
haproxy_ask() { # URL
	tries=20
	until curl -sf -o "$world/resolved" "$1/resolved"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || { echo unresolved && return; }
		sleep 0.1
	done
	curl -sf -w '%{http_code}\n' "$1/" | sed '/^200$/d'
}
