/* SPDX-License-Identifier: MIT */
/* Answers with a fault, and names at the edge of one. */
#include "snoop_rows.h"

#define WWW "?www.test/AAAA " /* its name stands at 12, "test" at 16, the root at 21 */
#define REAL "=*12/60/AAAA/2001:db8::1"
#define READ "1234 www.test/28 60 2001:db8::1"
#define NONE "1234 www.test/28"

#define REFUSED(name, message) ANSWER(name##_is_refused, message, "refused")

/* A TXT record at 26 of the root's, with its data, pointers, from 37 on, and an address whose owner
 * points to the last of them. */
static void read_through_pointers(unsigned pointers, bool is_good)
{
	char text[4096] = WWW "=./60/16/x";
	char *end = text + strlen(text);
	struct snoop_answer answer;
	struct dns message;

	for (unsigned i = 1; i < pointers; i++)
		end += sprintf(end, "%04x", 0xc000 | (i == 1 ? 12 : 37 + 2 * (i - 2)));
	sprintf(end, " =*%u/60/AAAA/2001:db8::1", 37 + 2 * (pointers - 2));
	dns_write(&message, text);
	assert_int_equal(snoop_read_answer(&message, message.len, &answer), is_good);
	if (is_good)
		assert_int_equal(answer.ipv6_count, 1);
}

static void pointers_of_64_are_followed(void **state)
{
	(void)state;
	for (unsigned pointers = 2; pointers <= 64; pointers++)
		read_through_pointers(pointers, true);
}

static void pointers_of_65_are_refused(void **state)
{
	(void)state;
	read_through_pointers(65, false);
	read_through_pointers(66, false);
	read_through_pointers(500, false);
}

static void message_of_64_kib_is_read_to_its_end(void **state)
{
	static char text[200000] = WWW;
	char *end = text + strlen(text);
	struct snoop_answer answer;
	struct dns message;

	(void)state;
	for (int i = 0; i < 2300; i++) /* of 28 bytes each */
		end += sprintf(end, "=*12/%d/AAAA/2001:db8::%x ", 5000 - i, i);
	end[-1] = '\0';
	dns_write(&message, text);
	assert_true(snoop_read_answer(&message, message.len, &answer));
	assert_int_equal(answer.ipv6_count, SNOOP_ADDRESSES);
	assert_int_equal(answer.ttl, 2701);
	assert_false(snoop_read_answer(&message, message.len - 1, &answer));
}

