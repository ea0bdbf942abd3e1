/* SPDX-License-Identifier: MIT */
/* Names and records as they stand in a DNS message, faults included. */
#include "dns.h"
#include "dns/wire.h"

struct name_row {
	const char *bytes; /* from offset 12 on, in hexadecimal */
	size_t at;
	const char *wanted; /* labels with a dot behind each; NULL: a fault */
	size_t end;
};

static void check_name(void **state)
{
	const struct name_row *row = *state;
	struct dns *msg = malloc(sizeof(*msg));
	struct wire_name name;
	struct wire wire;
	char text[256] = "";
	size_t at = row->at;
	char *exact;

	dns_write(msg, "");
	dns_put_hex(msg, row->bytes);
	exact = unit_exact((const char *)msg->bytes, msg->len);
	wire = (struct wire){ .bytes = (unsigned char *)exact, .len = msg->len };
	assert_int_equal(wire_read_name(&wire, &at, &name), row->wanted != NULL);
	assert_int_equal(at, row->wanted ? row->end : row->at);
	if (row->wanted) {
		for (size_t i = 0; i < name.len; i += 1U + (unsigned char)name.text[i]) {
			strncat(text, name.text + i + 1, (unsigned char)name.text[i]);
			strcat(text, ".");
		}
		assert_string_equal(text, row->wanted);
		assert_int_equal(name.len, strlen(row->wanted));
	}
	free(exact);
	free(msg);
}

/* count pointers, each to the one before it, the first to the root. */
static bool read_pointers(unsigned count)
{
	struct dns *msg = malloc(sizeof(*msg));
	struct wire_name name;
	struct wire wire;
	bool is_read;
	size_t at;

	dns_write(msg, "!00");
	for (unsigned i = 0; i < count; i++)
		dns_put16(msg, 0xc000 | (i ? 13 + 2 * (i - 1) : 12));
	wire = (struct wire){ .bytes = msg->bytes, .len = msg->len };
	at = msg->len - 2;
	is_read = wire_read_name(&wire, &at, &name) && !name.len && at == msg->len;
	free(msg);
	return is_read;
}

static void of_64_pointers_is_read_and_of_65_is_not(void **state)
{
	(void)state;
	assert_true(read_pointers(64));
	assert_false(read_pointers(65));
}

struct record_row {
	const char *text; /* dns.h */
	bool is_record;
	size_t shorter;
	unsigned type, class;
	uint32_t ttl;
	size_t data_len;
};

static void check_record(void **state)
{
	const struct record_row *row = *state;
	struct dns *msg = malloc(sizeof(*msg));
	struct wire_record record;
	struct wire wire;
	char *exact;

	dns_write(msg, row->text);
	exact = unit_exact((const char *)msg->bytes, msg->len - row->shorter);
	wire = (struct wire){ (unsigned char *)exact, msg->len - row->shorter, WIRE_HEADER };
	assert_int_equal(wire_read_record(&wire, &record), row->is_record);
	assert_int_equal(wire.at, row->is_record ? wire.len : WIRE_HEADER);
	if (row->is_record) {
		assert_int_equal(record.type, row->type);
		assert_int_equal(record.class, row->class);
		assert_int_equal(record.ttl, row->ttl);
		assert_int_equal(record.start, WIRE_HEADER);
		assert_int_equal(record.data_len, row->data_len);
		assert_int_equal(record.data + record.data_len, wire.len);
	}
	free(exact);
	free(msg);
}

static void compare_by_length_and_bytes(void **state)
{
	const struct wire_name root = { .len = 0 };
	const struct wire_name a = { 2, "\1a" };
	const struct wire_name ab = { 4, "\1a\1b" };
	const struct wire_name dotted = { 4, "\3a.b" };

	(void)state;
	assert_true(wire_is_same(&root, &root) && wire_is_same(&ab, &ab));
	assert_false(wire_is_same(&a, &ab) || wire_is_same(&a, &root) ||
		     wire_is_same(&ab, &dotted));
}

