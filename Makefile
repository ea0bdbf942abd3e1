# SPDX-License-Identifier: MIT
# pin4. "make" builds the library, "make help" lists the rest. The library needs cc and make only.

PREFIX ?= /usr/local
VERSION = 0.2.0

# "make ARCH=aarch64" or i686 builds for another machine, into build/ARCH, with Debian's cross
# compiler. On aarch64 GCC would call into its own library for atomics; on i686 it has to for 64-bit
# division, and has a word to say on what GCC 11 changed.
NATIVE := $(shell uname -m)
ARCH ?= $(NATIVE)
ifneq ($(ARCH),$(NATIVE))
CC = $(ARCH)-linux-gnu-gcc
BUILD ?= build/$(ARCH)
endif
BUILD ?= build
O = $(BUILD)/shim
ARCH_CFLAGS_aarch64 = -mno-outline-atomics
ARCH_CFLAGS_i686 = -Wno-psabi
ARCH_LIBS_i686 = -lgcc

# What one compiler needs and the other does not know.
IS_CLANG := $(findstring clang,$(shell $(CC) --version))
THEIR_CFLAGS = $(if $(IS_CLANG),-fno-builtin-bcmp,-fno-ident -fno-tree-switch-conversion)

# What the library has to be, whatever the user's flags. It binds to no symbol version and to
# nothing that one libc alone has: so no fortified calls, no stack protector, no start files, and
# libc is a stub that holds shim/imports and nothing else.
SHIM_CFLAGS = -std=c11 -Ishim -D_DEFAULT_SOURCE -DPIN4_VERSION='"$(VERSION)"' -D_FILE_OFFSET_BITS=64 \
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=0 -fno-stack-protector -fPIC \
	-fvisibility=hidden -fno-jump-tables $(THEIR_CFLAGS) \
	-ffile-prefix-map=$(CURDIR)/= $(ARCH_CFLAGS_$(ARCH))
SHIM_LDFLAGS = -shared -nostdlib -Wl,-soname,libpin4.so -Wl,-e,pin4_start \
	-Wl,-z,defs,-z,relro,-z,now,-z,noexecstack,-z,nodelete,-z,noseparate-code \
	-Wl,--hash-style=gnu,--build-id=sha1 $(if $(findstring -g,$(CFLAGS)),,-s)
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wcast-qual -Wundef -Wvla -Wwrite-strings -Wpointer-arith \
	$(if $(filter 1,$(WERROR)),-Werror)

# These define what a compiler would otherwise turn their own loops into.
$O/string.o $O/launch/entry.o: SHIM_CFLAGS += -ffreestanding \
	$(if $(IS_CLANG),,-fno-tree-loop-distribute-patterns)

SOURCES := $(sort $(wildcard shim/*.c shim/*/*.c))
OBJECTS := $(SOURCES:shim/%.c=$O/%.o)

# Small comes before fast, but for what lookups and connections run through; unless CFLAGS say more.
OPTIMIZE = -Os
OFTEN = connect hostname policy policy_question getaddrinfo rules dns/send dns/receive
$(patsubst %,$O/%.o,$(OFTEN)): OPTIMIZE = -O2

# A thread may be cancelled in what these call, and then unwinds through them; through no others.
UNWOUND = async async_pending connect deepbind dns/answer dns/receive dns/res dns/send fit hostbyname getaddrinfo
$(filter-out $(patsubst %,$O/%.o,$(UNWOUND)),$(OBJECTS)): \
	SHIM_CFLAGS += -fno-asynchronous-unwind-tables

# dlopen has to leave by a jump.
$O/deepbind.o: SHIM_CFLAGS += -O2 -foptimize-sibling-calls

# "make V=1" shows the commands.
Q = $(if $V,,@)
SAY = $(if $V,@:,@printf '  %-4s %s\n')


all: $(BUILD)/libpin4.so $(BUILD)/pin4 ## build the library

$(BUILD)/pin4: | $(BUILD)/libpin4.so
	$Qln -sf libpin4.so $@

$(BUILD)/libpin4.so: $(OBJECTS) $O/libc.so.6
	$(SAY) LD $@
	$Q$(CC) $(CFLAGS) $(SHIM_CFLAGS) $(SHIM_LDFLAGS) $(LDFLAGS) -o $@ $(OBJECTS) $O/libc.so.6 \
		$(ARCH_LIBS_$(ARCH))

$O/%.o: shim/%.c Makefile
	$(SAY) CC $<
	@mkdir -p $(@D)
	$Q$(CC) $(OPTIMIZE) $(WARNINGS) $(CPPFLAGS) $(CFLAGS) $(SHIM_CFLAGS) -MMD -MP -c -o $@ $<

$O/stub.c: shim/imports | $O
	$Qsed 's/.*/void &(void) {}/; s/.*environ.*/char **environ;/' shim/imports >$@

$O/libc.so.6: $O/stub.c
	$Q$(CC) -shared -nostdlib -fPIC -w -fno-builtin -Wl,-soname,libc.so.6 -o $@ $<

$O:
	$Qmkdir -p $@

-include $(OBJECTS:.o=.d)

# The unit tests: each with all that leaves the libc's functions in place.
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
ENTRIES = start connect getaddrinfo hostbyname dns/send dns/receive dns/res dns/answer deepbind \
	async async_pending string
BELOW := $(filter-out $(patsubst %,shim/%.c,$(ENTRIES)),$(SOURCES))
UNIT_CFLAGS = -std=c11 -D_DEFAULT_SOURCE -DPIN4_VERSION='"$(VERSION)"' -Ishim -g -O1

