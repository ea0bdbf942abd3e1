# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# A node that runs is cured with the blocks that live prints, pasted whole at its console or sent by
# rpc, and falls ill again when they are withdrawn. It is never started anew.

cp "$here/pool.erl" "$build/"
(cd "$build" && erlc pool.erl) || exit 1
echo 'int other;' | cc -shared -fPIC -o "$world/other.so" -x c -

connections() {
	ss -Htn state established '( dport = :5432 )' | grep -c -F '[::ffff:198.51.100.10]:5432'
}

# Types lines at the console.
type() { # LINES
	printf '%s\n' "$1" >&7
}

# Whether the console comes to show a text, asked for by CALL for up to ten seconds.
shows() { # CALL TEXT
	shows_tries=0
	while [ "$shows_tries" -lt 50 ]; do
		: >"$world/console"
		type "$1"
		sleep 0.2
		! grep -q -F "$2" "$world/console" || return 0
		shows_tries=$((shows_tries + 1))
	done
	return 1
}

pool_is() { # CALL STATE
	shows "$1" "pool of 10: [$2]" && echo yes
}

# A block of what live prints, its heading too.
block() { # TEXT HEADING
	printf '%s\n' "$1" | sed -n "/^[#%] $2\$/,/^\$/p"
}

cure() { # NAME LANGUAGE REPORT DROP ENVIRONMENT CONSOLE-COMMAND...
	cure_name=$1
	cure_in=$(block "$lines" "$2: the way in")
	cure_out=$(block "$lines" "$2: the way out")
	cure_report=$3
	cure_drop=$4
	cure_environment=$5
	shift 5
	rm -f "$world/typed"
	mkfifo "$world/typed"
	PIN4=off PIN4_HOSTS=old.example LD_PRELOAD=$world/other.so \
		"$@" <"$world/typed" >>"$world/console" 2>&1 &
	exec 7>"$world/typed"
	is "${cure_name}_pool_before_the_cure_gets_nxdomain" "$(pool_is "$cure_report" nxdomain)" yes
	node=$(pgrep -x beam.smp)
	run "$pin4" doctor "$node"
	is "${cure_name}_doctor_before_the_cure_exits_1" "$status" 1

	type "$cure_in"
	is "${cure_name}_pool_after_the_cure_comes_up_by_itself" "$(pool_is "$cure_report" up)" yes
	is "${cure_name}_server_has_ten_connections_over_ipv4" "$(connections)" 10
	run "$pin4" doctor "$node"
	is "${cure_name}_doctor_after_the_cure_exits_0" "$status" 0
	has "${cure_name}_doctor_after_the_cure_has_old_and_new_rules" "$out" \
		" inet_gethost: covered: ipv4 old.example, ipv4 v4.example; LD_PRELOAD=$lib:$world/other.so"

	# Both ways twice. What was there before is there again.
	type "$cure_in"
	type "$cure_drop"
	is "${cure_name}_pool_after_a_second_cure_comes_up_again" "$(pool_is "$cure_report" up)" yes
	type "$cure_out"
	type "$cure_drop"
	is "${cure_name}_pool_once_withdrawn_gets_nxdomain_again" \
		"$(pool_is "$cure_report" nxdomain)" yes
	is "${cure_name}_server_has_no_connection_then" "$(connections)" 0
	type "$cure_out"
	is "${cure_name}_environment_once_withdrawn_is_as_before" \
		"$(shows "$cure_environment" "off old.example $world/other.so" && echo yes)" yes

	# All that is printed at once cures nothing and leaves the console as it was.
	type "$lines"
	type '#iex:break'
	type '.'
	is "${cure_name}_console_after_all_at_once_answers" "$(pool_is "$cure_report" nxdomain)" yes
	is "${cure_name}_node_is_the_same_process" "$(pgrep -x beam.smp)" "$node"
	kill "$node"
	exec 7>&-
	wait
}

