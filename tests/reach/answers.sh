# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# Answers that are no plain list of addresses: errors are handed on, what is lost is asked again.

answers_cases() {
	answers_remembered
	names_start
	nameserver=198.51.100.55
	answers_errors
	answers_forms
	answers_lost
}

# That a host has no A record is found out once, and counts for a minute.
answers_remembered() {
	for client in ares_select_byname node erlang_inet erlang_socket evdns_plain; do
		dns_for "$client" noa
		is "answers_${client}_without_a_record_with_pin4_asks_for_a_once" \
			"$(seen pinned run_client "$client" "$pinned_host" "$pinned_host"
			wire_asked)" "$(printf '%s\n' ipv6,ipv6 A+AAAA+AAAA)"
	done
}

# Each client says of a pinned host what it says of one without a rule.
answers_errors() {
	for client in ares_select_byname node evdns_0x20; do
		without=$(seen run_client "$client" servfail.example.net gone.example.net refused.example.net)
		is "answers_${client}_errors_with_pin4_as_without" "$(seen pinned run_client "$client" \
			servfail.psdb.cloud gone.psdb.cloud refused.psdb.cloud)" "$without"
		is "answers_${client}_errors_with_pin4_asks_for_a" \
			"$(sed -n 's/^ask udp \([A-Z]*\) .*/\1/p' "$world/wire" | sort -u)" A
	done
	is answers_errors_with_pin4_as_they_came \
		"$(seen pinned asker "$nameserver" servfail.psdb.cloud gone.psdb.cloud refused.psdb.cloud)" \
		rcode:2,rcode:3,rcode:5
}

answers_forms() {
	is answers_many_with_pin4_as_many_as_fit \
		"$(seen pinned asker "$nameserver" many.psdb.cloud many.psdb.cloud/1232 many.psdb.cloud/512+cookie)" \
		'20* ::ffff:198.51.100.20,20* ::ffff:198.51.100.20,20* ::ffff:198.51.100.20'
	is answers_chain_out_of_order_with_pin4_reaches_its_end \
		"$(seen pinned asker "$nameserver" chain.psdb.cloud CHaiN.PsdB.Cloud/1232+cookie)" \
		::ffff:198.51.100.20,::ffff:198.51.100.20
}

# The A answer is empty; the AAAA question that pin4 sends then is lost, and the program's own
# repetition goes out as it is.
answers_lost() {
	is answers_lost_second_answer_with_pin4_asked_again \
		"$(seen pinned asker "$nameserver" lost.psdb.cloud lost.psdb.cloud
		sed -n 's/^ask udp \([A-Z]*\) lost.psdb.cloud$/\1/p' "$world/wire" | paste -sd+ -)" \
		"$(printf '%s\n' 2001:db8::20,2001:db8::20 A+AAAA+AAAA+AAAA)"
}
