# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# The ten verdicts, as text and as JSON, each where the network makes it true.

# What differs from run to run and from machine to machine.
masked() {
	sed -e 's/[0-9]*\.[0-9] ms/N ms/; s/"us":[0-9]*/"us":N/' \
		-e 's/^\(pin4 *\)[0-9.]* in [^ ]* ([a-z]*[ 0-9.]*, [a-z0-9_]*)/\1VERSION in PROGRAM (LIBC)/' \
		-e 's/^{"pin4":"[^"]*","libc":"[^"]*","architecture":"[^"]*",/{"pin4":"VERSION",/' \
		-e 's/^"program":"[^"]*"/"program":"PROGRAM"/' \
		-e "s|LD_PRELOAD=[^ ]*/libpin4.so|LD_PRELOAD=LIBRARY|; s|$pin4 -H |pin4 -H |"
}

# One report as text and as JSON; the exit status counts for both.
verdict() { # NAME STATUS RULES TARGET [-- PROGRAM]
	verdict_name=$1
	verdict_status=$2
	verdict_rules=$3
	verdict_target=$4
	shift 4
	for form in text json; do
		option=--json
		[ "$form" = json ] || option=
		run env ${verdict_rules:+PIN4_HOSTS="$verdict_rules"} "$pin4" check --timeout 2 \
			${option:+"$option"} "$verdict_target" "$@"
		golden=$here/golden/$verdict_name.$form
		printf '%s\nexit %s\n' "$out" "$status" | masked >"$world/got"
		[ -z "${UPDATE-}" ] || cp "$world/got" "$golden"
		is "check_${verdict_name}_as_${form}_is_golden" "$(cat "$world/got")" "$(cat "$golden")"
	done
	is "check_${verdict_name}_exits_$verdict_status" "$status" "$verdict_status"
	printf '%s' "$out" >"$world/json"
	run /usr/bin/python3 -c 'import json, sys; json.load(sys.stdin)' <"$world/json"
	is "check_${verdict_name}_json_is_json" "$status" 0
}

connections() {
	cat "$world/connections" 2>/dev/null
}

verdict pinned_and_fine 0 '*.example' noroute6.example:5432
verdict pinned_and_cured 0 v4.example v4.example:5432
verdict both_answer 0 '' both.example:5432
verdict pinning_would_help 1 '' v4.example:5432
verdict pinning_would_help_beside_other_rules 1 'prefer:both.example, *.psdb.cloud' v4.example:5432
verdict pinning_would_help_dropped 1 '' dropped6.example:5432
verdict except_stands_in_the_way 1 'except:v4.example' v4.example:5432
verdict only_aaaa 0 '*.example' v6.example:5432
verdict neither_refused 1 '' refused.example:5432
verdict neither_unreachable 1 '' unreachable.example:5432
verdict neither_dropped 1 '' dropped.example:5432
verdict no_route 1 '' noroute.example:5432
verdict rule_harms 1 only6.example only6.example:5432
verdict no_such_name 1 '' nosuch.example:5432
verdict no_port 1 '' v4.example
verdict address 0 '*' '[2001:db8:5::10]:5432'
verdict address_bare 1 '*' 2001:db8:1::10

world_resolver 127.0.0.5
verdict no_resolver 1 '' v4.example:5432
world_resolver 127.0.0.2
verdict aaaa_breaks 1 '' v4.example:5432
verdict aaaa_breaks_and_pinned 0 v4.example v4.example:5432
world_resolver 127.0.0.4
verdict aaaa_is_silent_and_pinned 0 v4.example v4.example:5432
world_resolver 127.0.0.1

ip addr del 198.51.100.2/24 dev client
verdict no_ipv4_here 1 both.example both.example:5432
verdict no_ipv4_here_and_unpinned 0 '' both.example:5432
world_ipv4

# The disease is musl's: there the lookup of both families fails with the one.
if command -v musl-gcc >/dev/null; then
	compile musl-gcc app-musl app.c
	world_resolver 127.0.0.3
	verdict aaaa_breaks_on_musl 1 '' v4.example:5432 -- "$build/app-musl"
	verdict aaaa_breaks_on_musl_and_pinned 0 v4.example v4.example:5432 -- "$build/app-musl"
	world_resolver 127.0.0.1
	verdict pinning_would_help_on_musl 1 '' v4.example:5432 -- "$build/app-musl"
else
	skip check_on_musl_is_golden 'musl-gcc is missing'
fi

# A short name whose A and AAAA questions end in different domains.
echo 'search one.example two.example' >>"$world/resolv.conf"
verdict names_differ 0 '' torn:5432
verdict names_differ_and_pinned 0 '*' torn:5432
world_resolver 127.0.0.1

# Switched off: said, and no cure, for none would help.
export PIN4=off
verdict switched_off 1 v4.example v4.example:5432
verdict switched_off_and_fine 0 v4.example both.example:5432
world_resolver 127.0.0.2
verdict switched_off_and_aaaa_breaks 1 v4.example v4.example:5432
world_resolver 127.0.0.1
unset PIN4

