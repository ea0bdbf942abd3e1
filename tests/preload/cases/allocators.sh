# SPDX-License-Identifier: MIT
# Allocators that come in between.

# run sets the variables.
# shellcheck disable=SC2154

is allocator_that_connects_is_survived \
	"$(PIN4_HOSTS='*' preloaded "$lib $fake $BUILD/chatty.so" lookup -F inet6 several.test | brief)" \
	'0; AF_INET6 ::ffff:192.0.2.31; AF_INET6 ::ffff:192.0.2.32; AF_INET6 ::ffff:192.0.2.33'
is allocator_first_that_connects_is_survived \
	"$(PIN4_HOSTS='*' preloaded "$BUILD/chatty.so $lib $fake" lookup -F inet6 several.test | brief)" \
	'0; AF_INET6 ::ffff:192.0.2.31; AF_INET6 ::ffff:192.0.2.32; AF_INET6 ::ffff:192.0.2.33'
if [ "$libc" = glibc ] && is_native; then
	for list in "$jemalloc $lib $fake" "$lib $fake $jemalloc"; do
		name=jemalloc_$([ "${list%% *}" = "$jemalloc" ] && echo first || echo last)
		if [ -z "$jemalloc" ]; then
			skip "lookups_with_${name}_are_pinned" 'no libjemalloc.so.2'
			continue
		fi
		for how in whole each tail-first head-first dealt; do
			is "lookups_with_${name}_freed_${how}_are_pinned" \
				"$(PIN4_HOSTS='*' preloaded "$list" lookup -F inet6 -x $how several.test)" \
				"$(bare lookup -F inet -x $how several.test | mapped)"
		done
		is "lookups_with_${name}_in_threads_are_right" \
			"$(PIN4_HOSTS=several.test preloaded "$list" threads)" wrong=0
		is "forks_with_${name}_are_pinned" \
			"$(PIN4_HOSTS='*' preloaded "$list" forks | grep -c ::ffff:)" 4
	done
fi
