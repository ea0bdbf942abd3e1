# SPDX-License-Identifier: MIT
# A place where only the benchmark is: own network (loopback), own /etc, own name server. Source it
# inside "unshare" (enter_world does that), then call make_world with an empty directory.

enter_world() { # SCRIPT [ARG...]: runs it again, inside
	if [ "$(id -u)" -eq 0 ]; then
		BENCH_WORLD=1 exec unshare -mn -- "$@"
	fi
	BENCH_WORLD=1 exec unshare -rmn -- "$@"
}

# The few files of the machine's /etc that programs cannot do without, and ours.
make_etc() { # DIRECTORY
	mkdir "$1/etc"
	for file in ld.so.cache alternatives tor proxychains4.conf passwd group services protocols; do
		[ ! -e "/etc/$file" ] || cp -R "/etc/$file" "$1/etc/"
	done
	echo 'multi on' >"$1/etc/host.conf" # Debian's: all lines of a host count
	echo 'hosts: files dns' >"$1/etc/nsswitch.conf"
	echo 'nameserver 127.0.0.1' >"$1/etc/resolv.conf"
	printf '%s\n' '127.0.0.1 localhost' '::1 localhost' '192.0.2.9 both.hosts.test' \
		'2001:db8::9 both.hosts.test' '192.0.2.8 www.example.com' '2001:db8::8 www.example.com' \
		'2001:db8::8 db6.internal' '192.0.2.8 cache.shop.example.com' \
		'192.0.2.8 eu-central-1.compute.aws.example' >"$1/etc/hosts"
	mount --bind "$1/etc" /etc
}

# both.dns.test, and 4,096 hosts h1.pinned.test ... with an address each.
start_dns() { # DIRECTORY
	awk 'BEGIN {
		for (i = 1; i <= 4096; i++)
			printf "10.9.%d.%d h%d.pinned.test\n2001:db8:1::%x h%d.pinned.test\n",
				i / 256, i % 256, i, i, i
		print "192.0.2.7 both.dns.test\n2001:db8::7 both.dns.test"
	}' >"$1/zone"
	dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --addn-hosts="$1/zone" --user=root \
		--group=root --listen-address=127.0.0.1 --bind-interfaces --pid-file="$1/dns.pid" \
		--cache-size=0 --log-facility="$1/dns.log"
}

make_world() { # DIRECTORY
	ip link set lo up || return 1
	make_etc "$1" || return 1
	start_dns "$1"
}

leave_world() { # DIRECTORY
	[ ! -s "$1/dns.pid" ] || kill "$(cat "$1/dns.pid")"
	umount /etc
}
