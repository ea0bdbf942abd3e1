# SPDX-License-Identifier: MIT
# The diagnosis where a resolver answers what it seldom does, where the library has another name, and
# where the request is none. It is printed in any program, before main.

# run sets the variables.
# shellcheck disable=SC2154

report() { # REQUEST [PRELOADS]: what is said, and the exit status
	(
		PIN4_CHECK=$1
		export PIN4_CHECK
		preloaded "${2:-$lib $fake}" lookup 2>&1
		echo "exit $?"
	)
}

# Rows: host, what stands in its report.
while read -r host part; do
	has "check_of_${host}_says_$(printf %s "${part%%:*}" | tr ' ' _)" "$(report "host:$host")" "$part"
done <<'TABLE'
fail.test EAI_FAIL: the resolver failed, or refused to answer
a-memory.test EAI_OTHER: the C library could not ask
a-system.test EAI_SYSTEM: the C library could not ask: ETIMEDOUT
a-family.test EAI_ADDRFAMILY: no address of this kind
many.test 192.0.2.115, 192.0.2.116, ...
fe80::1%lo fe80::1%1
TABLE

has check_beside_a_library_with_glibcs_names_names_the_libc \
	"$(report host:loop4.test "$lib $fake $BUILD/gcompat.so")" "$libc"
is check_of_unknown_request_exits_2 "$(report nonsense)" 'exit 2'
is check_of_missing_program_says_why "$(report "program:$tmp/none")" \
	"$tmp/none: it cannot be read: ENOENT
exit 3"
is check_to_a_full_disk_ends "$(PIN4_CHECK=host:loop.test preloaded "$lib $fake" lookup \
	>/dev/full 2>&1; echo "exit $?")" 'exit 0'

# The cure names the library as it was named, past the others; the usual one where it has no name.
mkdir "$tmp/pin4" && cp "$lib" "$tmp/a-pin4.so" && cp "$lib" "$tmp/b.so" &&
	cp "$fake" "$tmp/fake.so" && cp "$BUILD/early.so" "$tmp/pin4/early.so" || exit 1
has check_names_the_library_among_others \
	"$(report host:loop4.test "$tmp/pin4/early.so $tmp/a-pin4.so $tmp/fake.so")" \
	"LD_PRELOAD=$tmp/a-pin4.so "
has check_of_library_without_name_names_the_usual \
	"$(report host:loop4.test "$tmp/b.so $tmp/fake.so")" 'LD_PRELOAD=/usr/local/lib/libpin4.so '
