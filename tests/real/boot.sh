# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2086 # run sets the variables; $within may be empty
# The boot of the outage: a release whose supervised pool of ten connects with inet6
# over TLS at start, on a node whose distribution is on IPv6. Sourced by run.

boot_build() {
	mkdir "$world/shop"
	cp "$here/shop/shop.app" "$world/shop"
	$within erlc -o "$world/shop" "$here/postgres.erl" "$here/shop/"*.erl
	(cd "$world/shop" && $within escript "$here/shop/release.escript")
}

# The release's environment, and its node: app.internal has an AAAA record alone.
shop() (
	cd "$world/shop" || exit
	export DATABASE_HOST="$pinned_host" ECTO_IPV6=true ERL_AFLAGS='-proto_dist inet6_tcp'
	export ERL_CRASH_DUMP=/dev/null
	exec timeout 60 $within erl -noinput -boot "$world/shop/shop" -name shop@app.internal -setcookie pin4
)

boot_dies() { # MODE REASON
	world_mode "$1"
	log=$(shop 2>&1)
	is "boot_$1_without_pin4_node_dies" $? 1
	has "boot_$1_without_pin4_log_says_${2##* }" "$log" "tcp connect ($pinned_host:5432): $2"
}

boot_stands() { # MODE
	world_mode "$1"
	pinned shop >"$world/shop.log" 2>&1 &
	until web=$(curl -gs 'http://[::1]:4000/') || ! kill -0 "$!"; do sleep 0.2; done
	is "boot_$1_with_pin4_web_answers_pool_of_ten_on_ipv4" \
		"$(echo "$web" | sort | uniq -c | awk '{ print $1, $2 }')" "10 198.51.100.2
1 fdaa:0:1::2"
	is "boot_$1_with_pin4_server_sees_ten_on_ipv4_one_on_ipv6_all_tls" \
		"$(ask_postgres "select family(client_addr), ssl, count(*)
			from pg_stat_activity join pg_stat_ssl using (pid)
			where usename = 'tls' group by 1, 2 order by 1")" "4|t|10
6|t|1"
	is "boot_$1_with_pin4_aaaa_never_asked" "$(world_asked)" A
	is "boot_$1_with_pin4_other_node_still_comes_over_ipv6" \
		"$($within escript "$here/shop/ops.escript" 2>&1)" fdaa:0:1::2
	wait "$!"
	is "boot_$1_with_pin4_log_is_empty" "$(cat "$world/shop.log")" ''
}

boot_tests() {
	boot_build
	boot_dies noaaaa 'non-existing domain - nxdomain'
	boot_stands noaaaa
	boot_dies noroute 'network is unreachable - enetunreach'
	boot_stands noroute
}
