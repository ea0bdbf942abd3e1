# SPDX-License-Identifier: MIT
# Programs that ask DNS by themselves: what their server saw of each question ("A": as an A question,
# else equal to the byte), and what came back.

# run sets the variables.
# shellcheck disable=SC2154

zones='*.pin.test,*.in.test,*.n.test'
rebuilt='wire=A answer=its own ::ffff:192.0.2.1/60'
left='wire=AAAA answer=its own AD 2001:db8::1/60'

said() { # PROGRAM SCENARIO
	pinned "$zones" "$1" "$2" pin.test 2>&1
}

line_is() { # NAME PROGRAM SCENARIO WANTED
	is "$1" "$(said "$2" "$3")" "$4"
}

is question_by_any_call_answered_to_any_call_is_rebuilt \
	"$(said dns pairs | sed 's/^.*: //' | sort | uniq -c | sed 's/^ *//')" "55 $rebuilt"

said dns answers >"$tmp/answers"
while read -r name label size wanted; do
	is "answer_${name}" "$(grep "^$label $size " "$tmp/answers")" "$label $size $wanted"
done <<TABLE
is_rebuilt one 500: $rebuilt
to_a_question_in_0x20_has_its_letters oNe 500: $rebuilt
to_a_question_in_capitals_has_its_letters ONE 500: $rebuilt
with_a_chain_backwards_is_rebuilt chain 500: wire=A answer=its own ::ffff:192.0.2.1/30
of_NXDOMAIN_is_handed_on nxdomain 500: wire=A answer=its own rcode=3 AD
of_SERVFAIL_is_handed_on servfail 500: wire=A answer=its own rcode=2 AD
cut_off_without_records_is_handed_on cut 500: wire=A answer=its own TC AD
cut_off_with_records_is_whole part 500: $rebuilt
with_OPT_of_512_keeps_it one 512: $rebuilt +11
with_a_cookie_keeps_it one 1232: $rebuilt +23
to_a_question_with_DO_is_left one 1233: $left +11
that_fits_to_the_byte_is_rebuilt one 58: $rebuilt
that_does_not_fit_is_cut_off one 57: wire=A answer=its own TC
that_arrives_in_half_has_its_question one 40: wire=A answer=its own AD +10
that_arrives_without_question_is_nothing one 20: wire=A answer=too short
TABLE
many() { # COUNT: that many mapped addresses
	seq "$1" | sed 's/.*/ ::ffff:192.0.2.&\/60/' | tr -d '\n'
}
while read -r size count rest; do
	is "answer_of_40_records_has_${count}_where_${size}_bytes_fit" \
		"$(grep "^many $size: " "$tmp/answers")" \
		"many $size: wire=A answer=its own$(many "$count")${rest:+ $rest}"
done <<'TABLE'
2048 40
1232 40 +11
700 23 +11
TABLE

line_is questions_of_other_kinds_leave_as_they_are dns questions 'for A: wire=same
without RD: wire=AAAA
with CD: wire=AAAA
an answer: wire=AAAA
of opcode 2: wire=AAAA
with two: wire=AAAA
with an answer: wire=AAAA
with a byte more: wire=AAAA'

line_is answers_that_are_peeked_at_are_rebuilt_each_time dns peek " wire=A \
sizes=58,58,58,58/1 records,12 answer=its own ::ffff:192.0.2.1/60 answer=its own ::ffff:192.0.2.1/60 \
answer=its own ::ffff:192.0.2.1/60 answer=EAGAIN
 wire=A cut=46 answer=EAGAIN
 wire=A size=-1 wire=AAAA size=61 answer=its own AD 2001:db8::1/60 answer=its own AD 2001:db8::1/60"

line_is several_at_once_are_told_apart dns several "wire=A wire=AAAA wire=A wire=A got=4 \
answer=its own ::ffff:192.0.2.1/60 answer=its own AD 2001:db8::1/60 answer=too short \
answer=its own ::ffff:192.0.2.1/30 answer=its own AD 2001:db8::1/60"

# No A record.
line_is host_without_A_record_is_asked_as_it_was dns nodata "\
nonblocking: wire=A answer=EAGAIN wire=AAAA answer=its own AD 2001:db8::1/60 $left
blocking: wire=A answer=its own AD 2001:db8::1/60 wire=AAAA
poll: wire=A answer=its own AD 2001:db8::1/60 wire=AAAA"
line_is second_answer_that_is_lost_is_waited_for_as_the_socket_says dns lost \
	' wire=A answer=EAGAIN soon wire=AAAA'
