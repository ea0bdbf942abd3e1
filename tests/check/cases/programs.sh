# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# Programs that do not load the library: said by name, with what works there; and that it does.

programs=$world/programs
mkdir "$programs"

# The tenth verdict: the program is not run, and the reason is said.
not_loaded() { # NAME PROGRAM REASON
	run "$pin4" check v4.example:5432 -- "$2"
	is "check_in_$1_exits_3" "$status" 3
	has "check_in_$1_says_why" "$err" "$3"
	is "check_in_$1_does_not_run_it" "$out" ''
	run "$pin4" doctor "$2"
	is "doctor_of_$1_exits_3" "$status" 3
}

# A copy of the program with some bytes of its ELF header changed.
patched() { # NAME OFFSET BYTES
	cp "$build/app" "$programs/$1"
	# The bytes are octal escapes.
	# shellcheck disable=SC2059
	printf "$3" | dd of="$programs/$1" bs=1 seek="$2" conv=notrunc 2>"$world/dd"
}

cat >"$programs/go.s" <<'EOF'
.section .note.go.buildid, "a", @note
.long 4, 4, 4
.asciz "Go\0"
.long 0
.section .note.GNU-stack, "", @progbits
EOF

cc -static -o "$programs/static" "$here/app.c" 2>"$world/cc"
cc -o "$programs/go" "$here/app.c" "$programs/go.s"
cc -static -o "$programs/go-static" "$here/app.c" "$programs/go.s" 2>"$world/cc"
patched other-machine 18 '\267\000'
patched other-class 4 '\001'
cp "$build/app" "$programs/setuid"
chown 1 "$programs/setuid" && chmod 4755 "$programs/setuid"
printf '#!%s\n' "$programs/static" >"$programs/script"
printf 'neither\n' >"$programs/text"
chmod 755 "$programs/script" "$programs/text"

not_loaded static_program "$programs/static" 'statically linked'
not_loaded script_of_static_program "$programs/script" "$programs/static: it is statically linked"
not_loaded go_program "$programs/go" 'it is a Go program'
not_loaded static_go_program "$programs/go-static" 'it is a Go program'
not_loaded setuid_program "$programs/setuid" 'it is setuid or setgid'
not_loaded other_machine "$programs/other-machine" 'for another architecture'
not_loaded other_class "$programs/other-class" 'of another word size'
not_loaded text_file "$programs/text" 'neither an ELF program'

# Root keeps LD_PRELOAD where capabilities are in the file; others lose it.
cp "$build/app" "$programs/capable"
setcap cap_net_bind_service+ep "$programs/capable"
chmod 755 "$world" "$programs"
run setpriv --reuid=65534 --regid=65534 --clear-groups "$pin4" check v4.example -- "$programs/capable"
is check_in_program_with_capabilities_exits_3 "$status" 3
has check_in_program_with_capabilities_says_why "$err" 'it has file capabilities'

run "$pin4" check v4.example -- nosuchprogram
is check_in_missing_program_exits_2 "$status" 2

# What works with a static program: the mapped line in /etc/hosts. The server sees IPv4.
if command -v musl-gcc >/dev/null; then
	compile musl-gcc app-static app.c -static
	echo '::ffff:198.51.100.10 v4.example' >>"$world/hosts"
	: >"$world/connections"
	run "$build/app-static" v4.example
	is static_program_with_mapped_hosts_line_connects "$status $out" '0 ::ffff:198.51.100.10'
	is static_program_with_mapped_hosts_line_comes_over_ipv4 \
		"$(cat "$world/connections")" '198.51.100.2 0'
	echo '127.0.0.1 localhost' >"$world/hosts"
else
	skip static_program_with_mapped_hosts_line_connects 'musl-gcc is missing'
fi
