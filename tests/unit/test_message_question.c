/* SPDX-License-Identifier: MIT */
/* Which messages are questions that pin4 may change, and which are answers to them. */
#include "dns.h"
#include "dns/message.h"

struct row {
	const char *text; /* dns.h; the flags are those of a question */
	const char *name; /* as it is read; NULL: it is no question to change */
	size_t shorter;   /* so many bytes are missing */
};

static void check_question(void **state)
{
	const struct row *row = *state;
	struct dns *msg = malloc(sizeof(*msg));
	struct question question = { .end = 99, .name = "untouched" };
	char text[2048];
	char *exact;
	bool is_question;

	snprintf(text, sizeof(text), "#0100 %s", row->text);
	dns_write(msg, text);
	msg->len -= row->shorter;
	exact = unit_exact((const char *)msg->bytes, msg->len);
	is_question = message_read_question((unsigned char *)exact, msg->len, &question);
	if (row->name) {
		assert_true(is_question && message_has_question(exact));
		assert_string_equal(question.name, row->name);
		assert_int_equal(exact[question.end - 3], MESSAGE_AAAA);
		message_set_type((unsigned char *)exact, question.end, MESSAGE_A);
		assert_false(message_read_question((unsigned char *)exact, msg->len, &question));
		assert_memory_equal(exact, msg->bytes, question.end - 3);
		assert_memory_equal(exact + question.end - 2, msg->bytes + question.end - 2,
				    msg->len - question.end + 2);
	} else {
		assert_false(is_question);
		assert_string_equal(question.name, "untouched");
		assert_int_equal(question.end, 99);
	}
	free(exact);
	free(msg);
}

struct answer_row {
	const char *asked;
	const char *answer;
	bool is_answer;
};

static void check_answer(void **state)
{
	const struct answer_row *row = *state;
	struct dns *asked = malloc(sizeof(*asked));
	struct dns *answer = malloc(sizeof(*answer));
	struct question question;
	char *exact;

	dns_write(asked, row->asked);
	assert_true(message_read_question(asked->bytes, asked->len, &question));
	dns_write(answer, row->answer);
	exact = unit_exact((const char *)answer->bytes, answer->len);
	assert_int_equal(
		message_answers((unsigned char *)exact, answer->len, asked->bytes, question.end),
		row->is_answer);
	free(exact);
	free(asked);
	free(answer);
}

/* RFC 1035 4.2.1: longer ones are none that a program sends. */
static void question_of_512_bytes_is_read_and_of_513_is_not(void **state)
{
	struct dns *msg = malloc(sizeof(*msg));
	struct question question;

	(void)state;
	for (size_t len = MESSAGE_MOST; len <= MESSAGE_MOST + 1; len++) {
		dns_write(msg, "#0100 ?a.test/AAAA +/0/OPT/x");
		msg->bytes[msg->len - 2] = (unsigned char)((len - msg->len) >> 8);
		msg->bytes[msg->len - 1] = (unsigned char)(len - msg->len);
		memset(msg->bytes + msg->len, 0, len - msg->len);
		assert_int_equal(message_read_question(msg->bytes, len, &question),
				 len == MESSAGE_MOST);
	}
	free(msg);
}

/* An answer that ends at any place before its question does is none. */
static void cut_before_its_question_ends_is_no_answer(void **state)
{
	struct dns *msg = malloc(sizeof(*msg));

	(void)state;
	dns_write(msg, "?ab.test/A =*12/60/A/192.0.2.1");
	for (size_t len = 0; len <= msg->len; len++) {
		char *exact = unit_exact((const char *)msg->bytes, len);

		assert_int_equal(message_question_end((unsigned char *)exact, len),
				 len < 12 + 9 + 4 ? 0 : 12 + 9 + 4);
		free(exact);
	}
	free(msg);
}

