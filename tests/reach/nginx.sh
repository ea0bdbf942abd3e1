# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154 # run sets the variables
# nginx with a proxy_pass that has a variable in it, so that it resolves when a request comes.
# It asks for A and AAAA, starts anywhere in the list of both, and is told here to try one
# address only: so what twenty requests came to is printed, each once, and if any of them
# failed, the failures alone.

nginx_client() { # HOST...
	cat >"$world/nginx.conf" <<-EOT
		user root;
		pid $world/nginx.pid;
		daemon off;
		error_log $world/nginx.log;
		events {}
		http {
			access_log off;
			resolver $nameserver valid=60s ipv6=on;
			resolver_timeout 2s;
			server {
				listen 127.0.0.1:8080;
				location / {
					proxy_pass http://\$arg_host:80/;
					proxy_connect_timeout 1500ms;
					proxy_next_upstream off;
				}
			}
		}
	EOT
	nginx -e "$world/nginx.log" -c "$world/nginx.conf" &
	until [ -s "$world/nginx.pid" ]; do sleep 0.05; done
	for host; do
		nginx_ask "$host"
	done
	stop "$!"
}

# All at once only where each may wait for a time-out: how often nginx asks for a host that does
# not exist would depend on luck.
nginx_ask() { # HOST
	seq 20 | sed "s|.*|url = \"http://127.0.0.1:8080/?host=$1\"|" >"$world/urls"
	[ "$1" != "$pinned_host" ] || echo parallel >>"$world/urls"
	curl -sf -w '%{http_code}\n' -K "$world/urls" 2>"$world/progress" |
		sed '/^200$/d' | family | sort -u >"$world/outcomes"
	{ grep -x '[0-9]*' "$world/outcomes" || cat "$world/outcomes"; } | paste -sd+ -
}
