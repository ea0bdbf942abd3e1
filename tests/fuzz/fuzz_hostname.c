/* SPDX-License-Identifier: MIT */
/* Host names: two texts, parted by a line end, against names.h and the libc's inet_aton. */
#include <arpa/inet.h>

#include "fuzz.h"
#include "hostname.h"
#include "names.h"

static void look_at(const char *text, size_t len)
{
	size_t trimmed = hostname_trim(text, len);
	enum hostname_fault fault = hostname_fault(text, trimmed);
	char *name = names_canonical(text, len);
	struct in_addr ignored;

	MUST(strlen(name) == trimmed || strlen(text) != len);
	MUST((fault == HOSTNAME_OK) == names_is_host(name, trimmed));
	if (strlen(text) == len) {
		MUST(hostname_is_numeric(text, len) == names_is_address(text));
		MUST(!hostname_starts_as_address(text) || names_is_address(text) ||
		     fault != HOSTNAME_OK);
		/* inet_aton reads up to a blank, which no host name has. */
		if (inet_aton(text, &ignored) && !strpbrk(text, " \t\n\v\f\r"))
			MUST(hostname_is_numeric(text, len));
	}
	free(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input input = { data, len };
	size_t a_len, b_len;
	char *a = take_text(&input, '\n', &a_len);
	char *b = take_text(&input, '\n', &b_len);
	char *a_name = names_canonical(a, a_len);
	char *b_name = names_canonical(b, b_len);
	size_t a_trimmed = hostname_trim(a, a_len);
	size_t b_trimmed = hostname_trim(b, b_len);
	bool is_equal = a_trimmed == b_trimmed && memcmp(a_name, b_name, a_trimmed) == 0;

	look_at(a, a_len);
	look_at(b, b_len);
	MUST(hostname_is_equal(a, a_trimmed, b, b_trimmed) == is_equal);
	MUST(hostname_is_equal(a, a_len, a, a_len));
	free(a);
	free(b);
	free(a_name);
	free(b_name);
	return 0;
}
