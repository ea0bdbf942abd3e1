# SPDX-License-Identifier: MIT
# What pin4 writes, where, and when nothing.

# run sets the variables.
# shellcheck disable=SC2154

info() { # REST: the line of a lookup
	echo "pin4[PID] info: getaddrinfo $1"
}

log_is() { # NAME RULES LINE LOOKUP-ARG...
	log_name=$1
	log_rules=$2
	log_wanted=$3
	shift 3
	is "log_of_$log_name" "$(logged "$log_rules" lookup "$@")" "$log_wanted"
}

log_is pinned_asked_inet6_is_one_line '*.psdb.cloud' \
	"$(info 'host=pg.psdb.cloud asked=AF_INET6 rule=*.psdb.cloud(PIN4_HOSTS) answer=::ffff:192.0.2.21')" \
	-F inet6 pg.psdb.cloud
log_is pinned_asked_unspec_is_one_line both.test \
	"$(info 'host=both.test asked=AF_UNSPEC rule=both.test(PIN4_HOSTS) answer=192.0.2.2')" \
	-F unspec both.test
log_is pinned_without_hints_is_one_line both.test \
	"$(info 'host=both.test asked=AF_UNSPEC rule=both.test(PIN4_HOSTS) answer=192.0.2.2')" \
	-F null both.test
log_is several_names_each_address_once 'several.test' \
	"$(info 'host=several.test asked=AF_INET6 rule=several.test(PIN4_HOSTS) answer=::ffff:192.0.2.31,::ffff:192.0.2.32,::ffff:192.0.2.33')" \
	-F inet6 -t 0 several.test
log_is again_names_the_error '*' \
	"$(info 'host=again.test asked=AF_INET6 rule=*(PIN4_HOSTS) answer=EAI_AGAIN')" -F inet6 again.test
log_is no_A_record_says_so '*' \
	"$(info 'host=v6only.test asked=AF_INET6 rule=*(PIN4_HOSTS) answer=none: no A record, handed on')" \
	-F inet6 v6only.test
log_is host_without_rule_is_empty '*.psdb.cloud' '' -F inet6 both.test
log_is numeric_host_is_empty '*' '' -F inet6 ::1 1.2.3.4

# The probe asks more than once; a buffer that was too small is no event.
is log_of_hostents_has_a_line_for_each_call "$(logged both.test hostbyname inet6 both.test | sort -u)" \
	"$(info 'host=both.test asked=AF_INET6 rule=both.test(PIN4_HOSTS) answer=::ffff:192.0.2.2' |
		sed 'p; s/getaddrinfo/&_r/' | sed 's/getaddrinfo/gethostbyname2/')"

printf '\n# here\n  *.psdb.cloud\n' >"$tmp/rules.conf"
is log_of_rule_in_file_names_file_and_line \
	"$(PIN4_CONFIG=$tmp/rules.conf logged '' lookup -F inet6 pg.psdb.cloud)" \
	"$(info "host=pg.psdb.cloud asked=AF_INET6 rule=*.psdb.cloud($tmp/rules.conf:3) answer=::ffff:192.0.2.21")"

for level in off error; do
	is "log_of_pinned_at_level_${level}_is_empty" \
		"$(PIN4_LOG=$level logged '*' lookup -F inet6 both.test again.test v6only.test)" ''
done
is log_of_pinned_at_default_level_is_empty "$(unset PIN4_LOG
	pinned '*' lookup -F inet6 both.test again.test v6only.test 2>&1 >/dev/null)" ''

# Descriptor 1 belongs to the program.
for level in off error info; do
	is "stdout_at_level_${level}_is_the_programs" \
		"$(PIN4_LOG=$level PIN4_TYPO=x pinned 'a*b,*' lookup -F inet6 both.test again.test 2>/dev/null)" \
		"$(pinned '*' lookup -F inet6 both.test again.test)"
done

# PIN4=off does nothing at all.
is log_with_pin4_off_is_empty "$(PIN4=off PIN4_TYPO=x logged 'a*b,*' lookup -F inet6 both.test)" ''
is answers_with_pin4_off_are_the_libcs \
	"$(PIN4=off pinned '*' lookup -m -F inet6 both.test)" "$(bare lookup -m -F inet6 both.test)"

# Complaints: once, with a place, and only when a name is looked up.
complaints=$(PIN4_LOG=error logged 'both.test,a*b  *.psdb.cloud' \
	lookup -F inet6 both.test v6only.test pg.psdb.cloud)
has complaint_of_bad_rule_has_its_place "$complaints" 'pin4[PID] error: PIN4_HOSTS:1:11: a*b: '
is complaint_of_bad_rule_is_written_once "$(printf '%s\n' "$complaints" | wc -l | tr -d ' ')" 1
printf 'psdb.cloud\n\n  both.test a*b\n' >"$tmp/rules.conf"
has complaint_of_bad_rule_in_file_has_its_place \
	"$(PIN4_CONFIG=$tmp/rules.conf PIN4_LOG=error logged '' lookup -F inet6 pg.psdb.cloud)" \
	"pin4[PID] error: $tmp/rules.conf:3:13: a*b: "
