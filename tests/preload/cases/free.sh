# SPDX-License-Identifier: MIT
# The libc's own freeaddrinfo takes any part of a list that pin4 changed. The probe prints what is
# left after a part was freed, so a node that went with the wrong part shows.

# run sets the variables.
# shellcheck disable=SC2154

# glibc fills what was freed, so that a node that is used afterwards shows.
MALLOC_PERTURB_=165
export MALLOC_PERTURB_
for how in whole each tail-first head-first dealt; do
	for host in v4only.test several.test canon.test; do
		is "free_${how}_of_${host}_pinned_asked_inet6_leaves_the_rest" \
			"$(pinned '*' lookup -F inet6 -t 0 -f 2 -x $how $host)" \
			"$(bare lookup -F inet -t 0 -f 2 -x $how $host | mapped)"
		is "free_${how}_of_${host}_pinned_asked_unspec_leaves_the_rest" \
			"$(pinned '*' lookup -F unspec -t 0 -f 2 -x $how $host)" \
			"$(bare lookup -F inet -t 0 -f 2 -x $how $host)"
		is "free_${how}_of_${host}_under_prefer_leaves_the_rest" \
			"$(pinned 'prefer:*' lookup -F inet6 -t 0 -f 2 -x $how $host | grep -c AF_INET6)" \
			"$(bare lookup -F unspec -t 0 -f 2 -x $how $host | grep -c AF_INET)"
	done
done
unset MALLOC_PERTURB_

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
