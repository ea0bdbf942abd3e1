# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154 # deep sets and uses the variables
# getaddrinfo_a answers what getaddrinfo answers, however the program gets to know.

compile async "$here/async.c" -lanl
compile libnss_spy.so.2 "$here/async-spy.c" -shared -fPIC
echo 'hosts: spy files' >"$tmp/nsswitch.conf"
export LD_LIBRARY_PATH="$BUILD" SPY_LOG="$tmp/questions"
hosts='both.test v4only.test NULL v6only.test several.test dual.example none.test 192.0.2.77'

# What the libc was asked for a host, in the order of the questions.
questions() { # HOST
	[ ! -f "$SPY_LOG" ] || sed -n "s/^$1 //p" "$SPY_LOG" | paste -sd, -
}

is async_wait_without_pin4_gets_ipv6 "$(bare async wait inet6 both.test)" \
	'both.test 0 2001:db8::2/1/0x0/10'
is async_wait_with_pin4_gets_mapped "$(pinned '*.test' async wait inet6 both.test)" \
	'both.test 0 ::ffff:192.0.2.2/1/0x0/10'
rm -f "$SPY_LOG"
is async_wait_null_hints_get_ipv4 \
	"$(pinned '*.test' async wait null both.test | cut -d/ -f1)" 'both.test 0 192.0.2.2'
is async_wait_asks_for_a_alone "$(questions both.test)" A
is async_first_and_then_getaddrinfo_without_a_rule_answers_alike \
	"$(pinned '*.test' async wait-sync inet6 dual.example both.test)" \
	"$(pinned '*.test' async sync inet6 dual.example both.test dual.example both.test)"

# shellcheck disable=SC2086 # the hosts are words
for way in wait poll suspend suspend-ten thread signal sigwait; do
	for family in inet6 unspec null inet inet6,0x1a; do
		for rule in 'ipv4:*.test' 'prefer:*.test'; do
			is "async_${way}_${family}_under_${rule%%:*}_answers_as_getaddrinfo" \
				"$(pinned "$rule" async $way $family $hosts | grep -v ^notified)" \
				"$(pinned "$rule" async sync $family $hosts)"
		done
		is "async_${way}_${family}_hosts_without_a_rule_same" \
			"$(pinned nobody.test async $way $family $hosts)" \
			"$(bare async $way $family $hosts)"
	done
	rm -f "$SPY_LOG"
	is "async_${way}_without_a_record_is_handed_on" \
		"$(pinned '*.test' async $way inet6 v6only.test | grep -v ^notified)" \
		'v6only.test 0 2001:db8::1/1/0x0/10'
	is "async_${way}_without_a_record_asks_a_then_aaaa" "$(questions v6only.test)" A,AAAA
done

# shellcheck disable=SC2086
for way in thread:7 signal:9 sigwait:11; do
	has "async_${way%:*}_is_notified_when_all_is_done" \
		"$(pinned '*.test' async "${way%:*}" inet6 $hosts)" "notified=${way#*:} early=0"
done
is async_suspend_without_time_says_so \
	"$(pinned '*.test' async suspend-none inet6 slow.test)" "$(bare async suspend-none inet6 slow.test)"
has async_suspend_without_time_is_in_progress \
	"$(pinned '*.test' async suspend-none inet6 slow.test)" 'slow.test -100'
# Not two that are done at once: glibc's own gai_suspend may crash on those.
is async_suspend_for_several_waits_for_what_is_handed_on \
	"$(pinned '*.test' async suspend-all inet6 slow.test v6only.test)" \
	"$(bare async suspend-all inet6 slow.test v6only.test)"
is async_cancel_goes_on_working "$(pinned '*.test' async cancel inet6 both.test)" \
	'running 1
queued 1
hints are back 1
both.test 0 ::ffff:192.0.2.2/1/0x0/10
done 1
slow.test -2'
is async_refused_changes_nothing "$(pinned '*.test' async refused inet6 both.test)" 'nothing changed'
is async_in_four_threads_gets_mapped \
	"$(pinned '*.test' async threads inet6 both.test v6only.test)" '800 answers'
is async_handed_on_is_in_progress_to_all \
	"$(preload="$lib $BUILD/libnss_spy.so.2" && pinned '*.test' async pollers inet6 v6only.test)" \
	'0 0
v6only.test 0 2001:db8::1/1/0x0/10'
has async_is_logged_with_its_name \
	"$(PIN4_LOG=info && export PIN4_LOG && pinned '*.test' async wait inet6 both.test)" \
	'getaddrinfo_a host=both.test asked=AF_INET6 rule=*.test(PIN4_HOSTS) answer=::ffff:192.0.2.2'

# shellcheck disable=SC2086
if [ -n "${FINDINGS:-}" ]; then
	: # a watcher of memory is there already
elif command -v valgrind >/dev/null; then
	for way in wait suspend thread sigwait; do
		is "async_${way}_under_valgrind_is_clean" \
			"$(LD_PRELOAD="$lib" PIN4_HOSTS='*.test' valgrind -q --error-exitcode=9 \
				--run-libc-freeres=no "$BUILD/async" $way inet6 $hosts 2>&1)" \
			"$(pinned '*.test' async $way inet6 $hosts)"
	done
else
	skip async_under_valgrind_is_clean valgrind
fi
