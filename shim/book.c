/* SPDX-License-Identifier: MIT */
/* The book: four caches. It relies on cache.c and on the monotonic clock. */
#include "book.h"

#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cache.h"

_Atomic(enum book_state) book_state;

/* Records as cache.c takes them: 32-bit words only, the key first. */
struct ipv4_record {
	uint32_t address;
};

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

static struct cache ipv4_cache = { .sets = 1024, .key_words = 1, .words = WORDS(ipv4_record) };
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

void book_add(struct in_addr addr)
{
	struct ipv4_record record = { .address = addr.s_addr };

	if (!addr.s_addr) /* no host's address */
		return;
	if (!book_has(addr))
		cache_put(&ipv4_cache, &record);
	reach(BOOK_USED);
}

bool book_has(struct in_addr addr)
{
	struct ipv4_record record = { .address = addr.s_addr };

	return cache_get(&ipv4_cache, &record, &record);
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
		if (!is_somebodys(&ipv6[i]))
			continue;
		memcpy(record.address, &ipv6[i], sizeof(record.address));
		memcpy(record.host, host.host, sizeof(record.host));
		record.index = (uint32_t)i;
		cache_put(&ipv6_cache, &record);
	}
	reach(BOOK_ROUTED);
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
