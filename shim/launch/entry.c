/* SPDX-License-Identifier: MIT */
/* Where the kernel starts the library as a program. No loader has run, so this file relocates the
 * library itself and gives it its own version of the few symbols that it imports from a libc. */
#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>

#include "export.h"
#include "launch/launch.h"

/* pin4_start: hands the stack that the kernel has filled to start().
 * pin4_call: a system call with its number and six arguments; the result is the kernel's. */
#if defined __x86_64__
__asm__(".text\n"
	".globl pin4_start, pin4_call\n"
	".hidden pin4_start, pin4_call\n"
	".type pin4_start, @function\n"
	".type pin4_call, @function\n"
	"pin4_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call pin4_begin\n"
	"pin4_call:\n"
	"	mov %rdi, %rax\n"
	"	mov %rsi, %rdi\n"
	"	mov %rdx, %rsi\n"
	"	mov %rcx, %rdx\n"
	"	mov %r8, %r10\n"
	"	mov %r9, %r8\n"
	"	mov 8(%rsp), %r9\n"
	"	syscall\n"
	"	ret\n");
enum { RELATIVE = R_X86_64_RELATIVE, SYMBOL = R_X86_64_GLOB_DAT };
#elif defined __aarch64__
__asm__(".text\n"
	".globl pin4_start, pin4_call\n"
	".hidden pin4_start, pin4_call\n"
	".type pin4_start, %function\n"
	".type pin4_call, %function\n"
	"pin4_start:\n"
	"	mov x29, #0\n"
	"	mov x30, #0\n"
	"	mov x0, sp\n"
	"	b pin4_begin\n"
	"pin4_call:\n"
	"	mov x8, x0\n"
	"	mov x0, x1\n"
	"	mov x1, x2\n"
	"	mov x2, x3\n"
	"	mov x3, x4\n"
	"	mov x4, x5\n"
	"	mov x5, x6\n"
	"	svc #0\n"
	"	ret\n");
enum { RELATIVE = R_AARCH64_RELATIVE, SYMBOL = R_AARCH64_GLOB_DAT };
#elif defined __i386__
__asm__(".text\n"
	".globl pin4_start, pin4_call\n"
	".hidden pin4_start, pin4_call\n"
	".type pin4_start, @function\n"
	".type pin4_call, @function\n"
	"pin4_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %esp, %eax\n"
	"	and $-16, %esp\n"
	"	sub $12, %esp\n"
	"	push %eax\n"
	"	call pin4_begin\n"
	"pin4_call:\n"
	"	push %ebp\n"
	"	push %edi\n"
	"	push %esi\n"
	"	push %ebx\n"
	"	mov 20(%esp), %eax\n"
	"	mov 24(%esp), %ebx\n"
	"	mov 28(%esp), %ecx\n"
	"	mov 32(%esp), %edx\n"
	"	mov 36(%esp), %esi\n"
	"	mov 40(%esp), %edi\n"
	"	mov 44(%esp), %ebp\n"
	"	int $0x80\n"
	"	pop %ebx\n"
	"	pop %esi\n"
	"	pop %edi\n"
	"	pop %ebp\n"
	"	ret\n");
enum { RELATIVE = R_386_RELATIVE, SYMBOL = R_386_GLOB_DAT };
#endif

#ifdef __i386__
#define RELOCATION Elf32_Rel
#define TYPE(info) ELF32_R_TYPE(info)
#define SYMBOL_OF(info) ELF32_R_SYM(info)
#define ADDEND(r, place) (*(place))
enum { TABLE = DT_REL, TABLE_SIZE = DT_RELSZ };
#else
#define RELOCATION Elf64_Rela
#define TYPE(info) ELF64_R_TYPE(info)
#define SYMBOL_OF(info) ELF64_R_SYM(info)
#define ADDEND(r, place) ((uintptr_t)(r)->r_addend)
enum { TABLE = DT_RELA, TABLE_SIZE = DT_RELASZ };
#endif

