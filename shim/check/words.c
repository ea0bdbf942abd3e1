/* SPDX-License-Identifier: MIT */
/* What resolver and connection errors mean, and what the usual runtimes call them. Pure. */
#include <errno.h>
#include <netdb.h>

#include "check.h"

/* <netdb.h> shows these under _GNU_SOURCE only; the numbers are glibc's and musl's. */
enum {
	NO_DATA_FOR_NAME = -5,   /* EAI_NODATA */
	NO_FAMILY_FOR_NAME = -9, /* EAI_ADDRFAMILY */
};

/* The number of a resolver's error in the texts below. */
static unsigned lookup_kind(int error)
{
	static const signed char kinds[] = { CHECK_NO_ANSWER,    EAI_NONAME, NO_DATA_FOR_NAME,
					     NO_FAMILY_FOR_NAME, EAI_AGAIN,  EAI_FAIL,
					     EAI_SYSTEM };
	unsigned kind = 0;

	while (kind < sizeof(kinds) && kinds[kind] != error)
		kind++;
	return kind;
}

bool check_is_no_record(int error)
{
	return error == EAI_NONAME || error == NO_DATA_FOR_NAME || error == NO_FAMILY_FOR_NAME;
}

const char *check_lookup_name(int error)
{
	return check_text("timeout\0EAI_NONAME\0EAI_NODATA\0EAI_ADDRFAMILY\0EAI_AGAIN\0EAI_FAIL\0"
			  "EAI_SYSTEM\0EAI_OTHER",
			  lookup_kind(error));
}

const char *check_lookup_words(int error)
{
	return check_text("the resolver did not answer in time\0"
			  "no such name, or none of this kind\0"
			  "the name exists, without a record of this kind\0"
			  "no address of this kind\0"
			  "the resolver did not answer, or failed for now (SERVFAIL)\0"
			  "the resolver failed, or refused to answer\0"
			  "the C library could not ask\0"
			  "the C library could not ask",
			  lookup_kind(error));
}

const char *check_lookup_called(int error, struct log_line *line)
{
	if (error == CHECK_NO_ANSWER)
		error = EAI_AGAIN; /* which is what it comes to in the end */
	if (error != EAI_NONAME && error != NO_DATA_FOR_NAME && error != EAI_AGAIN &&
	    error != EAI_FAIL)
		return NULL;
	check_put(line,
		  "Erlang nxdomain, Python gaierror -%u, Node %s, Java UnknownHostException, "
		  "libpq could not translate host name",
		  (unsigned)-error,
		  check_is_no_record(error) ? "ENOTFOUND" : check_lookup_name(error));
	return line->text;
}

/* The number of a connection's error in the texts below. */
static unsigned connect_kind(int error, bool is_local)
{
	static const unsigned char kinds[] = {
		0,           ECONNREFUSED, ETIMEDOUT,     EHOSTUNREACH,
		ENETUNREACH, ECONNRESET,   EADDRNOTAVAIL, EAFNOSUPPORT
	};
	unsigned kind = 0;

	if (error == ENETUNREACH && !is_local)
		return sizeof(kinds);
	while (kind < sizeof(kinds) && kinds[kind] != error)
		kind++;
	return kind < sizeof(kinds) ? kind : sizeof(kinds) + 1;
}

enum check_reach check_reach_of(int error, bool is_local)
{
	static const unsigned char reaches[] = {
		CHECK_CONNECTS, CHECK_REFUSED,  CHECK_DROPPED,  CHECK_UNREACHABLE, CHECK_NO_ROUTE,
		CHECK_REFUSED,  CHECK_NO_ROUTE, CHECK_NO_ROUTE, CHECK_UNREACHABLE, CHECK_BLOCKED,
	};

	return reaches[connect_kind(error, is_local)];
}

const char *check_connect_words(int error, bool is_local)
{
	return check_text("connected\0"
			  "refused: the machine is there, nothing listens on that port\0"
			  "no answer: packets are dropped on the way, or the machine is off\0"
			  "unreachable: reported by a router or the last network\0"
			  "no route from this machine\0"
			  "reset: the machine or a firewall in front of it closed the connection\0"
			  "no route from this machine\0"
			  "this machine has no sockets of this kind\0"
			  "unreachable: a router has no route\0"
			  "blocked by this machine",
			  connect_kind(error, is_local));
}

const char *check_connect_called(int error)
{
	const char *called =
		check_text("\0"
			   "Erlang econnrefused, Python ConnectionRefusedError, Node ECONNREFUSED, "
			   "Java ConnectException, libpq Connection refused\0"
			   "Erlang timeout, Python TimeoutError, Node ETIMEDOUT, "
			   "Java SocketTimeoutException, libpq timeout expired\0"
			   "Erlang ehostunreach, Python OSError 113, Node EHOSTUNREACH, "
			   "Java NoRouteToHostException, libpq No route to host\0"
			   "Erlang enetunreach, Python OSError 101, Node ENETUNREACH, "
			   "Java SocketException, libpq Network is unreachable\0\0\0\0\0",
			   connect_kind(error, true));

	return *called ? called : NULL;
}
