/* SPDX-License-Identifier: MIT */
/* Where the kernel starts the library as a program. No loader has run, so this file relocates the
 * library itself and gives it its own version of the few symbols that it imports from a libc. */
#include <elf.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

#include "export.h"
#include "launch/launch.h"

/* START: hands the stack that the kernel has filled to pin4_begin().
 * CALL: a system call, of its number and six arguments; returns what the kernel returns. */
#if defined __x86_64__
#define START                              \
	"xor %ebp, %ebp; mov %rsp, %rdi\n" \
	"and $-16, %rsp; call pin4_begin\n"
#define CALL                                               \
	"mov %rdi, %rax; mov %rsi, %rdi; mov %rdx, %rsi\n" \
	"mov %rcx, %rdx; mov %r8, %r10; mov %r9, %r8\n"    \
	"mov 8(%rsp), %r9; syscall; ret\n"
enum { RELATIVE = R_X86_64_RELATIVE };
#elif defined __aarch64__
#define START                        \
	"mov x29, #0; mov x30, #0\n" \
	"mov x0, sp; b pin4_begin\n"
#define CALL                                               \
	"mov x8, x0; mov x0, x1; mov x1, x2; mov x2, x3\n" \
	"mov x3, x4; mov x4, x5; mov x5, x6; svc #0; ret\n"
enum { RELATIVE = R_AARCH64_RELATIVE };
#elif defined __i386__
#define START                                              \
	"xor %ebp, %ebp; mov %esp, %eax; and $-16, %esp\n" \
	"sub $12, %esp; push %eax; call pin4_begin\n"
#define CALL                                                           \
	"push %ebp; push %edi; push %esi; push %ebx\n"                 \
	"mov 20(%esp), %eax; mov 24(%esp), %ebx; mov 28(%esp), %ecx\n" \
	"mov 32(%esp), %edx; mov 36(%esp), %esi; mov 40(%esp), %edi\n" \
	"mov 44(%esp), %ebp; int $0x80\n"                              \
	"pop %ebx; pop %esi; pop %edi; pop %ebp; ret\n"
enum { RELATIVE = R_386_RELATIVE };
#endif

__asm__(".text\n"
	".globl pin4_start, pin4_call\n"
	".hidden pin4_start, pin4_call\n"
	"pin4_start:\n" START "pin4_call:\n" CALL);

#ifdef __i386__
#define RELOCATION Elf32_Rel
#define TYPE(info) ELF32_R_TYPE(info)
#define SYMBOL(info) ELF32_R_SYM(info)
#define ADDEND(r, place) (*(place))
#else
#define RELOCATION Elf64_Rela
#define TYPE(info) ELF64_R_TYPE(info)
#define SYMBOL(info) ELF64_R_SYM(info)
#define ADDEND(r, place) ((uintptr_t)(r)->r_addend)
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

/* What a program without a libc needs of the imports. Where syscall() gets fewer arguments, the
 * kernel ignores what the registers or the stack hold. */
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

/* Stands for all other functions: no memory, no loaded objects, no lists to free. */
static void *own_nothing(void)
{
	return NULL;
}

/* A table of these would cost every process relocations. */
static uintptr_t find_own(const char *name)
{
#define OWN(symbol, address)            \
	if (strcmp(name, #symbol) == 0) \
	return (uintptr_t)(address)
	OWN(__errno_location, own_errno);
	OWN(environ, &own.environment);
	OWN(getauxval, own_getauxval);
	OWN(strlen, own_strlen);
	OWN(syscall, own_syscall);
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

/* Thread-local storage, which has no symbol, stays undone. */
static void relocate(uintptr_t base, uintptr_t table, size_t size)
{
	const RELOCATION *r = (const RELOCATION *)(base + table);
	const RELOCATION *end = r + size / sizeof(*r);
	const ElfW(Sym) *symbols = (const ElfW(Sym) *)(base + dynamic_value(DT_SYMTAB));
	const char *names = (const char *)(base + dynamic_value(DT_STRTAB));

	for (; r < end; r++) {
		uintptr_t *place = (uintptr_t *)(base + r->r_offset);

		if (TYPE(r->r_info) == RELATIVE)
			*place = base + ADDEND(r, place);
		else if (SYMBOL(r->r_info))
			*place = find_own(names + symbols[SYMBOL(r->r_info)].st_name);
	}
}

/* The stack as execve(2) leaves it: argc, argv, NULL, envp, NULL, the auxiliary vector. */
void pin4_begin(uintptr_t *stack)
{
	char **argv = (char **)(stack + 1);
	char **end = argv + *stack + 1;
	uintptr_t base = (uintptr_t)__ehdr_start;

	/* Of DT_REL and DT_RELA, a machine has one. */
	relocate(base, dynamic_value(DT_REL) | dynamic_value(DT_RELA),
		 dynamic_value(DT_RELSZ) | dynamic_value(DT_RELASZ));
	relocate(base, dynamic_value(DT_JMPREL), dynamic_value(DT_PLTRELSZ));
	own.environment = end;
	while (*end)
		end++;
	own.auxiliary = (const ElfW(auxv_t) *)(end + 1);
	launch(argv);
}
