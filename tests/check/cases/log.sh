# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# The log with real processes, files and disks. The lines themselves, descriptors that were closed
# or reused, and signals are in tests/unit and tests/preload.

cat >"$world/names.py" <<'EOF'
import socket, sys
for i in range(int(sys.argv[2])):
    try:
        socket.getaddrinfo(f"{sys.argv[1]}-{i}.example", 1, socket.AF_INET6)
    except OSError:
        pass
print("the program went on")
EOF

logging() { # FILE PREFIX COUNT
	env LD_PRELOAD="$lib" PIN4_HOSTS='*.example' PIN4_LOG=info PIN4_LOG_FILE="$1" \
		/usr/bin/python3 "$world/names.py" "$2" "$3"
}

# Sixteen processes and one file: each line is there, once, and whole.
: >"$world/shared.log"
writers=
for writer in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
	logging "$world/shared.log" "w$writer" 100 >"$world/said.$writer" &
	writers="$writers $!"
done
# The ids are words of their own.
# shellcheck disable=SC2086
wait $writers
line='^[0-9]*-[0-9]*-[0-9]*T[0-9:]*Z pin4\[[0-9]*\] info: getaddrinfo host=w[0-9]*-[0-9]*\.example asked=AF_INET6'
line="$line rule=\\*\\.example(PIN4_HOSTS) answer=none: no A record, handed on\$"
is log_of_16_processes_has_whole_lines_only "$(grep -v -c "$line" "$world/shared.log")" 0
is log_of_16_processes_has_each_line_once \
	"$(grep -o 'host=[^ ]*' "$world/shared.log" | sort -u | wc -l) $(wc -l <"$world/shared.log")" \
	'1600 1600'

# Where it cannot be written, the program goes on as if nothing were; where it cannot be opened, the
# log is on stderr, a line for each lookup and one that says why.
told() { # the first line and how many there are
	printf '%s\n' "$err" | sed -n '1s/^pin4\[[0-9]*\] //p; $='
}

mkdir "$world/full" && mount -t tmpfs -o size=4k,mode=777 tmpfs "$world/full"
dd if=/dev/zero of="$world/full/filler" bs=4k count=1 2>"$world/dd"
run logging "$world/full/log" full 5
is log_to_a_full_disk_lets_the_program_go_on "$status $out $err" '0 the program went on '
umount "$world/full"
run logging /dev/full full 5
is log_to_a_full_device_lets_the_program_go_on "$status $out $err" '0 the program went on '
run logging "$world" directory 5
is log_to_a_directory_lets_the_program_go_on "$status $out" '0 the program went on'
is log_to_a_directory_goes_to_stderr "$(told)" "error: $world: the log goes to stderr: EISDIR
6"
: >"$world/locked.log"
chmod 600 "$world/locked.log"
chmod 755 "$world"
run setpriv --reuid=65534 --regid=65534 --clear-groups env LD_PRELOAD="$lib" \
	PIN4_HOSTS='*.example' PIN4_LOG=info PIN4_LOG_FILE="$world/locked.log" \
	/usr/bin/python3 "$world/names.py" locked 5
is log_to_an_unwritable_file_lets_the_program_go_on "$status $out" '0 the program went on'
is log_to_an_unwritable_file_goes_to_stderr "$(told)" \
	"error: $world/locked.log: the log goes to stderr: EACCES
6"
is log_to_an_unwritable_file_leaves_it "$(wc -c <"$world/locked.log")" 0
run sh -c "ulimit -f 0; exec \"\$@\"" sh env LD_PRELOAD="$lib" PIN4_HOSTS='*.example' \
	PIN4_LOG=info PIN4_LOG_FILE="$world/limited.log" "$build/app" nosuch.example
is log_beyond_the_file_size_limit_lets_the_program_go_on "$status" 1

# Never on descriptor 1, whatever 2 is.
run strace -f -e trace=write -o "$world/strace" env LD_PRELOAD="$lib" PIN4_HOSTS='*.example' \
	PIN4_LOG=info sh -c "exec \"\$0\" nosuch.example 2>&-" "$build/app"
is log_with_descriptor_2_closed_writes_nothing "$(grep -c 'pin4\[' "$world/strace")" 0
run strace -f -e trace=write -o "$world/strace" env LD_PRELOAD="$lib" PIN4_HOSTS='*.example' \
	PIN4_LOG=info "$build/app" nosuch.example
is log_goes_to_descriptor_2_alone \
	"$(grep -c 'write(2, "pin4\[' "$world/strace") $(grep -c 'write(1, "pin4\[' "$world/strace")" '1 0'

# What a hostile environment holds is said in plain characters.
hostile=$(printf 'a\033]0;\a\377\342\200\256"\\b.example')
run env LD_PRELOAD="$lib" PIN4_HOSTS="$hostile" "$build/app" nosuch.example
has log_of_hostile_rule_says_it "$err" 'error: PIN4_HOSTS:1:1: a\x1b]0;\x07\xff\xe2\x80\xae\x22\x5cb.example: '
is log_of_hostile_rule_is_plain "$(printf '%s' "$err" | LC_ALL=C tr -d ' -~\n' | wc -c | tr -d ' ')" 0
