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

bool check_is_no_record(int error)
{
	return error == EAI_NONAME || error == NO_DATA_FOR_NAME || error == NO_FAMILY_FOR_NAME;
}

const char *check_lookup_name(int error)
{
	switch (error) {
	case CHECK_NO_ANSWER:
		return "timeout";
	case EAI_NONAME:
		return "EAI_NONAME";
	case NO_DATA_FOR_NAME:
		return "EAI_NODATA";
	case NO_FAMILY_FOR_NAME:
		return "EAI_ADDRFAMILY";
	case EAI_AGAIN:
		return "EAI_AGAIN";
	case EAI_FAIL:
		return "EAI_FAIL";
	case EAI_SYSTEM:
		return "EAI_SYSTEM";
	default:
		return "EAI_OTHER";
	}
}

const char *check_lookup_words(int error)
{
	switch (error) {
	case CHECK_NO_ANSWER:
		return "the resolver did not answer in time";
	case EAI_NONAME:
		return "no such name, or none of this kind";
	case NO_DATA_FOR_NAME:
		return "the name exists, without a record of this kind";
	case NO_FAMILY_FOR_NAME:
		return "no address of this kind";
	case EAI_AGAIN:
		return "the resolver did not answer, or failed for now (SERVFAIL)";
	case EAI_FAIL:
		return "the resolver failed, or refused to answer";
	default:
		return "the C library could not ask";
	}
}

bool check_put_lookup_called(struct log_line *line, int error)
{
	if (error == CHECK_NO_ANSWER)
		error = EAI_AGAIN; /* which is what it comes to in the end */
	if (error != EAI_NONAME && error != NO_DATA_FOR_NAME && error != EAI_AGAIN &&
	    error != EAI_FAIL)
		return false;
	log_text(line, "Erlang nxdomain, Python gaierror -");
	log_number(line, (unsigned long)-error);
	log_text(line, ", Node ");
	log_text(line, check_is_no_record(error) ? "ENOTFOUND" : check_lookup_name(error));
	log_text(line, ", Java UnknownHostException, libpq could not translate host name");
	return true;
}

const char *check_connect_words(int error, bool is_local)
{
	switch (error) {
	case ECONNREFUSED:
		return "refused: the machine is there, nothing listens on that port";
	case ECONNRESET:
		return "reset: the machine, or a firewall before it, broke it off";
	case ETIMEDOUT:
		return "no answer: packets are dropped on the way, or the machine is off";
	case EHOSTUNREACH:
		return "unreachable: a router, or the last network, says so";
	case ENETUNREACH:
	case EADDRNOTAVAIL:
		return is_local ? "no route from this machine"
				: "unreachable: a router has no route";
	case EAFNOSUPPORT:
		return "this machine has no sockets of this kind";
	default:
		return "this machine did not let it out";
	}
}

static const char *connect_called(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return "Erlang econnrefused, Python ConnectionRefusedError, Node ECONNREFUSED, "
		       "Java ConnectException, libpq Connection refused";
	case ETIMEDOUT:
		return "Erlang timeout, Python TimeoutError, Node ETIMEDOUT, "
		       "Java SocketTimeoutException, libpq timeout expired";
	case EHOSTUNREACH:
		return "Erlang ehostunreach, Python OSError 113, Node EHOSTUNREACH, "
		       "Java NoRouteToHostException, libpq No route to host";
	case ENETUNREACH:
		return "Erlang enetunreach, Python OSError 101, Node ENETUNREACH, "
		       "Java SocketException, libpq Network is unreachable";
	default:
		return NULL;
	}
}

bool check_put_connect_called(struct log_line *line, int error)
{
	const char *called = connect_called(error);

	log_text(line, called ? called : "");
	return called;
}
