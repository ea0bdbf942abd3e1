# SPDX-License-Identifier: MIT
# A library that is missing, broken or for another machine, and programs that lose or refuse it:
# what happens then is what the README says.

# run sets the variables and reads $around, in_root those of the scripts.
# shellcheck disable=SC2034,SC2154,SC2016

build_programs() { # CC [ARG...]
	demo=$top/tests/preload/demo-client.c
	"$@" -O1 -D_GNU_SOURCE -o "$tmp/client" "$demo" &&
		"$@" -O1 -D_GNU_SOURCE -static -o "$tmp/static" "$demo" 2>/dev/null &&
		printf '%s\n' '#include <unistd.h>' \
			'__attribute__((constructor)) static void say(void) { (void)!write(2, "here\n", 5); }' |
		"$@" -O1 -shared -fPIC -o "$tmp/other.so" -x c - || exit 1
	cp "$tmp/client" "$tmp/setuid" && chmod 4755 "$tmp/setuid" &&
		cp "$tmp/client" "$tmp/setgid" && chmod 2755 "$tmp/setgid" &&
		cp "$tmp/client" "$tmp/setcap" && setcap cap_net_raw+ep "$tmp/setcap" || exit 1
}

broken_libraries() {
	good=$(library x86_64)
	cp "$(library aarch64)" "$tmp/other-machine.so"
	cp "$(library i686)" "$tmp/other-class.so"
	: >"$tmp/empty.so"
	head -c 200 "$good" >"$tmp/headless.so" # part of its headers
	head -c 8192 "$good" >"$tmp/half.so"
}

# What becomes of a shell under such a library: its status, whether it ran, and what was said.
outcome() { # LIBRARY
	in_root 'LD_PRELOAD=$1 sh -c "echo ran" 2>&1; echo "status=$?"' "$1" >"$tmp/outcome"
	sed -n 's/^status=//p' "$tmp/outcome"
	grep -x ran "$tmp/outcome"
	sed -n 's/.*\(cannot be preloaded\|unsupported reloc\)/\1/p' "$tmp/outcome" | head -n 1
}

ignored() { # REASON
	printf '0\nran\ncannot be preloaded (%s): ignored.\n' "$1"
}

yes='client: connected to ::ffff:127.0.0.1'
no='client: connect to ::1: Connection refused'

glibc_outcomes() {
	is library_missing_on_glibc_is_ignored "$(outcome /none/libpin4.so)" \
		"$(ignored 'cannot open shared object file')"
	is library_of_other_machine_on_glibc_is_ignored "$(outcome "$tmp/other-machine.so")" \
		"$(ignored 'cannot open shared object file')"
	is library_of_other_class_on_glibc_is_ignored "$(outcome "$tmp/other-class.so")" \
		"$(ignored 'wrong ELF class: ELFCLASS32')"
	is library_empty_on_glibc_is_ignored "$(outcome "$tmp/empty.so")" "$(ignored 'file too short')"
	is library_cut_in_headers_on_glibc_is_ignored "$(outcome "$tmp/headless.so")" \
		"$(ignored 'cannot read file data')"
	is library_cut_in_half_on_glibc_kills "$(outcome "$tmp/half.so")" 135
}

musl_outcomes() {
	ran='0
ran'
	is library_missing_on_musl_is_ignored "$(outcome /none/libpin4.so)" "$ran"
	is library_of_other_machine_on_musl_kills "$(outcome "$tmp/other-machine.so")" \
		'127
unsupported relocation type 1026'
	is library_of_other_class_on_musl_is_ignored "$(outcome "$tmp/other-class.so")" "$ran"
	is library_empty_on_musl_is_ignored "$(outcome "$tmp/empty.so")" "$ran"
	is library_cut_in_headers_on_musl_is_ignored "$(outcome "$tmp/headless.so")" "$ran"
	is library_cut_in_half_on_musl_kills "$(outcome "$tmp/half.so")" 135
}

connects() { # SCRIPT [ARG...]: whether the program that it starts was pinned
	in_root "$@" | grep -e '^client: connect' -e ERROR | head -n 1
}

