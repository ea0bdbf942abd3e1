# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# Images with next to nothing in them: busybox, the application alone, musl.

chroot=$(command -v chroot)
image=
# Begins an image: the programs with what they load, the library, and how names are resolved.
image_make() { # NAME PROGRAM...
	image=$world/image-$1
	shift
	mkdir -p "$image/bin" "$image/etc" "$image/lib"
	for program; do
		cp -L "$program" "$image/bin/"
		ldd "$program" | sed -n 's|.* => \(/[^ ]*\) (.*|\1|p; s|^[[:space:]]*\(/[^ ]*\) (.*|\1|p' |
			while read -r file; do
				mkdir -p "$image${file%/*}"
				cp -L "$file" "$image$file"
			done
	done
	cp "$lib" "$image/lib/libpin4.so"
	for file in resolv.conf nsswitch.conf hosts; do
		cp "$world/$file" "$image/etc/"
	done
}

check_in_image() { # PROGRAM [VARIABLE...]
	image_program=$1
	shift
	run env -i LD_PRELOAD=/lib/libpin4.so PIN4_CHECK=host:v4.example:5432 "$@" \
		"$chroot" "$image" "$image_program"
}

image_make busybox "$(command -v busybox)"
mkdir -p "$image/usr/bin" "$image/usr/lib"
ln -s busybox "$image/bin/sh"
ln -s ../lib/libpin4.so "$image/usr/bin/pin4"
mv "$image/lib/libpin4.so" "$image/usr/lib/"
run env -i PATH=/bin:/usr/bin "$chroot" "$image" /bin/sh -c 'pin4 check v4.example:5432'
is check_with_busybox_and_the_library_alone_exits_1 "$status" 1
has check_with_busybox_and_the_library_alone_says_the_cure "$out" \
	'pin4 -H v4.example -- COMMAND'
run env -i PATH=/bin:/usr/bin "$chroot" "$image" /bin/sh -c 'pin4 -H v4.example check v4.example:5432'
is check_with_busybox_and_the_library_alone_exits_0_once_pinned "$status" 0
mkdir "$image/proc" && mount -t proc proc "$image/proc"
run env -i PATH=/bin:/usr/bin "$chroot" "$image" /bin/sh -c \
	'pin4 -H v4.example -- /bin/sh -c "pin4 doctor \$\$; exit \$?"'
is doctor_with_busybox_and_proc_alone_exits_0 "$status" 0
has doctor_with_busybox_and_proc_alone_says_the_rule "$out" 'covered: ipv4 v4.example'
umount "$image/proc"

image_make app "$build/app"
check_in_image /bin/app
is check_in_an_image_of_one_program_exits_1 "$status" 1
has check_in_an_image_of_one_program_reports "$out" 'pinning would help'
has check_in_an_image_of_one_program_names_the_library "$out" 'ENV LD_PRELOAD=/lib/libpin4.so'
check_in_image /bin/app PIN4_HOSTS=v4.example
is check_in_an_image_of_one_program_exits_0_once_pinned "$status" 0
check_in_image /bin/app PIN4_HOSTS=v4.example PIN4=off
has check_in_an_image_when_switched_off_says_so "$out" \
	'PIN4=off: no rule is in force. IPv6 is not published; IPv4 connects.'
check_in_image /bin/app PIN4_HOSTS=v4.example PIN4=off PIN4_CHECK=json:v4.example:5432
has check_in_an_image_when_switched_off_says_so_as_json "$out" \
	'"words":"PIN4=off: no rule is in force. IPv6 '

if command -v musl-gcc >/dev/null; then
	compile musl-gcc app-musl app.c
	image_make musl "$build/app-musl"
	cp -L /lib/ld-musl-*.so.1 "$image/lib/"
	check_in_image /bin/app-musl PIN4_HOSTS=v4.example
	is check_in_an_image_with_musl_alone_exits_0 "$status" 0
	has check_in_an_image_with_musl_alone_says_musl "$out" '(musl, '
else
	skip check_in_an_image_with_musl_alone_exits_0 'musl-gcc is missing'
fi

# What works with a setuid program: the loader's own list and the file of rules, which count there.
image_make setuid "$build/app" "$(command -v setpriv)"
chown 1 "$image/bin/app" && chmod 4755 "$image/bin/app"
echo v4.example >"$image/etc/pin4.conf"
as_nobody() {
	run env -i "$@" "$chroot" "$image" /bin/setpriv --reuid=65534 --regid=65534 --clear-groups \
		/bin/app v4.example
}
: >"$world/connections"
as_nobody LD_PRELOAD=/lib/libpin4.so PIN4_HOSTS=v4.example
is setuid_program_with_the_environment_stays_without_pin4 "$status" 1
echo /lib/libpin4.so >"$image/etc/ld.so.preload"
as_nobody
is setuid_program_with_ld_so_preload_connects "$status $out" '0 ::ffff:198.51.100.10'
is setuid_program_with_ld_so_preload_comes_over_ipv4 \
	"$(cat "$world/connections")" '198.51.100.2 0'
