/* SPDX-License-Identifier: MIT */
/* Symbols against dlsym(3), in the libc and in libraries that the test builds: with either hash
 * table, and with versions of which the older ones are hidden. */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdbool.h>
#include <sys/auxv.h>
#include <time.h>

#include "symbol.h"
#include "unit.h"

static bool has_no_vdso;
static char *old_vdso; /* a copy of the vDSO, in its place */

/* Stands before the libc's. Without a vDSO, as under valgrind, there is no entry for one. */
unsigned long getauxval(unsigned long type)
{
	static __typeof__(&getauxval) real;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "getauxval");
	if (old_vdso && type == AT_SYSINFO_EHDR)
		return (uintptr_t)old_vdso;
	if (!has_no_vdso || type != AT_SYSINFO_EHDR)
		return real(type);
	errno = ENOENT;
	return 0;
}

/* TSan calls dl_iterate_phdr while it starts, before what it watches can run. */
#if defined __x86_64__ && !defined __SANITIZE_THREAD__
#define HAS_OLD_VDSO 1
#endif

#ifdef HAS_OLD_VDSO
/* Where Linux before 3.16 links it, for no address that it ever has (arch/x86/vdso). */
enum { OLD_LINK = -0x900000 };

struct listener {
	int (*call)(struct dl_phdr_info *info, size_t size, void *data);
	void *data;
	uintptr_t vdso; /* that of the kernel, for which the copy stands in */
};

static int tell(struct dl_phdr_info *info, size_t size, void *data)
{
	const struct listener *listener = data;
	struct dl_phdr_info shown = *info;

	if (info->dlpi_addr == listener->vdso) {
		shown.dlpi_addr = (uintptr_t)old_vdso - (ElfW(Addr))OLD_LINK;
		shown.dlpi_phdr = (void *)(old_vdso + ((ElfW(Ehdr) *)old_vdso)->e_phoff);
	}
	return listener->call(&shown, size, listener->data);
}

/* Stands before the libc's, too. */
int dl_iterate_phdr(int (*call)(struct dl_phdr_info *info, size_t size, void *data), void *data)
{
	static __typeof__(&dl_iterate_phdr) real;
	struct listener listener = { call, data, 0 };
	char *copy = old_vdso;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "dl_iterate_phdr");
	if (!copy)
		return real(call, data);
	old_vdso = NULL;
	listener.vdso = getauxval(AT_SYSINFO_EHDR);
	old_vdso = copy;
	return real(tell, &listener);
}

/* Links the copy there, as that kernel's own build does. The strings follow the symbols. */
static void relink(char *copy)
{
	const ElfW(Addr) link = (ElfW(Addr))OLD_LINK;
	const ElfW(Ehdr) *header = (void *)copy;
	ElfW(Phdr) *segments = (void *)(copy + header->e_phoff);
	char *symbols = NULL;
	char *strings = NULL;

	for (int i = 0; i < header->e_phnum; i++) {
		ElfW(Dyn) *dynamic = (void *)(copy + segments[i].p_offset);

		segments[i].p_vaddr += link;
		if (segments[i].p_type != PT_DYNAMIC)
			continue;
		for (; dynamic->d_tag != DT_NULL; dynamic++) {
			if (dynamic->d_tag == DT_SYMTAB)
				symbols = copy + dynamic->d_un.d_ptr;
			if (dynamic->d_tag == DT_STRTAB)
				strings = copy + dynamic->d_un.d_ptr;
			if (dynamic->d_tag == DT_SYMTAB || dynamic->d_tag == DT_STRTAB ||
			    dynamic->d_tag == DT_HASH || dynamic->d_tag == DT_GNU_HASH ||
			    dynamic->d_tag == DT_VERSYM)
				dynamic->d_un.d_ptr += link;
		}
	}
	for (ElfW(Sym) *symbol = (void *)symbols; (char *)symbol < strings; symbol++)
		symbol->st_value += symbol->st_shndx == SHN_UNDEF ? 0 : link;
}
#endif

/* What pin4 looks for, and some others, of each kind of use. */
static const char *const names[] = {
	"connect",       "send",
	"sendto",        "sendmsg",
	"sendmmsg",      "recv",
	"recvfrom",      "recvmsg",
	"recvmmsg",      "read",
	"__read_chk",    "__recv_chk",
	"getaddrinfo",   "__recvfrom_chk",
	"freeaddrinfo",  "malloc",
	"free",          "calloc",
	"dlopen",        "gethostbyname2",
	"gai_error",     "gai_suspend",
	"gai_cancel",    "qsort",
	"mkdtemp",       "gethostbyname2_r",
	"getaddrinfo_a",
};