# How a program loses its preload, or not. $2 runs a command as somebody else, as those are run who
# start a setuid program.
programs() { # LIBC AS-NOBODY
	own=/usr/local/lib/libpin4.so
	while read -r name list; do
		is "two_libraries_on_$1_${name}_both_work" \
			"$(in_root "PIN4_HOSTS=db.test LD_PRELOAD=$list"' "$2" db.test "$PORT"' \
				"$tmp/other.so" "$tmp/client")" "here
client: connected to ::ffff:127.0.0.1
server: hello, you came over IPv4 from 127.0.0.1"
	done <<-EOT
		own_first $own:\$1
		own_last \$1:$own
		by_blank "$own \$1"
	EOT
	is "chain_of_sh_env_program_on_$1_is_pinned" \
		"$(connects '$pin sh -c "env MORE=x \"\$0\" db.test $PORT" "$1"' "$tmp/client")" "$yes"
	is "program_under_env_-i_on_$1_is_not_pinned" \
		"$(connects '$pin env -i "$1" db.test "$PORT"' "$tmp/client")" "$no"
	is "program_with_variables_set_after_env_-i_on_$1_is_pinned" \
		"$(connects 'env -i $pin "$1" db.test "$PORT"' "$tmp/client")" "$yes"
	is "static_program_on_$1_is_not_pinned" \
		"$(connects '$pin "$1" db.test "$PORT"' "$tmp/static")" "$no"
	is "program_of_another_user_on_$1_is_pinned" \
		"$(connects '$pin $2 "$1" db.test "$PORT"' "$tmp/client" "$2")" "$yes"
	for kind in setuid setgid setcap; do
		is "${kind}_program_on_$1_is_not_pinned" \
			"$(connects '$pin $2 "$1" db.test "$PORT"' "$tmp/$kind" "$2")" "$no"
	done
}

# sudo takes LD_PRELOAD away, whatever it is told to keep; what follows it may set it again.
sudo_cases() {
	is program_under_sudo_is_not_pinned \
		"$(connects '$pin sudo "$1" db.test "$PORT"' "$tmp/client")" "$no"
	is program_under_sudo_-E_is_not_pinned \
		"$(connects '$pin sudo -E "$1" db.test "$PORT"' "$tmp/client")" "$no"
	is program_under_sudo_env_is_pinned \
		"$(connects 'sudo $pin "$1" db.test "$PORT"' "$tmp/client")" "$yes"
}

# A 32-bit program in a 64-bit system; $LIB is lib/x86_64-linux-gnu to one and lib32 to the other.
class_cases() {
	i686-linux-gnu-gcc -O1 -D_GNU_SOURCE -o "$tmp/client32" "$top/tests/preload/demo-client.c"
	around="$here/emulated i686"
	lib='install -D "$LIBRARY" /usr/lib/x86_64-linux-gnu/libpin4.so
		export PIN4_HOSTS=db.test LD_PRELOAD='\''/usr/$LIB/libpin4.so'\''
		"$1" db.test "$PORT"'
	is program_of_32_bits_says_wrong_class "$(connects '$pin "$1" db.test "$PORT"' "$tmp/client32")" \
		"ERROR: ld.so: object '/usr/local/lib/libpin4.so' from LD_PRELOAD cannot be preloaded \
(wrong ELF class: ELFCLASS64): ignored."
	is program_of_32_bits_goes_on "$(in_root '$pin "$1" db.test "$PORT"' "$tmp/client32" |
		grep -c "$no")" 1
	is program_of_64_bits_by_LIB_is_pinned "$(connects "$lib" "$tmp/client")" "$yes"
	is program_of_32_bits_by_LIB_is_pinned "$(connects 'install -D "$2" /usr/lib32/libpin4.so
		'"$lib" "$tmp/client32" "$(library i686)")" "$yes"
	around=
}

# A library is never half there while it is put in place.
make -s -C "$top" all >/dev/null
replaced=$(strace -f -o "$tmp/trace" -e trace=openat,rename,renameat,renameat2 \
	make -s -C "$top" install DESTDIR="$tmp/install" PREFIX=/usr 2>&1
	grep -c 'rename.*/usr/lib/libpin4.so"' "$tmp/trace"
	grep -c 'openat.*/usr/lib/libpin4.so".*O_CREAT' "$tmp/trace")
is install_renames_library_into_place "$replaced" "1
0"

broken_libraries
start
debian_root bookworm
libs=$root/usr/lib/x86_64-linux-gnu
build_programs gcc --sysroot="$root" -B"$libs/" -L"$libs"
glibc_outcomes
programs glibc 'setpriv --reuid 65534 --regid 65534 --clear-groups'
sudo_cases
class_cases
stop
start
musl_root
build_programs musl-gcc
musl_outcomes
programs musl 'setuidgid nobody'
stop
