# SPDX-License-Identifier: MIT
# The one x86_64 file in each system: a shell, a lookup, threads and a connection under it, by the
# libc's own resolver and /etc/hosts.

# run sets the variables, in_root those of the scripts.
# shellcheck disable=SC2154,SC2016

# Programs that link libdl and ones that do not: before glibc 2.34 dlsym is there alone.
build_clients() { # CC [ARG...]
	demo=$top/tests/preload/demo-client.c
	"$@" -O1 -D_GNU_SOURCE -o "$tmp/client" "$demo" &&
		"$@" -O1 -D_GNU_SOURCE -o "$tmp/client-dl" "$demo" -Wl,--no-as-needed -ldl &&
		"$@" -O1 -pthread -o "$tmp/threads" "$here/threads.c" &&
		printf '%s\n' '#define main client' "#include \"$demo\"" '#include <stdlib.h>' \
			'__attribute__((constructor)) static void early(void) {
				char *args[] = { "client", "db.test", getenv("PORT"), NULL };
				client(3, args); fflush(stdout); }' |
		"$@" -O1 -D_GNU_SOURCE -shared -fPIC -o "$tmp/early.so" -x c - || exit 1
}

connected='client: connected to ::ffff:127.0.0.1
server: hello, you came over IPv4 from 127.0.0.1'
for system in bullseye bookworm trixie musl; do
	if [ "$system" = musl ]; then
		musl_root
		build_clients musl-gcc
	else
		debian_root "$system"
		libs=$root/usr/lib/x86_64-linux-gnu
		build_clients gcc --sysroot="$root" -B"$libs/" -L"$libs"
	fi
	start
	is "client_for_${system}_links_no_libdl" "$(readelf -d "$tmp/client" | grep -c 'NEEDED.*libdl')" 0
	is "shell_in_${system}_is_itself" "$(in_root '$pin sh -c "for i in 4 2; do printf %s \$i; done"')" 42
	is "library_in_${system}_is_byte_for_byte_the_one" \
		"$(in_root 'cat /usr/local/lib/libpin4.so' | cksum)" "$(cksum <"$(library x86_64)")"
	for client in client client-dl; do
		has "${client}_in_${system}_without_pin4_fails" \
			"$(in_root '"$1" db.test "$PORT"' "$tmp/$client")" \
			'client: connect to ::1: Connection refused'
		is "${client}_in_${system}_is_pinned" "$(in_root '$pin "$1" db.test "$PORT"' "$tmp/$client")" \
			"$connected"
		has "${client}_in_${system}_of_other_host_is_not_pinned" \
			"$(in_root '$pin "$1" other.test "$PORT"' "$tmp/$client")" \
			'client: connect to ::1: Connection refused'
	done
	is "threads_in_${system}_are_pinned" "$(in_root '$pin "$1" db.test other.test' "$tmp/threads")" \
		'pinned 4000 of 4000, other 0 of 4000'
	is "threads_in_${system}_without_pin4_are_not" \
		"$(in_root '"$1" db.test other.test' "$tmp/threads")" \
		'pinned 0 of 4000, other 0 of 4000'
	# A constructor that connects before ours has run: glibc starts the last one first, musl the first.
	own=/usr/local/lib/libpin4.so
	for list in "$own $tmp/early.so" "$tmp/early.so $own"; do
		is "constructor_$([ "${list#"$own"}" = "$list" ] && echo before || echo behind)_in_${system}_is_pinned" \
			"$(in_root 'PIN4_HOSTS=db.test LD_PRELOAD=$1 /bin/true' "$list")" "$connected"
	done
	stop
done
