# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2046,SC2086 # run sets the variables; words split on purpose
# The rules file is read again when it changes: under load, and in a program that just runs.

below=$(find "$root/shim" -name '*.c' | grep -vE 'shim/(start|connect|getaddrinfo|hostbyname|late|string)\.c')

# As nobody, for whom a file can be unreadable.
reload() { # NAME COMMAND [ARG...]
	reload_name=$1
	shift
	rm -rf "$world/reload"
	mkdir -m 777 "$world/reload"
	run setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	is "$reload_name" "$status $(printf '%s' "$err" | grep -aE '^(change |==|WARNING)' | head -n 3)" '0 '
}

build_reload() { # OUTPUT [FLAG...]
	reload_output=$build/$1
	shift
	cc -std=c11 -D_DEFAULT_SOURCE -DPIN4_VERSION='"test"' -I"$root/shim" -g -O1 -pthread "$@" \
		-o "$reload_output" "$here/reload.c" $below || exit 1
}

chmod 755 "$world"
build_reload reload
reload reload_under_four_threads_gives_whole_versions "$build/reload" "$world/reload" changed 1000
has reload_under_four_threads_looked_up_all_the_while "$out" '1000 changes'
reload reload_in_forked_children_goes_on "$build/reload" "$world/reload" forks 1000
reload reload_of_the_same_bytes_100000_times_takes_no_memory "$build/reload" "$world/reload" same 100000
if echo 'int main(void) { return 0; }' | cc -fsanitize=thread -o "$world/probe" -x c - 2>"$world/cc"; then
	build_reload reload-tsan -fsanitize=thread
	reload reload_under_thread_sanitizer_is_clean "$build/reload-tsan" "$world/reload" changed 1000
else
	skip reload_under_thread_sanitizer_is_clean 'the compiler has no thread sanitizer'
fi
if command -v valgrind >/dev/null; then
	reload reload_under_valgrind_is_clean valgrind -q --fair-sched=yes --error-exitcode=9 --leak-check=full \
		"$build/reload" "$world/reload" changed 200
else
	skip reload_under_valgrind_is_clean 'valgrind is missing'
fi

# A program that runs: it says what it gets whenever a line arrives, and is never started anew.
cat >"$world/asker.py" <<'EOF'
import socket, sys
for host in sys.stdin:
    try:
        found = socket.getaddrinfo(host.strip(), 5432, socket.AF_INET6, socket.SOCK_STREAM)
        print(found[0][4][0], flush=True)
    except OSError as error:
        print(error.errno, flush=True)
EOF
rules=$world/rules
mkfifo "$world/ask" "$world/told"
echo other.example >"$rules"
LD_PRELOAD=$lib PIN4_CONFIG=$rules PIN4_LOG=info PIN4_LOG_FILE=$world/reload.log \
	/usr/bin/python3 "$world/asker.py" <"$world/ask" >"$world/told" &
asker=$!
exec 8>"$world/ask" 9<"$world/told"

# What the program gets for v4.example, once its next look at the file is due.
asked() {
	sleep "${1-1.1}"
	echo v4.example >&8
	read -r answer <&9
	printf '%s' "$answer"
}

is running_program_before_the_change_gets_no_address "$(asked 0)" -5
echo v4.example >"$world/rules.new" && mv "$world/rules.new" "$rules"
is running_program_after_a_rename_gets_the_mapped_one "$(asked)" ::ffff:198.51.100.10
rm "$rules"
is running_program_after_removal_has_no_rules "$(asked)" -5
is running_program_after_removal_still_has_none "$(asked)" -5
echo other.example >"$rules"
is running_program_after_another_file_appears_has_its_rules "$(asked)" -5
printf 'v4.example' >"$rules"
is running_program_with_a_file_without_a_line_end_gets_the_mapped_one "$(asked)" ::ffff:198.51.100.10
echo other.example >"$rules"
is running_program_without_the_rule_gets_no_address "$(asked)" -5
printf 'v4.example\n' >"$rules"
is running_program_after_a_write_in_place_gets_the_mapped_one "$(asked)" ::ffff:198.51.100.10
mkdir "$world/dir" && rm "$rules" && mv "$world/dir" "$rules"
is running_program_with_a_directory_instead_keeps_its_rules "$(asked)" ::ffff:198.51.100.10
rmdir "$rules" && : >"$rules"
is running_program_with_an_empty_file_has_no_rules "$(asked)" -5
is running_program_was_not_started_anew "$(kill -0 $asker && echo runs)" runs
exec 8>&- 9<&-
wait $asker
log=$(sed 's/^[0-9TZ:-]* pin4\[[0-9]*\] //' "$world/reload.log")
is removed_file_is_said_once "$(printf '%s\n' "$log" |
	grep -c "^error: $rules: its rules are no longer in force: ENOENT$")" 1
is directory_is_said_once "$(printf '%s\n' "$log" |
	grep -c "^error: $rules: the rules read before stay in force: it is not a regular file$")" 1
has changed_file_is_said_at_info "$log" "info: $rules: has changed, its new rules are in force"

# A program that started without any rule has the emergency switch too.
rm "$rules"
LD_PRELOAD=$lib PIN4_CONFIG=$rules PIN4_LOG=off /usr/bin/python3 "$world/asker.py" \
	<"$world/ask" >"$world/told" &
asker=$!
exec 8>"$world/ask" 9<"$world/told"
is program_that_started_without_rules_gets_no_address "$(asked 0)" -5
printf 'v4.example' >"$rules"
is program_that_started_without_rules_follows_a_file_that_appears "$(asked)" ::ffff:198.51.100.10
rm "$rules"
is program_that_started_without_rules_follows_it_when_it_goes "$(asked)" -5
exec 8>&- 9<&-
wait $asker
: >"$rules"

# What a look costs: one stat a second, and nothing in between.
run strace -f -o "$world/strace" env LD_PRELOAD="$lib" PIN4_CONFIG="$rules" /usr/bin/python3 -c '
import socket, time
end = time.time() + 2.5
while time.time() < end:
    for _ in range(20):
        socket.getaddrinfo("localhost", 1)
    time.sleep(0.05)'
looks=$(grep -c "stat.*\"$rules\"" "$world/strace")
is lookups_within_a_second_look_once "$([ "$looks" -ge 3 ] && [ "$looks" -le 5 ] && echo few)" few

# Off is off.
run strace -f -o "$world/strace" env LD_PRELOAD="$lib" PIN4=off PIN4_CONFIG="$rules" /usr/bin/python3 -c '
import socket
socket.getaddrinfo("localhost", 1)'
is lookups_with_pin4_off_leave_the_file_alone "$status $(grep -c "stat.*\"$rules\"" "$world/strace")" '0 0'
