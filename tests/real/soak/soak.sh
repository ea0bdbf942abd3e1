# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2030,SC2031,SC2034,SC2086,SC2154 # run sets the variables; within may be empty
# Programs that look up and connect without end, while IPv6 comes and goes, DNS goes away and comes
# back, the A record moves, the rules change and the library is replaced, for SOAK_SECONDS (60).
# The programs count by phases what they came to (soak.erl, soak.py): what began and ended between
# two changes has one right outcome. Sourced by run.

# What processes may grow by, in KiB, from the end of the first round of changes on: pin4 keeps each
# version of the rules file, and the programs have garbage of their own.
soak_bound() { # PROGRAM
	case $1 in
	inet_gethost) echo $((128 + 16 * soak_versions)) ;;
	python) echo $((512 + 16 * soak_versions)) ;;
	beam.smp) echo 8192 ;;
	esac
}

soak_start() { # NAME COMMAND...
	soak_name=$1
	shift
	mkfifo "$world/soak/$soak_name.in"
	(
		export LD_PRELOAD="$world/soak/libpin4.so"
		exec "$@" <"$world/soak/$soak_name.in" >>"$world/soak/$soak_name" 2>"$world/soak/$soak_name.err"
	) &
}

# The DNS server is another one from then on. A lookup that missed both takes a second, and Erlang
# lets a later lookup of the same name wait for that one and share its failure.
soak_dns() { # MODE
	world_mode "$1"
	sleep 1.5
}

# Ends a phase: what came of it is in the file report.
soak_next() {
	for soak_name in erlang python; do
		: >"$world/soak/$soak_name"
	done
	echo >&7
	echo >&8
	for soak_name in erlang python; do
		until grep -q '^end' "$world/soak/$soak_name"; do sleep 0.05; done
	done
	grep -hv '^end' "$world/soak/erlang" "$world/soak/python" >"$world/soak/report"
	cat "$world/soak/report" >>"$world/soak/total"
	[ -z "$soak_pinned" ] || grep -E '^(pool|python)(_between)? 6|^dns[^ ]* ipv6' \
		"$world/soak/report" >>"$world/soak/wrong"
}

# What the phase is to come to, for the pinned host's family and addresses.
soak_expected() { # PEER DNS
	cat <<-EOF
		dns $2
		internal 6/fdaa:0:1::30
		internal_query answered
		pool $1
		pool_query answered
		python $1
		python_internal 6/fdaa:0:1::30
		unnamed 6/2001:db8::20
		unnamed_query answered
	EOF
}

# A phase after a change.
soak_phase() { # NAME EXPECTED
	soak_next
	sleep 1.5
	soak_next
	is "soak_${soak_round}_$1" \
		"$(grep -v _between "$world/soak/report" | cut -d' ' -f1,2 | LC_ALL=C sort)" "$2"
}

soak_steady() { # NAME [ADDRESS]
	soak_phase "$1" "$(soak_expected "4/${2:-198.51.100.10}" "::ffff:${2:-198.51.100.10}")"
}

# Connections that stand go on, new ones get the same error as without pin4.
soak_without_dns() {
	world_stop_dns
	sleep 0.7
	soak_next
	is "soak_${soak_round}_dns_goes_and_connections_that_stand_go_on" \
		"$(grep _query "$world/soak/report" | cut -d' ' -f2 | sort -u)" answered
	soak_phase dns_is_away "dns none
internal nxdomain
pool nxdomain
python unknown
python_internal unknown
unnamed nxdomain"
	soak_dns works
	soak_steady dns_is_back
}

# The old server's connections are cut.
soak_moves() { # MODE ADDRESS
	soak_dns "$1"
	ask_postgres "select pg_terminate_backend(pid) from pg_stat_activity
		where client_addr = '198.51.100.2'" >"$world/soak/cut"
	sleep 0.5
	soak_steady "a_record_is_$2" "$2"
}

