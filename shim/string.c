/* SPDX-License-Identifier: MIT */
/* The functions of <string.h> that this library calls or that a compiler calls by itself, but for
 * strlen: so many symbols less for the loader to bind in every process. */
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

void *memmove(void *to, const void *from, size_t len)
{
	unsigned char *out = to;
	const unsigned char *in = from;

	if (out <= in)
		while (len--)
			*out++ = *in++;
	else
		while (len--)
			out[len] = in[len];
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
	return memmove(to, from, len);
}

void *memset(void *to, int byte, size_t len)
{
	unsigned char *out = to;

	while (len--)
		*out++ = (unsigned char)byte;
	return to;
}

int memcmp(const void *a, const void *b, size_t len)
{
	const unsigned char *left = a;
	const unsigned char *right = b;

	for (; len; len--, left++, right++)
		if (*left != *right)
			return *left - *right;
	return 0;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

/* glibc's headers have these inline where they are optimized. The machines are little-endian. */
#if !defined __OPTIMIZE__ || !defined __GLIBC__
uint32_t htonl(uint32_t number)
{
	return __builtin_bswap32(number);
}

uint16_t htons(uint16_t number)
{
	return __builtin_bswap16(number);
}
#endif
