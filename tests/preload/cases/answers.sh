# SPDX-License-Identifier: MIT
# Every cell of the answers table: what a pinned host answers, and which questions went out for it.

# run sets the variables.
# shellcheck disable=SC2154

# NULL hints get an address once for each socktype that the libc has.
uniq_nodes() {
	sed 's/ port=.*//' | uniq
}

# Rows: host, family asked, families of the questions that went out, answer.
answers_table() { # RULE
	while read -r host family asked answer; do
		case $host in
		'' | '#'*) continue ;;
		esac
		forget
		name=${host%.test}_asked_${family}_under_${1%%:*}
		is "${name}_gets_$(printf %s "$answer" | tr ' ;' '__')" \
			"$(pinned "$1" lookup -F "$family" "$host" | uniq_nodes | brief)" "$answer"
		is "${name}_sends_$asked" "$(questions | tr ' ' ,)" "$asked"
	done
}

answers_table 'ipv4:*.test' <<'TABLE'
v4only.test	unspec	AF_INET	0; AF_INET 192.0.2.1
v4only.test	null	AF_INET	0; AF_INET 192.0.2.1
v4only.test	inet6	AF_INET	0; AF_INET6 ::ffff:192.0.2.1
v4only.test	inet	AF_INET	0; AF_INET 192.0.2.1
both.test	unspec	AF_INET	0; AF_INET 192.0.2.2
both.test	null	AF_INET	0; AF_INET 192.0.2.2
both.test	inet6	AF_INET	0; AF_INET6 ::ffff:192.0.2.2
both.test	inet	AF_INET	0; AF_INET 192.0.2.2
several.test	unspec	AF_INET	0; AF_INET 192.0.2.31; AF_INET 192.0.2.32; AF_INET 192.0.2.33
several.test	inet6	AF_INET	0; AF_INET6 ::ffff:192.0.2.31; AF_INET6 ::ffff:192.0.2.32; AF_INET6 ::ffff:192.0.2.33
several.test	inet	AF_INET	0; AF_INET 192.0.2.31; AF_INET 192.0.2.32; AF_INET 192.0.2.33
canon.test	unspec	AF_INET	0; AF_INET 192.0.2.4
canon.test	inet6	AF_INET	0; AF_INET6 ::ffff:192.0.2.4
# No A record: the call is handed on as it came.
v6only.test	unspec	AF_INET,AF_UNSPEC	0; AF_INET6 2001:db8::1
v6only.test	inet6	AF_INET,AF_INET6	0; AF_INET6 2001:db8::1
v6only.test	inet	AF_INET	EAI_NODATA
canon6.test	unspec	AF_INET,AF_UNSPEC	0; AF_INET6 2001:db8::5
a-none.test	unspec	AF_INET,AF_UNSPEC	0; AF_INET6 2001:db8::a
a-none.test	inet6	AF_INET,AF_INET6	0; AF_INET6 2001:db8::a
a-family.test	inet6	AF_INET,AF_INET6	0; AF_INET6 2001:db8::b
nodata.test	unspec	AF_INET,AF_UNSPEC	EAI_NODATA
nodata.test	inet6	AF_INET,AF_INET6	EAI_NODATA
nodata.test	inet	AF_INET	EAI_NODATA
none.test	unspec	AF_INET,AF_UNSPEC	EAI_NONAME
none.test	inet6	AF_INET,AF_INET6	EAI_NONAME
none.test	inet	AF_INET	EAI_NONAME
differ.test	inet6	AF_INET,AF_INET6	EAI_AGAIN
# A failure is a failure: IPv6 does not paper it over, and nothing more is asked.
again.test	unspec	AF_INET	EAI_AGAIN
again.test	inet6	AF_INET	EAI_AGAIN
again.test	inet	AF_INET	EAI_AGAIN
fail.test	unspec	AF_INET	EAI_FAIL
fail.test	inet6	AF_INET	EAI_FAIL
a-again.test	unspec	AF_INET	EAI_AGAIN
a-again.test	null	AF_INET	EAI_AGAIN
a-again.test	inet6	AF_INET	EAI_AGAIN
a-fail.test	unspec	AF_INET	EAI_FAIL
a-fail.test	inet6	AF_INET	EAI_FAIL
a-system.test	inet6	AF_INET	EAI_SYSTEM ETIMEDOUT
a-memory.test	inet6	AF_INET	EAI_MEMORY
# The AAAA question that is not asked cannot fail.
aaaa-again.test	unspec	AF_INET	0; AF_INET 192.0.2.8
aaaa-again.test	inet6	AF_INET	0; AF_INET6 ::ffff:192.0.2.8
aaaa-fail.test	unspec	AF_INET	0; AF_INET 192.0.2.9
aaaa-fail.test	inet6	AF_INET	0; AF_INET6 ::ffff:192.0.2.9
# A family that is neither is none of pin4's business.
both.test	unix	AF_?	EAI_FAMILY
TABLE

