/* SPDX-License-Identifier: MIT */
/* The real functions behind those that pin4 interposes, in one table. */
#ifndef PIN4_LIBC_H
#define PIN4_LIBC_H

#include <netdb.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "export.h"
#include "symbol.h"

/* What <sys/socket.h> has under _GNU_SOURCE only, which spoils the types of connect and others, and
 * what no header has: where a fortified program of glibc calls read and recv (debug/). */
struct mmsghdr {
	struct msghdr msg_hdr;
	unsigned msg_len;
};

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags);
int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, int flags, struct timespec *timeout);
ssize_t __read_chk(int fd, void *buf, size_t len, size_t size);
ssize_t __recv_chk(int fd, void *buf, size_t len, size_t size, int flags);
ssize_t __recvfrom_chk(int fd, void *buf, size_t len, size_t size, int flags, struct sockaddr *from,
		       socklen_t *from_len);

/* <resolv.h> differs from libc to libc, and glibc's calls the first of each pair by the name of the
 * second before 2.34. state is a res_state. */
int res_query(const char *name, int class, int type, unsigned char *answer, int size);
int res_search(const char *name, int class, int type, unsigned char *answer, int size);
int res_send(const unsigned char *msg, int len, unsigned char *answer, int size);
int res_nquery(void *state, const char *name, int class, int type, unsigned char *answer, int size);
int res_nsearch(void *state, const char *name, int class, int type, unsigned char *answer,
		int size);
int res_nsend(void *state, const unsigned char *msg, int len, unsigned char *answer, int size);
__typeof__(res_query) __res_query;
__typeof__(res_search) __res_search;
__typeof__(res_send) __res_send;
__typeof__(res_nquery) __res_nquery;
__typeof__(res_nsearch) __res_nsearch;
__typeof__(res_nsend) __res_nsend;

/* A new interposed function is a row here and an EXPORT elsewhere; nothing restates a signature.
 * The second word is what stands in where the libc has no such function. Calls may come from a
 * signal handler and are bound at start, lookups may not and are bound at the first of them. */
#define LIBC_CALLS(ROW)               \
	ROW(connect, no_call)         \
	ROW(send, no_call_long)       \
	ROW(sendto, no_call_long)     \
	ROW(sendmsg, no_call_long)    \
	ROW(sendmmsg, no_call)        \
	ROW(recv, no_call_long)       \
	ROW(recvfrom, no_call_long)   \
	ROW(recvmsg, no_call_long)    \
	ROW(recvmmsg, no_call)        \
	ROW(read, no_call_long)       \
	ROW(readv, no_call_long)      \
	ROW(__read_chk, no_call_long) \
	ROW(__recv_chk, no_call_long) \
	ROW(__recvfrom_chk, no_call_long)

#define LIBC_LOOKUPS(ROW)               \
	ROW(getaddrinfo, no_list)       \
	ROW(gethostbyname2, no_pointer) \
	ROW(gethostbyname2_r, no_host_r)

/* Those that few programs call, and that a libc may keep in a library of their own, which may come
 * later than this one: looked up when they are needed. */
#define LIBC_EXTRAS(ROW)            \
	ROW(dlopen, no_pointer)     \
	ROW(gai_cancel, no_list)    \
	ROW(gai_error, no_list)     \
	ROW(gai_suspend, no_list)   \
	ROW(getaddrinfo_a, no_list) \
	ROW(res_query, no_call)     \
	ROW(res_search, no_call)    \
	ROW(res_nquery, no_call)    \
	ROW(res_nsearch, no_call)   \
	ROW(res_send, no_call)      \
	ROW(res_nsend, no_call)     \
	ROW(__res_query, no_call)   \
	ROW(__res_search, no_call)  \
	ROW(__res_nquery, no_call)  \
	ROW(__res_nsearch, no_call) \
	ROW(__res_send, no_call)    \
	ROW(__res_nsend, no_call)

enum libc_row {
#define LIBC_ROW(name, stand_in) LIBC_##name,
	LIBC_CALLS(LIBC_ROW) LIBC_CALL_COUNT,
	LIBC_LAST_CALL = LIBC_CALL_COUNT - 1,
	LIBC_LOOKUPS(LIBC_ROW) LIBC_EXTRA,
	LIBC_LAST_LOOKUP = LIBC_EXTRA - 1,
	LIBC_EXTRAS(LIBC_ROW) LIBC_COUNT
#undef LIBC_ROW
};

extern HIDDEN _Atomic(symbol_function) libc_table[LIBC_COUNT];

/* The real function: libc(connect)(fd, addr, len). Valid once it is bound; every exported entry
 * sees to that before its first call. One relaxed load; async-signal-safe. */
#define libc(name) \
	((__typeof__(&(name)))atomic_load_explicit(&libc_table[LIBC_##name], memory_order_relaxed))

/* Whether the rows up to that one, the last of their kind, are bound. Async-signal-safe. */
static inline bool libc_is_bound(enum libc_row last)
{
	return atomic_load_explicit(&libc_table[last], memory_order_acquire);
}

void libc_find_calls(void);
void libc_find_lookups(void);

/* Bind: for each row, the next definition behind pin4 in the loader's order, so that other preloads
 * keep their place. A function that the libc lacks is answered by one that fails with ENOSYS as
 * that function does. Where the rows are bound already, one load and async-signal-safe; the first
 * time not. What is bound stays so: from libc_redirect() on the loader would find pin4 itself.
 * errno and the descriptors stay. */
static inline void libc_bind_calls(void)
{
	if (!libc_is_bound(LIBC_LAST_CALL))
		libc_find_calls();
}

static inline void libc_bind_lookups(void) /* the calls too */
{
	if (!libc_is_bound(LIBC_LAST_LOOKUP))
		libc_find_lookups();
}

static inline void libc_bind(void)
{
	libc_bind_calls();
}

/* The real function of one of LIBC_EXTRAS, or its stand-in. */
#define libc_extra(name) ((__typeof__(&(name)))libc_get_extra(LIBC_##name))

symbol_function libc_find_extra(enum libc_row row);

static inline symbol_function libc_get_extra(enum libc_row row)
{
	symbol_function real = atomic_load_explicit(&libc_table[row], memory_order_relaxed);

	return real ? real : libc_find_extra(row);
}

/* Makes the loader find pin4's functions where it would find the real ones, whatever objects it
 * searches. errno stays. */
void libc_redirect(void);

enum libc_kind {
	LIBC_UNKNOWN, /* nobody has asked yet */
	LIBC_GLIBC,
	LIBC_OTHER, /* musl, or laid out like it */
};

extern HIDDEN _Atomic(enum libc_kind) libc_kind;

enum libc_kind libc_find_kind(void);

/* Whether this process runs on glibc. */
static inline bool libc_is_glibc(void)
{
	enum libc_kind kind = atomic_load_explicit(&libc_kind, memory_order_relaxed);

	return (kind ? kind : libc_find_kind()) == LIBC_GLIBC;
}

#endif