line_is second_answer_that_is_lost_is_not_waited_for_for_ever dns lost-for-ever \
	' wire=A answer=EAGAIN'

# Who asks, who receives.
line_is answer_to_another_descriptor_or_process_is_rebuilt dnswho others "dup: $rebuilt
child: $rebuilt own: wire=A answer=its own ::ffff:192.0.2.1/30
parent: $rebuilt"
line_is answer_to_a_reader_who_waited_before_is_rebuilt dnswho waiting \
	' answer=its own ::ffff:192.0.2.1/60 wire=A'
foreign='wire=A answer=another, for A, AD 192.0.2.1/60'
line_is question_that_is_repeated_unseen_is_left dnswho unseen " $foreign $left"
line_is question_whose_answer_another_process_reads_is_left_when_repeated dnswho passed " $foreign
 $left"
line_is literal_addresses_of_a_pinned_host_stay dnswho literal "self 512: $rebuilt
sendto: server sees ::1, answer from its peer
connect: peer ::1"
is questions_of_threads_are_all_changed "$(pinned "$zones" dnsthreads pin.test)" \
	'answers=3200 wrong=0 raw=0 leaked=0'

# In the midst of something else.
line_is questions_of_a_signal_handler_are_changed dnsinside handler wrong=0
line_is questions_of_a_vforked_child_are_changed dnsinside vfork 'child right, parent right'
is questions_of_children_of_a_process_that_loads_libraries_are_changed \
	"$(pinned "$zones" dnsinside loader pin.test "$BUILD/gcompat.so")" right=200
# An emulator dies of a cancelled thread.
! is_native || line_is cancellation_while_an_answer_is_awaited_is_survived dnsinside cancel \
	'cancelled, then right'

# The rules change while the program runs, and there were none when it started.
: >"$tmp/rules.conf"
is rules_of_the_moment_of_the_question_count \
	"$(PIN4_CONFIG=$tmp/rules.conf pinned '' dnswho reload pin.test)" "one 512: $left
one 512: $rebuilt
chain 512: wire=A answer=its own ::ffff:192.0.2.1/30
one 512: $left
chain 512: wire=A answer=its own ::ffff:192.0.2.1/30
chain 512: $left"

# An emulator knows not all that a kernel does, and x86_64's runs i686 programs itself.
is_on_a_kernel() {
	case $($CC -dumpmachine)-$(uname -m) in
	i686-*-x86_64) ;;
	*) is_native ;;
	esac
}

# What is no datagram of one question.
if is_on_a_kernel; then
	line_is questions_that_cannot_be_copied_are_left dnsleft left "MSG_MORE: $left
MSG_ZEROCOPY: $left
UDP_SEGMENT: $left
tcp: same
unix datagram: same
unix seqpacket: same"
	raw=$(said dnsleft raw)
	if [ "$raw" = 'no network' ]; then
		skip questions_by_raw_and_ping_sockets_are_left 'the right to make a network namespace'
	else
		is questions_by_raw_and_ping_sockets_are_left "$raw" 'raw: same
ping: same'
	fi
fi

# Hosts without a rule, and no pin4.
for scenario in 'dns pairs' 'dns answers' 'dns questions' 'dns peek' 'dns several' 'dns nodata' \
	'dns lost' 'dnswho others' 'dnswho waiting' 'dnswho literal'; do
	# The program and its scenario are two words.
	# shellcheck disable=SC2086
	bare $scenario pin.test >"$tmp/bare" 2>&1
	# shellcheck disable=SC2086
	is "${scenario#* }_without_rule_is_as_without_pin4" \
		"$(pinned '*.other.test' $scenario pin.test 2>&1 | diff "$tmp/bare" - && echo same)" same
done

# The kernel refuses bad addresses, and kills in a sandbox, unless somebody who watches the program is
# in between.
case $CC-${WATCH:-} in
*sanitize* | *valgrind*) ;;
*)
	if is_on_a_kernel; then
		bare dnsleft bad pin.test >"$tmp/bare"
		for rules in "$zones" '*.other.test'; do
			is "bad_addresses_under_${rules}_are_refused_by_the_kernel" \
				"$(pinned "$rules" dnsleft bad pin.test 2>&1 | diff "$tmp/bare" - && echo same)" same
		done
		for call in send sendmsg sendmmsg; do
			is "datagrams_by_${call}_in_a_sandbox_arrive" "$(pinned '*.other.test' sandbox $call)" \
				'same same same '
		done
		is bytes_by_write_in_a_strict_sandbox_arrive "$(pinned '*.other.test' sandbox strict)" 'same '
	fi
	;;
esac
