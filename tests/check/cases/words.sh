# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2086 # run sets the variables; words split on purpose
# What check says that Erlang, Python, Node, Java and libpq call an error is what they call it.

# The kernel gives up before the test does.
echo 1 >/proc/sys/net/ipv4/tcp_syn_retries

cp "$here/caller.erl" "$here/Caller.java" "$build/"
(cd "$build" && erlc caller.erl && javac Caller.java) || exit 1

# Each runtime's words for all hosts, a line each.
call_all() { # HOST...
	erl -noshell -pa "$build" -run caller main "$@" >"$world/words.Erlang" 2>&1
	/usr/bin/python3 "$here/caller.py" "$@" >"$world/words.Python" 2>&1
	node "$here/caller.js" "$@" >"$world/words.Node" 2>&1
	java -cp "$build" Caller "$@" >"$world/words.Java" 2>&1
	for host; do
		PGCONNECT_TIMEOUT=2 psql "host=$host port=5432 dbname=x" 2>&1 |
			tr '\n' ' '
		echo
	done >"$world/words.libpq"
}

# What check says for a host, one "Runtime words" a line.
said() { # HOST
	run "$pin4" check --timeout 3 "$1:5432"
	printf '%s\n' "$out" | sed -n 's/^ *\(Erlang .*\)/\1/p' | tail -n 1 | sed 's/, /\n/g'
}

compare() { # KIND HOST LINE
	said "$2" >"$world/said"
	for runtime in Erlang Python Node Java libpq; do
		words=$(sed -n "s/^$runtime //p" "$world/said")
		called=$(sed -n "$3p" "$world/words.$runtime")
		case $runtime in
		libpq) has "libpq_calls_$1_what_check_says" "$called" "${words:-nothing said}" ;;
		*) is "${runtime}_calls_$1_what_check_says" "$called" "$words" ;;
		esac
	done
}

set -- nosuch.example empty.example refused6.example noroute6only.example v4unreachable.example \
	dropped6only.example
call_all "$@"
line=0
for kind in no_such_name no_record refusal no_route unreachable silence; do
	line=$((line + 1))
	compare $kind "$1" $line
	shift
done

world_resolver 127.0.0.5
call_all v4.example
compare a_silent_resolver v4.example 1
world_resolver 127.0.0.6
call_all v4.example
compare a_broken_resolver v4.example 1
world_resolver 127.0.0.1
