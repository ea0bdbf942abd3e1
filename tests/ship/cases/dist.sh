# SPDX-License-Identifier: MIT
# What "make dist" builds: the same bytes wherever and by whomever, and complete.

# run sets the variables.
# shellcheck disable=SC2154

# The tree once more, elsewhere, for a user without rights, with an environment that means ill.
again=$(mktemp -d) || exit 1
(cd "$top" && git ls-files -co --exclude-standard -z | tar -c --null -T -) | tar -x -C "$again"
chown -R 65534:65534 "$again"
epoch=$(cd "$top" && git log -1 --format=%ct)
# It expands in the inner shell.
# shellcheck disable=SC2016
setpriv --reuid 65534 --regid 65534 --clear-groups env -i PATH="$PATH" HOME="$again" \
	CFLAGS='-O0 -g' LDFLAGS=-Wl,-z,lazy LANG=C.UTF-8 TZ=Asia/Kathmandu \
	SOURCE_DATE_EPOCH="$epoch" sh -c 'umask 077 && exec "$0/scripts/dist"' "$again" >"$tmp/again" 2>&1
is dist_elsewhere_by_another_user_is_the_same "$(diff "$again/build/dist/SHA256SUMS" \
	"$dist/SHA256SUMS" && echo same)" same
for file in "$dist"/pin4*; do
	cmp -s "$file" "$again/build/dist/${file##*/}"
	is "dist_of_${file##*/}_elsewhere_is_the_same" $? 0
done
rm -rf "$again"

is dist_has_three_tarballs_and_packages "$(cd "$dist" && ls -d pin4* SHA256SUMS)" "\
SHA256SUMS
pin4-$version-aarch64.tar.gz
pin4-$version-i686.tar.gz
pin4-$version-x86_64.tar.gz
pin4_${version}_amd64.deb
pin4_${version}_arm64.deb
pin4_${version}_i386.deb"
is checksums_of_dist_are_right "$(cd "$dist" && sha256sum --quiet -c SHA256SUMS 2>&1)" ''
for arch in x86_64 aarch64 i686; do
	is "tarball_of_${arch}_is_complete" \
		"$(cd "$dist/unpacked/pin4-$version-$arch" && find . -type f | sort | tr '\n' ' ')" "\
./bin/pin4 ./lib/libpin4.so ./share/doc/pin4/LICENSE ./share/doc/pin4/README.md \
./share/doc/pin4/pin4.conf ./share/man/man1/pin4.1 ./share/man/man5/pin4.conf.5 "
done
is library_of_dist_is_the_one_of_make "$(make -s -C "$top" all >/dev/null && \
	cmp "$top/build/libpin4.so" "$(library x86_64)" && echo same)" same
mkdir "$tmp/prefix"
tar -xzf "$dist/pin4-$version-x86_64.tar.gz" -C "$tmp/prefix" --strip-components=1
is launcher_of_tarball_in_a_prefix_finds_its_library \
	"$("$tmp/prefix/bin/pin4" -H db.example.com rules)" \
	"ipv4	db.example.com	PIN4_HOSTS:1:1"
