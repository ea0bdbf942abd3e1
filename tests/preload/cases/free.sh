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

# A library that makes musl look like glibc (gcompat) does not say how its lists are made.
beside() { # LIBRARIES LOOKUP-ARG...
	beside_list="$lib $fake $1"
	shift
	PIN4_HOSTS='*' && export PIN4_HOSTS
	preloaded "$beside_list" lookup "$@" 2>&1
}
is list_beside_a_library_with_glibcs_names_is_mapped_and_freed \
	"$(beside "$BUILD/gcompat.so" -F inet6 -x each several.test)" \
	"$(bare lookup -F inet -x each several.test | mapped)"

# A library that makes lists of another layout, and frees them itself.
foreign() { # LIBRARIES RULES LOOKUP-ARG...
	PIN4_HOSTS=$2
	foreign_list=$1
	MALLOC_PERTURB_=165
	export PIN4_HOSTS MALLOC_PERTURB_
	shift 2
	preloaded "$foreign_list" lookup "$@"
}
for rules in '*' 'prefer:*'; do
	for family in inet6 inet; do
		is "foreign_list_under_'$rules'_asked_${family}_stays_whole" \
			"$(foreign "$lib $BUILD/foreign.so" "$rules" -F $family -f 2 own.test)" \
			"$(foreign "$BUILD/foreign.so" "$rules" -F $family -f 2 own.test)"
	done
done
is foreign_list_under_prefer_asked_unspec_stays_whole \
	"$(foreign "$lib $BUILD/foreign.so" 'prefer:*' -F unspec -f 2 own.test)" \
	"$(foreign "$BUILD/foreign.so" 'prefer:*' -F unspec -f 2 own.test)"
is foreign_list_pinned_asked_unspec_has_ipv4_alone \
	"$(foreign "$lib $BUILD/foreign.so" '*' -F unspec own.test | brief)" \
	"$(foreign "$BUILD/foreign.so" '*' -F inet own.test | brief)"
is list_of_program_with_a_place_for_freeaddrinfo_is_mapped "$(pinned '*' fixed)" ::ffff:192.0.2.2
has foreign_list_is_reported "$(PIN4_LOG=info && export PIN4_LOG &&
	foreign "$lib $BUILD/foreign.so" '*' -F inet6 own.test 2>&1)" \
	'host=own.test asked=AF_INET6 rule=*(PIN4_HOSTS) answer=none: another library makes the lists, handed on'
