/* SPDX-License-Identifier: MIT */
/* What a program file is told to be, on files that the test makes byte by byte, and on paths that
 * are no files. test_program_kernel.c has what the kernel has a say in. */
#include <elf.h>
#include <errno.h>
#include <link.h>

#include "check/program.h"
#include "unit.h"

#if defined __x86_64__
#define OWN_MACHINE EM_X86_64
#elif defined __aarch64__
#define OWN_MACHINE EM_AARCH64
#elif defined __i386__
#define OWN_MACHINE EM_386
#endif

/* Two headers, of which the last names a loader. */
struct image {
	ElfW(Ehdr) ehdr;
	ElfW(Phdr) phdr[2];
};

static const unsigned char own_class = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;

static struct image good_image(void)
{
	struct image image = { .ehdr = { .e_type = ET_DYN, .e_machine = OWN_MACHINE } };

	memcpy(image.ehdr.e_ident, ELFMAG, SELFMAG);
	image.ehdr.e_ident[EI_CLASS] = own_class;
	image.ehdr.e_ident[EI_VERSION] = EV_CURRENT;
	image.ehdr.e_phoff = offsetof(struct image, phdr);
	image.ehdr.e_phentsize = sizeof(image.phdr[0]);
	image.ehdr.e_phnum = 2;
	image.phdr[0].p_type = PT_LOAD;
	image.phdr[1].p_type = PT_INTERP;
	return image;
}

static void be_whole(struct image *image)
{
	(void)image;
}

static void be_of_the_other_class(struct image *image)
{
	image->ehdr.e_ident[EI_CLASS] = own_class ^ ELFCLASS32 ^ ELFCLASS64;
}

static void be_of_another_machine(struct image *image)
{
	image->ehdr.e_machine = EM_S390;
}

static void have_no_loader(struct image *image)
{
	image->phdr[1].p_type = PT_DYNAMIC;
}

static void have_no_headers(struct image *image)
{
	image->ehdr.e_phnum = 0;
}

static void have_headers_of_another_size(struct image *image)
{
	image->ehdr.e_phentsize = 1;
}

static void have_headers_beyond_the_end(struct image *image)
{
	image->ehdr.e_phoff = sizeof(*image);
	image->ehdr.e_phnum = 0xffff;
}

static void have_headers_at_no_offset(struct image *image)
{
	image->ehdr.e_phoff = (__typeof__(image->ehdr.e_phoff))-1;
}

static void have_notes_beyond_the_end(struct image *image)
{
	image->phdr[0].p_type = PT_NOTE;
	image->phdr[0].p_offset = sizeof(*image);
	image->phdr[0].p_filesz = 64;
}

static void be_no_elf(struct image *image)
{
	image->ehdr.e_ident[0] = 0;
}

struct image_row {
	void (*spoil)(struct image *image);
	enum program_fault fault;
};

static void check_image(void **state)
{
	const struct image_row *row = *state;
	struct image image = good_image();
	char culprit[256];

	row->spoil(&image);
	unit_write_file("image", &image, sizeof(image), 0755);
	assert_int_equal(program_look("image", culprit), row->fault);
	assert_string_equal(culprit, "image");
}

#define IMAGE(name, spoil, fault) UNIT_ROW(#name, check_image, image_row, spoil, fault)

static void image_cut_at_every_length_never_loads(void **state)
{
	struct image image = good_image();
	char culprit[256];

	(void)state;
	for (size_t len = 0; len <= sizeof(image); len++) {
		enum program_fault wanted = PROGRAM_STATIC;

		if (len < sizeof(image.ehdr))
			wanted = PROGRAM_NO_PROGRAM;
		else if (len == sizeof(image))
			wanted = PROGRAM_LOADS;
		unit_write_file("image", &image, len, 0755);
		assert_int_equal(program_look("image", culprit), wanted);
	}
}

/* Every byte of the headers in turn as hostile as it can be: an answer, and soon. */
static void image_with_every_byte_spoilt_is_answered(void **state)
{
	static const unsigned char bytes[] = { 0, 1, 0x7f, 0x80, 0xff };

	(void)state;
	alarm(60);
	for (size_t i = 0; i < sizeof(struct image); i++)
		for (size_t j = 0; j < sizeof(bytes); j++) {
			struct image image = good_image();
			char culprit[256];

			((unsigned char *)&image)[i] = bytes[j];
			unit_write_file("image", &image, sizeof(image), 0755);
			assert_in_range(program_look("image", culprit), PROGRAM_LOADS,
					PROGRAM_CAPABLE);
		}
	alarm(0);
}