# The cure is typed as this very file was called.
cures() { # PIN4_CALLED
	run env LD_PRELOAD="$lib" ${1:+PIN4_CALLED="$1"} PIN4_CHECK=host:v4.example:5432 "$build/app"
	printf '%s\n' "$out" | sed -n 's/.* \([^ ]* -H .*\)/\1/p; s/.*\(ENV .*\)/\1/p'
}

for called in pin4 ./libpin4.so /tmp/libpin4.so; do
	is "check_called_as_${called}_prints_that" "$(cures "$called")" \
		"ENV LD_PRELOAD=$lib PIN4_HOSTS=v4.example
$called -H v4.example -- COMMAND
$called -H v4.example live"
done
run env LD_PRELOAD="$lib" PIN4_CALLED='a "\b' PIN4_CHECK=json:v4.example:5432 "$build/app"
printf '%s' "$out" >"$world/json"
run /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["cure"][2])' <"$world/json"
is check_called_by_an_odd_name_is_json "$out" 'a\x20\x22\x5cb -H v4.example live'
is check_called_by_the_variable_prints_the_library "$(cures '')" \
	"ENV LD_PRELOAD=$lib PIN4_HOSTS=v4.example
$lib -H v4.example -- COMMAND
$lib -H v4.example live"

# What the server saw of all that.
has check_connects_is_seen_by_the_server "$(connections)" '198.51.100.2 0'
is check_sends_nothing_once_connected "$(connections | grep -v ' 0$')" ''

: >"$world/connections"
run "$pin4" -H v4.example check v4.example:5432 -- "$build/app"
is check_does_not_run_the_program "$(printf '%s' "$out" | grep -c 'program ran')" 0
has check_is_made_in_the_program "$out" "$build/app"

# The bound holds though the resolver and the hosts never answer.
world_resolver 127.0.0.5
start=$(date +%s)
run "$pin4" check --timeout 1 v4.example:5432
is check_when_nothing_answers_ends_in_time "$(($(date +%s) - start <= 3))" 1
world_resolver 127.0.0.1
is check_leaves_no_process_behind "$(pgrep -P 1 -x "sh|dash|app")" ""

# Each is told what to write.
while IFS='|' read -r bad words; do
	run "$pin4" check "$bad"
	is "check_of_${bad:-nothing}_is_refused" "$status $out $err" "2  pin4: $words"
done <<'EOF'
|: not a host: write HOST, HOST:PORT or [ADDRESS]:PORT
:80|:80: not a host: write HOST, HOST:PORT or [ADDRESS]:PORT
host:|host:: no port: write HOST:PORT, with a number from 1 to 65535
host:0|host:0: no port: write HOST:PORT, with a number from 1 to 65535
host:65536|host:65536: no port: write HOST:PORT, with a number from 1 to 65535
host:http|host:http: no port: write HOST:PORT, with a number from 1 to 65535
[::1|[::1: not a host: write HOST, HOST:PORT or [ADDRESS]:PORT
[::1]80|[::1]80: not a host: write HOST, HOST:PORT or [ADDRESS]:PORT
[]:80|[]:80: not a host: write HOST, HOST:PORT or [ADDRESS]:PORT
https://host.example/|...: not a host: write only the HOST:PORT of the URL
postgres://user:secret@host.example:5432/app|...: not a host: write only the HOST:PORT of the URL
EOF
for bad in 0 601 x -1 ''; do
	run "$pin4" check --timeout "$bad" v4.example
	is "check_with_timeout_${bad:-empty}_is_refused" "$status" 2
done
run "$pin4" check v4.example v6.example v4.example
is check_with_too_much_is_refused "$status" 2
run "$pin4" check --what v4.example
is check_with_unknown_option_is_refused "$status" 2

hostile=$(printf 'a\033[2J"\\\n\377b')
run "$pin4" check --timeout 1 "$hostile"
is check_of_hostile_name_is_refused "$status" 2
is check_of_hostile_name_shows_it_in_plain_characters "$out$err" \
	'pin4: a\x1b[2J\x22\x5c\x0a\xffb: not a host: write HOST, HOST:PORT or [ADDRESS]:PORT'

# The program's path is the one string of a report that may hold anything.
cp "$build/app" "$world/$hostile"
run "$pin4" check --timeout 1 v4.example -- "$world/$hostile"
is check_in_hostile_program_is_escaped "$(printf '%s' "$out" | LC_ALL=C tr -d ' -~\n' | wc -c | tr -d ' ')" 0
has check_in_hostile_program_shows_it "$out" 'a\x1b[2J\x22\x5c\x0a\xffb'
run "$pin4" check --json --timeout 1 v4.example -- "$world/$hostile"
printf '%s' "$out" >"$world/json"
run /usr/bin/python3 -c 'import json, sys; print(ascii(json.load(sys.stdin)["program"].rsplit("/", 1)[1]))' \
	<"$world/json"
is check_in_hostile_program_is_json "$out" "'a\\x1b[2J\"\\\\\\n\\xffb'"
