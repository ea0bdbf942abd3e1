# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034,SC2154 # deep sets and uses the variables
# Libraries loaded with RTLD_DEEPBIND see pin4; of nothing else they see more or less than before.

mkdir -p "$BUILD/a" "$BUILD/b"
compile deepbind "$here/deepbind.c" -rdynamic
compile now.so "$here/deepbind-lib.c" -shared -fPIC -Wl,-z,now,-z,relro
compile lazy.so "$here/deepbind-lib.c" -shared -fPIC -Wl,-z,lazy,-z,norelro
for folder in a b; do
	compile $folder/libfound.so "$here/deepbind-lib.c" -shared -fPIC
done
: >"$tmp/nothing.c"
compile outer.so "$tmp/nothing.c" -shared -fPIC -L"$BUILD/a" -Wl,--no-as-needed -lfound \
	-Wl,-rpath,"$BUILD/a"
compile with-runpath "$here/deepbind.c" -rdynamic -Wl,-rpath,"$BUILD/a",--enable-new-dtags
compile with-rpath "$here/deepbind.c" -rdynamic -Wl,-rpath,"$BUILD/a",--disable-new-dtags
compile caller-runpath.so "$here/deepbind-lib.c" -shared -fPIC \
	-Wl,-rpath,"\$ORIGIN/b",--enable-new-dtags
compile caller-rpath.so "$here/deepbind-lib.c" -shared -fPIC \
	-Wl,-rpath,"\$ORIGIN/b",--disable-new-dtags
compile early.so "$here/deepbind-early.c" -shared -fPIC
compile next.so "$here/deepbind-next.c" -shared -fPIC

answers() { # called, pointed and at_start
	echo "both.test called=$1 pointed=$1 at_start=$1"
}

export DEEPBIND_AT_START=both.test
for binding in now lazy; do
	is "deepbind_${binding}_without_pin4_gets_ipv6" \
		"$(bare deepbind lookup deep "$BUILD/$binding.so" both.test)" \
		"$(answers 2001:db8::2)"
	is "deepbind_${binding}_with_pin4_gets_mapped" \
		"$(pinned both.test deepbind lookup deep "$BUILD/$binding.so" both.test)" \
		"$(answers ::ffff:192.0.2.2)"
	is "deepbind_${binding}_connect_reaches_the_ipv4_server" \
		"$(pinned loop.test deepbind serve deep "$BUILD/$binding.so" loop.test)" \
		'the server saw 127.0.0.1'
	is "deepbind_${binding}_host_without_a_rule_same" \
		"$(pinned nobody.test deepbind lookup deep "$BUILD/$binding.so" dual.example v6only.test v4only.test)" \
		"$(bare deepbind lookup deep "$BUILD/$binding.so" dual.example v6only.test v4only.test)"
done
has deepbind_connect_without_pin4_does_not_reach_it \
	"$(bare deepbind serve deep "$BUILD/now.so" loop.test)" 'connect: '
is deepbind_needed_library_with_pin4_gets_mapped \
	"$(pinned both.test deepbind lookup deep "$BUILD/outer.so" both.test)" \
	"$(answers ::ffff:192.0.2.2)"
is deepbind_with_pin4_off_gets_ipv6 \
	"$(PIN4=off && export PIN4 && pinned both.test deepbind lookup deep "$BUILD/now.so" both.test)" \
	"$(answers 2001:db8::2)"
is deepbind_in_four_threads_gets_mapped \
	"$(pinned both.test deepbind threads deep "$BUILD/now.so" both.test | uniq)" \
	"$(answers ::ffff:192.0.2.2)"
unset DEEPBIND_AT_START

# Nothing but the functions that pin4 wraps is found elsewhere, and only where it is asked for.
in_libc=$(readelf -W --dyn-syms "$(bare deepbind libc plain -)" | sed -n 's/.* \([a-z0-9_]*\)@.*/\1/p')
in_pin4=$(readelf -W --dyn-syms "$lib" | awk '$5 != "LOCAL" && $7 ~ /^[0-9]/ { print $8 }')
wanted=$(echo "$in_pin4" | sort | grep -xF "$in_libc")
changed() { # MODE
	pinned both.test deepbind changes "$1" "$BUILD/now.so"
}
is deepbind_changes_only_what_pin4_wraps "$(changed deep | grep -v '^mapped' | sort -u)" "$wanted"
is deepbind_without_the_flag_changes_nothing "$(changed plain | grep -v '^mapped')" ''
is deepbind_libc_is_mapped_as_before \
	"$(changed deep | grep '^mapped')" "$(bare deepbind changes plain "$BUILD/now.so")"
