/* SPDX-License-Identifier: MIT */
/* The book: what it holds, what it forgets, and writers and readers at the same time. */
#include <arpa/inet.h>
#include <pthread.h>

#include "book.h"
#include "child.h"

static struct in_addr ipv4(uint32_t number)
{
	return (struct in_addr){ htonl(number) };
}

static void say_state(void)
{
	fprintf(child_answer, "%s%s ",
		(const char *[]){ "closed", "empty", "used", "routed" }[book_state],
		book_is_idle() ? ":idle" : "");
}

static void pass_through_states(void)
{
	say_state();
	book_open();
	say_state();
	book_open();
	say_state();
	book_add(ipv4(0));
	fprintf(child_answer, "has=%d ", book_has(ipv4(0)));
	say_state();
	book_add(ipv4(1));
	fprintf(child_answer, "has=%d,%d,%d ", book_has(ipv4(1)), book_has(ipv4(0)),
		book_has(ipv4(2)));
	say_state();
	book_open();
	say_state();
	book_add_socket();
	say_state();
	book_open();
	say_state();
}

static void add_socket_first(void)
{
	book_open();
	book_add_socket();
	book_add_socket();
	say_state();
	book_add(ipv4(0));
	say_state();
	book_add(ipv4(1));
	say_state();
}

/* As in a child that was forked between the fact and what follows from it. */
static void add_known_facts(void)
{
	book_open();
	book_add_socket();
	book_add(ipv4(1));
	atomic_store(&book_state, BOOK_EMPTY);
	book_add_socket();
	say_state();
}

static void add_before_open(void)
{
	book_add(ipv4(1));
	book_open();
	fprintf(child_answer, "%d ", book_has(ipv4(1)));
	say_state();
}

static void add_both_before_open(void)
{
	book_add(ipv4(1));
	book_add_socket();
	say_state();
	book_open();
	say_state();
}

/* Adds first, then others from 10.0.0.0 on, the list in skip left out, until first is gone. */
struct search {
	uint32_t first;
	uint32_t skip[8];
};

static bool is_in(const uint32_t *list, uint32_t number)
{
	while (*list && *list != number)
		list++;
	return *list;
}

static void search_evictor(const void *arg)
{
	const struct search *search = arg;
	uint32_t other = 0x0a000000;

	book_add(ipv4(search->first));
	for (; book_has(ipv4(search->first)); other++)
		if (!is_in(search->skip, other))
			book_add(ipv4(other));
	fprintf(child_answer, "%u", other - 1);
}

/* Addresses that share the set of first, found by what they do, not by the hash. */
static void find_neighbours(uint32_t first, uint32_t *ret, size_t count)
{
	struct search search = { .first = first };

	for (size_t i = 0; i < count; i++) {
		struct child child;

		child_run(search_evictor, &search, &child);
		ret[i] = search.skip[i] = (uint32_t)strtoul(child.said, NULL, 10);
		assert_true(ret[i] > 0x0a000000);
	}
}

static void add_neighbours(const void *arg)
{
	const uint32_t *address = arg;
	size_t count = 0;

	while (address[count])
		count++;
	for (size_t i = 0; i < count; i++) {
		book_add(ipv4(address[i]));
		book_add(ipv4(address[i])); /* again: it must take no second place */
		for (size_t j = 0; j <= i; j++)
			fprintf(child_answer, "%d", book_has(ipv4(address[j])));
		fprintf(child_answer, " ");
	}
}

static void add_to_a_full_set_forgets_the_oldest(void **state)
{
	uint32_t address[8] = { 0xc6336401 };
	struct child child;

	(void)state;
	find_neighbours(address[0], address + 1, 6);
	child_run(add_neighbours, address, &child);
	assert_string_equal(child.said, "1 11 111 1111 01111 001111 0001111 ");
}

static void add_many(void)
{
	long known = 0;

	for (uint32_t i = 1; i <= 20000; i++) {
		book_add(ipv4(i * 7919));
		if (!book_has(ipv4(i * 7919)))
			fprintf(child_answer, "lost %u ", i);
	}
	for (uint32_t i = 1; i <= 20000; i++)
		known += book_has(ipv4(i * 7919));
	for (uint32_t i = 1; i <= 20000; i++)
		if (book_has(ipv4(i * 7919 + 1)))
			fprintf(child_answer, "never added %u ", i);
	fprintf(child_answer, "%ld", known);
}

enum { THREADS = 4, ADDRESSES = 200 };

static pthread_barrier_t barrier;

/* Each thread adds one address of its own, which the race for the first memory must not lose;
 * then all add the same few, each in an order of its own, and read all the while. */
static void *add_and_read(void *arg)
{
	uint32_t start = (uint32_t)(uintptr_t)arg * 37;
	uintptr_t wrong = 0;

	pthread_barrier_wait(&barrier);
	book_add(ipv4(0xcb007100 + (uint32_t)(uintptr_t)arg));
	pthread_barrier_wait(&barrier);
	for (uint32_t i = 0; i < THREADS; i++)
		wrong += !book_has(ipv4(0xcb007100 + i));
	pthread_barrier_wait(&barrier);
	for (uint32_t i = 0; i < ADDRESSES; i++) {
		book_add(ipv4(0xc0000200 + (start + i) % ADDRESSES));
		wrong += book_has(ipv4(0xc6330000 + i));
	}
	return (void *)wrong;
}

static void run_threads(void)
{
	pthread_t threads[THREADS];
	uintptr_t wrong = 0;
	long missing = 0;

	pthread_barrier_init(&barrier, NULL, THREADS);
	for (size_t i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, add_and_read, (void *)i);
	for (size_t i = 0; i < THREADS; i++) {
		void *result;

		pthread_join(threads[i], &result);
		wrong += (uintptr_t)result;
	}
	for (uint32_t i = 0; i < ADDRESSES; i++) {
		book_add(ipv4(0xc0000200 + i));
		missing += !book_has(ipv4(0xc0000200 + i));
	}
	fprintf(child_answer, "%lu %ld", (unsigned long)wrong, missing);
}

static void add_by_threads_from_the_first_on_is_sound(void **state)
{
	(void)state;
	for (int i = 0; i < 10; i++) {
		struct child child;

		child_run_plain(run_threads, &child);
		assert_string_equal(child.said, "0 0");
	}
}

static const struct CMUnitTest tests[] = {
	CHILD(state_from_start_to_use_is_told, pass_through_states,
	      "closed empty:idle empty:idle has=0 empty:idle has=1,0,0 empty:idle empty:idle used "
	      "used ",
	      ""),
	CHILD(socket_before_an_address_makes_no_use, add_socket_first,
	      "empty:idle empty:idle used ", ""),
	CHILD(facts_known_before_make_the_state_too, add_known_facts, "used ", ""),
	CHILD(add_before_open_is_kept, add_before_open, "1 empty:idle ", ""),
	CHILD(add_of_both_before_open_is_kept, add_both_before_open, "used used ", ""),
	cmocka_unit_test(add_to_a_full_set_forgets_the_oldest),
	CHILD(add_of_20000_keeps_the_last_and_the_size, add_many, "4096", ""),
	cmocka_unit_test(add_by_threads_from_the_first_on_is_sound),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
