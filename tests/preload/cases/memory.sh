# SPDX-License-Identifier: MIT
# The memory of answers that pin4 changed is given back, as its bounds and as valgrind have it.

# run sets the variables.
# shellcheck disable=SC2154

# 60,000 answers, each freed, in an address space that has no room for them not to be.
in_small_space() { # RULES HOW
	# dash and busybox have ulimit -v.
	# shellcheck disable=SC3045
	ulimit -v 24000 && FAKE_LOG='' pinned "$1" lookup -F inet6 -t 0 -f 2 -r 60000 -x "$2" \
		several.test 2>&1 | sed 1q
}

if is_native; then
	for rules in '*' 'prefer:*'; do
		for how in whole each dealt; do
			is "memory_under_'$rules'_freed_${how}_is_given_back" \
				"$(in_small_space "$rules" $how)" 0
		done
		is "memory_under_'$rules'_never_freed_runs_out" \
			"$([ "$(in_small_space "$rules" never)" = 0 ] && echo fits || echo runs out)" 'runs out'
	done
fi

under_valgrind() { # RULES PROGRAM [ARG...]: its exit status, and what valgrind says
	(
		PIN4_HOSTS=$1
		LD_PRELOAD="$lib $fake"
		export PIN4_HOSTS LD_PRELOAD
		program=$BUILD/$2
		shift 2
		valgrind -q --leak-check=full --errors-for-leak-kinds=definite,possible \
			--show-leak-kinds=definite,possible --error-exitcode=9 \
			"$program" "$@" >/dev/null 2>"$tmp/valgrind"
		echo "$? $(cat "$tmp/valgrind")"
	)
}

if [ "$libc" = glibc ] && is_native; then
	if command -v valgrind >/dev/null; then
		for how in whole each tail-first head-first dealt; do
			for rules in '*' 'prefer:*'; do
				is "valgrind_of_lookups_under_'$rules'_freed_${how}_is_silent" \
					"$(under_valgrind "$rules" lookup -F inet6 -t 0 -f 2 -x $how several.test \
						canon.test v4only.test v6only.test none.test)" '0 '
			done
		done
		is valgrind_of_unspec_lookups_is_silent "$(under_valgrind '*' lookup -F unspec -t 0 -f 2 \
			several.test canon.test v6only.test none.test ::1)" '0 '
		is valgrind_of_hostents_is_silent "$(under_valgrind '*' hostbyname inet6 several.test \
			canon.test v6only.test none.test)" '0 '
	else
		skip valgrind_of_lookups_is_silent 'no valgrind'
	fi
fi
