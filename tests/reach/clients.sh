# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# How each client is started. It prints one line for each host: the client address that
# the server saw, or the error in the client's own word. The DNS server is $nameserver.

for file in erlang nginx haproxy pgbouncer; do
	# shellcheck source=/dev/null
	. "$reach/$file.sh"
done

clients_build() {
	bouncer=$world/pgbouncer
	mkdir "$bouncer" && chown postgres "$bouncer"
	erlang_build
	build_client cc ares ares.c -lcares
	build_client cc evdns evdns.c -levent
	build_client cc res_glibc res.c -lresolv
	build_client cc res_old res.c -DOLD -lresolv
	build_client cc res_dnssec res.c -DDNSSEC -lresolv
	build_client musl-gcc res_musl res.c
}

build_client() { # COMPILER NAME SOURCE [OPTION...]
	compiler=$1
	client=$2
	source=$3
	shift 3
	"$compiler" -std=c11 -O1 -Wall -Wextra -o "$world/bin/$client" "$reach/$source" \
		"$reach/fetch.c" "$@"
}

run_client() { # NAME HOST...
	name=${1%_tcp*}
	case $1 in
	*_tcp) transport=tcp ;;
	*) transport=udp ;;
	esac
	shift
	case $name in
	ares_*) limited "$world/bin/ares" "$(echo "$name" | cut -d_ -f2)" "${name##*_}" "$@" ;;
	evdns_*) limited "$world/bin/evdns" "${name#*_}" "$@" ;;
	res_*) limited "$world/bin/$name" "$@" ;;
	node) limited node "$reach/client.js" "$@" ;;
	erlang_*) erlang_client "${name#*_}" "$@" ;;
	nginx) nginx_client "$@" ;;
	haproxy) haproxy_client "$transport" "$@" ;;
	pgbouncer) pgbouncer_client "$@" ;;
	*) return 1 ;;
	esac
}

# A client that hangs is to be a failed case, not a suite that never ends.
limited() {
	# shellcheck disable=SC2086 # nothing, or one word
	timeout -k 1 20 $within "$@" || echo "status:$?"
}

stop() { # PID
	kill "$1"
	wait "$1"
}

# The client's own addresses, by their family.
family() {
	sed 's/^198\.51\.100\.2$/ipv4/; s/^2001:db8::2$/ipv6/; s/^fdaa:0:1::2$/ipv6/'
}
