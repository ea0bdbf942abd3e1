# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# pgbouncer, whose resolver is c-ares, in front of PostgreSQL under TLS. It asks for A and
# AAAA and keeps to the first address of the answer, which is an IPv6 one.

pgbouncer_client() { # HOST...
	cat >"$bouncer/ini" <<-EOT
		[pgbouncer]
		listen_addr =
		unix_socket_dir = $bouncer
		auth_type = any
		logfile = $bouncer/log
		server_tls_sslmode = verify-full
		server_tls_ca_file = $ca
		server_connect_timeout = 1
		server_login_retry = 1
		query_wait_timeout = 2
		[databases]
	EOT
	for host; do
		echo "$host = host=$host dbname=postgres user=tls" >>"$bouncer/ini"
	done
	setpriv --reuid=postgres --regid=postgres --clear-groups pgbouncer -q "$bouncer/ini" &
	until [ -S "$bouncer/.s.PGSQL.6432" ]; do sleep 0.05; done
	for host; do
		psql "host=$bouncer port=6432 user=tls dbname=$host" \
			-Atc 'select host(inet_client_addr())' 2>&1 | sed 's/.*FATAL: *//' | head -n 1
	done
	stop "$!"
}