HIDDEN long pin4_call(long number, long a, long b, long c, long d, long e, long f);
HIDDEN void pin4_begin(uintptr_t *stack);

/* The linker's: the first byte of the file in memory, which it links at address 0. */
extern HIDDEN const char __ehdr_start[];
extern HIDDEN ElfW(Dyn) _DYNAMIC[];

static struct {
	int error;
	char **environment;
	const ElfW(auxv_t) * auxiliary;
} own;

/* The imports, as far as a program without a libc needs them. A syscall() with fewer arguments
 * passes on what the registers or the stack hold, and the kernel ignores it. */
static long own_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	long result = pin4_call(number, a, b, c, d, e, f);

	if (result >= 0 || result < -4095)
		return result;
	own.error = (int)-result;
	return -1;
}

static int *own_errno(void)
{
	return &own.error;
}

static size_t own_strlen(const char *text)
{
	size_t len = 0;

	while (text[len])
		len++;
	return len;
}

static unsigned long own_getauxval(unsigned long type)
{
	const ElfW(auxv_t) *entry = own.auxiliary;

	while (entry->a_type != AT_NULL && entry->a_type != type)
		entry++;
	return entry->a_un.a_val;
}

static long own_time(long *ret)
{
	struct timespec now = { 0 };

	pin4_call(SYS_clock_gettime, CLOCK_REALTIME, (long)&now, 0, 0, 0, 0);
	if (ret)
		*ret = now.tv_sec;
	return now.tv_sec;
}

/* Stands for all other functions: no memory, no loaded objects, no lists to free. */
static void *own_nothing(void)
{
	return NULL;
}

static bool is_equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* scripts/symbols compares these with shim/imports. A table would cost every process relocations.
 */
static uintptr_t find_own(const char *name)
{
#define OWN(symbol, address)         \
	if (is_equal(name, #symbol)) \
	return (uintptr_t)(address)
	OWN(__errno_location, own_errno);
	OWN(environ, &own.environment);
	OWN(getauxval, own_getauxval);
	OWN(strlen, own_strlen);
	OWN(syscall, own_syscall);
	OWN(time, own_time);
#undef OWN
	return (uintptr_t)own_nothing;
}

static uintptr_t dynamic_value(ElfW(Sxword) tag)
{
	const ElfW(Dyn) *entry = _DYNAMIC;

	while (entry->d_tag != DT_NULL && entry->d_tag != tag)
		entry++;
	return entry->d_un.d_val;
}

/* What else there is, such as the relocations of thread-local storage, stays undone. */
static void relocate(uintptr_t base)
{
	const RELOCATION *table = (const RELOCATION *)(base + dynamic_value(TABLE));
	const RELOCATION *end = table + dynamic_value(TABLE_SIZE) / sizeof(*table);
	const ElfW(Sym) *symbols = (const ElfW(Sym) *)(base + dynamic_value(DT_SYMTAB));
	const char *names = (const char *)(base + dynamic_value(DT_STRTAB));

	for (const RELOCATION *r = table; r < end; r++) {
		uintptr_t *place = (uintptr_t *)(base + r->r_offset);

		if (TYPE(r->r_info) == RELATIVE)
			*place = base + ADDEND(r, place);
		else if (TYPE(r->r_info) == SYMBOL)
			*place = find_own(names + symbols[SYMBOL_OF(r->r_info)].st_name);
	}
}

/* The stack as execve(2) leaves it: argc, argv, NULL, envp, NULL, the auxiliary vector. */
void pin4_begin(uintptr_t *stack)
{
	char **argv = (char **)(stack + 1);
	char **end = argv + *stack + 1;

	relocate((uintptr_t)__ehdr_start);
	own.environment = end;
	while (*end)
		end++;
	own.auxiliary = (const ElfW(auxv_t) *)(end + 1);
	launch(argv);
}
