/* SPDX-License-Identifier: MIT */
/* What the diagnosis calls each error of a lookup and of a connection, and what they mean. */
#define _GNU_SOURCE /* EAI_NODATA */
#include <errno.h>
#include <netdb.h>

#include "check/check.h"
#include "unit.h"

struct lookup_row {
	int error;
	const char *name;
	const char *words;
	bool is_no_record;
	const char *called; /* how runtimes call it, up to the second; NULL: nothing is said */
};

static void check_called(const char *called, const char *wanted)
{
	assert_int_equal(called != NULL, wanted != NULL);
	if (wanted)
		assert_memory_equal(called, wanted, strlen(wanted));
}

static void check_lookup(void **state)
{
	const struct lookup_row *row = *state;
	struct log_line line = { .len = 0 };
	const char *called = check_lookup_called(row->error, &line);

	assert_string_equal(check_lookup_name(row->error), row->name);
	assert_string_equal(check_lookup_words(row->error), row->words);
	assert_int_equal(check_is_no_record(row->error), row->is_no_record);
	check_called(called, row->called);
}

struct connect_row {
	int error;
	bool is_local;
	const char *words; /* NULL: nobody asks */
	enum check_reach reach;
	const char *called; /* Erlang's name; NULL: nothing is said */
};

static void check_connection(void **state)
{
	const struct connect_row *row = *state;

	if (row->words)
		assert_string_equal(check_connect_words(row->error, row->is_local), row->words);
	assert_int_equal(check_reach_of(row->error, row->is_local), row->reach);
	check_called(check_connect_called(row->error), row->called);
}

#define LOOKUP(name, ...) UNIT_ROW("lookup_" #name, check_lookup, lookup_row, __VA_ARGS__)
#define CONNECT(name, ...) UNIT_ROW("connect_" #name, check_connection, connect_row, __VA_ARGS__)

#define NO_ROUTE "no route from this machine"
#define FAR_ROUTE "unreachable: a router has no route"
#define BLOCKED "blocked by this machine"

static const struct CMUnitTest tests[] = {
	LOOKUP(without_answer_is_eai_again_to_runtimes, CHECK_NO_ANSWER, "timeout",
	       "the resolver did not answer in time", false,
	       "Erlang nxdomain, Python gaierror -3, Node EAI_AGAIN"),
	LOOKUP(of_no_name_is_no_record, EAI_NONAME, "EAI_NONAME",
	       "no such name, or none of this kind", true,
	       "Erlang nxdomain, Python gaierror -2, Node ENOTFOUND"),
	LOOKUP(of_no_data_is_no_record, EAI_NODATA, "EAI_NODATA",
	       "the name exists, without a record of this kind", true,
	       "Erlang nxdomain, Python gaierror -5, Node ENOTFOUND"),
	LOOKUP(of_no_such_family_is_no_record, EAI_ADDRFAMILY, "EAI_ADDRFAMILY",
	       "no address of this kind", true, NULL),
	LOOKUP(failed_for_now_is_eai_again, EAI_AGAIN, "EAI_AGAIN",
	       "the resolver did not answer, or failed for now (SERVFAIL)", false,
	       "Erlang nxdomain, Python gaierror -3, Node EAI_AGAIN"),
	LOOKUP(failed_for_good_is_eai_fail, EAI_FAIL, "EAI_FAIL",
	       "the resolver failed, or refused to answer", false,
	       "Erlang nxdomain, Python gaierror -4, Node EAI_FAIL"),
	LOOKUP(failed_in_the_system_is_eai_system, EAI_SYSTEM, "EAI_SYSTEM",
	       "the C library could not ask", false, NULL),
	LOOKUP(without_memory_is_another, EAI_MEMORY, "EAI_OTHER", "the C library could not ask",
	       false, NULL),

	CONNECT(made_has_no_name_to_runtimes, 0, false, NULL, CHECK_CONNECTS, NULL),
	CONNECT(refused_is_said, ECONNREFUSED, false,
		"refused: the machine is there, nothing listens on that port", CHECK_REFUSED,
		"Erlang econnrefused, "),
	CONNECT(reset_is_a_refusal, ECONNRESET, false,
		"reset: the machine or a firewall in front of it closed the connection",
		CHECK_REFUSED, NULL),
	CONNECT(timed_out_is_said, ETIMEDOUT, false,
		"no answer: packets are dropped on the way, or the machine is off", CHECK_DROPPED,
		"Erlang timeout, "),
	CONNECT(to_unreachable_host_is_said, EHOSTUNREACH, true,
		"unreachable: reported by a router or the last network", CHECK_UNREACHABLE,
		"Erlang ehostunreach, "),
	CONNECT(to_unreachable_network_at_once_is_no_route, ENETUNREACH, true, NO_ROUTE,
		CHECK_NO_ROUTE, "Erlang enetunreach, "),
	CONNECT(to_unreachable_network_later_is_a_routers, ENETUNREACH, false, FAR_ROUTE,
		CHECK_UNREACHABLE, "Erlang enetunreach, "),
	CONNECT(without_own_address_is_no_route, EADDRNOTAVAIL, true, NO_ROUTE, CHECK_NO_ROUTE,
		NULL),
	CONNECT(without_the_family_is_no_route, EAFNOSUPPORT, true,
		"this machine has no sockets of this kind", CHECK_NO_ROUTE, NULL),
	CONNECT(forbidden_is_blocked, EACCES, true, BLOCKED, CHECK_BLOCKED, NULL),
	CONNECT(with_any_other_error_is_blocked, EMFILE, true, BLOCKED, CHECK_BLOCKED, NULL),
};

int main(void)
{
	return cmocka_run_group_tests_name("check_words", tests, NULL, NULL);
}
