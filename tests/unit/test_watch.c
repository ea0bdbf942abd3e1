/* SPDX-License-Identifier: MIT */
/* Questions and answers go by, and what then stands in the book is what the program asked for
 * itself, of the server that it asked, about hosts that a rule pins. */
#include "watch_rows.h"

/* What is received after one good question, and enters nothing. */
#define IGNORED(name, from, message) \
	WATCH(name##_is_ignored, NONE, ASKED, { RECEIVE, 7, from, message })

/* A host whose good answer enters nothing. */
#define UNPINNED(name, host)                                                       \
	WATCH(name##_is_left_alone, NONE, { SEND, 7, NS, "#0100 ?" host "/AAAA" }, \
	      { RECEIVE, 7, NS, "?" host "/AAAA =*12/60/AAAA/2001:db8::1" })

static const struct CMUnitTest tests[] = {
	WATCH(answer_to_question_enters, ONE, ASKED, ANSWERED),
	WATCH(answer_with_two_addresses_enters_in_order, " www.pin.test/1 www.pin.test/0", ASKED,
	      { RECEIVE, 7, NS,
		"?www.pin.test/AAAA =*12/9/AAAA/2001:db8::2 =*12/9/AAAA/2001:db8::1" }),
	WATCH(answers_of_both_families_enter, " www.pin.test/0,198.51.100.1 -", ASKED, ANSWERED,
	      { SEND, 7, NS, Q4 }, { RECEIVE, 7, NS, A4 }),
	WATCH(answers_for_ipv4_first_enter, " www.pin.test/0,198.51.100.1 -", { SEND, 7, NS, Q4 },
	      ASKED, { RECEIVE, 7, NS, A4 }, ANSWERED),
	WATCH(answer_behind_a_chain_enters_for_who_was_asked, ONE, ASKED,
	      { RECEIVE, 7, NS,
		"?www.pin.test/AAAA =*12/9/CNAME/far.test =far.test/9/AAAA/2001:db8::1" }),
	WATCH(answer_in_the_case_of_the_question_enters, ONE,
	      { SEND, 7, NS, "#0100 ?wWw.Pin.test/AAAA" },
	      { RECEIVE, 7, NS, "?wWw.Pin.test/AAAA =*12/60/AAAA/2001:db8::1" }),
	/* A program may mix the case to know who has seen its question. */
	WATCH(answer_in_other_case_is_ignored, NONE, { SEND, 7, NS, "#0100 ?wWw.Pin.test/AAAA" },
	      { RECEIVE, 7, NS, "?www.pin.test/AAAA =*12/60/AAAA/2001:db8::1" }),
	WATCH(question_in_pieces_of_1_is_seen, ONE, { SEND, 7, NS, Q6, 1 }, ANSWERED),
	WATCH(question_in_pieces_of_13_is_seen, ONE, { SEND, 7, NS, Q6, 13 }, ANSWERED),
	WATCH(question_with_edns_is_seen, ONE, { SEND, 7, NS, Q6 " +./0/OPT:1232/x", 20 },
	      ANSWERED),
	WATCH(answer_in_pieces_of_1_enters, ONE, ASKED, { RECEIVE, 7, NS, A6, 1 }),
	WATCH(answer_in_pieces_of_30_enters, ONE, ASKED, { RECEIVE, 7, NS, A6, 30 }),
	WATCH(server_of_ipv6_is_known, ONE, { SEND, 7, "2001:db8::53", Q6 },
	      { RECEIVE, 7, "2001:db8::53", A6 }),
	WATCH(socket_connected_to_ipv4_is_seen, ONE, { CONNECT, 7, "127.0.0.1" },
	      { SEND, 7, NULL, Q6 }, { RECEIVE, 7, NULL, A6 }),
	WATCH(socket_connected_and_sender_asked_for_is_seen, ONE, { CONNECT, 7, "127.0.0.1" },
	      { SEND, 7, NULL, Q6 }, { RECEIVE, 7, "127.0.0.1", A6 }),
	WATCH(socket_connected_to_other_port_is_ignored, NONE, { CONNECT, 7, "127.0.0.1@5353" },
	      { SEND, 7, NULL, Q6 }, { RECEIVE, 7, NULL, A6 }),
	WATCH(descriptor_that_is_no_socket_is_ignored, NONE, { SEND, 1, NULL, Q6 },
	      { RECEIVE, 1, NULL, A6 }),
	WATCH(question_to_other_port_is_ignored, NONE, { SEND, 7, NS "@5353", Q6 },
	      { RECEIVE, 7, NS "@5353", A6 }),
	WATCH(question_that_is_an_answer_is_ignored, NONE, { SEND, 7, NS, "?www.pin.test/AAAA" },
	      ANSWERED),

	WATCH(answer_without_question_is_ignored, NONE, ANSWERED),
	WATCH(answer_before_question_is_ignored, NONE, ANSWERED, ASKED),
	WATCH(answer_on_other_descriptor_is_ignored, NONE, ASKED, { RECEIVE, 8, NS, A6 }),
	IGNORED(answer_with_other_id, NS, A6 " ~0=1235"),
	IGNORED(answer_for_other_type, NS, A4),
	IGNORED(answer_for_other_pinned_name, NS, "?www2.pin.test/AAAA =*12/9/AAAA/2001:db8::1"),
	IGNORED(answer_for_name_above, NS, "?pin.test/AAAA =*12/9/AAAA/2001:db8::1"),
	IGNORED(answer_from_other_address, "192.0.2.54", A6),
	IGNORED(answer_from_other_port, NS "@54", A6),
	IGNORED(answer_from_other_family, "::ffff:192.0.2.53", A6),
	IGNORED(answer_from_nobody_known, NULL, A6),
	IGNORED(answer_that_is_truncated, NS, "#8380 " A6),
	IGNORED(answer_with_failure, NS, "#8182 " A6),
	IGNORED(answer_with_bytes_behind_it, NS, A6 " !00"),
	IGNORED(answer_that_is_a_question, NS, Q6),
	IGNORED(answer_with_address_of_other_name, NS,
		"?www.pin.test/AAAA =w.pin.test/60/AAAA/2001:db8::1"),
	UNPINNED(host_without_rule, "www.other.test"),
	UNPINNED(host_that_ends_alike, "wwwpin.test"),
	UNPINNED(host_above_the_rule, "pin.test"),
	UNPINNED(host_that_is_excepted, "not.pin.test"),
	UNPINNED(host_that_is_preferred, "first.pin.test"),
	UNPINNED(host_with_rule_as_label, "www.pin|test"),
	WATCH(address_that_other_host_has_first_is_left_alone, NONE,
	      { SEND, 7, NS, "#0100 ?o.test/AAAA" },
	      { RECEIVE, 7, NS, "?o.test/AAAA =*12/60/AAAA/2001:db8::1" }, ASKED, ANSWERED),
	WATCH(address_that_other_host_has_too_is_left_alone, NONE, ASKED, ANSWERED,
	      { SEND, 8, NS, "#0100 ?o.test/AAAA" },
	      { RECEIVE, 8, NS, "?o.test/AAAA =*12/60/AAAA/2001:db8::1" }),

	WATCH(answer_after_a_truncated_one_enters, ONE, ASKED, { RECEIVE, 7, NS, "#8380 " A6 },
	      ANSWERED),
	WATCH(answer_after_one_of_others_enters, ONE, ASKED, { RECEIVE, 7, "192.0.2.54", A6 },
	      ANSWERED),
	WATCH(answer_to_question_asked_again_enters, " www.pin.test/0 www.pin.test/0", ASKED,
	      ANSWERED, ASKED, { RECEIVE, 7, NS, "?www.pin.test/AAAA =*12/60/AAAA/2001:db8::2" }),

	/* A spoofer must have no more time, and no more to guess, than with the program alone. */
	WATCH(answer_that_comes_twice_counts_once, ONE, ASKED, ANSWERED,
	      { RECEIVE, 7, NS, "?www.pin.test/AAAA =*12/60/AAAA/2001:db8::2" }),
	WATCH(answer_that_comes_twice_takes_nothing_away, ONE, ASKED, ANSWERED, ANSWERED),
	WATCH(answer_to_who_had_the_descriptor_before_is_ignored, NONE, { SOCKET, 7 }, ASKED,
	      { SOCKET, 7 }, { SEND, 7, NS, Q6 " ~0=9999" }, ANSWERED),
	/* accept() and others give numbers too, and nobody tells. */
	WATCH(answer_on_number_of_an_accepted_socket_is_ignored, NONE, { SOCKET, 7 }, ASKED,
	      { ACCEPT, 7 }, ANSWERED),
	WATCH(answer_on_number_of_another_socket_that_was_connected_is_ignored, NONE,
	      { CONNECT, 7, "127.0.0.1" }, { SEND, 7, NULL, Q6 }, { ACCEPT, 7 },
	      { RECEIVE, 7, NULL, A6 }),
	WATCH(answer_on_another_socket_to_the_same_server_is_ignored, NONE,
	      { CONNECT, 7, "127.0.0.1" }, { SEND, 7, NULL, Q6 }, { CONNECT, 7, "127.0.0.1" },
	      { RECEIVE, 7, NULL, A6 }),
	WATCH(answer_on_socket_connected_elsewhere_since_is_ignored, NONE,
	      { CONNECT, 7, "127.0.0.1" }, { SEND, 7, NULL, Q6 }, { CONNECT, 7, "127.0.0.1@8080" },
	      { RECEIVE, 7, NULL, A6 }),
	/* Both names have one FNV-1a hash of 32 bits. */
	WATCH(answer_for_name_of_equal_hash_is_ignored, NONE,
	      { SEND, 7, NS, "#0100 ?p147307.pin.test/AAAA" },
	      { RECEIVE, 7, NS, "?o5997.other.test/AAAA =*12/60/AAAA/2001:db8::1" }),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
