# SPDX-License-Identifier: MIT
# Makes one table of what run measured: METRIC, CASE, VARIANT, VALUE by line, and the budgets in
# the file that the variable rows names. Exits 1 if a budget that is no time is broken.
BEGIN {
	FS = "\t"
	while ((getline line <rows) > 0)
		if (line !~ /^#/)
			row[++row_count] = line
}

$1 == "time" {
	split($4, pair, " ")
	nanoseconds[$2, $3, pair[1]] = pair[2]
	if (pair[1] > last_round)
		last_round = pair[1]
	next
}
$4 != "" { value[$1, $2, $3] = $4 }

# The median of the rounds' ratios, and the interval that it lies in with 95 %, in the globals
# median, low and high; 0 without rounds.
function ratio(name, variant, base,    n, i, j, swap, rank) {
	n = 0
	for (i = 1; i <= last_round; i++)
		if (((name, variant, i) in nanoseconds) && ((name, base, i) in nanoseconds))
			sorted[++n] = nanoseconds[name, variant, i] / nanoseconds[name, base, i]
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && sorted[j - 1] > sorted[j]; j--) {
			swap = sorted[j]
			sorted[j] = sorted[j - 1]
			sorted[j - 1] = swap
		}
	rank = int(n / 2 - 0.98 * sqrt(n))
	rank = rank < 1 ? 1 : rank
	median = n ? sorted[int((n + 1) / 2)] : 0
	low = n ? sorted[rank] : 0
	high = n ? sorted[n + 1 - rank] : 0
	return n
}

function time_of(name, variant, base) {
	return ratio(name, variant, base) ? sprintf("%.2fx [%.2f, %.2f]", median, low, high) : "-"
}

function added(metric, name, variant, base_name, base) {
	return value[metric, name, variant] - value[metric, base_name, base]
}

# A budget that counts: held or broken, and the latter remembered.
function judge(got, most) {
	if (got <= most) {
		held++
		return "held"
	}
	broken++
	return "**broken**"
}

function print_row(what, budget, got, verdict, time, again) {
	print "| " what " | " budget " | " got " | " verdict " | " time " | " again " |"
}

# "+4 +0": instructions and system calls more.
function pair_of(steps, calls) {
	return sprintf("%+d %+d", steps, calls)
}

function print_call(fields,    name, whose, base, got, calls, budget, verdict, time) {
	name = fields[1]
	whose = fields[7]
	base = fields[8]
	if (!(("steps", name, whose) in value)) {
		broken++
		print_row(fields[3], "", "not measured", "**broken**", "", "")
		return
	}
	got = added("steps", name, whose, fields[4], "bare")
	calls = added("calls", name, whose, fields[4], "bare")
	budget = "+" fields[5]
	verdict = judge((got > fields[5] + 0) + (calls > 0), 0)
	time = time_of(name, whose, base) (base == "bare" ? "" : " of " base)
	if (fields[6] != "" && ratio(name, whose, base)) {
		budget = budget ", " fields[6] "x"
		verdict = verdict (low <= fields[6] + 0 ? "" : ", time over")
	}
	print_row(fields[3], budget, pair_of(got, calls), verdict, time, time_of(name, "again", "bare"))
}

function print_start(variant, what,    got, calls) {
	got = added("steps", "start", variant, "start", "empty")
	calls = added("calls", "start", variant, "start", "empty")
	print_row(what, "+30000, 1.02x", pair_of(got, calls), judge((got > 30000) + (calls > 0), 0), \
		time_of("start", variant, "empty") " of an empty .so", time_of("start", "again", "bare"))
}

function print_measure(metric, name, what, most, unit, base,    got) {
	got = value[metric, name, "pin4"] - (base == "" ? 0 : value[metric, name, base])
	print_row(what, most unit, got unit, judge(got, most), "-", "-")
}

function print_threads(name, what) {
	for (n = 1; n <= 4; n *= 2)
		print_row(what ", " n (n == 1 ? " thread" : " threads"), "the same ratio", "", "-", \
			time_of(name "-x" n, "pin4", "bare"), time_of(name "-x" n, "again", "bare"))
}

END {
	print "| what | at most | pin4 | verdict | time | nothing, twice |"
	print "| --- | --- | --- | --- | --- | --- |"
	for (i = 1; i <= row_count; i++) {
		split(row[i], fields, "|")
		print_call(fields)
	}
	print_start("pin4", "start of true, 10 rules in PIN4_HOSTS")
	print_start("file", "the same, rules in a file")
	print_measure("memory", "start", "private memory at start, above an empty .so", 16, " kB", "empty")
	print_measure("memory", "pinned", "the same, after a lookup of a pinned host", 16, " kB", "empty")
	print_measure("imports", "file", "imports", 16, "", "")
	print_measure("relocations", "file", "relocations", 24, "", "")
	print_measure("size", "file", "size of the file", 81920, " bytes", "")
	print_threads("connect", "connect, AF_INET")
	print_threads("miss", "getaddrinfo, no rule")
	print_threads("pinned", "getaddrinfo, AF_INET6, pinned")
	printf "\n%d budgets held, %d broken\n", held, broken
	exit broken > 0
}
