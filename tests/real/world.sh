# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# The world of the real tests: this script's own network namespace is the
# client's; a second one, joined by a veth pair, has the servers. Sourced by run,
# inside the mount and PID namespaces that run made: nothing here can outlive it
# or reach the machine. Relies on $here, and on $world, an empty directory.

pinned_host=eu-central-1.pg.psdb.cloud
server=$world/server
ca=$world/ca.pem
pg_data=$world/postgres
# Where PostgreSQL and the HTTP server listen.
listeners='198.51.100.10 198.51.100.20 2001:db8::20 2001:db8:5::10 fdaa:0:1::30'

in_server() {
	nsenter --net="$server" "$@"
}

as_postgres() {
	in_server setpriv --reuid=postgres --regid=postgres --clear-groups "$@"
}

world_make() {
	mkdir "$world/bin"
	world_links
	world_files
	world_certificates
	world_postgres
	# shellcheck disable=SC2086
	in_server /usr/bin/python3 "$here/whoami.py" $listeners
}

# The pinned host has one IPv6 address for each way in which IPv6 fails (and one
# with which it works); world_mode publishes one of them. 2001:db8:1:: has no route.
world_links() {
	: >"$server"
	unshare --net="$server" true
	ip link add client type veth peer name server netns "$server"
	ip link set lo up && ip link set client up
	in_server ip link set lo up && in_server ip link set server up

	ip addr add 198.51.100.2/24 dev client
	ip addr add 2001:db8::2/64 dev client nodad
	ip addr add fdaa:0:1::2/64 dev client nodad
	for address in 198.51.100.10/24 198.51.100.20/24 198.51.100.53/24; do
		in_server ip addr add $address dev server
	done
	for address in 2001:db8::20/64 2001:db8:3::10/64 2001:db8:5::10/64 fdaa:0:1::30/64; do
		in_server ip addr add $address dev server nodad
	done
	for net in 2 3 4 5; do
		ip -6 route add 2001:db8:$net::/64 via 2001:db8::20
	done
	world_sysctl net/ipv6/conf/all/forwarding 1
	world_sysctl net/ipv6/icmp/ratelimit 0
	in_server ip -6 route add unreachable 2001:db8:2::/64
	in_server ip -6 route add blackhole 2001:db8:4::/64
}

# A file of /proc/sys/net is that of the namespace which opens it.
world_sysctl() { # NAME VALUE
	echo "$2" | in_server tee "/proc/sys/$1" >"$world/sysctl"
}

# The mounts are private to run's own mount namespace.
world_files() {
	echo 'nameserver 198.51.100.53' >"$world/resolv.conf"
	echo 'hosts: files dns' >"$world/nsswitch.conf"
	printf '127.0.0.1 localhost\n::1 localhost\n' >"$world/hosts"
	for file in resolv.conf nsswitch.conf hosts; do
		mount --bind "$world/$file" "/etc/$file"
	done
}

world_certificates() {
	names=DNS:$pinned_host,DNS:v6only.psdb.cloud,DNS:db.internal
	names=$names,DNS:dual.example.net,DNS:v4only.example.net
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=pin4 test CA' \
		-keyout "$world/ca.key" -out "$ca" 2>"$world/openssl"
	openssl req -newkey rsa:2048 -nodes -subj "/CN=$pinned_host" \
		-keyout "$world/server.key" -out "$world/server.csr" 2>"$world/openssl"
	echo "subjectAltName=$names" >"$world/names"
	openssl x509 -req -in "$world/server.csr" -CA "$ca" -CAkey "$world/ca.key" -CAcreateserial \
		-days 2 -extfile "$world/names" -out "$world/server.pem" 2>"$world/openssl"
	chown postgres "$world/server.key"
	chmod 600 "$world/server.key"
}

# The role says whether the connection is under TLS: each is let in one way only.
world_postgres() {
	pg_bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | tail -n 1)
	mkdir "$pg_data" && chown postgres "$pg_data"
	as_postgres "$pg_bin/initdb" -D "$pg_data" -A trust --no-sync --locale=C >"$world/initdb"
	cat >>"$pg_data/postgresql.conf" <<-EOF
		listen_addresses = '$(echo "$listeners" | tr ' ' ,)'
		unix_socket_directories = '$pg_data'
		fsync = off
		ssl = on
		ssl_cert_file = '$world/server.pem'
		ssl_key_file = '$world/server.key'
	EOF
	cat >"$pg_data/pg_hba.conf" <<-EOF
		local     all all   trust
		hostssl   all tls   all trust
		hostnossl all plain all trust
	EOF
	as_postgres "$pg_bin/pg_ctl" -D "$pg_data" -l "$pg_data/log" -w start >"$world/pg_ctl"
	ask_postgres 'create role tls login; create role plain login' >"$world/roles"
}

# What the server itself says, over its Unix socket.
ask_postgres() { # SQL
	as_postgres psql -h "$pg_data" -U postgres -d postgres -Atqc "$1"
}

# Waits for the process to be gone: the file goes first, while the next server cannot listen yet.
world_stop_dns() {
	[ -s "$world/dnsmasq.pid" ] || return 0
	dns_pid=$(cat "$world/dnsmasq.pid")
	kill "$dns_pid"
	while kill -0 "$dns_pid" 2>"$world/killed"; do sleep 0.02; done
}

# A DNS server whose records of the pinned host fit the mode, with a query log of its own.
world_mode() { # noa | noaaaa | noroute | unreachable | refused | dropped | works | moved
	case $1 in
	noa) records=2001:db8:5::10 ;;
	noaaaa) records=198.51.100.10 ;;
	noroute) records=198.51.100.10,2001:db8:1::10 ;;
	unreachable) records=198.51.100.10,2001:db8:2::10 ;;
	refused) records=198.51.100.10,2001:db8:3::10 ;;
	dropped) records=198.51.100.10,2001:db8:4::10 ;;
	works) records=198.51.100.10,2001:db8:5::10 ;;
	moved) records=198.51.100.20,2001:db8:5::10 ;;
	*) echo "world_mode: no such mode: $1" >&2 && exit 2 ;;
	esac
	world_stop_dns
	world_forget
	in_server dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --user=root --local=/#/ \
		--pid-file="$world/dnsmasq.pid" --listen-address=198.51.100.53 --bind-interfaces \
		--log-queries --log-facility="$world/queries" \
		--host-record="$pinned_host,$records" \
		--host-record=db.internal,fdaa:0:1::30 \
		--host-record=app.internal,fdaa:0:1::2 \
		--host-record=dual.example.net,198.51.100.20,2001:db8::20 \
		--host-record=v6only.psdb.cloud,2001:db8::20 \
		--host-record=twin.psdb.cloud,198.51.100.20,2001:db8:5::10 \
		--host-record=v4only.example.net,198.51.100.20 \
		--host-record=noroute.example.net,2001:db8:1::40
}

# Record types that were asked for the pinned host since world_forget, as A+AAAA.
world_asked() {
	sed -n "s/.*query\[\([A-Z]*\)\] $pinned_host from .*/\1/p" "$world/queries" |
		sort -u | paste -sd+ -
}

# Every question since then, with how often it came.
world_all_asked() {
	sed -n 's/.*query\[\([A-Z]*\)\] \(.*\) from .*/\1 \2/p' "$world/queries" | sort | uniq -c
}

world_forget() {
	: >"$world/queries"
}