UNIT_OBJECTS := $(BELOW:shim/%.c=$(BUILD)/unit/shim/%.o)

unit: $(UNITS)

$(UNITS): $(UNIT_OBJECTS) $(wildcard tests/unit/*.h)

$(BUILD)/unit/shim/%.o: shim/%.c $(wildcard shim/*.h shim/*/*.h) Makefile
	@mkdir -p $(@D)
	$Q$(CC) $(UNIT_CFLAGS) $(SANITIZE) $(CFLAGS) -c -o $@ $<

$(BUILD)/unit/%: tests/unit/%.c
	$(SAY) CC $<
	$Q$(CC) $(UNIT_CFLAGS) $(SANITIZE) $(CFLAGS) $(LDFLAGS) -o $@ $< $(UNIT_OBJECTS) -lcmocka

check: all ## run the tests that need neither root nor network
	@scripts/test unit fuzz launcher preload deep

check-diagnosis: all ## run the tests of check, doctor and live, as root
	@scripts/test diagnosis

check-real: all ## run real servers and clients in network namespaces, as root
	@scripts/test real

check-ship: all ## put the library and its packages into old, new and other systems, as root
	@scripts/test ship

check-musl: all ## run the preload tests with musl's programs
	@scripts/test preload-musl

# Seconds for each fuzz target, for the races, and for the soak.
FUZZ_SECONDS ?= 60
RACE_SECONDS ?= 600
SOAK_SECONDS ?= 600

check-asan: ## run unit and preload tests with every memory access checked
	@tests/harm/sanitize asan

check-tsan: ## run unit and preload tests with every access by two threads checked
	@tests/harm/sanitize tsan

check-valgrind: ## run unit and preload tests under valgrind
	@tests/harm/sanitize valgrind

check-harm: all ## races for RACE_SECONDS (600), faults, other people's software, as root
	@RACE_SECONDS=$(RACE_SECONDS) tests/harm/races
	@tests/harm/faults
	@tests/harm/foreign long

soak: all ## use a pool for SOAK_SECONDS (600) while the world changes around it, as root
	@SOAK_SECONDS=$(SOAK_SECONDS) scripts/test real-soak

fuzz: ## run each fuzz target for FUZZ_SECONDS (60), with clang
	@tests/fuzz/run fuzz $(FUZZ_SECONDS)

coverage: ## list the lines of shim/ that no test of the library reaches, as root
	@tests/harm/coverage

bench: all ## measure what pin4 costs, against its budgets
	@tests/bench/run

demo: all ## see a client fail without pin4 and connect with it
	@scripts/demo

lint: all ## check format, floors, words, links, manuals and symbols
	@scripts/lint

format: ## bring all C files into the project's format
	clang-format -i $$(git ls-files -co --exclude-standard -- 'shim/*.[ch]' 'tests/*.[ch]')

LIBDIR = $(DESTDIR)$(PREFIX)/lib
BINDIR = $(DESTDIR)$(PREFIX)/bin
SHAREDIR = $(DESTDIR)$(PREFIX)/share
MANUALS = man1/pin4.1 man5/pin4.conf.5 man7/pin4.7
DOCDIR = $(SHAREDIR)/doc/pin4
BASHDIR = $(SHAREDIR)/bash-completion/completions
ZSHDIR = $(SHAREDIR)/zsh/site-functions

# The library is renamed into place: half of one kills every program that starts meanwhile. It is
# executable because it is also the program: pin4 is a link to it.
install: all ## install below DESTDIR and PREFIX (/usr/local)
	install -d $(LIBDIR) $(BINDIR) $(addprefix $(SHAREDIR)/man/,$(dir $(MANUALS))) $(DOCDIR)/deploy \
		$(BASHDIR) $(ZSHDIR)
	install -m 755 $(BUILD)/libpin4.so $(LIBDIR)/libpin4.so.new
	mv -f $(LIBDIR)/libpin4.so.new $(LIBDIR)/libpin4.so
	ln -sfn ../lib/libpin4.so $(BINDIR)/pin4
	for page in $(MANUALS); do \
		install -m 644 scripts/$${page#*/} $(SHAREDIR)/man/$$page || exit 1; done
	install -m 644 scripts/deploy/* $(DOCDIR)/deploy
	install -m 644 scripts/pin4.conf scripts/deb/changelog LICENSE $(DOCDIR)
	install -m 644 /dev/null $(DOCDIR)/README.md
	sed -f scripts/installed.sed README.md >$(DOCDIR)/README.md
	install -m 644 scripts/completion/pin4.bash $(BASHDIR)/pin4
	install -m 644 scripts/completion/pin4.zsh $(ZSHDIR)/_pin4

dist: ## build the tarballs and Debian packages into build/dist
	@scripts/dist

uninstall: ## remove what install put there
	rm -f $(LIBDIR)/libpin4.so $(BINDIR)/pin4 $(addprefix $(SHAREDIR)/man/,$(MANUALS)) \
		$(BASHDIR)/pin4 $(ZSHDIR)/_pin4
	rm -rf $(DOCDIR)

clean: ## remove all that was built
	$Qrm -rf $(BUILD)

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 18

.PHONY: all unit check check-diagnosis check-real check-ship check-musl check-asan check-tsan check-valgrind \
	check-harm soak fuzz coverage bench demo lint format install dist uninstall clean help
