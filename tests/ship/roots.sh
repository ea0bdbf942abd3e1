# SPDX-License-Identifier: MIT
# The systems that the shipping tests run in: old and new Debians, and one of musl and busybox as
# Alpine is. Each is made once, in a cache outside of the tree. Source it where $top is set.
# shellcheck disable=SC2154

cache=${XDG_CACHE_HOME:-$HOME/.cache}/pin4

# What the preload tests want of a system; the compiler stays outside of it (see inside).
debian_packages=libc6-dev,libcap2-bin,libjemalloc2,strace,valgrind,libc6-dbg

# Sets root to the cached system of that name and description, or, if there is none yet, to a
# folder that it may be made in; then it returns false.
find_root() { # NAME DESCRIPTION
	root=$cache/$1-$(printf %s "$2" | cksum | tr -d ' ')
	[ ! -e "$root" ] || return 0
	echo "# making $root" >&2
	rm -rf "$cache/$1"-*
	mkdir -p "$cache"
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

# Sets root, or exits.
debian_root() { # SUITE
	packages=$debian_packages
	# A base image builds in it, its packages are installed in it, and a 32-bit program runs.
	[ "$1" != bookworm ] || packages=$packages,gcc,make,sudo,libc6-i386
	find_root "$1" "$packages" || {
		debootstrap --variant=minbase --include="$packages" "$1" "$root" >"$root.log" 2>&1 &&
			rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/usr/share/locale &&
			relink && keep_root
	} || {
		tail -n 5 "$root.log" >&2
		exit 1
	}
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
