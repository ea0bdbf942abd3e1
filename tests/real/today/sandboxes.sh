# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2086 # run sets the variables; $within may be empty
# Programs that end, or are ended, when something in them does what they did not expect: the
# seccomp sandboxes of sshd and tor, and ASan. Sourced by run.

# The process before the login is sandboxed, and sshd looks the client's name up.
sshd_tests() {
	mkdir "$world/ssh"
	for key in host user; do
		$within ssh-keygen -q -t ed25519 -N '' -f "$world/ssh/$key"
	done
	printf '%s\n' 'ListenAddress 198.51.100.2' "HostKey $world/ssh/host" 'UsePAM no' \
		"AuthorizedKeysFile $world/ssh/user.pub" 'StrictModes no' 'PermitRootLogin yes' \
		'UseDNS yes' "PidFile $world/sshd.pid" >"$world/ssh/config"
	mkdir -p /mnt/root/run/sshd
	row sshd ipv4 ipv4 while_running "$world/sshd.pid" ssh_client \
		$within /usr/sbin/sshd -D -e -f "$world/ssh/config"
}

ssh_client() {
	# The session's own variable, in the shell at the other end.
	# shellcheck disable=SC2016
	$within env -u LD_PRELOAD ssh -n -F none -i "$world/ssh/user" -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR root@198.51.100.2 \
		'echo "server ${SSH_CONNECTION%% *}"' | sed 's/^server //'
}

# tor takes the web server for a bridge, and says that it has reached it.
tor_tests() {
	printf '%s\n' 'Sandbox 1' 'SocksPort 0' 'UseBridges 1' 'Bridge 198.51.100.20:80' \
		"DataDirectory $world/tor" >"$world/torrc"
	row tor conn_done conn_done tor_client
}

tor_client() {
	$within tor -f "$world/torrc" >"$world/tor.log" 2>&1 &
	for _ in $(seq 100); do
		! grep -q -F '(conn_done)' "$world/tor.log" || break
		sleep 0.1
	done
	kill -KILL "$!"
	wait "$!"
	grep -o conn_done "$world/tor.log" | head -n 1
}

# ASan's runtime wants to be first. As gcc links it, it is a library, and clang puts it into the
# program.
asan_tests() {
	world_mode noaaaa
	runtime=$($within gcc -print-file-name=libasan.so)
	runtime=$($within readlink -f "$runtime")
	export ASAN_OPTIONS=detect_leaks=0
	build="$within gcc -O1 -fsanitize=address $root/tests/check/app.c -o $world/bin/asan"
	$build-shared
	$build-static -static-libasan
	refusal='ASan runtime does not come first in initial library list; you should either link'
	is asan_static_runtime "$(asan_client static "$lib")" ::ffff:198.51.100.10
	is asan_runtime_before_pin4 "$(asan_client shared "$runtime $lib")" ::ffff:198.51.100.10
	has asan_pin4_before_runtime_does_not_start "$(asan_client shared "$lib $runtime")" "$refusal"
	has asan_pin4_alone_does_not_start "$(asan_client shared "$lib")" "$refusal"
	ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0
	is asan_pin4_alone_without_the_check "$(asan_client shared "$lib")" ::ffff:198.51.100.10
	is asan_without_pin4 "$(asan_client shared '')" 'No address associated with hostname'
	unset ASAN_OPTIONS
}

asan_client() { # LINK PRELOAD
	$within env LD_PRELOAD="$2" PIN4_HOSTS="$rules" "$world/bin/asan-$1" "$pinned_host" 2>&1 |
		paste -sd' ' -
}
