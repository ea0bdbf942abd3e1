/* SPDX-License-Identifier: MIT */
/* Host names as text: tables, and two readings of the same definitions over generated names. */
#include <arpa/inet.h>
#include <ctype.h>

#include "hostname.h"
#include "unit.h"

struct fault_row {
	const char *name;
	size_t len;
	enum hostname_fault fault;
};

static void check_fault(void **state)
{
	const struct fault_row *row = *state;
	char *name = unit_exact(row->name, row->len);

	assert_int_equal(hostname_fault(name, row->len), row->fault);
	free(name);
}

#define FAULT(name, text, fault) \
	UNIT_ROW(#name, check_fault, fault_row, text, sizeof(text) - 1, fault)

struct numeric_row {
	const char *name;
	bool is_numeric;
};

static void check_numeric(void **state)
{
	const struct numeric_row *row = *state;
	size_t len = strlen(row->name);
	char *name = unit_exact(row->name, len);
	bool is_numeric = hostname_is_numeric(name, len);

	free(name);
	assert_int_equal(is_numeric, row->is_numeric);
}

#define NUMERIC(name, text, wanted) UNIT_ROW(#name, check_numeric, numeric_row, text, wanted)

struct start_row {
	const char *host;
	bool is_address;
};

static void check_start(void **state)
{
	const struct start_row *row = *state;
	char *host = unit_exact(row->host, strlen(row->host) + 1);
	bool is_address = hostname_starts_as_address(host);

	free(host);
	assert_int_equal(is_address, row->is_address);
}

#define START(name, text, wanted) UNIT_ROW(#name, check_start, start_row, text, wanted)

struct equal_row {
	const char *a;
	const char *b;
	bool is_equal;
};

static void check_equal(void **state)
{
	const struct equal_row *row = *state;
	size_t a_len = strlen(row->a);
	size_t b_len = strlen(row->b);
	char *a = unit_exact(row->a, a_len);
	char *b = unit_exact(row->b, b_len);

	assert_int_equal(hostname_is_equal(a, a_len, b, b_len), row->is_equal);
	assert_int_equal(hostname_is_equal(b, b_len, a, a_len), row->is_equal);
	free(a);
	free(b);
}

#define EQUAL(name, a, b, wanted) UNIT_ROW(#name, check_equal, equal_row, a, b, wanted)

static void fold_of_every_byte_changes_ascii_capitals_alone(void **state)
{
	(void)state;
	for (int i = 0; i < 256; i++) {
		int wanted = i >= 'A' && i <= 'Z' ? i - 'A' + 'a' : i;

		assert_int_equal(hostname_fold((char)i), wanted);
	}
}

static void fault_of_every_byte_allows_ldh_and_underscore(void **state)
{
	static const char good[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

	(void)state;
	for (int i = 0; i < 256; i++) {
		char name[] = { 'x', (char)i, 'y' };
		enum hostname_fault wanted = HOSTNAME_BAD_CHARACTER;

		if (i == '.' || (i && strchr(good, i)))
			wanted = HOSTNAME_OK;
		else if (i >= 0x80)
			wanted = HOSTNAME_NOT_ASCII;
		assert_int_equal(hostname_fault(name, sizeof(name)), wanted);
	}
}

static void trim_of_dots_takes_the_last_one_alone(void **state)
{
	(void)state;
	assert_int_equal(hostname_trim("", 0), 0);
	assert_int_equal(hostname_trim(".", 1), 0);
	assert_int_equal(hostname_trim("a.", 2), 1);
	assert_int_equal(hostname_trim("a..", 3), 2);
	assert_int_equal(hostname_trim(".a", 2), 2);
	assert_int_equal(hostname_trim("a.b", 2), 1);
}

static bool is_number(const char *part)
{
	size_t len = strlen(part);

	if (len > 2 && part[0] == '0' && (part[1] == 'x' || part[1] == 'X'))
		return strspn(part + 2, "0123456789abcdefABCDEF") == len - 2;
	return len && strspn(part, "0123456789") == len;
}

static bool is_one_to_four_numbers_or_digits_and_dots(const char *text)
{
	char copy[32];
	char *part = copy;
	int count = 0;

	if (strspn(text, "0123456789.") == strlen(text))
		return true;
	strcpy(copy, text);
	for (char *dot; part; part = dot, count++) {
		dot = strchr(part, '.');
		if (dot)
			*dot++ = '\0';
		if (!is_number(part))
			return false;
	}
	return count <= 4;
}

/* inet_aton(3) also takes what follows a blank; there is none here. */
static void numeric_over_generated_texts_agrees_with_inet_aton(void **state)
{
	static const char alphabet[] = "01x.7.8fX.g";
	long accepted = 0;

	(void)state;
	for (int n = 0; n < 200000; n++) {
		char text[16] = "";
		uint32_t len = 1 + unit_random(9);
		struct in_addr ignored;

		for (uint32_t i = 0; i < len; i++)
			text[i] = alphabet[unit_random(sizeof(alphabet) - 1)];
		if (hostname_is_numeric(text, len) !=
		    is_one_to_four_numbers_or_digits_and_dots(text))
			fail_msg("%s: is_numeric is %d", text, hostname_is_numeric(text, len));
		if (inet_aton(text, &ignored)) {
			accepted++;
			assert_true(hostname_is_numeric(text, len));
		}
	}
	assert_true(accepted > 1000);
}

/* The first fault by label: too long before it is complete, else by character. */
static enum hostname_fault fault_by_labels(const char *text)
{
	size_t len = strlen(text);
	const char *label = text;

	for (;;) {
		size_t size = strcspn(label, ".");

		for (size_t i = 0; i < size; i++) {
			if ((unsigned char)label[i] > 127)
				return HOSTNAME_NOT_ASCII;
			if (!isalnum((unsigned char)label[i]) && !strchr("-_", label[i]))
				return HOSTNAME_BAD_CHARACTER;
			if (i == 63)
				return HOSTNAME_LONG_LABEL;
		}
		if (!size)
			return HOSTNAME_EMPTY_LABEL;
		if (!label[size])
			break;
		label += size + 1;
	}
	return len > 253 ? HOSTNAME_LONG_NAME : HOSTNAME_OK;
}

static void fault_over_generated_names_agrees_with_labels(void **state)
{
	static const char *const rare[] = { "!", "\xc3", " ", "*", "." };
	long seen[HOSTNAME_BAD_CHARACTER + 1] = { 0 };

	(void)state;
	for (int n = 0; n < 50000; n++) {
		char text[400] = "";
		size_t len = 0;
		uint32_t labels = 1 + unit_random(6);
		bool is_long = unit_random(2);

		for (uint32_t i = 0; i < labels; i++) {
			uint32_t size = is_long ? 50 + unit_random(15) : unit_random(5);

			len += (size_t)sprintf(text + len, "%s%.*s", i ? "." : "", (int)size,
					       L63 L10);
			if (unit_random(20) == 0)
				len += (size_t)sprintf(text + len, "%s", rare[unit_random(5)]);
		}
		assert_int_equal(hostname_fault(text, len), fault_by_labels(text));
		seen[fault_by_labels(text)]++;
	}
	for (int i = 0; i <= HOSTNAME_BAD_CHARACTER; i++)
		assert_true(seen[i] > 200);
}

static const struct CMUnitTest tests[] = {
	FAULT(fault_of_one_letter_is_none, "a", HOSTNAME_OK),
	FAULT(fault_of_a_digit_label_is_none, "1a.2", HOSTNAME_OK),
	FAULT(fault_of_hyphens_and_underscores_is_none, "-a_.b-.-", HOSTNAME_OK),
	FAULT(fault_of_nothing_is_empty_label, "", HOSTNAME_EMPTY_LABEL),
	FAULT(fault_of_the_root_is_empty_label, ".", HOSTNAME_EMPTY_LABEL),
	FAULT(fault_of_a_leading_dot_is_empty_label, ".a", HOSTNAME_EMPTY_LABEL),
	FAULT(fault_of_a_trailing_dot_is_empty_label, "a.", HOSTNAME_EMPTY_LABEL),
	FAULT(fault_of_two_dots_is_empty_label, "a..b", HOSTNAME_EMPTY_LABEL),
	FAULT(fault_of_63_bytes_is_none, L63, HOSTNAME_OK),
	FAULT(fault_of_64_bytes_is_long_label, L63 "d", HOSTNAME_LONG_LABEL),
	FAULT(fault_of_a_last_label_of_64_bytes_is_long_label, "a." L63 "d", HOSTNAME_LONG_LABEL),
	FAULT(fault_of_253_bytes_is_none, N253, HOSTNAME_OK),
	FAULT(fault_of_254_bytes_is_long_name, N253 "b", HOSTNAME_LONG_NAME),
	FAULT(fault_of_utf8_is_not_ascii, "b\303\274cher.example", HOSTNAME_NOT_ASCII),
	FAULT(fault_of_byte_ff_is_not_ascii, "\xff", HOSTNAME_NOT_ASCII),
	FAULT(fault_of_a_nul_is_bad_character, "a\0b", HOSTNAME_BAD_CHARACTER),
	FAULT(fault_of_a_colon_is_bad_character, "a:b", HOSTNAME_BAD_CHARACTER),
	FAULT(fault_of_a_blank_is_bad_character, "a b", HOSTNAME_BAD_CHARACTER),
	NUMERIC(numeric_of_four_parts_is_true, "192.0.2.1", true),
	NUMERIC(numeric_of_three_parts_is_true, "192.0.2", true),
	NUMERIC(numeric_of_two_parts_is_true, "127.1", true),
	NUMERIC(numeric_of_one_part_is_true, "2130706433", true),
	NUMERIC(numeric_of_octal_is_true, "0177.1", true),
	NUMERIC(numeric_of_hexadecimal_is_true, "0x7f.0X1", true),
	NUMERIC(numeric_out_of_range_is_true, "999.999.999.999", true),
	NUMERIC(numeric_of_nothing_is_false, "", false),
	NUMERIC(numeric_of_five_parts_is_true, "1.2.3.4.5", true),
	NUMERIC(numeric_with_trailing_dot_is_true, "1.2.3.4.", true),
	NUMERIC(numeric_with_empty_part_is_true, "1..2", true),
	NUMERIC(numeric_with_leading_dot_is_true, ".1", true),
	NUMERIC(numeric_of_five_hexadecimal_parts_is_false, "0x1.2.3.4.5", false),
	NUMERIC(numeric_with_hexadecimal_and_trailing_dot_is_false, "0x1.2.", false),
	NUMERIC(numeric_with_a_letter_is_false, "1.2.3.a", false),
	NUMERIC(numeric_of_a_bare_0x_is_false, "0x", false),
	NUMERIC(numeric_of_0x_and_a_part_is_false, "0x.1", false),
	NUMERIC(numeric_of_a_name_is_false, "db.internal", false),
	NUMERIC(numeric_of_a_hexadecimal_word_is_false, "beef", false),
	START(start_of_ipv4_is_an_address, "192.0.2.1", true),
	START(start_of_ipv6_is_an_address, "2001:db8::1", true),
	START(start_of_ipv6_loopback_is_an_address, "::1", true),
	START(start_of_mapped_ipv4_is_an_address, "::ffff:192.0.2.1", true),
	START(start_of_ipv6_with_a_letter_is_not_told, "fe80::1", false),
	START(start_of_a_name_is_none, "db.example", false),
	START(start_of_a_name_with_digits_is_none, "127.0.0.1.example", false),
	START(start_of_a_name_of_one_digit_label_is_none, "1.example", false),
	START(start_of_a_name_that_begins_with_a_digit_is_none, "3com.example", false),
	START(start_of_hexadecimal_is_not_told, "0x7f.1", false),
	EQUAL(equal_of_seven_bytes_is_true, "db.home", "db.HOME", true),
	EQUAL(equal_of_eight_bytes_is_true, "db.local", "db.local", true),
	EQUAL(equal_of_17_bytes_is_true, "db.some.example.a", "db.some.example.a", true),
	EQUAL(equal_of_17_bytes_in_another_case_is_true, "Db.some.example.a", "db.some.example.A",
	      true),
	EQUAL(equal_but_for_the_first_byte_is_false, "xb.some.example.a", "db.some.example.a",
	      false),
	EQUAL(equal_but_for_the_ninth_byte_is_false, "db.some.xxample.a", "db.some.example.a",
	      false),
	EQUAL(equal_but_for_the_last_byte_is_false, "db.some.example.b", "db.some.example.a",
	      false),
	EQUAL(equal_of_nothing_is_true, "", "", true),
	EQUAL(equal_in_another_case_is_true, "Db.EXAMPLE", "dB.example", true),
	EQUAL(equal_of_a_prefix_is_false, "db", "db.example", false),
	EQUAL(equal_of_at_sign_and_backtick_is_false, "@", "`", false),
	EQUAL(equal_of_bracket_and_brace_is_false, "[", "{", false),
	EQUAL(equal_of_latin1_cases_is_false, "\xc4", "\xe4", false),
	EQUAL(equal_of_underscore_and_delete_is_false, "_", "\x7f", false),
	cmocka_unit_test(fold_of_every_byte_changes_ascii_capitals_alone),
	cmocka_unit_test(fault_of_every_byte_allows_ldh_and_underscore),
	cmocka_unit_test(trim_of_dots_takes_the_last_one_alone),
	cmocka_unit_test(numeric_over_generated_texts_agrees_with_inet_aton),
	cmocka_unit_test(fault_over_generated_names_agrees_with_labels),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
