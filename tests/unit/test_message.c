/* SPDX-License-Identifier: MIT */
/* Answers to A questions, made into answers to AAAA questions, byte by byte. */
#include "dns.h"
#include "dns/message.h"

#define NONE MESSAGE_NO_RECORD, NULL
#define ERROR MESSAGE_RESTORED, NULL
#define REBUILT MESSAGE_REBUILT,

#define A1 "=*12/60/A/192.0.2.1"
#define A2 "=*12/60/A/192.0.2.2"
#define AAAA1 "=*12/60/AAAA/::ffff:192.0.2.1"
#define AAAA2 "=*12/60/AAAA/::ffff:192.0.2.2"
#define OPT "+/0/OPT:1232/x"
#define COOKIE "+/0/OPT:4096/x000a000801020304"
/* An option of 255 bytes in all with the OPT record's own 11, and one more byte. */
#define X10 "00010203040506070809"
#define X100 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10
#define X240 X100 X100 X10 X10 X10 X10
#define BIG_OPT "+/0/OPT:1232/x000c00f1" X240 "00"
#define BIGGER_OPT "+/0/OPT:1232/x000c00f2" X240 "0000"

struct row {
	const char *from; /* the answer, as dns.h writes it */
	enum message_outcome outcome;
	const char *to; /* if it is rebuilt: what it is made into */
	size_t size;    /* of the buffer; 0: there is room for all */
	size_t shorter; /* so many bytes are missing at the end */
	unsigned rcode;
};

static void check_bytes(const struct row *row, const struct dns *from, const unsigned char *buf,
			size_t end, const struct message_answer *answer)
{
	struct dns *to = malloc(sizeof(*to));

	if (row->to) {
		dns_write(to, row->to);
	} else {
		*to = *from;
		assert_int_equal(answer->count, 0);
	}
	if (row->outcome == MESSAGE_RESTORED)
		message_set_type(to->bytes, end, MESSAGE_AAAA);
	assert_int_equal(answer->len, to->len);
	assert_memory_equal(buf, to->bytes, to->len);
	for (size_t i = 0; i < answer->count; i++)
		assert_memory_equal(buf + end + 28 * i + 24, &answer->addresses[i], 4);
	free(to);
}

static void check(void **state)
{
	const struct row *row = *state;
	struct dns *from = malloc(sizeof(*from));
	struct message_answer *answer = malloc(sizeof(*answer));
	unsigned char *buf;
	size_t size, end;

	dns_write(from, row->from);
	from->len -= row->shorter;
	size = row->size ? row->size : from->len + 8192;
	assert_true(size >= from->len);
	buf = malloc(size); /* of that very size: a sanitizer sees a write behind it */
	memcpy(buf, from->bytes, from->len);
	end = message_question_end(buf, from->len);
	assert_true(end);
	assert_int_equal(message_rebuild(buf, from->len, size, end, answer), row->outcome);
	assert_int_equal(answer->rcode, row->rcode);
	check_bytes(row, from, buf, end, answer);
	free(buf);
	free(answer);
	free(from);
}

/* More A records than an answer is rebuilt with: the first ones. */
static void of_more_records_than_are_kept_holds_the_first(void **state)
{
	enum { COUNT = MESSAGE_ADDRESSES + 10, QUESTION = 12 + 8 + 4 };
	struct message_answer *answer = malloc(sizeof(*answer));
	struct dns *msg = malloc(sizeof(*msg));

	(void)state;
	dns_write(msg, "?a.test/A");
	for (unsigned i = 0; i < COUNT; i++) {
		dns_put_hex(msg, "c00c000100010000003c0004c000");
		dns_put16(msg, i);
		dns_count(msg, 1);
	}
	assert_int_equal(
		message_rebuild(msg->bytes, msg->len, sizeof(msg->bytes), QUESTION, answer),
		MESSAGE_REBUILT);
	assert_int_equal(answer->count, MESSAGE_ADDRESSES);
	assert_int_equal(answer->len, QUESTION + 28 * MESSAGE_ADDRESSES);
	for (unsigned i = 0; i < MESSAGE_ADDRESSES; i++)
		assert_int_equal(ntohl(answer->addresses[i].s_addr), 0xc0000000 + i);
	free(msg);
	free(answer);
}

