/* SPDX-License-Identifier: MIT */
/* What a library that lets musl run programs of glibc (gcompat) gives every process beside it: a
 * function that only glibc had. */
const char *gnu_get_libc_version(void);

const char *gnu_get_libc_version(void)
{
	return "2.8";
}