int main(void)
{
	/* clang-format off */
	const struct CMUnitTest tests[] = {
#define ROW(name, ...) UNIT_ROW("question_" name, check_question, row, __VA_ARGS__)
		ROW("plain_is_read", "?db.victim.test/AAAA", "db.victim.test"),
		ROW("of_one_label_is_read", "?a/AAAA", "a"),
		ROW("in_0x20_spelling_is_read_in_lower_case", "?dB.VicTiM.tEST/AAAA", "db.victim.test"),
		ROW("with_odd_bytes_is_read", "?_a-b!\xc3\xa4.test/AAAA", "_a-b!\xc3\xa4.test"),
		ROW("of_253_bytes_is_read", "?" N253 "/AAAA", N253),
		ROW("of_254_bytes_is_none", "?" L63 "." L63 "." L63 "." L60 "ab/AAAA", NULL),
		ROW("with_a_label_of_63_is_read", "?" L63 ".test/AAAA", L63 ".test"),
		ROW("with_a_label_of_64_is_none", "?" L63 "d.test/AAAA", NULL),
		ROW("about_the_root_is_none", "?/AAAA", NULL),
		ROW("with_a_dot_in_a_label_is_none", "?a|b.test/AAAA", NULL),
		ROW("with_a_dot_that_ends_a_label_is_none", "?ab|.test/AAAA", NULL),
		ROW("with_a_nul_in_a_label_is_none", "?a^b.test/AAAA", NULL),
		ROW("with_a_pointer_is_none", "?a*12/AAAA", NULL),
		ROW("with_a_pointer_into_its_header_is_none", "?a*4/AAAA", NULL),
		ROW("with_AD_is_read", "#0120 ?a.test/AAAA", "a.test"),
		ROW("without_RD_is_none", "#0000 ?a.test/AAAA", NULL),
		ROW("with_CD_is_none", "#0110 ?a.test/AAAA", NULL),
		ROW("with_RA_is_none", "#0180 ?a.test/AAAA", NULL),
		ROW("with_Z_is_none", "#0140 ?a.test/AAAA", NULL),
		ROW("with_AA_is_none", "#0500 ?a.test/AAAA", NULL),
		ROW("with_TC_is_none", "#0300 ?a.test/AAAA", NULL),
		ROW("with_QR_is_none", "#8100 ?a.test/AAAA", NULL),
		ROW("with_opcode_1_is_none", "#0900 ?a.test/AAAA", NULL),
		ROW("of_a_notification_is_none", "#2100 ?a.test/AAAA", NULL),
		ROW("of_an_update_is_none", "#2900 ?a.test/AAAA", NULL),
		ROW("with_an_error_is_none", "#0102 ?a.test/AAAA", NULL),
		ROW("for_A_is_none", "?a.test/A", NULL),
		ROW("for_any_type_is_none", "?a.test/255", NULL),
		ROW("for_type_284_is_none", "?a.test/284", NULL),
		ROW("in_class_CH_is_none", "?a.test/AAAA:3", NULL),
		ROW("in_any_class_is_none", "?a.test/AAAA:255", NULL),
		ROW("that_is_two_is_none", "?a.test/AAAA ?b.test/AAAA", NULL),
		ROW("that_counts_two_is_none", "?a.test/AAAA ~4=0002", NULL),
		ROW("that_counts_none_is_none", "?a.test/AAAA ~4=0000", NULL),
		ROW("that_counts_257_is_none", "?a.test/AAAA ~4=0101", NULL),
		ROW("with_an_answer_is_none", "?a.test/AAAA =*12/60/A/192.0.2.1", NULL),
		ROW("that_counts_256_answers_is_none", "?a.test/AAAA ~6=0100", NULL),
		ROW("with_an_authority_is_none", "?a.test/AAAA @*12/60/NS/b.test", NULL),
		ROW("with_OPT_is_read", "?a.test/AAAA +/0/OPT:1232/x", "a.test"),
		ROW("with_OPT_and_a_cookie_is_read", "?a.test/AAAA +/0/OPT:4096/x000a00080102030405060708",
		    "a.test"),
		ROW("with_OPT_and_padding_is_read", "?a.test/AAAA +/0/OPT:1232/x000c000400000000", "a.test"),
		ROW("with_OPT_of_another_version_is_read", "?a.test/AAAA +/65536/OPT:512/x", "a.test"),
		ROW("with_OPT_and_DO_is_none", "?a.test/AAAA +/32768/OPT:1232/x", NULL),
		ROW("with_two_OPT_is_none", "?a.test/AAAA +/0/OPT/x +/0/OPT/x", NULL),
		ROW("with_OPT_of_another_owner_is_none", "?a.test/AAAA +b.test/0/OPT/x", NULL),
		ROW("with_another_additional_record_is_none", "?a.test/AAAA +/0/250/x", NULL),
		ROW("that_counts_a_missing_OPT_is_none", "?a.test/AAAA ~10=0001", NULL),
		ROW("with_an_uncounted_OPT_is_none", "?a.test/AAAA !0000290200000000000000", NULL),
		ROW("with_OPT_and_a_byte_is_none", "?a.test/AAAA +/0/OPT/x !00", NULL),
		ROW("with_OPT_without_its_end_is_none", "?a.test/AAAA +/0/OPT/x0001000100", NULL, 1),
		ROW("with_half_an_OPT_is_none", "?a.test/AAAA +/0/OPT/x", NULL, 1),
		ROW("with_a_byte_more_is_none", "?a.test/AAAA !00", NULL),
		ROW("with_a_byte_less_is_none", "?a.test/AAAA", NULL, 1),
		ROW("without_class_is_none", "?a.test/AAAA", NULL, 2),
		ROW("without_type_is_none", "?a.test/AAAA", NULL, 4),
		ROW("without_root_is_none", "?a.test/AAAA", NULL, 5),
		ROW("without_its_last_label_is_none", "?a.test/AAAA", NULL, 8),
#undef ROW
#define ROW(name, ...) UNIT_ROW("answer_" name, check_answer, answer_row, "#0100 ?aB.test/AAAA", \
				__VA_ARGS__)
		ROW("to_the_letter_is_one", "?aB.test/A =*12/60/A/192.0.2.1", true),
		ROW("with_nothing_in_it_is_one", "?aB.test/A", true),
		ROW("of_an_error_is_one", "#8183 ?aB.test/A", true),
		ROW("that_is_truncated_is_one", "#8380 ?aB.test/A", true),
		ROW("with_another_id_is_none", "~0=1235 ?aB.test/A", false),
		ROW("with_the_id_swapped_is_none", "~0=3412 ?aB.test/A", false),
		ROW("about_another_host_is_none", "?aC.test/A", false),
		ROW("in_other_letters_is_none", "?ab.test/A", false),
		ROW("about_a_longer_name_is_none", "?aB.test.x/A", false),
		ROW("about_a_shorter_name_is_none", "?aB/A", false),
		ROW("to_a_AAAA_question_is_none", "?aB.test/AAAA", false),
		ROW("in_class_CH_is_none", "?aB.test/A:3", false),
		ROW("that_is_a_question_is_none", "#0100 ?aB.test/A", false),
		ROW("of_another_opcode_is_none", "#a180 ?aB.test/A", false),
		ROW("with_two_questions_is_none", "?aB.test/A ?aB.test/A", false),
		ROW("without_question_is_none", "#8181", false),
#undef ROW
		cmocka_unit_test(question_of_512_bytes_is_read_and_of_513_is_not),
		cmocka_unit_test(cut_before_its_question_ends_is_no_answer),
	};
	/* clang-format on */

	return cmocka_run_group_tests(tests, NULL, NULL);
}