static void put_and_get_are_inverse(void **state)
{
	unsigned char bytes[4];

	(void)state;
	wire_put32(bytes, 0x81c20304);
	assert_memory_equal(bytes, "\x81\xc2\x03\x04", 4);
	assert_int_equal(wire_get16(bytes), 0x81c2);
	wire_put16(bytes, 0xfffe);
	assert_int_equal(wire_get16(bytes), 0xfffe);
}

int main(void)
{
	/* clang-format off */
	const struct CMUnitTest tests[] = {
#define ROW(name, ...) UNIT_ROW("name_" name, check_name, name_row, __VA_ARGS__)
		ROW("of_labels_is_read", "016102626300", 12, "a.bc.", 18),
		ROW("in_capitals_is_read_in_lower_case", "02415a015b00", 12, "az.[.", 18),
		ROW("of_the_root_is_read", "00", 12, "", 13),
		ROW("that_points_back_ends_behind_the_pointer", "01610001620162c00c", 15, "b.b.a.", 21),
		ROW("that_is_a_pointer_is_read", "016100c00c", 15, "a.", 17),
		ROW("that_points_into_a_name_is_read", "0161016200c00e", 17, "b.", 19),
		ROW("that_points_to_itself_is_a_fault", "c00c", 12, NULL, 0),
		ROW("that_points_to_its_own_start_is_a_fault", "0161c00c", 12, NULL, 0),
		ROW("that_points_into_itself_is_a_fault", "01610162c00e", 12, NULL, 0),
		ROW("that_points_ahead_is_a_fault", "c00e0000", 12, NULL, 0),
		ROW("that_points_behind_the_end_is_a_fault", "00c0ff", 13, NULL, 0),
		ROW("that_points_into_the_header_is_a_fault", "00c00b", 13, NULL, 0),
		ROW("with_half_a_pointer_is_a_fault", "00c0", 13, NULL, 0),
		ROW("with_a_pointer_loop_is_a_fault", "c00ec00c", 14, NULL, 0),
		ROW("with_a_label_of_64_is_a_fault", "4061", 12, NULL, 0),
		ROW("with_a_label_of_type_2_is_a_fault", "8061", 12, NULL, 0),
		ROW("that_ends_within_a_label_is_a_fault", "026100", 12, NULL, 0),
		ROW("without_root_is_a_fault", "0161", 12, NULL, 0),
		ROW("behind_the_end_is_a_fault", "00", 13, NULL, 0),
#undef ROW
		cmocka_unit_test(of_64_pointers_is_read_and_of_65_is_not),
#define ROW(name, ...) UNIT_ROW("record_" name, check_record, record_row, __VA_ARGS__)
		ROW("is_read", "=a.test/3600/A/192.0.2.1", true, 0, 1, 1, 3600, 4),
		ROW("of_any_type_and_class_is_read", "=/4294967295/65535:65534/x010203", true, 0, 65535,
		    65534, 4294967295U, 3),
		ROW("without_data_is_read", "=a.test/0/16/x", true, 0, 16, 1, 0, 0),
		ROW("with_a_byte_less_of_data_is_none", "=a.test/0/16/x01", false, 1),
		ROW("without_all_of_its_fixed_part_is_none", "=a.test/0/16/x", false, 1),
		ROW("without_fixed_part_is_none", "=a.test/0/16/x", false, 10),
		ROW("without_root_is_none", "=a.test/0/16/x", false, 11),
		ROW("without_anything_is_none", "", false, 0),
		ROW("with_more_rdlength_than_data_is_none", "=/0/16/x01 ~21=ffff", false, 0),
#undef ROW
		cmocka_unit_test(compare_by_length_and_bytes),
		cmocka_unit_test(put_and_get_are_inverse),
	};
	/* clang-format on */

	return cmocka_run_group_tests(tests, NULL, NULL);
}
