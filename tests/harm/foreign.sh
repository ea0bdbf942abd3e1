# SPDX-License-Identifier: MIT
# The scenarios of foreign: each starts its servers, uses them, and prints what came of it, without
# anything that differs from run to run. The network and the current directory are theirs alone.

servers=$PWD/servers

serve() { # COMMAND [ARG...]: in the background, until stop_servers
	"$@" >server.log 2>&1 </dev/null &
	echo $! >>"$servers"
}

stop_servers() {
	[ -f "$servers" ] || return 0
	while read -r pid; do
		kill "$pid" 2>/dev/null
		while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
	done <"$servers"
	rm -f "$servers"
}

wait_for() { # COMMAND [ARG...]: until it succeeds
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || return 1
		sleep 0.1
	done
}

# Files below www on port 8080 of both addresses; /address tells which was reached, and /proxy goes
# to /address by the server's own lookup of server.test.
start_nginx() {
	mkdir -p www
	cat >nginx.conf <<-EOT
		daemon off;
		user root;
		pid $PWD/nginx.pid;
		error_log $PWD/error.log;
		events { }
		http {
			log_format reached '\$server_addr \$uri \$upstream_addr';
			access_log $PWD/access.log reached;
			client_body_temp_path $PWD/t1;
			proxy_temp_path $PWD/t2;
			fastcgi_temp_path $PWD/t3;
			uwsgi_temp_path $PWD/t4;
			scgi_temp_path $PWD/t5;
			server {
				listen 127.0.0.1:8080;
				listen [::1]:8080 ipv6only=on;
				root $PWD/www;
				location /address { return 200 "\$server_addr\n"; }
				location /proxy/ { proxy_pass http://server.test:8080/files/; }
			}
		}
	EOT
	serve nginx -p "$PWD" -c "$PWD/nginx.conf"
	wait_for curl -s http://127.0.0.1:8080/address
}

curl_from_nginx() {
	mkdir www
	seq 1 200000 >www/file
	start_nginx || return
	curl -sS http://server.test:8080/address
	curl -sS http://server.test:8080/file | sha256sum
	curl -sS -o /dev/null -w '%{http_code} %{remote_ip}\n' http://server.test:8080/none
	curl -sS --parallel http://server.test:8080/file http://localhost:8080/file -o a -o b
	cat a b | sha256sum
	curl -s http://server.test:9/ || echo "status $?"
	curl -s http://no.host.test/ || echo "status $?"
}

curl_with_families() {
	start_nginx || return
	printf 'any '
	curl -s http://server.test:8080/address || echo "status $?"
	printf '%s' '-4 '
	curl -4 -s http://server.test:8080/address || echo "status $?"
	printf '%s' '-6 '
	curl -6 -s http://server.test:8080/address || echo "status $?"
}

nginx_as_a_proxy() {
	mkdir -p www/files
	seq 1 100000 >www/files/file
	start_nginx || return
	for _ in 1 2 3 4 5 6; do
		curl -sS http://127.0.0.1:8080/proxy/file | sha256sum
	done
	sed -n 's/^.* \(.*:8080\)$/upstream \1/p' access.log | sort -u
}

git_over_http() {
	git init -q --bare www/repo.git
	git init -q work
	(
		cd work || exit
		git config user.email a@server.test
		git config user.name a
		seq 1 1000 >file
		git add file
		GIT_AUTHOR_DATE='@1 +0000' GIT_COMMITTER_DATE='@1 +0000' git commit -q -m one
		git push -q ../www/repo.git HEAD:refs/heads/main
	)
	git -C www/repo.git symbolic-ref HEAD refs/heads/main
	git -C www/repo.git update-server-info
	start_nginx || return
	git clone -q http://server.test:8080/repo.git clone
	git -C clone rev-parse HEAD
	GIT_CURL_VERBOSE=1 git ls-remote http://server.test:8080/repo.git 2>&1 |
		sed -n 's/.*Connected to server.test (\(.*\)) port.*/\1/p'
	git ls-remote http://server.test:8080/repo.git
}

ssh_to_sshd() {
	ssh-keygen -q -t ed25519 -N '' -f host
	ssh-keygen -q -t ed25519 -N '' -f user
	mkdir -p /run/sshd
	printf '%s\n' 'ListenAddress 127.0.0.1' 'ListenAddress ::1' 'Port 2222' "HostKey $PWD/host" \
		"AuthorizedKeysFile $PWD/user.pub" 'StrictModes no' 'PidFile none' 'UsePAM no' \
		'PermitRootLogin yes' >sshd.conf
	serve "$(command -v sshd)" -D -e -f "$PWD/sshd.conf"
	wait_for ssh-keyscan -p 2222 127.0.0.1
	seq 1 50000 >file
	for _ in 1 2; do
		# The session's own variable, in the shell at the other end.
		# shellcheck disable=SC2016
		ssh -n -F none -i user -p 2222 -o StrictHostKeyChecking=no -o UserKnownHostsFile=known \
			root@server.test 'echo ${SSH_CONNECTION%% *}; sha256sum' 2>ssh.log
		ssh -F none -i user -p 2222 -o StrictHostKeyChecking=no -o UserKnownHostsFile=known \
			root@server.test sha256sum <file 2>>ssh.log
	done
}

psql_and_pg_dump() {
	bin=$(dirname "$(find /usr/lib/postgresql -name initdb | sed 1q)")
	chown postgres .
	setpriv --reuid=postgres --regid=postgres --clear-groups "$bin/initdb" -D data -A trust \
		>initdb.log
	serve setpriv --reuid=postgres --regid=postgres --clear-groups "$bin/postgres" -D data \
		-h 127.0.0.1,::1 -p 5433 -k "$PWD"
	wait_for "$bin/pg_isready" -h 127.0.0.1 -p 5433
	url=postgresql://postgres@server.test:5433/postgres
	psql -qXAt "$url" -c 'create table t as select n, md5(n::text) from generate_series(1, 5000) n'
	psql -qXAt "$url" -c 'select inet_client_addr(), count(*) from t'
	psql -qXAt "$url?hostaddr=127.0.0.1" -c 'select count(*) from t'
	pg_dump "$url" | grep -v '^--\|restrict' | sha256sum
	psql -qXAt "postgresql://postgres@no.host.test:5433/postgres" -c 'select 1' >out 2>&1 ||
		echo "status $?"
}

apt_from_a_repository() {
	mkdir -p pkg/DEBIAN www/repo root/etc/apt/sources.list.d root/var/lib/apt/lists/partial \
		root/var/cache/apt/archives/partial root/etc/apt/preferences.d root/etc/apt/apt.conf.d \
		root/var/lib/dpkg
	printf 'Package: hello\nVersion: 1\nArchitecture: all\nMaintainer: a\nDescription: b\n' \
		>pkg/DEBIAN/control
	dpkg-deb -b pkg www/repo/hello_1_all.deb >dpkg.log
	(cd www && dpkg-scanpackages repo >repo/Packages 2>/dev/null)
	: >root/var/lib/dpkg/status
	echo 'deb [trusted=yes] http://server.test:8080/ repo/' >root/etc/apt/sources.list
	start_nginx || return
	set -- -o Dir="$PWD/root" -o Dir::State::status="$PWD/root/var/lib/dpkg/status" \
		-o APT::Sandbox::User=root -qq
	apt-get "$@" update >apt.log 2>&1 || echo "status $?"
	(cd root && apt-get "$@" download hello) >>apt.log 2>&1 || echo "status $?"
	find root -name 'hello*.deb' -exec dpkg-deb -f {} Package Version \;
	sed -n 's,^\([^ ]*\) /repo/.*,\1,p' access.log | sort -u
}

redis_and_a_replica() {
	mkdir one two
	(cd one && serve redis-server --port 6390 --bind 127.0.0.1 ::1 --save '' --repl-diskless-sync-delay 0)
	wait_for redis-cli -p 6390 ping
	(cd two && serve redis-server --port 6391 --bind 127.0.0.1 ::1 --save '' \
		--replicaof server.test 6390)
	redis-cli -h server.test -p 6390 set a 1
	redis-cli -h server.test -p 6390 client list | sed 's/.* addr=\(.*\):[0-9]* laddr=.*cmd=client.*/\1/' |
		grep -v ' '
	wait_for sh -c 'redis-cli -p 6391 get a | grep -q 1'
	redis-cli -h server.test -p 6391 get a
	redis-cli -p 6390 info replication | sed -n 's/^slave0:ip=\([^,]*\),.*/replica \1/p'
}

python_modules() { # short|long
	if [ "$1" = long ]; then
		echo test_socket test_ssl test_asyncio test_urllib test_urllib2 test_urllib2_localnet \
			test_httplib test_httpservers test_http_cookiejar test_ftplib test_smtplib \
			test_poplib test_imaplib test_nntplib test_socketserver test_telnetlib test_xmlrpc \
			test_selectors test_asyncore
	else
		echo test_socket test_urllib2_localnet test_httpservers test_ftplib test_smtplib
	fi
}

# One line for each test of the module, with its result. Without VSOCK, which hangs in some virtual
# machines, and without a test that skips itself when somebody else takes the port that it chose.
python_tests() {
	/usr/bin/python3 -m test -u network --junit-xml results.xml --timeout 300 -i '*VSOCK*' \
		-i testSourceAddress "${module:?}" >python.log 2>&1
	echo "$module: status $?"
	sed 's/<testcase /\n&/g' results.xml | awk '/^<testcase / {
		match($0, /name="[^"]*"/)
		print substr($0, RSTART + 6, RLENGTH - 7), \
			/<failure/ ? "fails" : /<error/ ? "ends" : /<skipped/ ? "skipped" : "ok"
	}' | sort
}