static const struct CMUnitTest tests[] = {
	REFUSED(answer_without_response_bit, "#0180 " WWW REAL),
	REFUSED(answer_with_opcode_1, "#8980 " WWW REAL),
	REFUSED(answer_with_opcode_8, "#c180 " WWW REAL),
	REFUSED(answer_that_is_truncated, "#8380 " WWW REAL),
	REFUSED(answer_with_format_error, "#8181 " WWW REAL),
	REFUSED(answer_with_server_failure, "#8182 " WWW REAL),
	REFUSED(answer_with_no_such_name, "#8183 " WWW REAL),
	REFUSED(answer_with_refusal, "#8185 " WWW REAL),
	REFUSED(answer_with_rcode_15, "#818f " WWW REAL),
	REFUSED(answer_without_question, "=www.test/60/AAAA/2001:db8::1"),
	REFUSED(answer_with_question_counted_as_none, WWW REAL " ~4=0000"),
	REFUSED(answer_with_two_questions, WWW WWW REAL),
	REFUSED(answer_with_257_questions, WWW REAL " ~4=0101"),
	REFUSED(answer_for_other_type, "?www.test/NS =*12/60/NS/a.test"),
	REFUSED(answer_for_any_type, "?www.test/255 " REAL),
	REFUSED(answer_of_other_class, "?www.test/AAAA:3 " REAL),
	REFUSED(answer_for_the_root, "?./AAAA =./60/AAAA/2001:db8::1"),
	REFUSED(answer_for_odd_name, "?www|test/AAAA " REAL),

	REFUSED(address_of_a_with_3_bytes, "?www.test/A =*12/60/A/xc00002"),
	REFUSED(address_of_a_with_5_bytes, "?www.test/A =*12/60/A/xc000020100"),
	REFUSED(address_of_a_with_none, "?www.test/A =*12/60/A/x"),
	REFUSED(address_of_aaaa_with_4_bytes, WWW "=*12/60/AAAA/xc0000201"),
	REFUSED(address_of_aaaa_with_15_bytes,
		WWW "=*12/60/AAAA/x20010db80000000000000000000000 " REAL),
	REFUSED(address_of_aaaa_with_17_bytes,
		WWW REAL " =*12/60/AAAA/x20010db8000000000000000000000000ff"),
	REFUSED(address_of_other_name_with_fault, WWW REAL " =b.test/60/AAAA/x00"),
	REFUSED(address_of_other_family_with_fault, WWW REAL " =www.test/60/A/x00"),
	REFUSED(record_longer_than_message, WWW REAL " ~36=0011"),
	REFUSED(record_of_65535_bytes, WWW REAL " ~36=ffff"),
	REFUSED(answers_fewer_than_counted, WWW REAL " ~6=0002"),
	REFUSED(answers_counted_as_65535, WWW REAL " ~6=ffff"),
	REFUSED(answers_more_than_counted, WWW REAL " ~6=0000"),
	REFUSED(authority_counted_and_missing, WWW REAL " ~8=0001"),
	REFUSED(additional_counted_and_missing, WWW REAL " ~10=0001"),
	REFUSED(sections_counted_as_65536, WWW REAL " ~8=8000 ~10=8000"),
	REFUSED(bytes_behind_the_end, WWW REAL " !00"),
	REFUSED(bytes_behind_an_empty_answer, WWW "!000000"),
	REFUSED(fault_in_authority, WWW REAL " @*60/60/NS/a.test"),
	REFUSED(fault_in_additional, WWW REAL " +*90/60/A/192.0.2.1"),

	ANSWER(pointer_to_part_of_name_is_followed, "?www.test/AAAA =www.*16/60/AAAA/2001:db8::1",
	       READ),
	ANSWER(pointer_to_the_root_is_followed, WWW "=*21/60/NS/*21 " REAL, READ),
	ANSWER(pointer_into_record_data_is_followed,
	       WWW "=./60/16/x03777777c010 =*37/60/AAAA/2001:db8::1", READ),
	ANSWER(pointer_into_the_middle_of_a_label_is_followed,
	       "?a.\3www\4test/AAAA =www.test/60/AAAA/2001:db8::bad", "1234 a.\3www\4test/28"),
	REFUSED(pointer_to_itself, WWW "=*26/60/AAAA/2001:db8::1"),
	REFUSED(pointer_to_its_own_name, WWW "=a.*26/60/AAAA/2001:db8::1"),
	REFUSED(pointer_forward, WWW "=*40/60/AAAA/2001:db8::1 " REAL),
	REFUSED(pointer_beyond_the_end, WWW "=*16383/60/AAAA/2001:db8::1"),
	REFUSED(pointer_to_the_header, WWW "=*0/60/AAAA/2001:db8::1"),
	REFUSED(pointer_to_the_end_of_the_header, WWW "=*11/60/AAAA/2001:db8::1"),
	REFUSED(pointers_in_a_loop, WWW "=./60/16/xc027c025 =*37/60/AAAA/2001:db8::1"),
	REFUSED(pointer_back_to_a_name_that_comes_again,
		WWW "=./60/16/x0161c025 =*37/60/AAAA/2001:db8::1"),
	REFUSED(pointer_in_the_question, "?www.*12/AAAA =*12/60/AAAA/2001:db8::1"),
	REFUSED(pointer_with_one_byte, WWW REAL " ~26=c0 !c0 ~6=0002"),
	REFUSED(label_of_type_01, WWW "=a.b/60/AAAA/2001:db8::1 ~26=41"),
	REFUSED(label_of_type_10, WWW "=a.b/60/AAAA/2001:db8::1 ~26=81"),
	REFUSED(label_of_64, "?" L63 "d/AAAA " REAL),
	REFUSED(label_beyond_the_end, WWW REAL " !3f61 ~6=0002"),

	ANSWER(owner_of_253_is_read, "?" N253 "/AAAA =" N253 "/60/AAAA/2001:db8::1",
	       "1234 " N253 "/28 60 2001:db8::1"),
	REFUSED(owner_of_254, WWW "=" N253 "b/60/AAAA/2001:db8::1"),
	REFUSED(owner_of_254_by_pointer, "?" N253 "/AAAA =a.*12/60/AAAA/::1"),
	REFUSED(cname_to_name_of_254, WWW "=*12/60/CNAME/" N253 "b"),
	REFUSED(cname_with_pointer_to_itself, WWW "=*12/60/CNAME/*38"),
	REFUSED(cname_with_pointer_forward, WWW "=*12/60/CNAME/*40 " REAL),
	REFUSED(cname_with_pointer_to_the_header, WWW "=*12/60/CNAME/*4"),
	REFUSED(cname_without_data, WWW "=*12/60/CNAME/x"),
	REFUSED(cname_in_the_next_record, WWW "=*12/60/CNAME/x01 " REAL),

	ANSWER(name_with_dot_in_label_is_another, WWW "=www|test/9/AAAA/2001:db8::bad", NONE),
	ANSWER(name_with_nul_in_label_is_another, WWW "=www.test^/9/AAAA/2001:db8::bad", NONE),
	ANSWER(name_cut_by_nul_is_another, WWW "=www.test.^/9/AAAA/2001:db8::bad", NONE),
	cmocka_unit_test(pointers_of_64_are_followed),
	cmocka_unit_test(pointers_of_65_are_refused),
	cmocka_unit_test(message_of_64_kib_is_read_to_its_end),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
