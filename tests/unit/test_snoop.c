/* SPDX-License-Identifier: MIT */
/* Well-formed DNS messages: which are ours, and what is read in them. */
#include "snoop_rows.h"

#define WWW "?www.test/AAAA "
#define REAL "=www.test/60/AAAA/2001:db8::1"
#define READ "1234 www.test/28 60 2001:db8::1"
#define FAR "=far.test/60/AAAA/2001:db8::1"

/* Links of a chain from l0 to l16. */
#define LINK(from, to) "=l" #from "/60/CNAME/l" #to " "
#define LINKS5 LINK(1, 2) LINK(2, 3) LINK(3, 4) LINK(4, 5) LINK(5, 6)
#define LINKS10 LINKS5 LINK(6, 7) LINK(7, 8) LINK(8, 9) LINK(9, 10) LINK(10, 11)
#define LINKS15 LINKS10 LINK(11, 12) LINK(12, 13) LINK(13, 14) LINK(14, 15) LINK(15, 16)

/* 33 addresses of one name, the last with the least time to live. */
#define FOUR(n)                                                                     \
	"=*12/60/A/192.0.2." #n "0 =*12/60/A/192.0.2." #n "1 =*12/60/A/192.0.2." #n \
	"2 =*12/60/A/192.0.2." #n "3 "
#define SAID4(n) " 192.0.2." #n "0 192.0.2." #n "1 192.0.2." #n "2 192.0.2." #n "3"