is deepbind_library_keeps_its_own_functions \
	"$(pinned both.test deepbind origin deep "$BUILD/now.so")" \
	"$BUILD/now.so marker=the library's"
is deepbind_without_the_flag_sees_the_program_s \
	"$(pinned both.test deepbind origin plain "$BUILD/now.so")" \
	"$BUILD/now.so marker=the program's"

# Whoever calls dlopen: its folders are searched, not pin4's. FOUND is where without pin4.
searched() { # NAME FOUND PROGRAM ARG...
	found=$2
	name=$1
	shift 2
	is "search_${name}_without_pin4" "$(bare "$@" | sed 's/ marker=.*//')" "$found"
	is "search_${name}_with_pin4_same" "$(pinned both.test "$@")" "$(bare "$@")"
}
for mode in deep plain; do
	searched "${mode}_program_s_runpath" "$BUILD/a/libfound.so" \
		with-runpath origin $mode libfound.so
	searched "${mode}_program_s_rpath" "$BUILD/a/libfound.so" with-rpath origin $mode libfound.so
	for kind in runpath rpath; do
		searched "${mode}_caller_s_$kind" "$BUILD/b/libfound.so" \
			deepbind via $mode libfound.so "$BUILD/caller-$kind.so"
		searched "${mode}_caller_s_${kind}_over_program_s" "$BUILD/b/libfound.so" \
			with-runpath via $mode libfound.so "$BUILD/caller-$kind.so"
	done
	# shellcheck disable=SC2016 # the loader expands it
	searched "${mode}_origin_of_caller" "$BUILD/b/libfound.so" \
		deepbind via $mode '$ORIGIN/b/libfound.so' "$BUILD/caller-rpath.so"
	is "search_${mode}_nowhere_same_words" "$(pinned both.test deepbind origin $mode nowhere.so)" \
		"$(bare deepbind origin $mode nowhere.so)"
done
is deepbind_found_by_the_caller_s_runpath_gets_mapped \
	"$(pinned both.test with-runpath lookup deep libfound.so both.test)" \
	'both.test called=::ffff:192.0.2.2 pointed=::ffff:192.0.2.2 at_start='

# Other preloads: one whose constructor comes before pin4's and loads such a library, and one that
# stands behind pin4 and looks for the next definition at each call.
deep_library=$BUILD/now.so
export deep_library
is deepbind_in_an_earlier_constructor_gets_mapped \
	"$(preload="$lib $BUILD/early.so" && pinned both.test deepbind lookup plain "$BUILD/now.so" both.test)" \
	'both.test called=::ffff:192.0.2.2 pointed=::ffff:192.0.2.2 at_start='
# pin4 goes on to the next preload; such a library goes past that one, as it does without pin4.
is deepbind_next_preload_is_asked_as_before \
	"$(preload="$lib $BUILD/early.so $BUILD/next.so" &&
		pinned loop.test deepbind serve plain "$BUILD/lazy.so" loop.test | tail -n 2)" \
	'the next preload connects
the server saw 127.0.0.1'
is deepbind_next_preload_stays_passed_by \
	"$(preload="$lib $BUILD/next.so" && pinned loop.test deepbind serve deep "$BUILD/now.so" loop.test)" \
	'connect: ENETUNREACH'

if command -v valgrind >/dev/null; then
	is deepbind_under_valgrind_is_clean \
		"$(LD_PRELOAD="$lib" PIN4_HOSTS='*.test' valgrind -q --error-exitcode=9 --leak-check=full \
			"$BUILD/deepbind" lookup deep "$BUILD/lazy.so" both.test 2>&1)" \
		'both.test called=::ffff:192.0.2.2 pointed=::ffff:192.0.2.2 at_start='
else
	skip deepbind_under_valgrind_is_clean valgrind
fi
