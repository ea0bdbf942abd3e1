/* SPDX-License-Identifier: MIT */
/* A preload whose getaddrinfo is a symbol of no type, as in hand-written assembly, or with IFUNC
 * one that a resolver chooses. It answers EAI_FAIL to everything. */
#include <netdb.h>

#ifdef IFUNC
static int fail(void)
{
	return EAI_FAIL;
}

static __typeof__(&getaddrinfo) choose(void)
{
	return (__typeof__(&getaddrinfo))(void *)fail;
}

__attribute__((ifunc("choose"))) __typeof__(getaddrinfo) getaddrinfo;
#else
_Static_assert(EAI_FAIL == -4, "the number below");
#ifdef __aarch64__
#define BODY "mov w0, #-4\nret"
#else
#define BODY "mov $-4, %eax\nret"
#endif
__asm__(".text\n.globl getaddrinfo\ngetaddrinfo:\n" BODY);
#endif