static const struct CMUnitTest tests[] = {
	QUESTION(query_for_a_is_read, "#0100 ?www.test/A", "1234 www.test/1"),
	QUESTION(query_for_aaaa_is_read, "#0100 ?www.test/AAAA", "1234 www.test/28"),
	QUESTION(query_with_edns_is_read, "#0120 ?w.test/A +./0/OPT:1232/x", "1234 w.test/1"),
	QUESTION(query_without_recursion_is_read, "#0000 ?w.test/A", "1234 w.test/1"),
	QUESTION(query_in_mixed_case_is_folded, "#0100 ?wWw.tEsT/A", "1234 www.test/1"),
	QUESTION(query_of_one_letter_is_read, "#0100 ?a/A", "1234 a/1"),
	QUESTION(query_of_bytes_beyond_ascii_keeps_them, "#0100 ?\xc3\x84@[`{/A",
		 "1234 \xc3\x84@[`{/1"),
	QUESTION(query_of_253_is_read, "#0100 ?" N253 "/A", "1234 " N253 "/1"),
	QUESTION(query_of_254_is_refused, "#0100 ?" N253 "b/A", "refused"),
	QUESTION(query_of_label_64_is_refused, "#0100 ?" L63 "d/A", "refused"),
	QUESTION(query_of_the_root_is_refused, "#0100 ?./A", "refused"),
	QUESTION(query_with_dot_in_label_is_refused, "#0100 ?www|test/A", "refused"),
	QUESTION(query_with_nul_in_label_is_refused, "#0100 ?www^.test/A", "refused"),
	QUESTION(query_for_other_type_is_refused, "#0100 ?www.test/NS", "refused"),
	QUESTION(query_of_other_class_is_refused, "#0100 ?www.test/A:3", "refused"),
	QUESTION(query_of_any_class_is_refused, "#0100 ?www.test/A:255", "refused"),
	QUESTION(query_of_no_question_is_refused, "#0100", "refused"),
	QUESTION(query_of_two_questions_is_refused, "#0100 ?a.test/A ?a.test/AAAA", "refused"),
	QUESTION(query_of_256_questions_is_refused, "#0100 ?a.test/A ~4=0100", "refused"),
	QUESTION(query_with_answer_is_refused, "#0100 " WWW REAL, "refused"),
	QUESTION(query_with_authority_is_refused, "#0100 " WWW "@test/1/NS/a.test", "refused"),
	QUESTION(query_of_other_opcode_is_refused, "#0900 ?www.test/A", "refused"),
	QUESTION(query_of_name_at_itself_is_refused, "#0100 ?*12/A", "refused"),
	QUESTION(query_of_name_in_header_is_refused, "#0100 ?a.*2/A", "refused"),

	ANSWER(answer_with_one_record_is_read, WWW REAL, READ),
	ANSWER(answer_with_pointers_is_read, WWW "=*12/60/AAAA/2001:db8::1", READ),
	ANSWER(answer_without_records_is_read, WWW, "1234 www.test/28"),
	ANSWER(answer_for_a_is_read, "?w.test/A =w.test/5/A/192.0.2.1 =w.test/4/A/192.0.2.2",
	       "1234 w.test/1 4 192.0.2.1 192.0.2.2"),
	ANSWER(answer_in_other_case_is_read, "?wWw.TEST/AAAA =WwW.test/60/AAAA/2001:db8::1", READ),
	ANSWER(answer_with_bits_ad_aa_cd_is_read, "#85b0 " WWW REAL, READ),
	ANSWER(answer_with_all_sections_is_read,
	       WWW REAL " @test/9/NS/ns.test +ns.test/9/A/192.0.2.9 +./0/OPT:1232/x000a0002abcd",
	       READ),
	ANSWER(answer_with_negative_soa_is_read,
	       WWW "@test/9/SOA/x026e73002a120000000100000001000000010000000100000001",
	       "1234 www.test/28"),
	ANSWER(answer_with_addresses_in_additional_keeps_none, WWW "+www.test/9/AAAA/2001:db8::bad",
	       "1234 www.test/28"),
	ANSWER(answer_with_address_of_other_name_keeps_none,
	       WWW "=wwww.test/9/AAAA/2001:db8::bad =www.test.x/9/AAAA/2001:db8::bad " REAL, READ),
	ANSWER(answer_with_address_of_odd_name_keeps_none,
	       WWW "=www|test/9/AAAA/2001:db8::bad =./9/AAAA/2001:db8::bad " REAL, READ),
	ANSWER(answer_with_address_of_other_class_keeps_none,
	       WWW REAL " =www.test/9/AAAA:3/2001:db8::bad =www.test/9/AAAA:3/x01", READ),
	ANSWER(answer_with_address_of_other_family_keeps_none, WWW REAL " =www.test/9/A/192.0.2.1",
	       READ),
	ANSWER(answer_with_other_types_keeps_none, WWW REAL " =www.test/9/64/x0001 =*12/9/46/x",
	       READ),
	ANSWER(answer_with_ttl_0_is_read, WWW "=*12/0/AAAA/::1", "1234 www.test/28 0 ::1"),
	ANSWER(answer_with_greatest_ttl_is_read, WWW "=*12/2147483647/AAAA/::1",
	       "1234 www.test/28 2147483647 ::1"),
	ANSWER(answer_with_ttl_beyond_the_greatest_has_0, WWW "=*12/2147483648/AAAA/::1",
	       "1234 www.test/28 0 ::1"),
	ANSWER(answer_with_33_addresses_keeps_32,
	       "?w/A " FOUR(1) FOUR(2) FOUR(3) FOUR(4) FOUR(5) FOUR(6) FOUR(7)
		       FOUR(8) "=*12/60/A/192.0.2.99",
	       "1234 w/1 60" SAID4(1) SAID4(2) SAID4(3) SAID4(4) SAID4(5) SAID4(6) SAID4(7)
		       SAID4(8)),

	ANSWER(cname_to_address_is_followed, WWW "=*12/60/CNAME/far.test " FAR, READ),
	ANSWER(cname_in_other_case_is_followed, WWW "=WWW.test/60/CNAME/FAR.test " FAR, READ),
	ANSWER(cname_behind_its_address_is_followed, WWW FAR " =*12/60/CNAME/far.test", READ),
	ANSWER(cname_chain_backwards_is_followed,
	       WWW FAR " =c/60/CNAME/far.test =b/60/CNAME/c =*12/60/CNAME/b", READ),
	ANSWER(cname_with_least_ttl_gives_it, WWW "=*12/7/CNAME/far.test " FAR,
	       "1234 www.test/28 7 2001:db8::1"),
	ANSWER(cname_of_others_gives_no_ttl, WWW REAL " =b.test/7/CNAME/c.test", READ),
	ANSWER(cname_without_address_gives_none, WWW "=*12/7/CNAME/far.test", "1234 www.test/28 7"),
	ANSWER(cname_beside_address_wins,
	       WWW "=*12/60/CNAME/far.test " FAR " =www.test/60/AAAA/2001:db8::bad", READ),
	ANSWER(cname_twice_goes_to_the_first,
	       WWW
	       "=*12/60/CNAME/far.test =*12/60/CNAME/bad.test =bad.test/9/AAAA/2001:db8::bad " FAR,
	       READ),
	ANSWER(cname_of_other_class_is_ignored, WWW "=*12/9/CNAME:3/far.test " REAL, READ),
	ANSWER(cname_to_the_root_gives_none, WWW "=*12/7/CNAME/. =./9/AAAA/2001:db8::bad",
	       "1234 www.test/28 7"),
	ANSWER(cname_to_odd_name_gives_none, WWW "=*12/7/CNAME/a|b =a|b/9/AAAA/2001:db8::bad",
	       "1234 www.test/28 7"),
	ANSWER(cname_to_itself_is_refused, WWW "=*12/60/CNAME/*12 " REAL, "refused"),
	ANSWER(cname_loop_of_two_is_refused, WWW "=*12/60/CNAME/b =b/60/CNAME/*12 " REAL,
	       "refused"),
	ANSWER(cname_chain_of_16_is_followed,
	       "?l0/AAAA " LINK(0, 1) LINKS15 "=l16/60/AAAA/2001:db8::1",
	       "1234 l0/28 60 2001:db8::1"),
	ANSWER(cname_chain_of_17_is_refused,
	       "?l0/AAAA " LINK(0, 1) LINKS15 "=l16/60/CNAME/l17 =l17/60/AAAA/2001:db8::1",
	       "refused"),
	ANSWER(cname_with_bytes_behind_it_is_refused, WWW "=*12/60/CNAME/x016200ff " REAL,
	       "refused"),
	ANSWER(cname_longer_than_its_record_is_refused, WWW "=*12/60/CNAME/x0362 " REAL, "refused"),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