enum { NAMES = sizeof(names) / sizeof(*names) };

/* Libraries, as source, linker flags and version script. */
static const char simple_source[] =
	"int pin4_data; int pin4_unresolved(void);"
	"int pin4_alpha(void) { return 1; }"
	"__attribute__((weak)) int pin4_weak(void) { return 2; }"
	"__attribute__((visibility(\"hidden\"))) int pin4_hidden(void) { return 3; }"
	"static int (*choose(void))(void) { return pin4_alpha; }"
	"__attribute__((ifunc(\"choose\"))) int pin4_chosen(void);"
	"__asm__(\".text\\n.globl pin4_bare\\npin4_bare: nop\");"
	"int pin4_caller(void) { return pin4_unresolved() + pin4_hidden(); }";
static const char versioned_source[] =
	"int old(void) { return 1; } int new(void) { return 2; } int gone(void) { return 3; }"
	"__asm__(\".symver old,pin4_beta@V1\\n.symver new,pin4_beta@@V2\\n\""
	"\".symver gone,pin4_gone@V1\");";
static const char versions[] = "V1 { local: old; new; gone; }; V2 { } V1;";

static void build(const char *name, const char *source, const char *flags)
{
	char command[256];

	unit_write_file("library.c", source, strlen(source), 0600);
	unit_write_file("versions", versions, strlen(versions), 0600);
	snprintf(command, sizeof(command), "cc -shared -fPIC -w -o %s library.c %s", name, flags);
	assert_int_equal(system(command), 0);
}

static void *load(const char *source, const char *flags)
{
	void *library;

	build("library.so", source, flags);
	library = dlopen("./library.so", RTLD_LAZY | RTLD_GLOBAL);
	if (!library)
		fail_msg("%s", dlerror());
	return library;
}

static symbol_function find(const char *name, enum symbol_place place)
{
	symbol_function found = NULL;

	symbol_find(name, 1, place, &found, NULL);
	return found;
}

static void assert_found(const char *name, const void *wanted, symbol_function found)
{
	if (wanted != (const void *)found)
		fail_msg("%s: %p, and not %p", name, (void *)found, wanted);
}

static void check_against_dlsym(enum symbol_place place, void *handle)
{
	symbol_function found[NAMES] = { NULL };
	char all[1024];
	size_t len = 0;

	for (size_t i = 0; i < NAMES; i++) {
		strcpy(all + len, names[i]);
		len += strlen(names[i]) + 1;
		assert_found(names[i], dlsym(handle, names[i]), find(names[i], place));
	}
	symbol_find(all, NAMES, place, found, NULL);
	for (size_t i = 0; i < NAMES; i++)
		assert_found(names[i], dlsym(handle, names[i]), found[i]);
}

static void find_anywhere_of_libc_names_is_as_dlsym(void **state)
{
	(void)state;
	check_against_dlsym(SYMBOL_ANYWHERE, RTLD_DEFAULT);
}

static void find_next_of_libc_names_is_as_dlsym(void **state)
{
	(void)state;
	check_against_dlsym(SYMBOL_NEXT, RTLD_NEXT);
}

/* The kernel's own object has one too, which answers with another kind of error. */
static void find_of_what_the_vdso_has_is_the_libcs(void **state)
{
	(void)state;
	assert_found("clock_gettime", dlsym(RTLD_DEFAULT, "clock_gettime"),
		     find("clock_gettime", SYMBOL_ANYWHERE));
}

/* The test's own object is the program, so that all of the libc is among the others. */
static void find_in_the_others_leaves_out_its_own(void **state)
{
	(void)state;
	assert_found("qsort", dlsym(RTLD_DEFAULT, "qsort"), find("qsort", SYMBOL_OTHERS));
	assert_found("getauxval", dlsym(RTLD_NEXT, "getauxval"), find("getauxval", SYMBOL_OTHERS));
	assert_found("qsort", NULL, find("qsort", SYMBOL_HERE));
}

