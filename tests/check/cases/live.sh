# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# A node that runs is cured from its console with the lines that live prints, and falls ill again
# when they are withdrawn. It is never started anew.

cp "$here/pool.erl" "$build/"
(cd "$build" && erlc pool.erl) || exit 1

connections() {
	ss -Htn state established '( dport = :5432 )' | grep -c -F '[::ffff:198.51.100.10]:5432'
}

# Types a line at the console.
type() { # LINE
	printf '%s\n' "$1" >&7
}

# Whether the node says so of its pool, asked until it does or ten seconds are over.
pool_is() { # CALL STATES
	pool_tries=0
	while [ "$pool_tries" -lt 50 ]; do
		: >"$world/console"
		type "$1"
		sleep 0.2
		! grep -q -F "pool of 10: [$2]" "$world/console" || return 0
		pool_tries=$((pool_tries + 1))
	done
	return 1
}

# The line that comes after a heading of live's.
line_after() { # TEXT HEADING
	printf '%s\n' "$1" | grep -A 1 -F "$2" | tail -n 1
}

cure() { # NAME REPORT DROP LINE-IN LINE-OUT CONSOLE-COMMAND...
	cure_name=$1
	cure_report=$2
	cure_drop=$3
	cure_in=$4
	cure_out=$5
	shift 5
	rm -f "$world/typed"
	mkfifo "$world/typed"
	"$@" <"$world/typed" >>"$world/console" 2>&1 &
	exec 7>"$world/typed"
	is "${cure_name}_pool_before_the_cure_gets_nxdomain" \
		"$(pool_is "$cure_report" nxdomain && echo yes)" yes
	node=$(pgrep -x beam.smp)
	run "$pin4" doctor "$node"
	is "${cure_name}_doctor_before_the_cure_exits_1" "$status" 1

	type "$cure_in"
	is "${cure_name}_pool_after_the_cure_comes_up_by_itself" \
		"$(pool_is "$cure_report" up && echo yes)" yes
	is "${cure_name}_server_has_ten_connections_over_ipv4" "$(connections)" 10
	run "$pin4" doctor "$node"
	is "${cure_name}_doctor_after_the_cure_exits_0" "$status" 0
	has "${cure_name}_doctor_after_the_cure_names_the_resolver" "$out" \
		' inet_gethost: covered: ipv4 v4.example; '

	type "$cure_out"
	type "$cure_drop"
	is "${cure_name}_pool_once_withdrawn_gets_nxdomain_again" \
		"$(pool_is "$cure_report" nxdomain && echo yes)" yes
	is "${cure_name}_server_has_no_connection_then" "$(connections)" 0
	is "${cure_name}_node_is_the_same_process" "$(pgrep -x beam.smp)" "$node"
	kill "$node"
	exec 7>&-
	wait
}

# As a tired person would: nothing but what check prints, and what that prints.
PATH=$root/scripts:$PATH
export POOL_HOST=v4.example
run pin4 check v4.example:5432
is check_before_the_cure_exits_1 "$status" 1
once=$(printf '%s\n' "$out" | sed -n 's/ *one command *//p')
running=$(printf '%s\n' "$out" | sed -n 's/ *running node *//p')
run sh -c "${once%COMMAND}pin4 check v4.example:5432"
is check_under_the_cure_for_one_command_exits_0 "$status" 0
run sh -c "${once%COMMAND}$build/app v4.example"
is program_under_the_cure_for_one_command_connects "$status $out" '0 ::ffff:198.51.100.10'
run sh -c "$running"
is live_exits_0 "$status" 0
has live_says_what_it_does_not_cover "$err" 'inet_res'
lines=$out
cure erlang 'pool:report().' 'pool:drop().' \
	"$(line_after "$lines" '% Erlang')" "$(line_after "$lines" '% and')" \
	erl -pa "$build" -s pool
if command -v iex >/dev/null; then
	cure elixir ':pool.report()' ':pool.drop()' \
		"$(line_after "$lines" '# Elixir')" "$(line_after "$lines" '# and')" \
		iex --erl "-pa $build -s pool"
else
	skip elixir_pool_before_the_cure_gets_nxdomain 'iex is missing'
fi

# The line for a Dockerfile, where an earlier line pinned another host and preloaded another library.
echo 'int other;' | cc -shared -fPIC -o "$world/other.so" -x c -
export LD_PRELOAD="$world/other.so" PIN4_HOSTS='*.psdb.cloud'
run pin4 check v4.example:5432
dockerfile=$(printf '%s\n' "$out" | sed -n 's/.* ENV //p')
run sh -c "$dockerfile cat /proc/self/maps"
has dockerfile_line_when_followed_keeps_the_other_library "$out" "$world/other.so"
has dockerfile_line_when_followed_preloads_pin4 "$out" "$lib"
for host in v4.example eu-central-1.pg.psdb.cloud; do
	run sh -c "$dockerfile $build/app $host"
	is "dockerfile_line_when_followed_pins_$host" "$status $out" '0 ::ffff:198.51.100.10'
done
unset LD_PRELOAD PIN4_HOSTS
run env LD_PRELOAD="$lib" pin4 check v4.example:5432
has dockerfile_line_when_pin4_was_there_names_it_once "$out" "ENV LD_PRELOAD=$lib PIN4_HOSTS=v4.example"

run env -u PIN4_CONFIG "$pin4" live
is live_without_rules_exits_2 "$status" 2
run "$pin4" -H 'a..b' live
is live_with_bad_rules_exits_2 "$status" 2
has live_with_bad_rules_says_which "$err" 'a..b'
run "$pin4" -H "a.example" -H b.example live
has live_with_two_rules_has_both "$out" 'os:putenv("PIN4_HOSTS", "a.example,b.example")'
run "$pin4" -c "$world/empty.conf" live
has live_with_a_file_names_it "$out" "os:putenv(\"PIN4_CONFIG\", \"$world/empty.conf\")"
