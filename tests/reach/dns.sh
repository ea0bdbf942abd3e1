# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# The DNS servers, and the record of what passed on the wire, seen from the servers' side.

# 198.51.100.54 truncates, 198.51.100.55 has names.py; at 198.51.100.3 nothing listens.
dns_addresses() {
	for address in 198.51.100.3/24 198.51.100.54/24 198.51.100.55/24; do
		in_server ip addr add $address dev server
	done
	in_server ip addr add 2001:db8::54/64 dev server nodad
}

# Twenty AAAA records do not fit into a UDP answer of 512 bytes, nor do three CNAMEs that are
# long, so the answer is truncated and has to be asked for again over TCP. (dnsmasq gives several
# records in an order of its own, so a host whose traffic is compared has one only.) Relies on
# world_mode's addresses.
truncating_mode() { # dropped | unreachable
	case $1 in
	unreachable) net=2001:db8:2 ;;
	dropped) net=2001:db8:4 ;;
	*) echo "truncating_mode: no such mode: $1" >&2 && exit 2 ;;
	esac
	set -- --host-record="$pinned_host,198.51.100.10"
	for last in $(seq 20); do
		set -- "$@" --host-record="$pinned_host,$net::$last"
	done
	alias=long.example.net
	for number in 1 2 3; do
		label=$(printf '%d%059d' "$number" 0)
		set -- "$@" --cname="$alias,$label.$label.$label.example.net"
		alias=$label.$label.$label.example.net
	done
	world_stop_dns
	in_server dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --user=root --local=/#/ \
		--pid-file="$world/dnsmasq.pid" --bind-interfaces --no-round-robin \
		--listen-address=198.51.100.54 --listen-address=2001:db8::54 \
		--host-record=db.internal,fdaa:0:1::30 \
		--host-record=dual.example.net,198.51.100.20,2001:db8::20 \
		--host-record=v4only.example.net,198.51.100.20 \
		--host-record=noroute.example.net,2001:db8:1::40 \
		--host-record="$alias,2001:db8::20" \
		--host-record=v6only.psdb.cloud,2001:db8::20 \
		--host-record=evil.psdb.cloud,198.51.100.20,2001:db8::54 \
		--host-record=walk.example.net,198.51.100.3,"$net::31" \
		--host-record=walk.example.net,198.51.100.10,"$net::32" \
		--cname=walk.psdb.cloud,walk.example.net "$@"
}

# A fresh DNS server each time, so that it has nothing in memory.
dns_for() { # CLIENT MODE
	case $1 in
	*_tcp) nameserver=198.51.100.54 && truncating_mode "$2" ;;
	*_tcp6) nameserver=2001:db8::54 && truncating_mode "$2" ;;
	*) nameserver=198.51.100.53 && world_mode "$2" ;;
	esac
	echo "nameserver $nameserver" >"$world/resolv.conf"
}

# Puts names.py into resolv.conf, started once.
names_start() {
	[ -n "${names_started:-}" ] || in_server /usr/bin/python3 "$reach/names.py" 198.51.100.55
	names_started=yes
	echo 'nameserver 198.51.100.55' >"$world/resolv.conf"
}

# Runs a command, and leaves in $world/wire what passed meanwhile.
recorded() { # COMMAND...
	: >"$world/wire"
	nsenter --net="$server" /usr/bin/python3 "$reach/wire.py" server >"$world/wire" &
	recorder=$!
	until [ -s "$world/wire" ]; do sleep 0.02; done
	"$@"
	kill "$recorder"
	wait "$recorder"
}

# Each question for the pinned host, in order: A+AAAA, or A+tcp/AAAA.
wire_asked() {
	sed -n "s/^ask \(.*\) \(.*\) $pinned_host\$/\1\/\2/Ip" "$world/wire" |
		sed 's/^udp.//' | paste -sd+ -
}