# As a tired person would: nothing but what check prints, and what that prints.
export POOL_HOST=v4.example
run "$pin4" check v4.example:5432
is check_before_the_cure_exits_1 "$status" 1
once=$(printf '%s\n' "$out" | sed -n 's/ *one command *//p')
running=$(printf '%s\n' "$out" | sed -n 's/ *running node *//p')
run sh -c "${once%COMMAND}$pin4 check v4.example:5432"
is check_under_the_cure_for_one_command_exits_0 "$status" 0
run sh -c "${once%COMMAND}$build/app v4.example"
is program_under_the_cure_for_one_command_connects "$status $out" '0 ::ffff:198.51.100.10'
run sh -c "$running"
is live_exits_0 "$status" 0
has live_says_what_it_does_not_cover "$err" 'inet_res'
has live_says_how_to_leave_a_lookup_order_of_dns "$err" ':inet_db.set_lookup([:native])'
lines=$out
is live_prints_elixir_first "$(printf '%s\n' "$lines" | head -n 1)" '# Elixir: the way in'
is live_has_no_quote_in_a_comment "$(printf '%s\n' "$lines" | grep '^[#%]' | grep -c "[\"']")" 0
is live_never_sets_pin4 "$(printf '%s\n' "$lines" | grep -c 'PIN4=')" 0
cure erlang Erlang 'pool:report().' 'pool:drop().' \
	'io:format("~s ~s ~s~n", [os:getenv(N) || N <- ["PIN4", "PIN4_HOSTS", "LD_PRELOAD"]]).' \
	erl -pa "$build" -s pool
if command -v iex >/dev/null; then
	cure elixir Elixir ':pool.report()' ':pool.drop()' \
		'IO.puts(Enum.join(Enum.map(["PIN4", "PIN4_HOSTS", "LD_PRELOAD"], &System.get_env/1), " "))' \
		iex --erl "-pa $build -s pool"
else
	skip elixir_pool_before_the_cure_gets_nxdomain 'iex is missing'
fi

# A release, cured without a console: by rpc, and by rpc in a loop that was there before it.
release() {
	mkdir -p "$world/release/lib"
	cat >"$world/release/mix.exs" <<'EOF'
defmodule Live.MixProject do
  use Mix.Project
  def project, do: [app: :live, version: "1.0.0"]
  def application, do: [mod: {Live, []}]
end
EOF
	cat >"$world/release/lib/live.ex" <<'EOF'
defmodule Live do
  use Application

  # Dies like a release whose database is not there when it boots, unless LIVE_PATIENCE.
  def start(_type, _args) do
    tries = if System.get_env("LIVE_PATIENCE"), do: 1000, else: 40
    {:ok, spawn_link(fn -> try_it(tries) end)}
  end

  defp try_it(0), do: System.halt(3)

  defp try_it(tries) do
    case :gen_tcp.connect(~c"v4.example", 5432, [:inet6], 2000) do
      {:ok, _} -> File.write!(System.get_env("LIVE_SAYS"), "up\n")
      {:error, _} -> Process.sleep(100) && try_it(tries - 1)
    end

    Process.sleep(:infinity)
  end
end
EOF
	(cd "$world/release" && HOME=$world MIX_ENV=prod mix release --quiet) >"$world/mix" 2>&1
}

# Waits up to 20 seconds for the release to be connected.
is_up() {
	seconds=0
	while [ ! -s "$world/says" ] && [ "$seconds" -lt 20 ]; do
		seconds=$((seconds + 1))
		sleep 1
	done
	cat "$world/says"
}

