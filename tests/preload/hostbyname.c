/* SPDX-License-Identifier: MIT */
/* Looks a host up with gethostbyname2 and with gethostbyname2_r, the latter with every size of
 * buffer from 0 on, and prints the answers in one canonical form: hostbyname inet|inet6 HOST... */
#define _GNU_SOURCE
#include "probe.h"

#include <stdbool.h>
#include <stdint.h>

#define BUFFER 2048
#define FILL 0x5a

static const char *h_error_name(int code)
{
	return code == HOST_NOT_FOUND ? "HOST_NOT_FOUND"
	       : code == TRY_AGAIN    ? "TRY_AGAIN"
	       : code == NO_RECOVERY  ? "NO_RECOVERY"
	       : code == NO_DATA      ? "NO_DATA"
	       : code == -1           ? "NETDB_INTERNAL"
				      : "none";
}

static void print_hostent(const struct hostent *hostent)
{
	char text[INET6_ADDRSTRLEN];

	printf("%s %s/%d", hostent->h_name,
	       hostent->h_addrtype == AF_INET6 ? "AF_INET6" : "AF_INET", hostent->h_length);
	for (char **alias = hostent->h_aliases; *alias; alias++)
		printf(" alias=%s", *alias);
	for (char **addr = hostent->h_addr_list; *addr; addr++) {
		MUST(inet_ntop(hostent->h_addrtype, *addr, text, sizeof(text)));
		printf(" %s", text);
	}
	printf("\n");
}

static void ask_static(const char *name, int family)
{
	const struct hostent *hostent;

	h_errno = 0;
	hostent = gethostbyname2(name, family);
	printf("gethostbyname2 ");
	if (hostent)
		print_hostent(hostent);
	else
		printf("NULL h_errno=%s\n", h_error_name(h_errno));
}

/* Whether everything that the answer points to lies in the buffer that it was given. */
static bool is_within(const struct hostent *hostent, const char *buf, size_t size)
{
	uintptr_t low = (uintptr_t)buf;
	uintptr_t high = low + size;
	bool good = (uintptr_t)hostent->h_addr_list >= low && (uintptr_t)hostent->h_aliases >= low;

	for (char **addr = hostent->h_addr_list; *addr; addr++)
		good &= (uintptr_t)*addr >= low &&
			(uintptr_t)*addr + (size_t)hostent->h_length <= high;
	return good && (uintptr_t)hostent->h_name >= low &&
	       (uintptr_t)hostent->h_name + strlen(hostent->h_name) < high;
}

/* A buffer that is too small says so, is not overrun, and never gives a part of the answer. */
static bool is_refused_whole(int error, const struct hostent *result, int code, const char *buf,
			     size_t size)
{
	for (size_t i = size; i < BUFFER; i++)
		if (buf[i] != FILL)
			return false;
#ifdef __GLIBC__
	return error == ERANGE && !result && code == NETDB_INTERNAL;
#else
	(void)code;
	return error == ERANGE && !result;
#endif
}

static void ask_reentrant(const char *name, int family, size_t offset)
{
	static _Alignas(16) char block[BUFFER + 16];
	char *buf = block + offset;
	struct hostent hostent;
	struct hostent *result;
	int error = ERANGE;
	int code = 0;
	size_t size;

	for (size = 0; error == ERANGE && size < BUFFER; size++) {
		memset(block, FILL, sizeof(block));
		result = &hostent;
		code = 0;
		error = gethostbyname2_r(name, family, &hostent, buf, size, &result, &code);
		if (error == ERANGE)
			MUST(is_refused_whole(error, result, code, buf, size));
	}
	printf("gethostbyname2_r+%zu ", offset);
	if (error || !result) {
		printf("%d %s h_errno=%s\n", error, result ? "result" : "NULL", h_error_name(code));
		return;
	}
	size--;
	MUST(result == &hostent && is_within(result, buf, size));
	for (size_t i = size; i < BUFFER; i++)
		MUST(buf[i] == FILL);
	/* A program that doubles its buffer from 64 must get there as well. */
	MUST(size > 0 && size <= 1024);
	print_hostent(result);
}

int main(int argc, char **argv)
{
	int family = argc > 1 && !strcmp(argv[1], "inet6") ? AF_INET6 : AF_INET;

	for (int i = 2; i < argc; i++) {
		ask_static(argv[i], family);
		ask_reentrant(argv[i], family, 0);
		ask_reentrant(argv[i], family, 1);
	}
	return 0;
}