# The file is looked at once a second.
soak_rules() { # RULES
	echo "$1" >"$PIN4_CONFIG.new"
	mv "$PIN4_CONFIG.new" "$PIN4_CONFIG"
	soak_versions=$((soak_versions + 1))
	sleep 1.2
}

soak_changes_rules() {
	soak_pinned=
	soak_rules '*.example.org'
	soak_phase rule_is_withdrawn "$(soak_expected 6/2001:db8:5::10 ipv6)"
	soak_rules "$rules"
	soak_next
	soak_pinned=yes
	soak_steady rule_is_back
	soak_rules "$rules more.example.org"
	soak_steady other_rule_is_added
}

# By rename, as make install does; the node's resolver starts anew with it in the first round.
soak_upgrades() {
	cp "$lib" "$world/soak/libpin4.so.new"
	mv "$world/soak/libpin4.so.new" "$world/soak/libpin4.so"
	[ "$soak_round" -gt 1 ] || echo restart >&7
	sleep 0.3
	soak_steady library_is_replaced
	is "soak_${soak_round}_new_process_has_the_new_library" "$(
		export LD_PRELOAD="$world/soak/libpin4.so"
		seen run_client python_socket6 "$pinned_host"
	)" ipv4
}

# The most that a process of that name has of memory of its own, in KiB.
soak_memory() { # PROGRAM
	for soak_pid in $(case $1 in python) echo "$soak_python" ;; *) pgrep -x "$1" ;; esac); do
		sed -n 's/^RssAnon:\t* *\([0-9]*\) kB/\1/p' "/proc/$soak_pid/status"
	done | sort -n | tail -n 1
}

soak_round_of_changes() {
	for mode in noaaaa noroute unreachable refused dropped works; do
		soak_dns "$mode"
		soak_steady "ipv6_$mode"
	done
	soak_without_dns
	soak_moves moved 198.51.100.20
	soak_moves works 198.51.100.10
	soak_changes_rules
	soak_upgrades
}

soak_tests() {
	mkdir "$world/soak"
	cp "$lib" "$world/soak/libpin4.so"
	echo "$rules" >"$PIN4_CONFIG"
	$within erlc -o "$world/bin" "$here/soak/soak.erl"
	soak_pinned=yes
	soak_versions=0
	world_mode works
	# A lookup that the DNS server misses fails at once, or in a second.
	world_resolver 198.51.100.53 'options timeout:1 attempts:1'
	world_sysctl net/ipv4/icmp_ratelimit 0
	soak_start erlang $within erl -noshell -kernel logger_level emergency -pa "$world/bin" -run soak main "$pinned_host"
	exec 7>"$world/soak/erlang.in"
	soak_start python $within /usr/bin/python3 "$here/soak/soak.py" "$pinned_host"
	soak_python=$!
	exec 8>"$world/soak/python.in"
	soak_round=1
	soak_began=$(date +%s)
	soak_round_of_changes
	for program in inet_gethost python beam.smp; do
		soak_memory $program >"$world/soak/memory.$program"
	done
	soak_versions=0
	while [ $(($(date +%s) - soak_began)) -lt "${SOAK_SECONDS:-60}" ]; do
		soak_round=$((soak_round + 1))
		soak_round_of_changes
	done
	soak_says
}

soak_says() {
	is soak_wrong_peers "$(cat "$world/soak/wrong")" ''
	echo "# soak: $(($(date +%s) - soak_began)) s, $soak_round rounds of changes"
	awk '{ n[$1 " " $2] += $3 } END { for (k in n) print "# soak: " k " " n[k] }' \
		"$world/soak/total" | sort
	for program in inet_gethost python beam.smp; do
		before=$(cat "$world/soak/memory.$program")
		grown=$(($(soak_memory $program) - before))
		echo "# soak: $program grew by $grown KiB from $before KiB"
		is "soak_memory_of_${program}_stays" \
			"$([ $grown -le "$(soak_bound $program)" ] && echo yes)" yes
	done
	is soak_programs_complain_of_nothing \
		"$(cat "$world/soak/erlang.err" "$world/soak/python.err")" ''
}
