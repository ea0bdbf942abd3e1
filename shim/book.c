/* SPDX-License-Identifier: MIT */
/* The book: a table of IPv4 addresses and three caches. It relies on cache.c and on the monotonic
 * clock. */
#include "book.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cache.h"

_Atomic(enum book_state) book_state;
_Atomic uint64_t book_bits[BOOK_BITS / 64];

static _Atomic bool has_ipv4, has_ipv6, has_sockets;

/* IPv4 addresses by a hash, each in one of a few places; 0 is an empty one. */
enum { IPV4_SETS = 1024, IPV4_WAYS = 4 };

static struct ipv4_set {
	_Atomic uint32_t address[IPV4_WAYS];
	_Atomic uint32_t pushed; /* how many addresses others have pushed out */
} ipv4_sets[IPV4_SETS];

/* Records as cache.c takes them: 32-bit words only, the key first. */
struct ipv6_record {
	uint32_t address[4];
	uint32_t host[2];
	uint32_t index;
};

struct other_record {
	uint32_t address[4]; /* IPv6, of a host that is not pinned */
};

struct host_record {
	uint32_t host[2]; /* a hash of the name */
	uint32_t until;   /* when ipv4 ends to hold, in seconds */
	uint32_t ttl;
	uint32_t count;
	uint32_t ipv4[BOOK_ADDRESSES];
	uint32_t name[(HOSTNAME_MAX + 4) / 4];
};

#define WORDS(type) (sizeof(struct type) / sizeof(uint32_t))

static struct cache ipv6_cache = { .sets = 2048, .key_words = 4, .words = WORDS(ipv6_record) };
static struct cache other_cache = { .sets = 2048, .key_words = 4, .words = WORDS(other_record) };
static struct cache host_cache = { .sets = 1024, .key_words = 2, .words = WORDS(host_record) };

static uint32_t now(void)
{
	struct timespec time = { 0 };

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &time);
	return (uint32_t)time.tv_sec;
}

/* Moves the state forward, never back. */
static void reach(enum book_state state)
{
	enum book_state before = atomic_load(&book_state);

	while (before < state && !atomic_compare_exchange_weak(&book_state, &before, state))
		;
}

void book_open(void)
{
	reach(BOOK_EMPTY);
}

/* Notes one of the three facts that make the state; also if it is known, because a thread that
 * learned it may not have come to the state yet, and after a fork never will. */
static void learn(_Atomic bool *fact)
{
	if (!atomic_load_explicit(fact, memory_order_relaxed))
		atomic_store(fact, true);
	if (!atomic_load(&has_sockets))
		return;
	if (atomic_load(&has_ipv4))
		reach(BOOK_USED);
	if (atomic_load(&has_ipv6))
		reach(BOOK_ROUTED);
}

void book_add_socket(void)
{
	learn(&has_sockets);
}

static struct ipv4_set *ipv4_set(struct in_addr addr)
{
	return &ipv4_sets[addr.s_addr * 0x9e3779b1 >> 22];
}

_Static_assert(IPV4_SETS == 1 << (32 - 22), "ipv4_set() takes the top ten bits");

bool book_has(struct in_addr addr)
{
	struct ipv4_set *set = ipv4_set(addr);

	for (int i = 0; i < IPV4_WAYS; i++)
		if (atomic_load_explicit(&set->address[i], memory_order_relaxed) == addr.s_addr)
			return addr.s_addr; /* 0 is no host's */
	return false;
}

void book_add(struct in_addr addr)
{
	struct ipv4_set *set = ipv4_set(addr);

	if (!addr.s_addr || book_has(addr))
		return;
	learn(&has_ipv4); /* before others can find it here */
	for (int i = 0; i < IPV4_WAYS; i++) {
		uint32_t none = 0;

		if (atomic_compare_exchange_strong(&set->address[i], &none, addr.s_addr) ||
		    none == addr.s_addr)
			return;
	}
	atomic_store(&set->address[atomic_fetch_add(&set->pushed, 1) % IPV4_WAYS], addr.s_addr);
}

