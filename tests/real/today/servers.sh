# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2086 # run sets the variables; $within may be empty
# Servers that are clients too: php-fpm, redis as a replica, and a Kafka client. Sourced by run.

# Starts COMMAND, waits for the file, prints what CLIENT prints, and ends COMMAND.
while_running() { # FILE CLIENT COMMAND...
	running_file=$1
	running_client=$2
	shift 2
	"$@" >"$world/server.log" 2>&1 &
	running=$!
	for _ in $(seq 50); do
		[ ! -e "$running_file" ] || break
		sleep 0.1
	done
	$running_client
	kill "$running"
	wait "$running"
	rm -f "$running_file"
}

# With clear_env, a worker has nothing of the environment that the master was started with.
fpm_tests() {
	world_mode works
	cp "$here/today/who.php" "$world/bin/"
	for clear in yes no; do
		cat >"$world/fpm.conf" <<-EOF
			[global]
			error_log = $world/fpm.log
			daemonize = no
			[www]
			user = nobody
			listen = $world/fpm.sock
			pm = static
			pm.max_children = 1
			clear_env = $clear
			env[DATABASE_HOST] = $pinned_host
		EOF
		case $clear in
		yes) environment= ;;
		no) environment=",$rules" ;;
		esac
		row "fpm_clear_env_$clear" ipv6 "ipv4$environment" while_running "$world/fpm.sock" \
			fpm_client $within sh -c "exec /usr/sbin/php-fpm* -y $world/fpm.conf"
	done
}

fpm_client() {
	$within env -i PATH="$PATH" REQUEST_METHOD=GET SCRIPT_FILENAME="$world/bin/who.php" \
		cgi-fcgi -bind -connect "$world/fpm.sock" | tr -d '\r' | sed '1,/^$/d'
}

# At the pinned host's IPv6 address nothing listens; redis tries no second address.
redis_tests() {
	world_mode refused
	in_server $within redis-server --bind 198.51.100.10 --port 6379 --protected-mode no --save '' \
		--repl-diskless-sync-delay 0 >"$world/redis.log" 2>&1 &
	row redis_replica down up while_running "$world/redis.sock" redis_client \
		$within redis-server --port 0 --unixsocket "$world/redis.sock" --save '' \
		--dir "$world" --replicaof "$pinned_host" 6379
	kill "$!"
}

# The link's state, once it is up or three seconds are over.
redis_client() {
	for _ in $(seq 30); do
		link=$($within redis-cli -s "$world/redis.sock" info replication |
			tr -d '\r' | sed -n 's/^master_link_status://p')
		[ "$link" != up ] || break
		sleep 0.1
	done
	echo "$link"
}

# The broker has one topic, which is named after the address that it was asked from.
kafka_tests() {
	world_mode noaaaa
	in_server /usr/bin/python3 "$here/today/broker.py" 198.51.100.10
	row kafka_v6 unknown ipv4 kafka_client
}

kafka_client() {
	limited $within kcat -L -m 2 -b "$pinned_host" -X broker.address.family=v6 \
		-X api.version.request=false -X broker.version.fallback=0.9.0 >"$world/kcat" 2>&1
	sed -n 's/^ *topic "\(.*\)" with.*/\1/p; s/.*Failed to resolve.*/unknown/p' "$world/kcat" | sort -u
}