is complaint_without_lookup_is_not_written "$(PIN4_TYPO=x logged 'a*b' fit mapped-unasked)" ''
is complaint_without_name_is_not_written "$(PIN4_TYPO=x logged 'a*b' lookup - ::1 1.2.3.4)" ''
typo=$(PIN4_TYPO=x logged '*' lookup both.test both.test v4only.test | grep 'error:')
has complaint_of_unknown_setting_names_it "$typo" PIN4_TYPO
is complaint_of_unknown_setting_is_written_once "$(printf '%s\n' "$typo" | wc -l | tr -d ' ')" 1

# Repeats: the same line at most once a second, so as many as seconds have begun. The clock that pin4
# reads is a coarse one, which enters a second some milliseconds late.
sleep "$(date +%N | awk '{ print 1.05 - $1 / 1e9 }')"
begun=$(date +%s)
lines=$(logged several.test lookup -F inet6 -r 500 several.test | wc -l)
seconds=$(($(date +%s) - begun + 1))
is log_of_repeats_has_one_line_a_second \
	"$([ "$lines" -ge 1 ] && [ "$lines" -le "$seconds" ] && echo good || echo "$lines in $seconds s")" good

# One event is one line, whatever the host's name is.
odd=$(printf 'a\npin4[1] error: forged\033[31m\177\200b')
odd=$(PIN4_LOG=info logged '*' lookup -F inet6 "$odd")
is log_of_odd_name_has_no_forged_line "$(printf '%s\n' "$odd" | grep -c forged)" \
	"$(printf '%s\n' "$odd" | grep -c '^pin4\[PID\] .*forged')"
is log_of_odd_name_has_no_control_character \
	"$(printf %s "$odd" | tr -d '\n' | LC_ALL=C tr -d ' -~')" ''

# A file of its own: appended to, and descriptor 2 stays silent.
echo before >"$tmp/log"
is stderr_with_log_file_is_empty \
	"$(PIN4_LOG_FILE=$tmp/log logged '*' lookup -F inet6 both.test)" ''
is log_file_is_appended_to "$(sed 's/^20[-0-9]*T[0-9:]*Z //; s/\[[0-9]*\]/[PID]/' "$tmp/log")" "before
$(info 'host=both.test asked=AF_INET6 rule=*(PIN4_HOSTS) answer=::ffff:192.0.2.2')"

# A log that cannot be written never hurts the program.
wanted=$(pinned '*' lookup -F inet6 both.test)
mkfifo "$tmp/fifo"
for file in "$tmp" "$tmp/no/such/file" /dev/full "$tmp/fifo"; do
	is "answer_with_log_file_${file##*/}_is_given" \
		"$(PIN4_LOG=info PIN4_LOG_FILE=$file pinned '*' lookup -F inet6 both.test 2>/dev/null)" "$wanted"
done
is errno_with_log_that_cannot_be_written_is_the_libcs \
	"$(PIN4_LOG=info PIN4_LOG_FILE=$tmp/no/such/file pinned '*' lookup -F inet6 a-system.test 2>/dev/null)" \
	'EAI_SYSTEM ETIMEDOUT'
is log_whose_file_cannot_be_opened_is_on_stderr_with_the_reason_first \
	"$(PIN4_LOG_FILE=$tmp/no/such/file logged '*' lookup -F inet6 both.test v6only.test)" \
	"pin4[PID] error: $tmp/no/such/file: the log goes to stderr: ENOENT
$(info 'host=both.test asked=AF_INET6 rule=*(PIN4_HOSTS) answer=::ffff:192.0.2.2')
$(info 'host=v6only.test asked=AF_INET6 rule=*(PIN4_HOSTS) answer=none: no A record, handed on')"
is answer_with_broken_pipe_on_stderr_is_given "$(
	# Its reader goes before the program comes.
	# shellcheck disable=SC2094
	exec 3<>"$tmp/fifo" 4>"$tmp/fifo" 3>&-
	PIN4_LOG=info pinned '*' lookup -F inet6 both.test 2>&4
)" "$wanted"

# Descriptor 2 is written to only while it is what it was at start.
nothing='::ffff:192.0.2.2
arrived=nothing'
for what in socket file; do
	is "descriptor_2_reused_as_${what}_gets_nothing" \
		"$(PIN4_LOG=info PIN4_TYPO=x pinned 'a*b,*' fd2 $what both.test)" "$nothing"
done
# valgrind opens it before the program starts.
case ${WATCH:-} in
valgrind*) ;;
*)
	is descriptor_2_closed_at_start_gets_nothing \
		"$(PIN4_LOG=info PIN4_TYPO=x pinned 'a*b,*' fd2 closed both.test 2>&-)" "$nothing"
	;;
esac
