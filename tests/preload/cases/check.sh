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

# What cannot be a target: rows of a name, the target and what is shown of it; what may hold a password
# is not. Nothing is looked up: with flag 4, AI_NUMERICHOST, the libc asks nobody.
asked() {
	[ ! -f "$FAKE_LOG" ] || grep -v 'flags=0x4$' "$FAKE_LOG"
}
while IFS='|' read -r name target shown words; do
	forget
	is "check_of_${name}_is_refused" "$(report "host:$target"; asked)" \
		"pin4: $shown: ${words:-not a host: write HOST, HOST:PORT or [ADDRESS]:PORT}
exit 2"
done <<'TABLE'
url|https://both.test|...|not a host: write only the HOST:PORT of the URL
url_with_password|postgres://user:secret@both.test/app|...|not a host: write only the HOST:PORT of the URL
user_and_host|user@both.test|...|not a host: write only the HOST:PORT of the URL
user_password_and_host|user:secret@both.test|...|not a host: write only the HOST:PORT of the URL
user_and_host_and_port|user@both.test:5432|...|not a host: write only the HOST:PORT of the URL
connection_string|host=both.test password=secret|...|not a host: write only the HOST:PORT of the URL
path|both.test/x|...|not a host: write only the HOST:PORT of the URL
host_and_two_ports|both.test:1:2|both.test:1:2
three_numbers|1:2:3|1:2:3
star_and_name|*.both.test|*.both.test
star|*|*
blank_inside|both test|both\x20test
blank_behind_the_port|both.test:1 |both.test:1\x20|no port: write HOST:PORT, with a number from 1 to 65535
two_dots|both..test|both..test
nothing||
host_of_100_letters|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx|xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...
no_such_interface|fe80::1%nosuch|fe80::1%nosuch
TABLE
is check_of_name_beyond_ascii_is_refused_with_a_hint "$(forget; report 'json:bücher.test:5432'; asked)" \
	'pin4: b\xc3\xbccher.test:5432: not ASCII: write the name in punycode (xn--...)
exit 2'
for target in both.test BOTH.test. a_b.both.test 192.0.2.2 '[192.0.2.2]:1' 2001:db8::2 \
	'[2001:db8::2]:1' '[both.test]:1'; do
	has "check_of_${target}_is_made" "$(report "host/1:$target")" 'verdict '
done

has check_beside_a_library_with_glibcs_names_names_the_libc \
	"$(report host:loop4.test "$lib $fake $BUILD/gcompat.so")" "$libc"
# A request that is none: the program does not run, and one line, without what may be a password, says
# how it is written.
while read -r request; do
	is "check_of_request_${request}_says_how_it_is_written" "$(report "$request")" \
		'pin4: PIN4_CHECK must be one of host[/SECONDS]:HOST[:PORT], json[/SECONDS]:HOST[:PORT], rules, doctor:PID or live, with SECONDS from 1 to 600
exit 2'
done <<'TABLE'
nonsense
hots:both.test:5432
both.test:5432
both.test
HOST:both.test
host
host both.test
hosts:both.test
json
host/both.test
host/0:both.test
host/601:both.test
host/5s:both.test
json/:both.test
rules:x
program:/bin/sh
lives
doctor
postgres://user:secret@both.test/app
TABLE
is check_to_a_full_disk_ends "$(PIN4_CHECK=host:loop.test preloaded "$lib $fake" lookup \
	>/dev/full 2>&1; echo "exit $?")" 'exit 0'

# The cure names the library as it was named, past the others, which it keeps; the usual one where
# it has no name.
mkdir "$tmp/pin4" && cp "$lib" "$tmp/a-pin4.so" && cp "$lib" "$tmp/b.so" &&
	cp "$fake" "$tmp/fake.so" && cp "$BUILD/early.so" "$tmp/pin4/early.so" || exit 1
has check_names_the_library_among_others \
	"$(report host:loop4.test "$tmp/pin4/early.so $tmp/a-pin4.so $tmp/fake.so")" \
	"LD_PRELOAD=$tmp/a-pin4.so:\$LD_PRELOAD "
has check_of_library_without_name_names_the_usual \
	"$(report host:loop4.test "$tmp/b.so $tmp/fake.so")" \
	"LD_PRELOAD=/usr/local/lib/libpin4.so:\$LD_PRELOAD "