static void find_tells_what_has_the_same_owner(void **state)
{
	static const char list[] = "pin4_alpha\0freeaddrinfo\0pin4_weak\0gai_strerror\0pin4_none";
	symbol_function found[5] = { NULL };
	const void *owner[5] = { NULL };
	void *library = load(simple_source, "");

	(void)state;
	symbol_find(list, 5, SYMBOL_ANYWHERE, found, owner);
	assert_non_null(owner[0]);
	assert_ptr_equal(owner[0], owner[2]);
	assert_ptr_equal(owner[1], owner[3]);
	assert_ptr_not_equal(owner[0], owner[1]);
	assert_null(owner[4]);
	dlclose(library);
}

static void find_without_a_vdso_is_as_with_it(void **state)
{
	(void)state;
	has_no_vdso = true;
	errno = EXDEV;
	assert_found("connect", dlsym(RTLD_DEFAULT, "connect"), find("connect", SYMBOL_ANYWHERE));
	assert_int_equal(errno, EXDEV);
	has_no_vdso = false;
}

#ifdef HAS_OLD_VDSO
/* Its functions are found and not called: they want the kernel's page beside them. */
static void find_with_a_vdso_linked_elsewhere_is_as_with_any(void **state)
{
	const char *vdso = (const char *)getauxval(AT_SYSINFO_EHDR);
	static _Alignas(4096) char copy[0x10000];
	const symbol_function nothing = NULL;
	const ElfW(Phdr) * first;

	(void)state;
	if (!vdso)
		return; /* valgrind takes it away, and there is nothing to copy */
	first = (const void *)(vdso + ((const ElfW(Ehdr) *)(const void *)vdso)->e_phoff);
	assert_int_equal(first->p_type, PT_LOAD);
	assert_in_range(first->p_filesz, 1, sizeof(copy));
	memcpy(copy, vdso, first->p_filesz);
	relink(copy);
	old_vdso = copy;
	check_against_dlsym(SYMBOL_ANYWHERE, RTLD_DEFAULT);
	check_against_dlsym(SYMBOL_NEXT, RTLD_NEXT);
	find_of_what_the_vdso_has_is_the_libcs(state);
	assert_null(find("__vdso_time", SYMBOL_ANYWHERE));
	symbol_redirect("pin4_none", 1, &nothing, &nothing);
	old_vdso = NULL;
}
#endif

static void find_of_names_that_are_none_leaves_all_as_it_was(void **state)
{
	static const char none[] = "pin4_no_such_function\0gettaddrinfo\0getaddrinf\0"
				   "getaddrinfoo\0environ\0CONNECT\0connec\0";
	symbol_function found[8] = { NULL };

	(void)state;
	errno = EXDEV;
	symbol_find(none, 8, SYMBOL_ANYWHERE, found, NULL); /* the last is empty */
	assert_int_equal(errno, EXDEV);
	for (size_t i = 0; i < 8; i++)
		assert_null(found[i]);
	symbol_find(none, 0, SYMBOL_ANYWHERE, NULL, NULL);
}

static void find_beside_names_that_are_none_finds_the_others(void **state)
{
	symbol_function found[4] = { NULL };

	(void)state;
	symbol_find("pin4_none\0qsort\0pin4_none\0connect", 4, SYMBOL_ANYWHERE, found, NULL);
	assert_null(found[0]);
	assert_null(found[2]);
	assert_found("qsort", dlsym(RTLD_DEFAULT, "qsort"), found[1]);
	assert_found("connect", dlsym(RTLD_DEFAULT, "connect"), found[3]);
}

static void check_simple(const char *flags)
{
	static const char *const functions[] = { "pin4_alpha", "pin4_weak", "pin4_caller",
						 "pin4_bare", "pin4_chosen" };
	static const char *const others[] = { "pin4_data", "pin4_hidden", "pin4_unresolved",
					      "pin4_alph", "choose" };
	void *library = load(simple_source, flags);

	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
		assert_non_null(dlsym(library, functions[i]));
		assert_found(functions[i], dlsym(library, functions[i]),
			     find(functions[i], SYMBOL_ANYWHERE));
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_found(others[i], NULL, find(others[i], SYMBOL_ANYWHERE));
	dlclose(library);
	assert_null(find("pin4_alpha", SYMBOL_ANYWHERE));
}

