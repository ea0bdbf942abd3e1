# SPDX-License-Identifier: MIT
# The other two verbs: prefer puts IPv4 addresses first, except leaves a host alone.

# run sets the variables.
# shellcheck disable=SC2154

prefer_table() {
	while read -r host family answer; do
		is "${host%.test}_asked_${family}_under_prefer_gets_$(printf %s "$answer" | tr ' ;' '__')" \
			"$(pinned 'prefer:*.test' lookup -F "$family" "$host" | brief)" "$answer"
	done
}

prefer_table <<'TABLE'
v4only.test unspec 0; AF_INET 192.0.2.1
v4only.test inet6 0; AF_INET6 ::ffff:192.0.2.1
v4only.test inet 0; AF_INET 192.0.2.1
v6only.test unspec 0; AF_INET6 2001:db8::1
v6only.test inet6 0; AF_INET6 2001:db8::1
v6only.test inet EAI_NODATA
both.test unspec 0; AF_INET 192.0.2.2; AF_INET6 2001:db8::2
both.test inet6 0; AF_INET6 ::ffff:192.0.2.2; AF_INET6 2001:db8::2
both.test inet 0; AF_INET 192.0.2.2
several.test unspec 0; AF_INET 192.0.2.31; AF_INET 192.0.2.32; AF_INET 192.0.2.33; AF_INET6 2001:db8::31; AF_INET6 2001:db8::32
several.test inet6 0; AF_INET6 ::ffff:192.0.2.31; AF_INET6 ::ffff:192.0.2.32; AF_INET6 ::ffff:192.0.2.33; AF_INET6 2001:db8::31; AF_INET6 2001:db8::32
several.test inet 0; AF_INET 192.0.2.31; AF_INET 192.0.2.32; AF_INET 192.0.2.33
a-again.test inet6 0; AF_INET6 2001:db8::7
a-fail.test inet6 0; AF_INET6 2001:db8::9
again.test unspec EAI_AGAIN
again.test inet6 EAI_AGAIN
none.test unspec EAI_NONAME
none.test inet6 EAI_NONAME
nodata.test inet6 EAI_NODATA
fail.test inet6 EAI_FAIL
TABLE

# The same nodes as without pin4, each with its flags, port and socktype; only the order differs.
is nodes_of_preferred_unspec_are_the_libcs \
	"$(pinned 'prefer:*' lookup -F unspec -t 0 -s 443 -f 0x20 several.test | sort)" \
	"$(bare lookup -F unspec -t 0 -s 443 -f 0x20 several.test | sort)"
is nodes_of_preferred_inet6_are_the_libcs \
	"$(pinned 'prefer:*' lookup -F inet6 -t 0 -s 443 several.test | sort)" \
	"$(bare lookup -F unspec -t 0 -s 443 several.test | mapped | sort)"
is order_of_socktypes_under_prefer_stays \
	"$(pinned 'prefer:*' lookup -F unspec -t 0 both.test | sed -n 's/.*type/type/p' | sort -u)" \
	"$(bare lookup -F unspec -t 0 both.test | sed -n 's/.*type/type/p' | sort -u)"

# The canonical name is where a program looks for it: on the first node.
for family in unspec inet6; do
	has "canonname_under_prefer_asked_${family}_is_on_first_node" \
		"$(pinned 'prefer:*' lookup -F $family -t 0 -f 2 canon.test | sed -n 2p)" \
		canon=real.canon.test
done
is canonname_under_prefer_is_as_often_as_in_libc \
	"$(pinned 'prefer:*' lookup -F unspec -t 0 -f 2 canon.test | grep -c canon=)" \
	"$(bare lookup -F unspec -t 0 -f 2 canon.test | grep -c canon=)"
is inet_under_prefer_is_untouched \
	"$(pinned 'prefer:*' lookup -m -F inet several.test)" "$(bare lookup -m -F inet several.test)"

# except, against wider rules, in either order.
for rules in 'ipv4:* except:both.test' 'except:both.test,ipv4:*.test' 'prefer:* except:both.test'; do
	forget
	is "both_under_$(printf %s "$rules" | tr ' :,*' '____')_is_untouched" \
		"$(pinned "$rules" lookup -F inet6 both.test) $(questions)" \
		"$(bare lookup -F inet6 both.test) AF_INET6"
done
