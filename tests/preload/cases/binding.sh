# SPDX-License-Identifier: MIT
# What pin4 finds behind itself, wherever it stands, and that it looks for nothing after start.

# run sets the variables.
# shellcheck disable=SC2154

# musl has not all of them, and its res_send sends what glibc refuses.
calls=$(pinned both.test bound)
names=$(wrapped)
[ "$libc" = glibc ] ||
	names=$(echo "$names" | grep -v -e '_chk$' -e '^gai_' -e '_a$' -e '^__res' -e res_n -e res_send)
is each_entry_is_called_after_start "$(echo "$calls" | sed 's/ .*//' | sort -u)" "$names"
# Before glibc 2.34 there is no res_query but by the name of __res_query.
in_libc=$(bare bound | sed 's/ .*//')
is no_entry_walks_the_objects_after_start \
	"$(echo "$calls" | grep -v ' 0$' | sed 's/ .*//' | grep -xF "$in_libc")" ''
is child_of_fork_during_a_walk_is_pinned \
	"$(FAKE=$fake && export FAKE && pinned 'both.test loop.test' locked)" 'child ::ffff:192.0.2.2
child connect=0
child status 0'

is untyped_function_behind_is_called \
	"$(preloaded "$lib $BUILD/untyped.so" lookup -F inet6 both.test)" EAI_FAIL

# musl opens no library with thread-local storage of this kind (initial-exec).
if [ "$libc" = glibc ]; then
	is opened_library_asks_the_libc_before_it \
		"$(PIN4_HOSTS=both.test && export PIN4_HOSTS && preloaded "$fake" opened "$lib")" \
		'0 ::ffff:192.0.2.2'
fi

if [ "$libc" = glibc ] && is_native; then
	compile "$BUILD/chosen.so" "$here/untyped.c" -shared -fPIC -D_DEFAULT_SOURCE \
		-DIFUNC
	is ifunc_behind_is_called \
		"$(preloaded "$lib $BUILD/chosen.so" lookup -F inet6 both.test)" EAI_FAIL
	# The loader has something to say of such a library, with or without pin4.
	compile "$BUILD/ifmalloc.so" "$here/ifmalloc.c" -shared -fPIC -fno-builtin
	for list in "$BUILD/ifmalloc.so $lib $fake" "$lib $fake $BUILD/ifmalloc.so"; do
		is "allocator_of_ifuncs_$([ "${list%% *}" = "$lib" ] && echo last || echo first)_is_used" \
			"$(PIN4_HOSTS='*' preloaded "$list" lookup -F inet6 -x each both.test 2>/dev/null | brief)" \
			'0; AF_INET6 ::ffff:192.0.2.2'
	done
fi

# Linked for another address than 0, as prelink does too. Other systems need not have make.
if [ "$BUILD" = "$root/build/preload" ]; then
	env -u CC make -s -C "$root" BUILD="$tmp/elsewhere" LDFLAGS=-Wl,-Ttext-segment=0x400000 \
		>"$tmp/elsewhere.log" 2>&1 || cat "$tmp/elsewhere.log"
	is library_linked_elsewhere_pins "$(PIN4_HOSTS=both.test && export PIN4_HOSTS &&
		preloaded "$tmp/elsewhere/libpin4.so $fake" lookup -F inet6 both.test | brief)" \
		'0; AF_INET6 ::ffff:192.0.2.2'
	rm -rf "$tmp/elsewhere"
fi