answers_table 'ipv4:* except:*.test' <<'TABLE'
both.test	unspec	AF_UNSPEC	0; AF_INET6 2001:db8::2; AF_INET 192.0.2.2
both.test	inet6	AF_INET6	0; AF_INET6 2001:db8::2
both.test	inet	AF_INET	0; AF_INET 192.0.2.2
v6only.test	inet6	AF_INET6	0; AF_INET6 2001:db8::1
v4only.test	inet6	AF_INET6	EAI_NODATA
again.test	inet6	AF_INET6	EAI_AGAIN
TABLE

# The canonical name and the flags are those that the libc would give to this very caller.
is canonname_of_pinned_asked_inet6_is_the_libcs \
	"$(pinned '*' lookup -F inet6 -f 2 -t 0 canon.test)" \
	"$(bare lookup -F inet -f 2 -t 0 canon.test | mapped)"
has canonname_of_pinned_asked_inet6_is_canonical \
	"$(pinned '*' lookup -F inet6 -f 2 canon.test)" canon=real.canon.test
has canonname_of_pinned_asked_unspec_is_canonical \
	"$(pinned '*' lookup -F unspec -f 2 canon.test)" canon=real.canon.test
is null_hints_of_pinned_has_flags_of_libc \
	"$(pinned '*' lookup -F null several.test | sed 's/.* flags/flags/' | sort -u)" \
	"$(bare lookup -F null several.test | sed 's/.* flags/flags/' | sort -u)"

# What goes out for a pinned host: family and the three flags aside, the question as it was.
question_is() { # NAME QUESTION LOOKUP-ARG...
	question_name=$1
	question_wanted=$2
	shift 2
	forget
	pinned '*' lookup "$@" >/dev/null
	is "question_of_${question_name}_is_narrowed" "$(cat "$FAKE_LOG")" "getaddrinfo $question_wanted"
}

question_is plain 'both.test NULL AF_INET socktype=1 protocol=0 flags=0x0' -F inet6 both.test
question_is unspec 'both.test NULL AF_INET socktype=0 protocol=0 flags=0x0' -F unspec -t 0 both.test
question_is canonname 'both.test 443 AF_INET socktype=1 protocol=6 flags=0x2' \
	-F inet6 -f 0x2 -p 6 -s 443 both.test
question_is addrconfig 'both.test NULL AF_INET socktype=1 protocol=0 flags=0x0' \
	-F inet6 -f 0x20 both.test
question_is addrconfig_unspec 'both.test NULL AF_INET socktype=2 protocol=0 flags=0x0' \
	-F unspec -t 2 -f 0x20 both.test
question_is v4mapped_all 'both.test NULL AF_INET socktype=1 protocol=0 flags=0x403' \
	-F inet6 -f 0x43b both.test
question_is addrconfig_inet 'both.test NULL AF_INET socktype=1 protocol=0 flags=0x38' \
	-F inet -f 0x38 both.test
question_is null_hints 'both.test 443 AF_INET socktype=0 protocol=0 flags=0x0' \
	-F null -s 443 both.test
question_is numerichost_inet6 'both.test NULL AF_INET6 socktype=1 protocol=0 flags=0x4' \
	-F inet6 -f 4 both.test
question_is other_case 'BoTh.TeSt. NULL AF_INET socktype=1 protocol=0 flags=0x0' -F inet6 BoTh.TeSt.
question_is handed_on "v6only.test 443 AF_INET socktype=1 protocol=6 flags=0x2
getaddrinfo v6only.test 443 AF_INET6 socktype=1 protocol=6 flags=0x2a" \
	-F inet6 -f 0x2a -p 6 -s 443 v6only.test
question_is handed_on_null_hints "v6only.test NULL AF_INET socktype=0 protocol=0 flags=0x0
getaddrinfo v6only.test NULL AF_UNSPEC socktype=0 protocol=0 flags=0x0 hints=NULL" \
	-F null v6only.test
