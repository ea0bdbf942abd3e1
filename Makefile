# SPDX-License-Identifier: MIT
# pin4. "make" builds the library, "make help" lists the rest. The library needs cc and make only.

PREFIX ?= /usr/local
CFLAGS ?= -O2
VERSION := $(shell sed -n 's/^version=//p' scripts/pin4)
BUILD ?= build
O = $(BUILD)/shim

# What the library has to be, whatever the user's flags. It binds to no symbol version and to
# nothing that one libc alone has: so no fortified calls, no stack protector, no start files, and
# libc is a stub that holds shim/imports and nothing else.
SHIM_CFLAGS = -std=c11 -D_DEFAULT_SOURCE -DPIN4_VERSION='"$(VERSION)"' \
	-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=0 -fno-stack-protector -fPIC -fno-plt \
	-fvisibility=hidden -fno-tree-switch-conversion -fno-jump-tables \
	-ffile-prefix-map=$(CURDIR)/=
SHIM_LDFLAGS = -shared -nostdlib -Wl,-soname,libpin4.so -Wl,--version-script=$O/exports.map \
	-Wl,-z,defs,-z,relro,-z,now,-z,noexecstack,-z,nodelete,-z,noseparate-code \
	-Wl,--hash-style=gnu,--build-id=sha1
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wcast-qual -Wundef -Wvla -Wwrite-strings -Wpointer-arith \
	$(if $(filter 1,$(WERROR)),-Werror)

# These define what a compiler would otherwise turn their own loops into.
$O/string.o: SHIM_CFLAGS += -ffreestanding -fno-tree-loop-distribute-patterns

# "make V=1" shows the commands.
Q = $(if $V,,@)
SAY = $(if $V,@:,@printf '  %-4s %s\n')

SOURCES := $(wildcard shim/*.c)
OBJECTS := $(SOURCES:shim/%.c=$O/%.o)

all: $(BUILD)/libpin4.so ## build the library

$(BUILD)/libpin4.so: $(OBJECTS) $O/libc.so.6 $O/exports.map
	$(SAY) LD $@
	$Q$(CC) $(SHIM_CFLAGS) $(CFLAGS) $(SHIM_LDFLAGS) $(LDFLAGS) -o $@ $(OBJECTS) $O/libc.so.6

$O/%.o: shim/%.c Makefile scripts/pin4 | $O
	$(SAY) CC $<
	$Q$(CC) $(SHIM_CFLAGS) $(WARNINGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$O/stub.c: shim/imports | $O
	$Qawk '$$2 != "need" && $$2 != "weak" { next } \
		{ print $$1 == "environ" ? "char **environ;" : "void " $$1 "(void) {}" }' \
		shim/imports >$@

$O/libc.so.6: $O/stub.c
	$Q$(CC) -shared -nostdlib -fPIC -w -fno-builtin -Wl,-soname,libc.so.6 -o $@ $<

$O/exports.map: shim/exports | $O
	$Q{ echo '{ global:'; sed 's/$$/;/' shim/exports; echo 'local: *; };'; } >$@

$O:
	$Qmkdir -p $@

-include $(OBJECTS:.o=.d)

# The unit tests: each with all that leaves the libc's functions in place.
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/test_*.c))
BELOW := $(filter-out $(patsubst %,shim/%.c,start connect resolve hostbyname late string),$(SOURCES))
UNIT_CFLAGS = -std=c11 -D_DEFAULT_SOURCE -DPIN4_VERSION='"$(VERSION)"' -Ishim -g -O1

unit: $(UNITS)

$(BUILD)/unit/%: tests/unit/%.c $(BELOW) $(wildcard shim/*.h) Makefile
	@mkdir -p $(@D)
	$(SAY) CC $<
	$Q$(CC) $(UNIT_CFLAGS) $(SANITIZE) $(CFLAGS) $(LDFLAGS) -o $@ $< $(BELOW) -lcmocka

check: all ## run the tests that need no root and no network
	@scripts/test unit launcher preload

check-real: all ## run real servers and clients in network namespaces, as root
	@scripts/test real

check-musl: all ## run the preload tests with musl's programs
	@scripts/test preload-musl

demo: all ## see a client fail without pin4 and connect with it
	@scripts/demo

lint: all ## format, floors, clang-tidy, cppcheck, shellcheck, mandoc, symbols
	@scripts/lint

format: ## bring all C files into the project's format
	clang-format -i $$(git ls-files -co --exclude-standard -- 'shim/*.[ch]' 'tests/*.[ch]')

LIBDIR = $(DESTDIR)$(PREFIX)/lib
BINDIR = $(DESTDIR)$(PREFIX)/bin
MANDIR = $(DESTDIR)$(PREFIX)/share/man
EXAMPLEDIR = $(DESTDIR)$(PREFIX)/share/doc/pin4

install: all ## install below DESTDIR and PREFIX (/usr/local)
	install -d $(LIBDIR) $(BINDIR) $(MANDIR)/man1 $(MANDIR)/man5 $(EXAMPLEDIR)
	install -m 644 $(BUILD)/libpin4.so $(LIBDIR)/libpin4.so
	install -m 755 scripts/pin4 $(BINDIR)/pin4
	install -m 644 scripts/pin4.1 $(MANDIR)/man1/pin4.1
	install -m 644 scripts/pin4.conf.5 $(MANDIR)/man5/pin4.conf.5
	install -m 644 scripts/pin4.conf README.md LICENSE $(EXAMPLEDIR)

uninstall: ## remove what install put there
	rm -f $(LIBDIR)/libpin4.so $(BINDIR)/pin4 $(MANDIR)/man1/pin4.1 $(MANDIR)/man5/pin4.conf.5
	rm -f $(EXAMPLEDIR)/pin4.conf $(EXAMPLEDIR)/README.md $(EXAMPLEDIR)/LICENSE
	-rmdir $(EXAMPLEDIR)

clean: ## remove all that was built
	$Qrm -rf $(BUILD)

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 14

.PHONY: all unit check check-real check-musl demo lint format install uninstall clean help
