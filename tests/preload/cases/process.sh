# SPDX-License-Identifier: MIT
# Threads, forks, signals, cancellation, nested lookups, constructors and lost environments.

# run sets the variables.
# shellcheck disable=SC2154

is lookups_in_threads_are_right "$(pinned several.test threads)" wrong=0
is lookups_in_threads_without_pin4_are_not "$(bare threads)" wrong=4000

is fork_and_vfork_in_lookup_are_pinned "$(pinned '*' forks)" "forked ::ffff:192.0.2.2
execed ::ffff:192.0.2.2
vforked server=127.0.0.1
parent ::ffff:192.0.2.2
thread ::ffff:192.0.2.15"

if is_native; then
	is cancellation_in_lookup_and_connect_is_survived "$(pinned '*' cancel)" "getaddrinfo cancelled
lookup ::ffff:127.0.0.1
connect cancelled
server=127.0.0.1"
fi

# A libc without such functions has no programs that call them.
if [ "$libc" = glibc ]; then
	fortified='__recv_chk of 16: status 1
__recv_chk of 17: signal 6
__recvfrom_chk of 16: status 1
__recvfrom_chk of 17: signal 6
__read_chk of 16: status 1
__read_chk of 17: signal 6'
	is fortified_calls_without_pin4_end_where_they_should "$(bare fortified both.test)" "$fortified"
	is fortified_calls_on_watched_socket_end_alike "$(pinned both.test fortified both.test)" \
		"$fortified"
fi

signals=$(pinned '*' signals)
is connect_in_signal_handler_during_lookup_is_fitted \
	"$(printf '%s\n' "$signals" | sed 2q)" "lookup ::ffff:192.0.2.15
server=127.0.0.1"
is lookups_after_siglongjmp_out_of_one_are_pinned \
	"$(printf '%s\n' "$signals" | sed 1,2d)" "jumps 300
deeper lookup ::ffff:192.0.2.2
lookup ::ffff:192.0.2.2
deeper lookup ::ffff:192.0.2.2
deeper lookup ::ffff:192.0.2.2"

# A lookup from inside a pinned lookup, as an NSS module makes it, is decided like any other.
forget
is lookup_with_nested_lookup_is_pinned "$(pinned '*' lookup -F inet6 nss.test | brief)" \
	'0; AF_INET6 ::ffff:192.0.2.14'
is nested_lookup_is_pinned "$(cat "$FAKE_LOG")" \
	"getaddrinfo nss.test NULL AF_INET socktype=1 protocol=0 flags=0x0
getaddrinfo both.test NULL AF_INET socktype=1 protocol=0 flags=0x0"
# A module that asks, for the IPv4 addresses of a host, for its IPv6 ones: without pin4 that ends.
forget
is lookup_with_mirrored_lookup_ends "$(pinned '*' lookup -F inet6 mirror.test | brief)" \
	'0; AF_INET6 ::ffff:192.0.2.16'
is mirrored_lookup_ends_as_it_came "$(sed -n '5p' "$FAKE_LOG")" \
	'getaddrinfo mirror.test NULL AF_INET6 socktype=1 protocol=0 flags=0x0'
is mirrored_lookups_are_reported_once \
	"$(PIN4_LOG=error logged '*' lookup -F inet6 mirror.test mirror.test)" \
	'pin4[PID] error: lookup of mirror.test is handed on unpinned, because it is made inside 4 other '\
'lookups: does an NSS module look itself up?'
is lookup_after_nested_lookup_is_pinned \
	"$(pinned '*' lookup -F inet6 nss.test both.test | brief)" \
	'0; AF_INET6 ::ffff:192.0.2.14; 0; AF_INET6 ::ffff:192.0.2.2'

# A constructor that runs before libpin4.so's: glibc starts the last preload first, musl the first.
early() { # HOW RULES
	early_list="$lib $fake $BUILD/early.so"
	[ "$libc" = glibc ] || early_list="$BUILD/early.so $lib $fake"
	(
		EARLY=$1
		PIN4_HOSTS=$2
		export EARLY PIN4_HOSTS
		preloaded "$early_list" lookup -F inet6 both.test | brief
	)
}
is early_constructor_runs_before_ours "$(early rename xoth.test)" '0; AF_INET6 ::ffff:192.0.2.2'
is rule_without_early_constructor_is_another "$(early none xoth.test)" '0; AF_INET6 2001:db8::2'
is early_constructor_that_uses_us_is_served "$(early use 'both.test loop.test v6only.test')" \
	"early connect=-1; early loop.test ::ffff:127.0.0.1; early v6only.test 2001:db8::1; \
early gethostbyname2 ::ffff:127.0.0.1; early server=127.0.0.1; 0; AF_INET6 ::ffff:192.0.2.2"
is early_constructor_without_rule_gets_its_own "$(early use other.test)" \
	"early connect=-1; early loop.test ::1; early v6only.test 2001:db8::1; early gethostbyname2 ::1; \
early server=nobody; 0; AF_INET6 2001:db8::2"

# The environment was copied before main.
for how in clear null unset overwrite; do
	is "lookup_after_environment_${how}_is_pinned" "$(pinned both.test environs $how)" \
		'::ffff:192.0.2.2'
	is "log_after_environment_${how}_is_written" "$(logged both.test environs $how | wc -l | tr -d ' ')" 1
done