if command -v mix >/dev/null && release; then
	cd "$world/release/_build/prod/rel/live" && mv bin/live bin/APP || exit 1
	export LIVE_SAYS="$world/says" RELEASE_COOKIE=cookie
	export RELEASE_DISTRIBUTION=name RELEASE_NODE=live@127.0.0.1
	: >"$world/says"
	LIVE_PATIENCE=1 bin/APP start >"$world/console" 2>&1 &
	sleep 2
	is release_before_the_cure_is_not_up "$(cat "$world/says")" ''
	run sh -c "$(block "$lines" 'A shell, for an Elixir release: the way in')"
	is release_is_cured_by_rpc "$status $(is_up)" '0 up'
	run sh -c "$(block "$lines" 'A shell: the way out')"
	is release_takes_the_way_out_by_rpc "$status" 0
	run bin/APP rpc 'IO.inspect({System.get_env("LD_PRELOAD"), System.get_env("PIN4_HOSTS")})'
	is release_once_withdrawn_has_no_variable "$out" '{nil, nil}'
	bin/APP stop >"$world/console" 2>&1
	wait

	: >"$world/says"
	bin/APP start >"$world/console" 2>&1
	is release_that_dies_at_boot_dies "$? $(cat "$world/says")" '3 '
	sh -c "$(block "$lines" 'A shell, beside a node that dies at boot: start this first')" \
		>"$world/loop" 2>&1 &
	bin/APP start >"$world/console" 2>&1 &
	is release_that_dies_at_boot_is_cured_by_a_loop "$(is_up)" up
	# A rule and a path that a shell and both languages would take apart.
	mkdir -p "$world/it's #{1} \"a\" \\n" && echo x.example >"$world/it's #{1} \"a\" \\n/rules"
	run "$pin4" -c "$world/it's #{1} \"a\" \\n/rules" -H 'prefer:a.example, *.b.example # it'\''s "so"
		c.example' live
	run sh -c "$(block "$out" 'A shell, for an Elixir release: the way in')"
	run bin/APP rpc 'IO.puts(System.get_env("PIN4_HOSTS")); IO.puts(System.get_env("PIN4_CONFIG"))'
	is live_with_quotes_arrives_whole "$out" "
prefer:a.example,*.b.example,c.example
$world/it's #{1} \"a\" \\n/rules"
	bin/APP stop >"$world/console" 2>&1
	wait
	unset LIVE_SAYS RELEASE_COOKIE RELEASE_DISTRIBUTION RELEASE_NODE
	cd "$root" || exit 1
else
	skip release_is_cured_by_rpc "mix is missing: $(cat "$world/mix" 2>&1)"
fi

# The line for a Dockerfile, where an earlier line pinned another host and preloaded another library.
export LD_PRELOAD="$world/other.so" PIN4_HOSTS='*.psdb.cloud'
run "$pin4" check v4.example:5432
dockerfile=$(printf '%s\n' "$out" | sed -n 's/.* ENV //p')
run sh -c "$dockerfile cat /proc/self/maps"
has dockerfile_line_when_followed_keeps_the_other_library "$out" "$world/other.so"
has dockerfile_line_when_followed_preloads_pin4 "$out" "$lib"
for host in v4.example eu-central-1.pg.psdb.cloud; do
	run sh -c "$dockerfile $build/app $host"
	is "dockerfile_line_when_followed_pins_$host" "$status $out" '0 ::ffff:198.51.100.10'
done
unset LD_PRELOAD PIN4_HOSTS
run env LD_PRELOAD="$lib" "$pin4" check v4.example:5432
has dockerfile_line_when_pin4_was_there_names_it_once "$out" "ENV LD_PRELOAD=$lib PIN4_HOSTS=v4.example"

# A node that asks DNS itself, or has not asked yet.
begin_node() {
	rm -f "$world/typed"
	mkfifo "$world/typed"
	LD_PRELOAD=$lib PIN4_HOSTS=v4.example erl <"$world/typed" >"$world/console" 2>&1 &
	exec 7>"$world/typed"
	shows 'erlang:display(here).' here
	node=$(pgrep -x beam.smp)
}
begin_node
run "$pin4" doctor "$node"
is doctor_of_covered_node_without_a_resolver_exits_0 "$status" 0
has doctor_of_covered_node_without_a_resolver_says_what_is_known "$out" \
	'covered: ipv4 v4.example; without inet_gethost: it has not looked up any name yet, or it asks DNS itself;'
shows 'inet:getaddr("v4.example", inet).' '{ok,{198,51,100,10}}'
run "$pin4" doctor "$node"
has doctor_of_covered_node_with_a_resolver_says_no_more "$out" \
	"$node beam.smp: covered: ipv4 v4.example; LD_PRELOAD="
kill "$node"
exec 7>&-
wait

run env -u PIN4_CONFIG "$pin4" live
is live_without_rules_exits_2 "$status" 2
run "$pin4" -H 'a..b' live
is live_with_bad_rules_exits_2 "$status" 2
has live_with_bad_rules_says_which "$err" 'a..b'
run "$pin4" -H "a.example" -H b.example live
has live_with_two_rules_has_both "$out" 'a.example,b.example")'
run "$pin4" -c "$world/empty.conf" live
has live_with_a_file_names_it "$out" "os:putenv(\"PIN4_CONFIG\", \"$world/empty.conf\")"
