# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # launcher sets the variables
# The one file in a root that has a dynamically linked program, what that loads, and nothing else:
# for both libcs, and for other machines. Sourced by launcher.

# Begins a root, of which /client is the program.
make_root() { # ROOT LIBRARY COMPILER...
	root=$scratch/$1
	root_library=$2
	shift 2
	mkdir -p "$root/etc" "$root/proc"
	"$@" -D_GNU_SOURCE -o "$root/client" "$top/tests/preload/demo-client.c" || return 1
	loader=$(readelf -lW "$root/client" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
	mkdir -p "$root${loader%/*}" "$root/lib"
	case $loader in
	*musl*) cp -L "$loader" "$root$loader" ;;
	*)
		cp -L "$("$@" -print-file-name="${loader##*/}")" "$root$loader"
		cp -L "$("$@" -print-file-name=libc.so.6)" "$root/lib"
		;;
	esac
	cp "$root_library" "$root/libpin4.so"
	echo '127.0.0.1 localhost' >"$root/etc/hosts"
}

# Runs a command in the root, which is read-only, with an empty environment, for a user who is not
# root.
chroot=$(command -v chroot)
enter() { # COMMAND [ARG...]
	# shellcheck disable=SC2016,SC2086 # that shell's; a command of several words
	run $runner unshare --mount sh -c 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" &&
		chroot=$1 && shift && exec env -i "$chroot" --userspec=65534:65534 "$0" "$@"' \
		"$root" "$chroot" "$@"
}

alone() { # NAME
	enter /client localhost 1
	not_pinned "alone_on_$1_host_without_pin4_is_not_pinned"
	enter /libpin4.so --version
	is "alone_on_$1_version_is_printed" "$status $out" "0 $wanted"
	enter /libpin4.so -H localhost -- /client localhost 1
	pinned "alone_on_$1_host_when_named_is_pinned"
	enter /libpin4.so -H localhost -- client
	is "alone_on_$1_command_without_path_is_not_found" "$status $err" '127 pin4: client: not found'
	enter /libpin4.so -H 'x.example, a..b' rules
	is "alone_on_$1_rules_are_printed" "$status $out" "1 ipv4${tab}x.example${tab}PIN4_HOSTS:1:1"
	has "alone_on_$1_rules_complain" "$err" 'PIN4_HOSTS:1:12: a..b: '
	enter /libpin4.so check localhost -- /client
	has "alone_on_$1_check_in_the_program_reports" "$out" 'host      localhost'
	enter /libpin4.so -H localhost check localhost -- client
	is "alone_on_$1_check_in_a_missing_program_exits_2" "$status $err" '2 pin4: client: not found'
	enter /libpin4.so check localhost
	is "alone_on_$1_check_without_a_program_exits_3" "$status" 3
	has "alone_on_$1_check_without_a_program_says_what_to_write" "$err" \
		'neither /bin/sh nor process 1 can load it: name a program, check HOST -- PROGRAM'
	enter /libpin4.so doctor /client
	is "alone_on_$1_doctor_of_the_program_exits_0" "$status $out" '0 /client: would load the library'
	enter /libpin4.so doctor /libpin4.so
	has "alone_on_$1_doctor_of_a_static_program_exits_3" "$status $err" '3 pin4: /libpin4.so: it is statically linked'
	enter /libpin4.so --require -H localhost /client localhost 1
	pinned "alone_on_$1_host_when_required_is_pinned"
	enter /libpin4.so --frobnicate
	is "alone_on_$1_wrong_usage_is_one_line" "$status $err" '2 pin4: unknown option --frobnicate (see pin4 --help)'
}

# Process 1 is where no program is named and there is no shell.
process_1() {
	# shellcheck disable=SC2016
	run unshare --mount --pid --fork sh -c 'mount -t proc proc "$0/proc" &&
		"$1" "$0" /libpin4.so check localhost; exit $?' "$root" "$chroot"
	has check_without_a_shell_is_made_in_process_1 "$out" 'host      localhost'
}

if [ "$(id -u)" -ne 0 ]; then
	skip alone_on_glibc_host_when_named_is_pinned 'needs root'
	return 0
fi
runner=
make_root glibc "$library" "${CC:-cc}" && alone glibc && process_1
if command -v musl-gcc >/dev/null; then
	make_root musl "$library" musl-gcc && alone musl
else
	skip alone_on_musl_host_when_named_is_pinned 'no musl-gcc'
fi
for arch in aarch64 i686; do
	if [ "$(uname -m)" = "$arch" ] || ! command -v "$arch-linux-gnu-gcc" >/dev/null; then
		skip "alone_on_${arch}_host_when_named_is_pinned" "no compiler for $arch here"
		continue
	fi
	runner="$top/tests/ship/emulated $arch"
	make -s -C "$top" ARCH=$arch >/dev/null && make_root $arch "$top/build/$arch/libpin4.so" "$arch-linux-gnu-gcc" &&
		alone $arch
done