/* Cut at any place behind its question, it holds the records that are whole, or says nothing. */
static void cut_at_any_place_holds_what_is_whole(void **state)
{
	enum { QUESTION = 12 + 8 + 4, RECORD = 16 };
	struct message_answer *answer = malloc(sizeof(*answer));
	struct dns *msg = malloc(sizeof(*msg));

	(void)state;
	dns_write(msg, "?a.test/A " A1 " " A2 " " OPT);
	for (size_t len = QUESTION; len < msg->len; len++) {
		size_t whole = len < QUESTION + RECORD ? 0 : len < QUESTION + 2 * RECORD ? 1 : 2;
		unsigned char *buf = malloc(len + 28);

		memcpy(buf, msg->bytes, len);
		assert_int_equal(message_rebuild(buf, len, len + 28, QUESTION, answer),
				 whole ? MESSAGE_REBUILT : MESSAGE_RESTORED);
		assert_int_equal(answer->count, whole);
		assert_int_equal(buf[QUESTION - 3], MESSAGE_AAAA);
		free(buf);
	}
	free(msg);
	free(answer);
}

/* clang-format off */
#define LINK(from, to) " =" from ".l/60/CNAME/" to ".l"
#define LINKS_2_15 \
	LINK("2", "3") LINK("3", "4") LINK("4", "5") LINK("5", "6") LINK("6", "7") LINK("7", "8") \
	LINK("8", "9") LINK("9", "10") LINK("10", "11") LINK("11", "12") LINK("12", "13") \
	LINK("13", "14") LINK("14", "15")
/* clang-format on */