/* The record of a host, or, returning false, a new one that knows its name alone. */
static bool get_host(const char *name, struct host_record *ret)
{
	uint32_t key[2];

	hostname_hash(name, key);
	if (cache_get(&host_cache, key, ret) && strcmp((char *)ret->name, name) == 0)
		return true;
	*ret = (struct host_record){ .host = { key[0], key[1] } };
	memcpy(ret->name, name, strlen(name) + 1);
	return false;
}

/* Whether an address is one that a host on some network has. Who answers for a pinned host could
 * else lead this machine's connections to itself elsewhere. */
static bool is_somebodys(const struct in6_addr *ipv6)
{
	return !IN6_IS_ADDR_UNSPECIFIED(ipv6) && !IN6_IS_ADDR_LOOPBACK(ipv6) &&
	       !IN6_IS_ADDR_V4MAPPED(ipv6) && !IN6_IS_ADDR_LINKLOCAL(ipv6) &&
	       !IN6_IS_ADDR_MULTICAST(ipv6);
}

void book_add_ipv6(const char *name, const struct in6_addr *ipv6, size_t count, uint32_t ttl)
{
	struct host_record host;
	struct ipv6_record record;

	if (!count)
		return;
	if (!get_host(name, &host) || host.ttl != ttl) {
		host.ttl = ttl;
		cache_put(&host_cache, &host);
	}
	for (size_t i = 0; i < count; i++) {
		unsigned bit = book_bit(&ipv6[i]);

		if (!is_somebodys(&ipv6[i]))
			continue;
		atomic_fetch_or(&book_bits[bit / 64], 1ULL << bit % 64);
		memcpy(record.address, &ipv6[i], sizeof(record.address));
		memcpy(record.host, host.host, sizeof(record.host));
		record.index = (uint32_t)i;
		cache_put(&ipv6_cache, &record);
	}
	learn(&has_ipv6);
}

void book_add_ipv4(const char *name, const struct in_addr *ipv4, size_t count, uint32_t ttl)
{
	struct host_record host;

	(void)get_host(name, &host);
	host.count = (uint32_t)(count < BOOK_ADDRESSES ? count : BOOK_ADDRESSES);
	if (ttl < BOOK_TTL_LEAST)
		ttl = BOOK_TTL_LEAST;
	else if (ttl > BOOK_TTL_MOST)
		ttl = BOOK_TTL_MOST;
	host.until = now() + ttl;
	host.until += !host.until; /* 0 says that nobody asked */
	for (size_t i = 0; i < host.count; i++) {
		host.ipv4[i] = ipv4[i].s_addr;
		book_add(ipv4[i]);
	}
	cache_put(&host_cache, &host);
}

void book_disown(const struct in6_addr *ipv6, size_t count)
{
	struct other_record record, known;

	for (size_t i = 0; i < count; i++) {
		memcpy(record.address, &ipv6[i], sizeof(record.address));
		if (!cache_get(&other_cache, &record, &known))
			cache_put(&other_cache, &record);
	}
}

/* What is known of the host that record belongs to. */
static __attribute__((noinline)) bool find_host(const struct ipv6_record *record,
						struct book_host *ret)
{
	struct host_record host;

	if (!cache_get(&host_cache, record->host, &host))
		return false;
	memcpy(ret->name, host.name, sizeof(ret->name));
	ret->index = record->index;
	ret->count = host.count;
	ret->ttl = host.ttl;
	ret->is_fresh = host.until && (int32_t)(host.until - now()) > 0;
	for (size_t i = 0; i < host.count; i++)
		ret->ipv4[i].s_addr = host.ipv4[i];
	return true;
}

bool book_find(const struct in6_addr *ipv6, struct book_host *ret)
{
	struct ipv6_record record;
	struct other_record other;

	return cache_get(&ipv6_cache, ipv6, &record) && !cache_get(&other_cache, ipv6, &other) &&
	       find_host(&record, ret);
}