struct path_row {
	const char *path;
	enum program_fault fault;
	int error;
};

static void check_path(void **state)
{
	const struct path_row *row = *state;
	char culprit[256] = "x";

	errno = 0;
	alarm(20);
	assert_int_equal(program_look(row->path, culprit), row->fault);
	alarm(0);
	if (row->fault == PROGRAM_UNREADABLE)
		assert_int_equal(errno, row->error);
}

#define PATH(name, path, fault, error) UNIT_ROW(#name, check_path, path_row, path, fault, error)

struct reason_row {
	enum program_fault fault;
	const char *part;
};

static void reason_of_each_fault_has_its_word(void **state)
{
	static const struct reason_row rows[] = {
		{ PROGRAM_UNREADABLE, "read" },       { PROGRAM_NO_PROGRAM, "#!" },
		{ PROGRAM_OTHER_CLASS, "word size" }, { PROGRAM_OTHER_MACHINE, "architecture" },
		{ PROGRAM_STATIC, "static" },         { PROGRAM_SETUID, "setuid" },
		{ PROGRAM_CAPABLE, "capabilities" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_non_null(strstr(program_reason(rows[i].fault), rows[i].part));
	assert_string_equal(program_reason(PROGRAM_LOADS), "");
}

#define X10 "xxxxxxxxxx"
#define X250                                                                                    \
	X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 \
		X10 X10 X10

static const struct CMUnitTest tests[] = {
	IMAGE(image_with_a_loader_loads, be_whole, PROGRAM_LOADS),
	IMAGE(image_of_the_other_class_is_told, be_of_the_other_class, PROGRAM_OTHER_CLASS),
	IMAGE(image_of_another_machine_is_told, be_of_another_machine, PROGRAM_OTHER_MACHINE),
	IMAGE(image_without_loader_is_static, have_no_loader, PROGRAM_STATIC),
	IMAGE(image_without_headers_is_static, have_no_headers, PROGRAM_STATIC),
	IMAGE(image_with_headers_of_another_size_does_not_load, have_headers_of_another_size,
	      PROGRAM_STATIC),
	IMAGE(image_with_headers_beyond_its_end_does_not_load, have_headers_beyond_the_end,
	      PROGRAM_STATIC),
	IMAGE(image_with_headers_at_no_offset_does_not_load, have_headers_at_no_offset,
	      PROGRAM_STATIC),
	IMAGE(image_with_notes_beyond_its_end_loads, have_notes_beyond_the_end, PROGRAM_LOADS),
	IMAGE(image_without_magic_is_no_program, be_no_elf, PROGRAM_NO_PROGRAM),
	cmocka_unit_test(image_cut_at_every_length_never_loads),
	cmocka_unit_test(image_with_every_byte_spoilt_is_answered),
	PATH(path_of_the_shell_loads, "/bin/sh", PROGRAM_LOADS, 0),
	PATH(path_of_this_program_loads, "/proc/self/exe", PROGRAM_LOADS, 0),
	PATH(path_that_is_missing_is_enoent, "missing", PROGRAM_UNREADABLE, ENOENT),
	PATH(path_that_is_empty_is_enoent, "", PROGRAM_UNREADABLE, ENOENT),
	PATH(path_of_a_directory_is_eisdir, "/", PROGRAM_UNREADABLE, EISDIR),
	PATH(path_of_a_fifo_is_answered, "fifo", PROGRAM_NO_PROGRAM, 0),
	PATH(path_of_dev_zero_is_no_program, "/dev/zero", PROGRAM_NO_PROGRAM, 0),
	PATH(path_of_255_bytes_is_looked_at, "/" X250 X10 "/../xx", PROGRAM_UNREADABLE,
	     ENAMETOOLONG),
	PATH(path_of_256_bytes_is_enametoolong, "//////" X250, PROGRAM_UNREADABLE, ENAMETOOLONG),
	cmocka_unit_test(reason_of_each_fault_has_its_word),
};

static int make_files(void **state)
{
	return unit_enter_directory(state) || mkfifo("fifo", 0644);
}

int main(void)
{
	return cmocka_run_group_tests(tests, make_files, unit_leave_directory);
}