int main(void)
{
	/* clang-format off */
	const struct CMUnitTest tests[] = {
#define ROW(name, ...) UNIT_ROW("answer_" name, check, row, __VA_ARGS__)
		ROW("of_one_record", "?a.test/A " A1, REBUILT "?a.test/AAAA " AAAA1),
		ROW("of_several_keeps_their_order", "?a.test/A " A2 " " A1,
		    REBUILT "?a.test/AAAA " AAAA2 " " AAAA1),
		ROW("to_a_question_in_0x20_keeps_its_letters", "?A.tEst/A =a.test/60/A/192.0.2.1",
		    REBUILT "?A.tEst/AAAA " AAAA1),
		ROW("with_the_owner_written_out", "?a.test/A =A.TEST/60/A/192.0.2.1",
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("of_the_same_record_twice_keeps_both", "?a.test/A " A1 " " A1,
		    REBUILT "?a.test/AAAA " AAAA1 " " AAAA1),
		ROW("of_0_0_0_0_is_rebuilt", "?a.test/A =*12/60/A/0.0.0.0",
		    REBUILT "?a.test/AAAA =*12/60/AAAA/::ffff:0.0.0.0"),
		ROW("about_the_root", "?/A =/60/A/192.0.2.1", REBUILT "?/AAAA " AAAA1),

		ROW("with_a_cname", "?a.test/A =*12/60/CNAME/b.test =b.test/60/A/192.0.2.1",
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("with_a_chain", "?a.test/A =*12/60/CNAME/b.x =b.x/60/CNAME/c.y =c.y/60/A/192.0.2.1",
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("with_a_chain_backwards",
		    "?a.test/A =c.y/60/A/192.0.2.1 =b.x/60/CNAME/c.y =*12/60/CNAME/b.x",
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("with_a_chain_in_other_letters",
		    "?a.test/A =A.test/60/CNAME/B.x =b.X/60/CNAME/C.y =c.Y/60/A/192.0.2.1",
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("with_records_on_the_way_of_a_chain_takes_those_at_its_end",
		    "?a.test/A " A2 " =*12/60/CNAME/b.x =b.x/60/A/192.0.2.1",
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("with_a_chain_of_16",
		    "?0.l/A" LINK("0", "1") LINK("1", "2") LINKS_2_15 LINK("15", "16")
		    " =16.l/60/A/192.0.2.1", REBUILT "?0.l/AAAA " AAAA1),
		ROW("with_a_chain_of_17_is_none",
		    "?0.l/A" LINK("0", "1") LINK("1", "2") LINKS_2_15 LINK("15", "16") LINK("16", "17")
		    " =17.l/60/A/192.0.2.1", NONE),
		ROW("with_a_loop_is_none", "?a.test/A =*12/60/CNAME/b.x =b.x/60/CNAME/a.test", NONE),
		ROW("with_a_cname_to_itself_is_none", "?a.test/A =*12/60/CNAME/*12", NONE),
		ROW("with_a_cname_alone_is_none", "?a.test/A =*12/60/CNAME/b.x", NONE),
		ROW("with_a_cname_in_class_CH_is_not_followed",
		    "?a.test/A =*12/60/CNAME:3/b.x =b.x/60/A/192.0.2.1", NONE),
		ROW("with_a_cname_among_the_others_is_not_followed",
		    "?a.test/A @*12/60/CNAME/b.x =b.x/60/A/192.0.2.1", NONE),
		ROW("with_a_cname_of_another_owner_is_not_followed",
		    "?a.test/A =c.test/60/CNAME/b.x =b.x/60/A/192.0.2.1", NONE),
		ROW("with_a_cname_too_short_is_restored",
		    "?a.test/A =*12/60/CNAME/x0162 =b/60/A/192.0.2.1", ERROR),
		ROW("with_a_cname_that_reads_on_is_restored",
		    "?a.test/A =*12/60/CNAME/x016200aa =b/60/A/192.0.2.1", ERROR),
		ROW("with_a_cname_that_points_ahead_is_restored",
		    "?a.test/A =*12/60/CNAME/x0162c0ff =b/60/A/192.0.2.1", ERROR),

		ROW("of_a_foreign_owner_is_none", "?a.test/A =b.test/60/A/192.0.2.1", NONE),
		ROW("of_a_name_below_is_none", "?a.test/A =x.a.test/60/A/192.0.2.1", NONE),
		ROW("of_a_foreign_owner_too_holds_the_other", "?a.test/A =b.test/60/A/192.0.2.9 " A1,
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("of_a_label_with_a_dot_is_none", "?a.test/A =a|test/60/A/192.0.2.1", NONE),
		ROW("in_class_CH_is_none", "?a.test/A =*12/60/A:3/192.0.2.1", NONE),
		ROW("of_other_types_is_none", "?a.test/A =*12/60/16/x0161 =*12/60/AAAA/2001:db8::1", NONE),
		ROW("of_other_types_too_holds_the_A", "?a.test/A =*12/60/16/x0161 " A1 " =*12/60/46/x00",
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("with_rdlength_3_is_none", "?a.test/A =*12/60/A/xc00002", NONE),
		ROW("with_rdlength_5_is_none", "?a.test/A =*12/60/A/xc000020100", NONE),
		ROW("with_rdlength_16_is_none", "?a.test/A =*12/60/A/x00000000000000000000000000000001",
		    NONE),
		ROW("with_rdlength_0_too_holds_the_other", "?a.test/A =*12/60/A/x " A1,
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("with_records_in_the_authority_is_none", "?a.test/A @*12/60/A/192.0.2.1", NONE),
		ROW("with_records_in_the_additional_is_none", "?a.test/A +*12/60/A/192.0.2.1", NONE),
		ROW("loses_its_other_sections",
		    "?a.test/A " A1 " @test/60/NS/ns.test +ns.test/60/A/192.0.2.53",
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("that_counts_fewer_holds_those", "?a.test/A " A1 " " A2 " ~6=0001",
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("that_counts_more_holds_what_is_there", "?a.test/A " A1 " ~6=ffff",
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("that_counts_more_and_holds_none_is_restored", "?a.test/A ~6=0001", ERROR),
		ROW("with_bytes_behind_is_rebuilt_without", "?a.test/A " A1 " !0102030405",
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("with_an_owner_that_points_ahead_is_restored", "?a.test/A =*200/60/A/192.0.2.1", ERROR),

		ROW("has_the_least_ttl_of_the_records",
		    "?a.test/A =*12/70/A/192.0.2.1 =*12/60/A/192.0.2.2",
		    REBUILT "?a.test/AAAA " AAAA1 " " AAAA2),
		ROW("has_the_least_ttl_of_the_chain",
		    "?a.test/A =*12/60/CNAME/b.x =b.x/61/CNAME/c.y =c.y/3600/A/192.0.2.1",
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("has_no_ttl_of_other_records", "?a.test/A =z.test/1/CNAME/b.x =b.x/2/A/192.0.2.9 " A1,
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("with_ttl_0", "?a.test/A =*12/0/A/192.0.2.1",
		    REBUILT "?a.test/AAAA =*12/0/AAAA/::ffff:192.0.2.1"),
		ROW("with_the_most_ttl", "?a.test/A =*12/2147483647/A/192.0.2.1",
		    REBUILT "?a.test/AAAA =*12/2147483647/AAAA/::ffff:192.0.2.1"),
		ROW("with_more_than_the_most_ttl_has_0", "?a.test/A =*12/2147483648/A/192.0.2.1",
		    REBUILT "?a.test/AAAA =*12/0/AAAA/::ffff:192.0.2.1"),
		ROW("with_ttl_of_32_bits_has_0", "?a.test/A " A2 " =*12/4294967295/A/192.0.2.1",
		    REBUILT "?a.test/AAAA =*12/0/AAAA/::ffff:192.0.2.2 =*12/0/AAAA/::ffff:192.0.2.1"),

		ROW("keeps_its_OPT", "?a.test/A " A1 " " OPT, REBUILT "?a.test/AAAA " AAAA1 " " OPT),
		ROW("keeps_its_OPT_before_others", "?a.test/A " A1 " " OPT " +ns.test/60/A/192.0.2.53",
		    REBUILT "?a.test/AAAA " AAAA1 " " OPT),
		ROW("keeps_its_cookie", "?a.test/A " A1 " " COOKIE, REBUILT "?a.test/AAAA " AAAA1 " " COOKIE),
		ROW("keeps_an_OPT_of_256_bytes", "?a.test/A " A1 " " BIG_OPT,
		    REBUILT "?a.test/AAAA " AAAA1 " " BIG_OPT),
		ROW("keeps_an_OPT_of_257_bytes_without_its_options", "?a.test/A " A1 " " BIGGER_OPT,
		    REBUILT "?a.test/AAAA " AAAA1 " " OPT),
		ROW("has_no_OPT_of_another_owner", "?a.test/A " A1 " +b.test/0/OPT:1232/x",
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("has_no_OPT_from_among_the_answers", "?a.test/A " A1 " =/0/OPT:1232/x",
		    REBUILT "?a.test/AAAA " AAAA1),

		ROW("loses_AD", "#81a0 ?a.test/A " A1, REBUILT "?a.test/AAAA " AAAA1),
		ROW("keeps_AA_and_CD", "#8590 ?a.test/A " A1, REBUILT "#8590 ?a.test/AAAA " AAAA1),
		ROW("truncated_with_records_is_whole_then", "#8380 ?a.test/A " A1,
		    REBUILT "?a.test/AAAA " AAAA1),
		ROW("truncated_without_records_is_restored", "#8380 ?a.test/A", ERROR),
		ROW("truncated_after_a_cname_is_restored", "#8380 ?a.test/A =*12/60/CNAME/b.x", ERROR),
		ROW("truncated_within_a_record_is_restored", "#8380 ?a.test/A " A1, ERROR, .shorter = 1),
		ROW("cut_within_a_record_holds_the_others", "?a.test/A " A1 " " A2,
		    REBUILT "?a.test/AAAA " AAAA1, .shorter = 1),
		ROW("cut_within_the_OPT_has_none", "?a.test/A " A1 " " OPT,
		    REBUILT "?a.test/AAAA " AAAA1, .shorter = 1),
		ROW("cut_within_the_authority_of_none_is_restored", "?a.test/A @test/60/SOA/x00", ERROR,
		    .shorter = 1),

		ROW("with_nothing_is_none", "?a.test/A", NONE),
		ROW("with_SOA_is_none", "?a.test/A @test/60/SOA/x00 " OPT, NONE),
		ROW("with_AD_and_nothing_is_none", "#81a0 ?a.test/A", NONE),
		ROW("of_FORMERR_is_restored", "#8181 ?a.test/A", ERROR, .rcode = 1),
		ROW("of_SERVFAIL_is_restored", "#8182 ?a.test/A " OPT, ERROR, .rcode = 2),
		ROW("of_NXDOMAIN_is_restored", "#8183 ?a.test/A @test/60/SOA/x00", ERROR, .rcode = 3),
		ROW("of_NXDOMAIN_behind_a_cname_is_restored", "#8183 ?a.test/A =*12/60/CNAME/b.x", ERROR,
		    .rcode = 3),
		ROW("of_REFUSED_with_records_is_restored", "#8185 ?a.test/A " A1, ERROR, .rcode = 5),
		ROW("of_BADVERS_is_restored", "?a.test/A +/16777216/OPT:1232/x", ERROR, .rcode = 16),
		ROW("of_BADCOOKIE_is_restored", "#8187 ?a.test/A +/16777216/OPT:1232/x", ERROR, .rcode = 7),

		/* The question takes 24 bytes, a AAAA record 28, the OPT record 11. */
		ROW("that_fits_to_the_byte", "?a.test/A " A1, REBUILT "?a.test/AAAA " AAAA1, 52),
		ROW("that_fits_with_its_OPT_to_the_byte", "?a.test/A " A1 " " OPT,
		    REBUILT "?a.test/AAAA " AAAA1 " " OPT, 63),
		ROW("that_fits_without_its_OPT_has_none", "?a.test/A " A1 " " OPT,
		    REBUILT "?a.test/AAAA " AAAA1, 62),
		ROW("that_fits_not_is_truncated", "?a.test/A " A1, REBUILT "#8380 ?a.test/AAAA", 51),
		ROW("that_was_truncated_and_fits_not_is", "#83a0 ?a.test/A " A1,
		    REBUILT "#8380 ?a.test/AAAA", 51),
		ROW("of_which_one_of_two_fits_holds_that", "?a.test/A " A1 " " A2,
		    REBUILT "?a.test/AAAA " AAAA1, 79),
		ROW("of_which_all_fit_but_for_the_OPT_leaves_one_out", "?a.test/A " A1 " " A2 " " OPT,
		    REBUILT "?a.test/AAAA " AAAA1 " " OPT, 90),
		ROW("of_which_all_fit_to_the_byte", "?a.test/A " A1 " " A2 " " OPT,
		    REBUILT "?a.test/AAAA " AAAA1 " " AAAA2 " " OPT, 91),
#undef ROW
		cmocka_unit_test(of_more_records_than_are_kept_holds_the_first),
		cmocka_unit_test(cut_at_any_place_holds_what_is_whole),
	};
	/* clang-format on */

	return cmocka_run_group_tests(tests, NULL, NULL);
}
