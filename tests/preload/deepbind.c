/* SPDX-License-Identifier: MIT */
/* Loads a library past interposition and lets it look up and connect; or shows what such loading
 * changes. It stands in for PHP, and deepbind-lib.c for pdo_pgsql. */
#define _GNU_SOURCE
#include "deepbind.h"
#include "probe.h"

#include <dlfcn.h>
#include <link.h>
#include <pthread.h>

/* The library has its own, and must not come to see this one. */
const char *deepbind_marker(void)
{
	return "the program's";
}

static void *load(const char *file, int mode)
{
	void *handle = dlopen(file, mode);

	if (!handle)
		printf("%s\n", dlerror());
	return handle;
}

static void *find(void *handle, const char *name)
{
	void *found = dlsym(handle, name);

	MUST(found);
	return found;
}

/* Where the file was found, and which of two functions of one name its library sees. */
static int show_origin(const char *file, int mode)
{
	void *handle = load(file, mode);
	Dl_info info;

	if (!handle)
		return 1;
	MUST(dladdr(find(handle, "deepbind_lookup"), &info));
	printf("%s marker=%s\n", info.dli_fname,
	       ((const char *(*)(void))find(handle, "deepbind_own_marker"))());
	return 0;
}

static int look_up(const char *file, int mode, char **hosts)
{
	void *handle = load(file, mode);
	void (*lookup)(const char *) = handle ? find(handle, "deepbind_lookup") : NULL;

	for (; lookup && *hosts; hosts++)
		lookup(*hosts);
	return !lookup;
}

/* What the server sees of a library that connects over IPv6 alone. */
static int serve(const char *file, int mode, const char *host)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000001) };
	socklen_t len = sizeof(addr);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int (*reach)(const char *, int) = find(load(file, mode), "deepbind_connect");
	char text[INET6_ADDRSTRLEN];

	MUST(bind(listener, (void *)&addr, len) == 0 && listen(listener, 1) == 0);
	MUST(getsockname(listener, (void *)&addr, &len) == 0);
	if (reach(host, ntohs(addr.sin_port)) != 0) {
		printf("connect: %s\n", probe_errno(errno, text, sizeof(text)));
		return 1;
	}
	MUST(accept(listener, (void *)&addr, &len) >= 0);
	printf("the server saw %s\n", probe_text((void *)&addr, text, sizeof(text)));
	return 0;
}

/* The symbol table of the libc, and how long it is: the string table follows it. */
static const ElfW(Sym) * libc_symbols(const char **strings, size_t *count)
{
	struct link_map *map = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
	const ElfW(Sym) *symbols = NULL;

	MUST(map);
	for (const ElfW(Dyn) *dynamic = map->l_ld; dynamic->d_tag != DT_NULL; dynamic++) {
		if (dynamic->d_tag == DT_SYMTAB)
			symbols = (const void *)dynamic->d_un.d_ptr;
		if (dynamic->d_tag == DT_STRTAB)
			*strings = (const void *)dynamic->d_un.d_ptr;
	}
	MUST(symbols && *strings > (const char *)symbols);
	*count = (size_t)(*strings - (const char *)symbols) / sizeof(*symbols);
	return symbols;
}

/* How much of the libc is readable, executable and writable. */
static void print_libc_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long sizes[128] = { 0 };
	char line[512];

	while (maps && fgets(line, sizeof(line), maps)) {
		unsigned long start, end;
		char flags[8];

		if ((strstr(line, "/libc.so.6") || strstr(line, "/libc-2.")) &&
		    sscanf(line, "%lx-%lx %7s", &start, &end, flags) == 3)
			for (const char *flag = flags; *flag; flag++)
				sizes[*flag & 127] += end - start;
	}
	fclose(maps);
	printf("mapped r=%lu x=%lu w=%lu\n", sizes['r'], sizes['x'], sizes['w']);
}

/* Names the libc's symbols that the loader finds elsewhere after the library has been loaded. */
static int show_changes(const char *file, int mode)
{
	const char *strings = NULL;
	size_t count;
	const ElfW(Sym) *symbols = libc_symbols(&strings, &count);
	ElfW(Sym) *before = malloc(count * sizeof(*before));

	MUST(before);
	memcpy(before, symbols, count * sizeof(*before));
	if (!load(file, mode))
		return 1;
	for (size_t i = 0; i < count; i++)
		if (memcmp(&before[i], &symbols[i], sizeof(*before)) != 0)
			printf("%s\n", strings + symbols[i].st_name);
	free(before);
	print_libc_mappings();
	return 0;
}

static struct {
	const char *file;
	int mode;
	const char *host;
} job;

static void *load_and_look_up(void *unused)
{
	char *hosts[] = { (char *)(uintptr_t)job.host, NULL };

	(void)unused;
	MUST(look_up(job.file, job.mode, hosts) == 0);
	return NULL;
}

static int run_threads(const char *file, int mode, const char *host)
{
	pthread_t threads[4];

	job.file = file;
	job.mode = mode;
	job.host = host;
	for (int i = 0; i < 4; i++)
		MUST(pthread_create(&threads[i], NULL, load_and_look_up, NULL) == 0);
	for (int i = 0; i < 4; i++)
		MUST(pthread_join(threads[i], NULL) == 0);
	return 0;
}

/* deepbind origin|via|libc|lookup|serve|changes|threads deep|plain FILE [HOST|CALLER...] */
int main(int argc, char **argv)
{
	const char *what = argc > 3 ? argv[1] : "";
	int mode = RTLD_LAZY | RTLD_GLOBAL;

	if (argc > 3 && !strcmp(argv[2], "deep"))
		mode |= RTLD_DEEPBIND;
	if (!strcmp(what, "origin"))
		return show_origin(argv[3], mode);
	if (!strcmp(what, "via")) /* another library loads it */
		return ((int (*)(const char *, int))find(load(argv[4], RTLD_NOW), "deepbind_load"))(
			argv[3], mode);
	if (!strcmp(what, "libc"))
		return puts(((struct link_map *)load("libc.so.6", RTLD_NOW))->l_name) < 0;
	if (!strcmp(what, "lookup"))
		return look_up(argv[3], mode, argv + 4);
	if (!strcmp(what, "serve"))
		return serve(argv[3], mode, argv[4]);
	if (!strcmp(what, "changes"))
		return show_changes(argv[3], mode);
	if (!strcmp(what, "threads"))
		return run_threads(argv[3], mode, argv[4]);
	return 2;
}
