/* SPDX-License-Identifier: MIT */
/* dlopen: libraries that bind past the program and its preloads (RTLD_DEEPBIND, as PHP loads its
 * extensions) see pin4 nevertheless. It relies on the loader looking symbols up in memory. */
#include <dlfcn.h>
#include <stdatomic.h>

#include "export.h"
#include "libc.h"
#include "settings.h"

#define DEEPBIND 0x8 /* RTLD_DEEPBIND, which <dlfcn.h> shows under _GNU_SOURCE only */

/* Such a library looks in itself and in what it needs before it looks anywhere else, and so finds
 * the libc's functions in the libc. So the libc's own symbol table has to name pin4's, before the
 * library binds its first symbol; of all others nothing changes. */
static RARE void redirect(void)
{
	static atomic_bool is_done;
	struct settings settings;

	if (is_done || !libc_is_glibc() || !settings_copy())
		return;
	settings_read(&settings);
	if (!settings.is_off)
		libc_redirect();
	is_done = true; /* only now: who comes meanwhile has to do it too */
}

/* The loader searches on behalf of the object that the call returns into (its RPATH, $ORIGIN and
 * namespace), so that the real call has to be a jump: the Makefile sees to that. */
EXPORT void *dlopen(const char *file, int mode)
{
	if (mode & DEEPBIND)
		redirect();
	return libc_extra(dlopen)(file, mode);
}
