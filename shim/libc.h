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

/* Where glibc alone has it. */
const char *gnu_get_libc_version(void);

/* All that is looked for behind pin4. A new wrapped function is a row here and an EXPORT elsewhere.
 * The second word answers where the libc has no such function; what has NULL is not wrapped. */
#define LIBC_ROWS(ROW)                   \
	ROW(connect, no_call)            \
	ROW(send, no_call)               \
	ROW(sendto, no_call)             \
	ROW(sendmsg, no_call)            \
	ROW(sendmmsg, no_call)           \
	ROW(recv, no_call)               \
	ROW(recvfrom, no_call)           \
	ROW(recvmsg, no_call)            \
	ROW(recvmmsg, no_call)           \
	ROW(read, no_call)               \
	ROW(readv, no_call)              \
	ROW(__read_chk, no_call)         \
	ROW(__recv_chk, no_call)         \
	ROW(__recvfrom_chk, no_call)     \
	ROW(getaddrinfo, no_list)        \
	ROW(gethostbyname2, no_pointer)  \
	ROW(gethostbyname2_r, no_host_r) \
	ROW(dlopen, no_pointer)          \
	ROW(gai_cancel, no_list)         \
	ROW(gai_error, no_list)          \
	ROW(gai_suspend, no_list)        \
	ROW(getaddrinfo_a, no_list)      \
	ROW(res_query, no_call)          \
	ROW(res_search, no_call)         \
	ROW(res_nquery, no_call)         \
	ROW(res_nsearch, no_call)        \
	ROW(res_send, no_call)           \
	ROW(res_nsend, no_call)          \
	ROW(__res_query, no_call)        \
	ROW(__res_search, no_call)       \
	ROW(__res_nquery, no_call)       \
	ROW(__res_nsearch, no_call)      \
	ROW(__res_send, no_call)         \
	ROW(__res_nsend, no_call)        \
	ROW(freeaddrinfo, NULL)          \
	ROW(gnu_get_libc_version, NULL)  \
	ROW(__libc_start_main, NULL)     \
	ROW(__nss_configure_lookup, NULL)

enum libc_row {
#define LIBC_ROW(name, stand_in) LIBC_##name,
	LIBC_ROWS(LIBC_ROW) LIBC_COUNT
#undef LIBC_ROW
};

extern HIDDEN _Atomic(symbol_function) libc_table[LIBC_COUNT];
extern HIDDEN _Atomic bool libc_is_filled;

/* Whether the lists that getaddrinfo returns are the libc's, as far as the program knows: a library
 * that makes lists of another layout has to replace freeaddrinfo, too. Valid once it is bound. */
extern HIDDEN _Atomic bool libc_has_own_lists;

/* The real function: libc(connect)(fd, addr, len). Valid once it is bound. One relaxed load;
 * async-signal-safe. */
#define libc(name) \
	((__typeof__(&(name)))atomic_load_explicit(&libc_table[LIBC_##name], memory_order_relaxed))

/* Whether the table is filled. Async-signal-safe. */
static inline bool libc_is_bound(void)
{
	return atomic_load_explicit(&libc_is_filled, memory_order_acquire);
}

void libc_find_all(void);

/* Binds each row to the next definition behind pin4 in the loader's order, so that other preloads
 * keep their place. A function that the libc lacks is answered by one that fails with ENOSYS as
 * that function does. pin4's constructor does this; an entry does because those of other libraries
 * may run before, and is async-signal-safe from then on. errno stays. */
static inline void libc_bind(void)
{
	if (!libc_is_bound())
		libc_find_all();
}

/* The real function of a row that the libc may keep in a library of its own, which may come later
 * than pin4: looked for again where it was missing. Takes the loader's lock then. */
#define libc_extra(name) ((__typeof__(&(name)))libc_find_extra(LIBC_##name))

symbol_function libc_find_extra(enum libc_row row);

/* Makes the loader find pin4's functions where it would find the real ones, whatever objects it
 * searches. Takes the loader's lock. errno stays. */
void libc_redirect(void);

/* Whether this process runs on glibc. gnu_get_libc_version is gcompat's for musl, too. */
static inline bool libc_is_glibc(void)
{
	libc_bind();
	return atomic_load_explicit(&libc_table[LIBC___nss_configure_lookup], memory_order_relaxed);
}

#endif
