# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# A rules file that appears, changes and is emptied while programs run that were started without
# any rule: what counts is the rules in force when they ask.

rules_cases() {
	dns_for rules works
	is rules_change_while_programs_run "$(recorded rules_session)" "$(
		cat <<-EOT
			ares_select_byname none:ipv6 pinned:ipv4 except:ipv6 pinned:ipv4 empty:ipv6
			node none:ipv6 pinned:ipv4 except:ipv6 pinned:ipv4 empty:ipv6
		EOT
	)"
	is rules_change_while_programs_run_on_the_wire "$(wire_asked)" \
		AAAA+AAAA+A+A+AAAA+AAAA+A+A+AAAA+AAAA
}

rules_session() (
	export LD_PRELOAD="$lib" PIN4_CONFIG="$world/rules"
	for client in ares_select_byname node; do
		mkfifo "$world/$client"
		run_client "$client" <"$world/$client" >"$world/$client.out" 2>"$world/stderr" &
	done
	exec 3>"$world/ares_select_byname" 4>"$world/node"
	unset LD_PRELOAD
	rules_ask none 1
	echo '*.psdb.cloud' >"$world/rules" && rules_ask pinned 2
	echo "*.psdb.cloud except:$pinned_host" >"$world/rules" && rules_ask except 3
	echo "$pinned_host" >"$world/new" && mv "$world/new" "$world/rules" && rules_ask pinned 4
	: >"$world/rules" && rules_ask empty 5
	exec 3>&- 4>&-
	for client in ares_select_byname node; do
		family <"$world/$client.out" | paste -d: "$world/steps" - | paste -sd' ' - | sed "s/^/$client /"
	done
)

# The file is looked at once a second at most.
rules_ask() { # STEP COUNT
	[ "$2" -eq 1 ] || sleep 1.1
	echo "$1" >>"$world/steps"
	echo "$pinned_host" >&3
	echo "$pinned_host" >&4
	for client in ares_select_byname node; do
		until [ "$(wc -l <"$world/$client.out")" -ge "$2" ]; do sleep 0.02; done
	done
}