static void find_in_library_with_either_table_finds_functions(void **state)
{
	(void)state;
	check_simple("-Wl,--hash-style=sysv");
	check_simple("-Wl,--hash-style=gnu");
	check_simple("-Wl,--hash-style=both");
	check_simple("-Wl,--hash-style=sysv -Wl,-O2");
	check_simple("-Wl,-Ttext-segment=0x400000");
}

/* The one that is loaded first calls what the other has. */
static void find_of_what_a_library_only_calls_finds_the_others(void **state)
{
	void *library;

	(void)state;
	build("./later.so", "int pin4_later(void) { return 1; }", "");
	library = load("int pin4_later(void); int pin4_early(void) { return pin4_later(); }",
		       "-Wl,--hash-style=sysv ./later.so");
	assert_non_null(dlsym(library, "pin4_later"));
	assert_found("pin4_later", dlsym(library, "pin4_later"),
		     find("pin4_later", SYMBOL_ANYWHERE));
	dlclose(library);
}

static void check_versions(const char *flags)
{
	void *library = load(versioned_source, flags);
	symbol_function found = find("pin4_beta", SYMBOL_ANYWHERE);

	assert_ptr_not_equal(dlvsym(library, "pin4_beta", "V1"), found);
	assert_found("pin4_beta", dlvsym(library, "pin4_beta", "V2"), found);
	assert_found("pin4_beta", dlsym(library, "pin4_beta"), found);
	assert_int_equal(((int (*)(void))found)(), 2);
	assert_non_null(dlvsym(library, "pin4_gone", "V1"));
	assert_found("pin4_gone", dlvsym(library, "pin4_gone", "V1"),
		     find("pin4_gone", SYMBOL_ANYWHERE));
	dlclose(library);
}

static void find_of_versioned_functions_finds_the_default(void **state)
{
	(void)state;
	check_versions("-Wl,--hash-style=gnu,--version-script=versions");
	check_versions("-Wl,--hash-style=sysv,--version-script=versions");
}

static int instead(void)
{
	return 7;
}

/* Of the names, the second has no other definition, and the third no definition at all. */
static void redirect_in_library_changes_what_dlsym_finds(void **state)
{
	static const char list[] = "pin4_alpha\0pin4_weak\0pin4_none";
	static const char *const tables[] = { "-Wl,--hash-style=sysv", "-Wl,--hash-style=gnu" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		void *library = load(simple_source, tables[i]);
		symbol_function from[3] = { find("pin4_alpha", SYMBOL_ANYWHERE),
					    find("pin4_weak", SYMBOL_ANYWHERE), NULL };
		symbol_function to[3] = { (symbol_function)instead, NULL,
					  (symbol_function)instead };

		errno = EXDEV;
		symbol_redirect(list, 3, from, to);
		symbol_redirect(list, 3, from, to);
		assert_int_equal(errno, EXDEV);
		assert_found("pin4_alpha", (void *)instead,
			     (symbol_function)dlsym(library, "pin4_alpha"));
		assert_found("pin4_weak", (void *)from[1],
			     (symbol_function)dlsym(library, "pin4_weak"));
		assert_int_equal(((int (*)(void))from[0])(), 1);
		dlclose(library);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(find_anywhere_of_libc_names_is_as_dlsym),
	cmocka_unit_test(find_next_of_libc_names_is_as_dlsym),
	cmocka_unit_test(find_of_what_the_vdso_has_is_the_libcs),
	cmocka_unit_test(find_in_the_others_leaves_out_its_own),
	cmocka_unit_test(find_tells_what_has_the_same_owner),
	cmocka_unit_test(find_without_a_vdso_is_as_with_it),
#ifdef HAS_OLD_VDSO
	cmocka_unit_test(find_with_a_vdso_linked_elsewhere_is_as_with_any),
#endif
	cmocka_unit_test(find_of_names_that_are_none_leaves_all_as_it_was),
	cmocka_unit_test(find_beside_names_that_are_none_finds_the_others),
	cmocka_unit_test(find_in_library_with_either_table_finds_functions),
	cmocka_unit_test(find_of_what_a_library_only_calls_finds_the_others),
	cmocka_unit_test(find_of_versioned_functions_finds_the_default),
	cmocka_unit_test(redirect_in_library_changes_what_dlsym_finds),
};

int main(void)
{
	return cmocka_run_group_tests(tests, unit_enter_directory, unit_leave_directory);
}
