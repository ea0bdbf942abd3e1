# SPDX-License-Identifier: MIT
# How a shell test reports (TAP). Source it, call one of ok, not_ok, skip, is
# and has for each case, and end with tap_done.

tap_failed=0
tap_count=0

tap_line() { # RESULT NAME
	tap_count=$((tap_count + 1))
	tap_found=$(tap_findings)
	if [ -n "$tap_found" ]; then
		tap_failed=$((tap_failed + 1))
		printf 'not ok %d - %s\n%s\n' "$tap_count" "$2" "$tap_found"
	else
		printf '%s %d - %s\n' "$1" "$tap_count" "$2"
	fi
}

# What those who watch a test's programs (tests/harm/sanitize) have written to the folder FINDINGS
# since the last case.
tap_findings() {
	[ -n "${FINDINGS:-}" ] || return 0
	cat "$FINDINGS"/* 2>/dev/null | sed 's/^/#   /'
	rm -f "$FINDINGS"/*
}

ok() { # NAME
	tap_line ok "$1"
}

not_ok() { # NAME [DETAIL]
	tap_failed=$((tap_failed + 1))
	tap_line 'not ok' "$1"
	[ $# -lt 2 ] || printf '%s\n' "$2" | sed 's/^/#   /'
}

# A skip names what is missing; with CI=true it is a failure.
skip() { # NAME REASON
	if [ "${CI:-}" = true ]; then
		not_ok "$1" "cannot run here: $2"
	else
		tap_line ok "$1 # SKIP $2"
	fi
}

# Of texts of several lines a failure shows the difference alone.
is() { # NAME GOT WANTED
	if [ "$2" = "$3" ]; then
		ok "$1"
		return
	fi
	case $2$3 in
	*"
"*) not_ok "$1" "$(tap_diff "$2" "$3")" ;;
	*) not_ok "$1" "got:    $2
wanted: $3" ;;
	esac
}

tap_diff() { # GOT WANTED
	tap_wanted=$(mktemp) || return
	printf '%s\n' "$2" >"$tap_wanted"
	printf '%s\n' "$1" | diff -u --label wanted --label got "$tap_wanted" -
	rm -f "$tap_wanted"
}

has() { # NAME TEXT PART
	case $2 in
	*"$3"*) ok "$1" ;;
	*) not_ok "$1" "not in it: $3
text: $2" ;;
	esac
}

tap_done() {
	printf '1..%d\n' "$tap_count"
	[ "$tap_failed" -eq 0 ]
	exit
}
