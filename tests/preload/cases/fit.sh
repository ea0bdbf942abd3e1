# SPDX-License-Identifier: MIT
# connect() to the address that a pinned lookup gave, on a socket that does not fit it: what the
# server on 127.0.0.1 saw, what connect said and what became of the socket.

# run sets the variables.
# shellcheck disable=SC2154

while read -r name line; do
	is "connect_${name%:}_of_pinned_is_$(printf %s "${line%% *}" | sed 's/^0/made/')" \
		"$(pinned loop.test fit "${name%:}" 2>/dev/null)" "$name $line"
done <<'TABLE'
mapped: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
mapped-udp: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
mapped-v6only: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
mapped-v6only-udp: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
mapped-v6only-nonblocking: EINPROGRESS then=connected server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0 nonblocking
mapped-v6only-refused: ECONNREFUSED v6only=0
mapped-v6only-fastopen: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
mapped-v6only-fastopen-sendmsg: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
mapped-v6only-fastopen-sendmmsg: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
mapped-v6only-unasked: ENETUNREACH server=nothing v6only=1
mapped-unasked: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
mapped-v6only-bound-any: ENETUNREACH server=nothing v6only=1
mapped-bound-any: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
mapped-bound-mapped: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
mapped-bound-v6: ENETUNREACH server=nothing v6only=1
mapped-bound-v6-udp: ENETUNREACH server=nothing v6only=1
inet: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
inet-long: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
inet-longest: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
inet-udp: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
inet-v6only: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
inet-v6only-udp: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
inet-nonblocking: EINPROGRESS then=connected server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0 nonblocking
inet-fastopen: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
inet-fastopen-sendmsg: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
inet-fastopen-sendmmsg: 0 server=127.0.0.1 peer=::ffff:127.0.0.1 v6only=0
inet-refused: ECONNREFUSED v6only=0
TABLE

# What cannot be helped fails as the kernel has it, and the log says why.
unhelped=$(pinned loop.test fit inet-bound-v6 2>/dev/null)
has connect_inet-bound-v6_of_pinned_reaches_nobody "$unhelped" 'server=nothing v6only=1'
has connect_mapped-bound-v6_of_pinned_is_logged "$(logged loop.test fit mapped-bound-v6)" \
	'address=127.0.0.1: the socket is bound to IPv6 and cannot reach IPv4'

# Writing of it, or failing to, changes neither result nor errno.
said=$(pinned loop.test fit 2>/dev/null)
for file in "$tmp/log" "$tmp/no/such/file"; do
	is "connects_logged_to_${file##*/}_are_the_same" \
		"$(PIN4_LOG=info PIN4_LOG_FILE=$file pinned loop.test fit)" "$said"
done

# Nobody else's connects change: no rule, a rule for another host, no pin4.
bare fit >"$tmp/bare"
for rules in '' other.test except:loop.test; do
	is "connects_under_'$rules'_are_the_kernels" \
		"$(pinned "$rules" fit | diff "$tmp/bare" - && echo same)" same
done
is connects_with_pin4_off_are_the_kernels \
	"$(PIN4=off pinned '*' fit | diff "$tmp/bare" - && echo same)" same

# Short, missing and other addresses: as without pin4, also when their host was pinned before.
if is_native; then
	bare edges >"$tmp/bare"
	is odd_addresses_without_rule_are_the_kernels \
		"$(pinned '*.psdb.cloud' edges loop.test | diff "$tmp/bare" - && echo same)" same
	is odd_addresses_without_lookup_are_the_kernels \
		"$(pinned '*' edges | diff "$tmp/bare" - && echo same)" same
	is odd_addresses_after_pinned_lookup_are_the_kernels \
		"$(pinned '*' edges loop.test | diff "$tmp/bare" - && echo same)" same
	has unspec_address_after_pinned_lookup_dissolves "$(pinned '*' edges loop.test | sed -n '$p')" \
		'has peer on AF_INET6/2 len=0: ENOTCONN'
fi
