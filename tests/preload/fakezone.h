/* SPDX-License-Identifier: MIT */
/* The names that the fake libc knows, and what it says of each. */
#ifndef FAKEZONE_H
#define FAKEZONE_H

#include <dlfcn.h>
#include <stdbool.h>

#define FAKE_MAX_ADDRESSES 20

/* The libc's own function of that name, looked for once: in a child of fork that may hang. */
#define REAL(name)                                             \
	(__extension__({                                       \
		static _Atomic(void *) real_##name;            \
		if (!real_##name)                              \
			real_##name = dlsym(RTLD_NEXT, #name); \
		(__typeof__(&name))(void *)real_##name;        \
	}))

struct fake_host {
	const char *name;
	const char *addresses; /* blank between them, in the order that AF_UNSPEC gets */
	int error4;            /* EAI_ of an A question; 0: the addresses, or EAI_NODATA */
	int error6;            /* the same of an AAAA question */
	const char *canonical; /* NULL: the name as it was asked */
};

struct fake_address {
	int family;
	unsigned char bytes[16];
};

/* The host of that name, letter case and one trailing dot aside; NULL if there is none. */
const struct fake_host *fake_find(const char *name);

/* What the host answers to a question of this family, in *ret (FAKE_MAX_ADDRESSES) and *count.
 * Returns 0 or an EAI_ code; with EAI_SYSTEM, errno is set. v4mapped and all: AI_V4MAPPED, AI_ALL.
 */
int fake_answer(const struct fake_host *host, int family, bool v4mapped, bool all,
		struct fake_address *ret, int *count);

/* Whether the libc takes the name for an address. */
bool fake_is_numeric(const char *name);

const char *fake_family_name(int family);

/* Appends the line to the file FAKE_LOG, if there is one. */
void fake_note(const char *line);

#endif
