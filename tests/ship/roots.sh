# SPDX-License-Identifier: MIT
# The systems that the shipping tests run in: old and new Debians, and one of musl and busybox as
# Alpine is. Each is made once, in a cache outside of the tree. Source it where $top is set.
# shellcheck disable=SC2154

cache=${XDG_CACHE_HOME:-$HOME/.cache}/pin4
mkdir -p "$cache"

# What the preload tests want of a system; the compiler stays outside of it (see inside).
debian_packages=libc6-dev,libcap2-bin,libjemalloc2,strace,valgrind,libc6-dbg

# What people run this year (tests/real and tests/world), in the versions of that release.
runtimes=erlang-base,erlang-crypto,erlang-public-key,erlang-ssl,elixir,nodejs,node-pg
runtimes=$runtimes,default-jre-headless,libpostgresql-jdbc-java,php-cli,php-fpm,php-pgsql
runtimes=$runtimes,python3,python3-psycopg2,ruby,ruby-pg,postgresql-client,curl,wget
runtimes=$runtimes,musl,nscd,redis-server,kcat,tor,openssh-server,openssh-client,libevent-dev,gcc
runtimes=$runtimes,tini,tini-static,dumb-init,gosu,supervisor,runit,libfcgi-bin

# Sets root to the cached system of that name and description, or, if there is none yet, to a
# folder that it may be made in; then it returns false.
find_root() { # NAME DESCRIPTION
	root=$cache/$1-$(printf %s "$2" | cksum | tr -d ' ')
	[ ! -e "$root" ] || return 0
	echo "# making $root" >&2
	rm -rf "$cache/$1"-*
	root=$root.part
	return 1
}

# The compiler outside cannot follow an absolute link inside.
relink() {
	(
		cd "$root/usr" || exit 1
		find lib64 lib/x86_64-linux-gnu -maxdepth 1 -lname '/*' | while read -r link; do
			up=..$(printf %s "${link%/*}" | sed 's,[^/]*,..,g; s,^,/,')
			ln -sfn "$up$(readlink "$link")" "$link"
		done
	)
}

keep_root() {
	rm -f "$root.log"
	mv "$root" "${root%.part}" && root=${root%.part}
}

# What a system is made of. sid is made anew each month.
describe_debian() { # SUITE
	case $1 in
	# A base image builds in it, its packages are installed in it, and a 32-bit program runs.
	bookworm) packages=$debian_packages,gcc,make,sudo,libc6-i386 ;;
	# Its package tini brings tini-static.
	trixie) packages=$debian_packages,$(echo "$runtimes" | sed 's/,tini-static//') ;;
	sid) packages=$debian_packages,$runtimes ;;
	*) packages=$debian_packages ;;
	esac
	description=$packages
	[ "$1" != sid ] || description=$packages,$(date +%Y-%m)
}

# The packages that debootstrap could not find or set up.
at_fault() {
	cat "$root.log" "$root/debootstrap/debootstrap.log" 2>/dev/null | sed -n "
		s/^E: Couldn't find these debs: //p
		s/^dpkg: error processing \\(package\\|archive\\) \\([^ ]*\\).*/\\2/p
		s/^dpkg: dependency problems prevent configuration of \\(.*\\):/\\1/p" |
		tr ' ' '\n' | sort -u | paste -sd' ' -
}

# Ends the suite. That a package of sid does not install today is no failure of pin4: the suite
# then is one case, which names the package.
give_up() { # SUITE
	broken=$(at_fault)
	if [ "$1" = sid ] && [ -n "$broken" ]; then
		printf 'ok 1 - %s\n1..1\n' "sid_is_left_out_today # LEFT OUT not installable: $broken"
		exit 0
	fi
	tail -n 5 "$root.log" >&2
	exit 1
}

# Sets root, or exits. Two suites may want the same system at once.
debian_root() { # SUITE
	describe_debian "$1"
	exec 8>"$cache/$1.lock"
	flock 8
	find_root "$1" "$description" || {
		debootstrap --variant=minbase --include="$packages" "$1" "$root" >"$root.log" 2>&1 &&
			rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/usr/share/locale &&
			relink && keep_root
	} || give_up "$1"
	exec 8>&-
}

# The sources come by the name of the package, from where the bookworm system came from.
fetch_busybox() { # FOLDER
	mkdir -p "$1/lists/partial" "$1/archives/partial" &&
		sed 's/^deb /deb-src /' "$bookworm/etc/apt/sources.list" >"$1/sources.list" &&
		(
			cd "$1" || exit 1
			set -- -q -o Dir::Etc::sourcelist="$1/sources.list" -o Dir::Etc::sourceparts=- \
				-o Dir::Etc::trustedparts="$bookworm/etc/apt/trusted.gpg.d" \
				-o Dir::State::lists="$1/lists" -o Dir::Cache="$1" -o APT::Sandbox::User=root
			apt-get "$@" update && apt-get "$@" source --download-only busybox &&
				mkdir busybox && tar -x -C busybox --strip-components=1 -f busybox_*.orig.tar.*
		)
}

build_busybox() { # FOLDER
	(
		cd "$1/busybox" || exit 1
		make allnoconfig &&
			sed -n 's/^CONFIG_\(.*\)=y/s,^# CONFIG_\1 is not set,CONFIG_\1=y,/p' \
				"$top/tests/ship/busybox.config" >../wanted &&
			sed -i -f ../wanted .config && { yes n | make oldconfig; } &&
			make CC=musl-gcc HOSTCC=gcc busybox
	)
}

# As Alpine has it: musl is both loader and libc, and busybox is the rest.
fill_musl_root() { # BUSYBOX-FOLDER
	(
		cd "$root" || exit 1
		mkdir -p bin lib etc proc dev usr/local/lib usr/local/bin && mkdir -m 1777 tmp &&
			cp "$musl" lib/ld-musl-x86_64.so.1 && ln -s ld-musl-x86_64.so.1 lib/libc.so &&
			echo 'nobody:x:65534:65534::/:/bin/sh' >etc/passwd &&
			cp "$1/busybox" bin/ && chroot . /bin/busybox --install -s /bin
	)
}

# Sets root to a system of musl and busybox, or exits.
musl_root() {
	musl=/usr/lib/x86_64-linux-musl/libc.so
	debian_root bookworm
	bookworm=$root
	find_root musl "$(cksum "$top/tests/ship/busybox.config" "$musl")" || {
		work=$(mktemp -d) && mkdir -p "$root" && {
			fetch_busybox "$work" && build_busybox "$work" && fill_musl_root "$work/busybox"
		} >"$root.log" 2>&1
		made=$?
		rm -rf "$work"
		[ $made -eq 0 ] && keep_root
	} || {
		tail -n 5 "$root.log" >&2
		exit 1
	}
}
