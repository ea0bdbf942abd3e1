# SPDX-License-Identifier: MIT
# Programs that run with more rights than their caller (AT_SECURE): their environment has no say. A
# loader preloads nothing there, so the program is linked to the library. /etc is one of its own.

# run sets the variables.
# shellcheck disable=SC2154

secure=$tmp/secure

secure_why() {
	if [ "$(id -u)" != 0 ]; then
		echo 'needs root'
	elif ! unshare --mount true 2>/dev/null; then
		echo 'no mount namespaces'
	fi
}

build_secure() {
	mkdir -p "$secure/etc" &&
		cp "$lib" "$secure/libpin4.so" &&
		cp "$fake" "$secure/fakelibc.so" &&
		chmod -R a+rX "$tmp" || exit 1
	for kind in ordinary setuid setgid; do
		compile "$secure/$kind" "$here/lookup.c" -L"$secure" -Wl,--no-as-needed -l:libpin4.so \
			-l:fakelibc.so -Wl,--allow-shlib-undefined -Wl,-rpath,"$secure"
	done
	chown 65534 "$secure/setuid" && chmod 4755 "$secure/setuid" &&
		chgrp 65534 "$secure/setgid" && chmod 2755 "$secure/setgid" || exit 1
}

run_secure() { # KIND: looks up with everything in the environment that could speak for IPv4
	: >"$secure/log"
	chmod 666 "$secure/log"
	echo '*' >"$secure/all.conf"
	(
		PIN4_HOSTS='both.test a*b'
		PIN4_CONFIG=$secure/all.conf
		PIN4_LOG=info
		PIN4_TYPO=x
		[ "${2:-}" = stderr ] || PIN4_LOG_FILE=$secure/log
		export PIN4_HOSTS PIN4_CONFIG PIN4_LOG PIN4_LOG_FILE PIN4_TYPO
		# The inner shell expands them.
		# shellcheck disable=SC2016
		unshare --mount sh -c 'mount --bind "$1/etc" /etc && exec "$1/$2" -S -F inet6 both.test' \
			sh "$secure" "$1" 2>&1 | brief
	)
}

secure_why=$(secure_why)
if [ -z "$secure_why" ]; then
	build_secure
	is ordinary_program_heeds_environment "$(run_secure ordinary)" 'secure=0; 0; AF_INET6 ::ffff:192.0.2.2'
	has ordinary_program_logs "$(cat "$secure/log")" 'host=both.test'
	for kind in setuid setgid; do
		rm -f "$secure/etc/pin4.conf"
		is "${kind}_program_ignores_environment" "$(run_secure $kind)" \
			'secure=1; 0; AF_INET6 2001:db8::2'
		is "${kind}_program_writes_no_log_file" "$(cat "$secure/log")" ''
		is "${kind}_program_ignores_a_request_that_is_none" \
			"$(export PIN4_CHECK=nonsense; run_secure $kind stderr)" \
			'secure=1; 0; AF_INET6 2001:db8::2'
		is "${kind}_program_writes_no_log" "$(run_secure $kind stderr)" \
			'secure=1; 0; AF_INET6 2001:db8::2'
		echo 'both.test a*b' >"$secure/etc/pin4.conf"
		is "${kind}_program_heeds_etc_pin4_conf" "$(run_secure $kind stderr)" \
			'secure=1; 0; AF_INET6 ::ffff:192.0.2.2'
		is "${kind}_program_has_no_log_of_etc_pin4_conf" "$(run_secure $kind; cat "$secure/log")" \
			'secure=1; 0; AF_INET6 ::ffff:192.0.2.2'
	done
else
	skip secure_programs_ignore_environment "$secure_why"
fi
