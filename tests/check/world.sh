# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# The world of the check tests: this script's own network namespace is the client's, a second one
# behind a veth pair has the servers, and routers that say no or nothing. Sourced by run, inside
# the mount, PID and network namespaces that run made. Relies on $here and on $world, an empty
# directory.

in_server() {
	nsenter --net="$world/server" "$@"
}

# 198.51.100.10 and 2001:db8:5::10 have a server on port 5432; .20 and :3::20 have none there.
# Behind them, .101 and :2: are unreachable, .102 and :4: dropped; 192.0.2 and :1: have no route.
world_links() {
	: >"$world/server"
	unshare --net="$world/server" true
	ip link add client type veth peer name server netns "$world/server"
	ip link set lo up && ip link set client up
	in_server ip link set lo up && in_server ip link set server up
	world_ipv4
	ip addr add 2001:db8::2/64 dev client nodad
	for address in 198.51.100.10/24 198.51.100.20/24; do
		in_server ip addr add $address dev server
	done
	for address in 2001:db8::1/64 2001:db8:3::20/64 2001:db8:5::10/64; do
		in_server ip addr add $address dev server nodad
	done
	for net in 2 3 4 5; do
		ip -6 route add 2001:db8:$net::/64 via 2001:db8::1
	done
	echo 1 | in_server tee /proc/sys/net/ipv6/conf/all/forwarding \
		/proc/sys/net/ipv4/ip_forward >"$world/forwarding"
	in_server ip -6 route add unreachable 2001:db8:2::/64
	in_server ip -6 route add blackhole 2001:db8:4::/64
	in_server ip route add unreachable 198.51.101.0/24
	in_server ip route add blackhole 198.51.102.0/24
}

world_ipv4() {
	ip addr add 198.51.100.2/24 dev client
	ip route add 198.51.101.0/24 via 198.51.100.10
	ip route add 198.51.102.0/24 via 198.51.100.10
}

# The files are this mount namespace's own.
world_files() {
	echo 'hosts: files dns' >"$world/nsswitch.conf"
	printf '127.0.0.1 localhost\n' >"$world/hosts"
	: >"$world/resolv.conf"
	for file in resolv.conf nsswitch.conf hosts; do
		mount --bind "$world/$file" "/etc/$file"
	done
	world_resolver 127.0.0.1
}

world_resolver() { # ADDRESS
	printf 'nameserver %s\noptions timeout:1 attempts:1\n' "$1" >"$world/resolv.conf"
}

world_dns() {
	dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --user=root --local=/#/ \
		--pid-file="$world/dnsmasq.pid" --listen-address=127.0.0.1 --bind-interfaces \
		--log-queries --log-facility="$world/queries" \
		--host-record=eu-central-1.pg.psdb.cloud,198.51.100.10 \
		--host-record=v4.example,198.51.100.10 \
		--host-record=both.example,198.51.100.10,2001:db8:5::10 \
		--host-record=noroute6.example,198.51.100.10,2001:db8:1::10 \
		--host-record=dropped6.example,198.51.100.10,2001:db8:4::10 \
		--txt-record=empty.example,text \
		--host-record=refused6.example,2001:db8:3::20 \
		--host-record=noroute6only.example,2001:db8:1::20 \
		--host-record=v4unreachable.example,198.51.101.2 \
		--host-record=dropped6only.example,2001:db8:4::20 \
		--host-record=torn.one.example,198.51.100.10 \
		--host-record=torn.two.example,2001:db8:5::10 \
		--host-record=v6.example,2001:db8:5::10 \
		--host-record=only6.example,198.51.100.20,2001:db8:5::10 \
		--host-record=refused.example,198.51.100.20,2001:db8:3::20 \
		--host-record=unreachable.example,198.51.101.1,2001:db8:2::1 \
		--host-record=dropped.example,198.51.102.1,2001:db8:4::1 \
		--host-record=noroute.example,192.0.2.1,2001:db8:1::1
	for mode in 2:servfail 3:nxdomain 4:silent 5:dead 6:formerr; do
		/usr/bin/python3 "$here/resolver.py" "127.0.0.${mode%:*}" "${mode#*:}"
	done
}

world_make() {
	world_links
	world_files
	world_dns
	in_server /usr/bin/python3 "$here/listener.py" "$world/connections" \
		198.51.100.10 2001:db8:5::10
}
