# SPDX-License-Identifier: MIT
# What the library takes from a libc, for each machine; and that scripts/symbols sees what is wrong.

# run sets the variables.
# shellcheck disable=SC2154

for arch in x86_64 aarch64 i686; do
	is "symbols_of_${arch}_are_what_was_reviewed" \
		"$("$top/scripts/symbols" "$(library $arch)" 2>&1; echo $?)" 0
done

# Whatever a user wants of the compiler is added to what the library has to be.
for flags in -g -O0 -O3 '-O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fcf-protection'; do
	make -s -C "$top" BUILD="$tmp/user" CFLAGS="$flags" >"$tmp/user.log" 2>&1
	is "library_built_with_${flags%% *}_is_the_same_to_a_libc" \
		"$("$top/scripts/symbols" "$tmp/user/libpin4.so" 2>&1 || cat "$tmp/user.log")" ''
	has "library_built_with_${flags%% *}_pins" "$(PIN4_HOSTS=localhost PIN4_LOG=info \
		LD_PRELOAD=$tmp/user/libpin4.so getent ahosts localhost 2>&1)" answer=127.0.0.1
	rm -rf "$tmp/user"
done

# The library once more, with a fault of its own.
faulty() { # LDFLAG...
	rm -f "$tmp/faulty/libpin4.so"
	make -s -C "$top" BUILD="$tmp/faulty" LDFLAGS="$*" >/dev/null 2>&1
	"$top/scripts/symbols" "$tmp/faulty/libpin4.so" 2>&1
}

cat >"$tmp/more.c" <<'EOT'
int __xstat(int version, const char *path, void *ret);
int pin4_more(void);
int pin4_more(void) { return __xstat(0, "", 0); }
EOT
cc -c -fPIC -o "$tmp/more.o" "$tmp/more.c"
cc -c -fno-pic -mcmodel=large -o "$tmp/nopic.o" "$tmp/more.c"
printf 'import_beyond_list -Wl,-z,undefs %s\timports __xstat, which shim/imports does not have
import_of_old_libcs_alone -Wl,-z,undefs %s\timports __xstat, which tests/ship/symbols-musl-1.1.24 does not have
text_relocation -Wl,-z,undefs,-z,notext %s\thas text relocations
second_library -Wl,--no-as-needed -lm\tneeds more than one library
symbol_version -Wl,-z,undefs -Wl,--no-as-needed %s -lc\thas symbol versions
executable_stack -Wl,-z,execstack\thas an executable stack
lazy_binding -Wl,-z,lazy\tis not bound at start
no_relro -Wl,-z,norelro\thas no RELRO
' "$tmp/more.o" "$tmp/more.o" "$tmp/nopic.o" "$tmp/more.o" >"$tmp/faults"
tab=$(printf '\t')
while IFS=$tab read -r flags complaint; do
	# The flags are several.
	# shellcheck disable=SC2086
	has "symbols_with_${flags%% *}_are_refused" "$(faulty ${flags#* })" "$complaint"
done <"$tmp/faults"

# A function too many, and one too few: hidden, because it has no EXPORT.
cat >"$tmp/named.c" <<'EOT'
__attribute__((visibility("default"))) int pin4_more(void) { return 0; }
EOT
cc -c -fPIC -o "$tmp/named.o" "$tmp/named.c"
has symbols_with_export_without_row_are_refused "$(faulty "$tmp/named.o")" \
	'exports pin4_more, which has no row in shim/libc.h'
echo '{ local: gai_cancel; };' >"$tmp/hidden.map"
has symbols_with_row_without_export_are_refused \
	"$(faulty "-Wl,--version-script=$tmp/hidden.map")" \
	'does not export gai_cancel, which has a row in shim/libc.h: it needs an EXPORT'
