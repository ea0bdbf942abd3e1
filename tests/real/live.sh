# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2086 # run sets the variables; $within may be empty
# A node without pin4 whose pool of ten gets nothing is cured from its console with the lines that
# live prints, and falls ill again when they are withdrawn. Sourced by run.

type() { # LINE
	printf '%s\n' "$1" >&7
}

# Whether the node says so of its pool, asked until it does or ten seconds are over.
pool_is() { # CALL STATES
	for _ in $(seq 50); do
		: >"$world/console"
		type "$1"
		sleep 0.2
		! grep -q -F "pool of 10: [$2]" "$world/console" || { echo "$2" && return; }
	done
	tail -n 3 "$world/console"
}

server_sees() {
	in_server ss -Htn state established '( sport = :5432 )' | awk '{ print $4 }' |
		sed 's/:[0-9]*$//' | sort | uniq -c | awk '{ print $1, $2 }'
}

live_node() { # NAME REPORT DROP LINE-IN LINE-OUT CONSOLE-COMMAND...
	node_name=live_$1
	report=$2
	drop=$3
	line_in=$4
	line_out=$5
	shift 5
	rm -f "$world/typed"
	mkfifo "$world/typed"
	POOL_HOST=$pinned_host $within "$@" <"$world/typed" >>"$world/console" 2>&1 &
	exec 7>"$world/typed"
	is "${node_name}_pool_before_the_cure" "$(pool_is "$report" nxdomain)" nxdomain
	type "$line_in"
	is "${node_name}_pool_after_the_cure" "$(pool_is "$report" up)" up
	is "${node_name}_server_sees_ten_on_ipv4" "$(server_sees)" '10 198.51.100.2'
	type "$line_out"
	type "$drop"
	is "${node_name}_pool_once_withdrawn" "$(pool_is "$report" nxdomain)" nxdomain
	exec 7>&-
	kill "$!"
	wait
}

# The line after a heading of live's.
line_after() { # HEADING
	grep -A 1 -F "$1" "$world/live" | tail -n 1
}

live_tests() {
	$within erlc -o "$world/bin" "$root/tests/check/pool.erl"
	"$launcher" -H "$rules" live >"$world/live" 2>"$world/stderr"
	world_mode noaaaa
	live_node erlang 'pool:report().' 'pool:drop().' \
		"$(line_after '% Erlang: the way in')" "$(line_after '% Erlang: the way out')" \
		erl -pa "$world/bin" -s pool
	live_node elixir ':pool.report()' ':pool.drop()' \
		"$(line_after '# Elixir: the way in')" "$(line_after '# Elixir: the way out')" \
		iex --erl "-pa $world/bin -s pool"
}
