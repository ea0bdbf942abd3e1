# SPDX-License-Identifier: MIT
# The Debian packages: what lintian says, and bookworm with one put in, upgraded and taken out.

# run sets the variables.
# shellcheck disable=SC2154,SC2016

for package in "$dist"/*.deb; do
	name=${package##*_}
	is "package_of_${name%.deb}_is_lintian_clean" \
		"$(lintian --allow-root --fail-on error,warning,info -I "$package" 2>&1; echo $?)" 0
	is "package_of_${name%.deb}_runs_no_script" "$(dpkg-deb --ctrl-tarfile "$package" |
		tar -t | sort | tr '\n' ' ')" './ ./control ./md5sums ./triggers '
done
# The same package with a higher version, as the next release would be.
next=$tmp/next.deb
dpkg-deb -R "$dist/pin4_${version}_amd64.deb" "$tmp/next" &&
	sed -i 's/^Version: .*/&+next/' "$tmp/next/DEBIAN/control" &&
	dpkg-deb --root-owner-group -b "$tmp/next" "$next" >/dev/null || exit 1

debian_root bookworm
libs=$root/usr/lib/x86_64-linux-gnu
gcc --sysroot="$root" -B"$libs/" -L"$libs" -O1 -D_GNU_SOURCE -o "$tmp/client" \
	"$top/tests/preload/demo-client.c" || exit 1
start

# All in one system, since what the first step leaves is what the next one starts from.
in_root '
	files() { find / -xdev \( -path /proc -o -path /host -o -path /tmp -o -path /var/lib/dpkg \
		-o -path /var/log -o -path /var/cache/ldconfig \) -prune -o -print | sort; }
	connect() { "$@" "$CLIENT" db.test "$PORT" 2>&1 | head -n 1; }
	rm -rf /usr/local/lib/libpin4.so
	ldconfig
	files >/tmp/before
	CLIENT=$3
	dpkg -i "$1" >/tmp/log 2>&1; echo "install: $?"
	dpkg -V pin4; echo "verify: $?"
	echo "preloaded by itself: $(cat /etc/ld.so.preload 2>/dev/null || echo nothing)"
	echo "path: $(connect env LD_PRELOAD=/usr/lib/libpin4.so PIN4_HOSTS=db.test)"
	echo "name alone: $(connect env LD_PRELOAD=libpin4.so PIN4_HOSTS=db.test)"
	echo "launcher: $(connect pin4 -H db.test --)"
	echo manuals: $(cd /usr/share/man && ls man?/pin4*)
	LD_PRELOAD=/usr/lib/libpin4.so sh -c "while [ ! -e /tmp/stop ]; do sleep 0.1; done
		/bin/true && echo survivor: \$?" &
	dpkg -i "$2" >>/tmp/log 2>&1; echo "upgrade: $? $(dpkg-query -W -f "\${Version}" pin4)"
	: >/tmp/stop
	wait
	echo "after upgrade: $(connect pin4 -H db.test --)"
	dpkg -r pin4 >>/tmp/log 2>&1; echo "remove: $?"
	echo "left: $(files | diff /tmp/before - && echo nothing)"
	dpkg -i "$1" >>/tmp/log 2>&1; dpkg -P pin4 >>/tmp/log 2>&1; echo "purge: $?"
	echo "left after purge: $(files | diff /tmp/before - && echo nothing)"
	grep -i -e warning -e error /tmp/log
' "$dist/pin4_${version}_amd64.deb" "$next" "$tmp/client" >"$tmp/life"
stop

pinned='client: connected to ::ffff:127.0.0.1'
while read -r name step; do
	is "package_$name" "$(grep "^${step%%:*}:" "$tmp/life")" "$step"
done <<EOT
is_installed install: 0
has_right_checksums verify: 0
preloads_nothing_by_itself preloaded by itself: nothing
library_by_path_works path: $pinned
library_by_name_alone_works name alone: $pinned
launcher_works launcher: $pinned
has_its_manuals manuals: man1/pin4.1.gz man5/pin4.conf.5.gz man7/pin4.7.gz
is_upgraded upgrade: 0 $version+next
upgrade_keeps_running_programs survivor: 0
works_after_upgrade after upgrade: $pinned
is_removed remove: 0
leaves_nothing left: nothing
is_purged purge: 0
purged_leaves_nothing left after purge: nothing
EOT
is package_steps_warn_of_nothing "$(grep -i -e warning -e error "$tmp/life")" ''
