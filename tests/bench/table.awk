# SPDX-License-Identifier: MIT
# Makes one table of what run measured: METRIC, CASE, VARIANT, VALUE by line, and the budgets in
# the file that the variable rows names. Exits 1 if a budget that is no time is broken.
BEGIN {
	FS = "\t"
	while ((getline line <rows) > 0)
		if (line !~ /^#/)
			row[++row_count] = line
	others = split("empty noaaaa proxychains torsocks socketwrapper nsswrapper", other, " ")
	split("empty .so,RES_OPTIONS=no-aaaa,proxychains4,torsocks,socket_wrapper,nss_wrapper", title, ",")
}

$1 == "time" {
	split($4, pair, " ")
	nanoseconds[$2, $3, pair[1]] = pair[2]
	if (pair[1] > last_round)
		last_round = pair[1]
	next
}
$1 == "rules" {
	split($4, number, " ")
	for (i = 1; i <= 3; i++)
		if (!(($2, i) in rule_cost) || number[i] < rule_cost[$2, i])
			rule_cost[$2, i] = number[i] + 0
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

function short_time(name, variant, base) {
	return ratio(name, variant, base) ? sprintf(" %.2fx", median) : ""
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

# One that is a time only tells.
function judge_time(got, most) {
	return got <= most ? "held" : "broken (a time)"
}

function print_row(what, budget, got, verdict, time, again, cells,    i, line) {
	line = "| " what " | " budget " | " got " | " verdict " | " time " | " again " |"
	for (i = 1; i <= others; i++)
		line = line " " (cells[i] == "" ? "-" : cells[i]) " |"
	print line
	split("", cells)
}

# "+4 +0": instructions and system calls more.
function pair_of(steps, calls) {
	return sprintf("%+d %+d", steps, calls)
}

function print_call(fields,    time, i, name, reference, got, calls, budget, verdict, cell) {
	name = fields[1]
	reference = fields[4]
	got = added("steps", name, "pin4", reference, "bare")
	calls = added("calls", name, "pin4", reference, "bare")
	if (!(("steps", name, "pin4") in value)) {
		broken++
		print_row(fields[3], "", "not measured", "**broken**", "", "", cell)
		return
	}
	budget = verdict = "-"
	if (fields[5] != "") {
		budget = "+" fields[5] " instructions, no system call"
		verdict = judge((got > fields[5] + 0) + (calls > 0), 0)
	}
	time = time_of(name, "pin4", "bare")
	if (fields[6] != "" && time != "-") {
		ratio(name, "pin4", "bare")
		budget = budget ", " fields[6] "x"
		verdict = verdict (median <= fields[6] + 0 ? "" : ", time over")
	}
	for (i = 1; i <= others; i++)
		if (("steps", name, other[i]) in value)
			cell[i] = pair_of(added("steps", name, other[i], reference, "bare"), \
				added("calls", name, other[i], reference, "bare")) short_time(name, other[i], "bare")
	print_row(fields[3], budget, pair_of(got, calls), verdict, time, time_of(name, "again", "bare"), cell)
}

function print_start(    i, cell) {
	for (i = 1; i <= others; i++)
		if (("steps", "start", other[i]) in value)
			cell[i] = pair_of(added("steps", "start", other[i], "start", "empty"), \
				added("calls", "start", other[i], "start", "empty")) short_time("start", other[i], "empty")
	got = added("steps", "start", "pin4", "start", "empty")
	calls = added("calls", "start", "pin4", "start", "empty")
	print_row("start-up of true, 10 rules in PIN4_HOSTS", \
		"an empty .so's +10000, no system call, 1.02x", pair_of(got, calls), \
		judge((got > 10000) + (calls > 0), 0), time_of("start", "pin4", "empty"), \
		time_of("start", "again", "bare"), cell)
	got = added("steps", "start", "file", "start", "empty")
	calls = added("calls", "start", "file", "start", "empty")
	print_row("the same, rules in a file", "the same", pair_of(got, calls), \
		judge((got > 10000) + (calls > 0), 0), "-", "-", cell)
}

function print_measure(metric, name, what, most, unit, base,    i, cell, less) {
	less = base == "" ? 0 : value[metric, name, base]
	for (i = 1; i <= others; i++)
		if ((metric, name, other[i]) in value)
			cell[i] = value[metric, name, other[i]] - less
	got = value[metric, name, "pin4"] - less
	print_row(what, most == "" ? "-" : most unit, got unit, \
		most == "" ? "-" : judge(got, most), "-", "-", cell)
}

function print_rules(    cell) {
	for (i = 1; i <= 2; i++) {
		count = i == 1 ? 10000 : 1000000
		most = i == 1 ? 45 : 130
		got = rule_cost[count, 3] - rule_cost[1, 3]
		print_row("a miss among " count " rules, above one of 1 rule", most " ns", \
			sprintf("%.0f ns", got), judge_time(got, most), "-", "-", cell)
		print_row("memory of " count " rules above their text", "24 bytes a rule", \
			rule_cost[count, 2], judge(rule_cost[count, 2], 24), "-", "-", cell)
	}
	print_row("read and index 1000000 rules, once", "150 ms", rule_cost[1000000, 1] " ms", \
		judge_time(rule_cost[1000000, 1], 150), "-", "-", cell)
	print_row("a miss among 1 / 10 rules", "-", rule_cost[1, 3] " / " rule_cost[10, 3] " ns", "-", \
		"-", "-", cell)
}

function print_threads(name, what,    cell) {
	for (n = 1; n <= 4; n *= 2)
		print_row(what ", " n (n == 1 ? " thread" : " threads"), "the same ratio on each", "", "-", \
			time_of(name "-x" n, "pin4", "bare"), time_of(name "-x" n, "again", "bare"), cell)
}

END {
	line = "| what | budget: at most | pin4 | verdict | time against nothing | nothing, twice |"
	rule = "| --- | --- | --- | --- | --- | --- |"
	for (i = 1; i <= others; i++) {
		line = line " " title[i] (("absent", "-", other[i]) in value ? " (absent)" : "") " |"
		rule = rule " --- |"
	}
	print line "\n" rule
	for (i = 1; i <= row_count; i++) {
		split(row[i], fields, "|")
		print_call(fields)
	}
	print_start()
	print_measure("memory", "start", "private memory at start, above an empty .so", 12, " kB", "empty")
	print_measure("memory", "lookup", "the same, after a lookup of a host without a rule", "", " kB", "empty")
	print_measure("memory", "pinned", "the same, of a pinned host", "", " kB", "empty")
	print_measure("imports", "file", "imports", 16, "", "")
	print_measure("relocations", "file", "relocations", 24, "", "")
	print_measure("size", "file", "size of the file", 49152, " bytes", "")
	print_rules()
	print_threads("connect", "connect, AF_INET")
	print_threads("miss", "getaddrinfo, no rule")
	print_threads("pinned", "getaddrinfo, AF_INET6, pinned")
	printf "\n%d budgets held, %d broken\n", held, broken
	exit broken > 0
}
