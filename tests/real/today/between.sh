# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2086 # run sets the variables; commands are in words
# Programs that stand between what sets the environment and the program that looks up: small inits,
# two of them without a libc, programs that change the user, and supervisors. Sourced by run.

# The user nobody has to reach them.
between_build() {
	cp "$lib" "$here/client.py" "$world/bin/"
	lib=$world/bin/libpin4.so
	insist="/usr/bin/python3 $world/bin/client.py socket6 $pinned_host"
}

# A supervisor does not end by itself: what its program has written is printed.
supervise() { # COMMAND...
	: >"$world/out" && chmod 666 "$world/out"
	"$@" >"$world/supervisor" 2>&1 &
	for _ in $(seq 100); do
		[ ! -s "$world/out" ] || break
		sleep 0.1
	done
	kill "$!"
	wait "$!"
	cat "$world/out"
}

between_supervisors() {
	cat >"$world/supervisord.conf" <<-EOF
		[supervisord]
		nodaemon = true
		user = root
		logfile = /dev/null
		logfile_maxbytes = 0
		pidfile = $world/supervisord.pid
		[program:client]
		command = $insist
		user = nobody
		stdout_logfile = $world/out
		autorestart = false
		startsecs = 0
	EOF
	mkdir "$world/service"
	printf '#!/bin/sh\nchpst -u nobody %s >%s\nexec sleep 60\n' "$insist" "$world/out" \
		>"$world/service/run"
	chmod 755 "$world/service/run"
	row between_supervisord EAI_NODATA ipv4 \
		supervise $within supervisord -c "$world/supervisord.conf"
	row between_runit EAI_NODATA ipv4 supervise $within runsv "$world/service"
}

between_tests() {
	world_mode noaaaa
	between_build
	while read -r name with command <&3; do
		row "between_$name" EAI_NODATA "$with" $within $command $insist
	done 3<<-EOF
		tini ipv4 tini -s --
		tini_static ipv4 tini-static -s --
		dumb_init ipv4 dumb-init
		gosu ipv4 gosu nobody
		setpriv ipv4 setpriv --reuid=nobody --regid=nogroup --clear-groups
		runuser ipv4 runuser -u nobody --
		su ipv4 su -s /usr/bin/env nobody --
		su_login EAI_NODATA su -l -s /usr/bin/env nobody --
		start_stop_daemon ipv4 start-stop-daemon --start --chuid nobody --exec /usr/bin/env --
	EOF
	between_supervisors
}
