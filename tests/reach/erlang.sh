# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# Erlang that asks DNS itself, over its own sockets, and connects with inet6 to PostgreSQL.

erlang_build() {
	erlc -o "$world/bin" "$real/postgres.erl" "$real/client.erl"
}

erlang_client() { # BACKEND HOST...
	backend=$1
	shift
	cat >"$world/inetrc" <<-EOT
		{lookup, [dns]}.
		{nameserver, $(erlang_address "$nameserver")}.
	EOT
	ERL_INETRC="$world/inetrc" limited erl -noinput -pa "$world/bin" -run client main \
		gen_tcp "$backend" "$@"
}

erlang_address() { # ADDRESS
	case $1 in
	*:*) echo "{16#$(echo "$1" | sed 's/::/:0:0:0:0:0:/; s/:/,16#/g')}" ;;
	*) echo "{$1}" | tr . , ;;
	esac
}
