# SPDX-License-Identifier: MIT
# What "make dist" builds: the same bytes wherever and by whomever, and complete.

# run sets the variables.
# shellcheck disable=SC2154

# The tree once more, elsewhere, as a user without rights with umask 077 has it, in an environment
# that would change what a careless build makes.
again=$(mktemp -d) || exit 1
(cd "$top" && git ls-files -co --exclude-standard -z | tar -c --null -T -) | tar -x -C "$again"
chown -R 65534:65534 "$again" && chmod -R go= "$again"
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
recipes=$(cd "$top/scripts/deploy" && for file in *; do echo "./share/doc/pin4/deploy/$file"; done)
files="./bin/pin4
./lib/libpin4.so
./share/bash-completion/completions/pin4
./share/doc/pin4/LICENSE
./share/doc/pin4/README.md
./share/doc/pin4/changelog
$recipes
./share/doc/pin4/pin4.conf
./share/man/man1/pin4.1
./share/man/man5/pin4.conf.5
./share/man/man7/pin4.7
./share/zsh/site-functions/_pin4"
for arch in x86_64 aarch64 i686; do
	unpacked=$dist/unpacked/pin4-$version-$arch
	is "tarball_of_${arch}_is_complete" \
		"$(cd "$unpacked" && find . ! -type d | LC_ALL=C sort)" "$files"
	is "program_in_tarball_of_${arch}_is_the_library" \
		"$(readlink "$unpacked/bin/pin4") $(stat -c %a "$unpacked/lib/libpin4.so")" \
		'../lib/libpin4.so 755'
done
dpkg-deb -x "$dist/pin4_${version}_amd64.deb" "$tmp/deb"
ln -s "$dist/unpacked/pin4-$version-x86_64" "$tmp/tarball"
ln -s deb/usr "$tmp/package"
for kind in tarball package; do
	doc=$tmp/$kind/share/doc/pin4
	is "links_in_${kind}_lead_somewhere" \
		"$("$top/scripts/links" "$doc"/*.md "$doc"/deploy/*.md)" ''
	has "links_in_${kind}_lead_to_what_is_installed" "$(cat "$doc/README.md")" \
		'](deploy/README.md)'
done
is version_of_changelog_is_that_of_makefile \
	"$(sed -n '1s/^pin4 (\(.*\)) .*/\1/p' "$top/scripts/deb/changelog")" "$version"
is library_of_dist_is_the_one_of_make "$(make -s -C "$top" all >/dev/null && \
	cmp "$top/build/libpin4.so" "$(library x86_64)" && echo same)" same
mkdir "$tmp/prefix"
tar -xzf "$dist/pin4-$version-x86_64.tar.gz" -C "$tmp/prefix" --strip-components=1
is launcher_of_tarball_in_a_prefix_finds_its_library \
	"$("$tmp/prefix/bin/pin4" -H db.example.com rules)" \
	"ipv4	db.example.com	PIN4_HOSTS:1:1"

# What make installs, make takes away again.
make -s -C "$top" install uninstall DESTDIR="$tmp/gone" PREFIX=/usr
is uninstall_leaves_no_file "$(find "$tmp/gone" ! -type d)" ''
