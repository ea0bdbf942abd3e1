# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2046 # run sets the variables; process ids are words
# doctor: who has the library, and why not.

# Starts a command, which becomes another one or starts it.
begin() { # COMMAND [ARG...]
	"$@" >/dev/null 2>&1 &
	process=$!
	sleep 0.3
}

end() {
	kill "$process" $(cat "/proc/$process/task/$process/children") 2>/dev/null
	wait "$process" 2>/dev/null
}

begin "$pin4" -H v4.example -H '*.b.example' -- sleep 60
run "$pin4" doctor "$process"
is doctor_of_covered_process_exits_0 "$status" 0
line="$process sleep: covered: ipv4 v4.example, ipv4 *.b.example; LD_PRELOAD=$lib"
is doctor_of_covered_process_is_one_line "$out" "$line"

# What the one who asks has set says nothing of another process.
run env PIN4=off "$pin4" doctor "$process"
is doctor_by_one_with_pin4_off_is_the_same "$status $out" "0 $line"
echo x.example >"$world/own.conf"
run env PIN4_CONFIG="$world/own.conf" PIN4_HOSTS=a..b PIN4_LOG=x PIN4_X=x "$pin4" doctor "$process"
is doctor_by_one_with_other_settings_is_the_same "$status $out" "0 $line"
for option in '-H v4.example' "-c $world/own.conf"; do
	# shellcheck disable=SC2086 # two words
	run "$pin4" $option doctor "$process"
	is "doctor_with_${option%% *}_exits_2" "$status $out" '2 '
	has "doctor_with_${option%% *}_says_why" "$err" "doctor takes no ${option%% *}:"
done
end

begin env -u PIN4_CONFIG LD_PRELOAD="$lib" PIN4_HOSTS=v4.example sleep 60
run env PIN4_CONFIG="$world/own.conf" "$pin4" doctor "$process"
has doctor_of_process_with_the_usual_file_leaves_the_askers_alone "$out" 'covered: ipv4 v4.example; LD_PRELOAD='
end

begin "$pin4" -H 'v4.example # why' -H b.example -- sleep 60
run "$pin4" doctor "$process"
has doctor_of_process_with_a_comment_has_the_rules_behind_it "$out" 'covered: ipv4 v4.example, ipv4 b.example;'
end

begin sleep 60
run "$pin4" doctor "$process"
is doctor_of_bare_process_exits_1 "$status" 1
is doctor_of_bare_process_says_why "$out" \
	"$process sleep: not covered: it was started without it in LD_PRELOAD; LD_PRELOAD="
end

begin env LD_PRELOAD="$lib" sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_without_rules_exits_1 "$status" 1
has doctor_of_process_without_rules_says_so "$out" ': not covered: it has the library, and no good rule;'
end

begin env LD_PRELOAD="$lib" PIN4_HOSTS=a..b sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_with_a_bad_rule_alone_exits_1 "$status" 1
has doctor_of_process_with_a_bad_rule_alone_says_so "$out" \
	': not covered: it has the library, and no good rule; complaints: 1 (pin4 rules lists them);'
end

begin env LD_PRELOAD="$lib" PIN4_HOSTS='a..b v4.example *.' sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_with_bad_rules_beside_good_ones_exits_0 "$status" 0
has doctor_of_process_with_bad_rules_beside_good_ones_says_so "$out" \
	': covered: ipv4 v4.example; complaints: 2 (pin4 rules lists them);'
end

begin env LD_PRELOAD="$lib" PIN4_HOSTS=v4.example PIN4=off sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_with_pin4_off_exits_1 "$status" 1
has doctor_of_process_with_pin4_off_says_so "$out" ': not covered: it was started with PIN4=off;'
end

begin env LD_PRELOAD=/nowhere/libpin4.so sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_with_wrong_path_exits_1 "$status" 1
has doctor_of_process_with_wrong_path_says_why "$out" 'there is no /nowhere/libpin4.so where it runs'
end

# shellcheck disable=SC2016 # the loader is to expand it
begin env LD_PRELOAD='/nowhere/$LIB/libpin4.so' sleep 60
run "$pin4" doctor "$process"
has doctor_of_process_with_a_path_for_the_loader_says_why "$out" 'its loader was told to, and did not'
end

# Told by the library's own name, whatever the folders are called.
mkdir "$world/pin4-demo" "$world/gone"
cc -shared -fPIC -o "$world/pin4-demo/libother.so" -x c - <<'EOF'
int doctor_other;
EOF
begin env LD_PRELOAD="$world/pin4-demo/libother.so" PIN4_HOSTS=v4.example sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_with_another_library_from_a_folder_named_pin4_exits_1 "$status" 1
has doctor_of_process_with_another_library_from_a_folder_named_pin4_says_why "$out" \
	'not covered: it was started without it in LD_PRELOAD'
end

cp "$lib" "$world/gone/"
begin env LD_PRELOAD="$world/gone/libpin4.so" PIN4_HOSTS=v4.example sleep 60
rm "$world/gone/libpin4.so"
run "$pin4" doctor "$process"
has doctor_of_process_whose_library_was_replaced_is_covered "$out" 'covered: ipv4 v4.example;'
end

echo c.example >"$world/doctor.conf"
begin "$pin4" -c "$world/doctor.conf" -- sleep 60
run "$pin4" doctor "$process"
has doctor_of_process_with_rules_file_says_its_rules "$out" 'covered: ipv4 c.example;'
end

begin env --chdir="$world" PIN4_CONFIG=doctor.conf LD_PRELOAD="$lib" sleep 60
run "$pin4" doctor "$process"
has doctor_of_process_with_a_relative_rules_file_says_its_rules "$out" 'covered: ipv4 c.example;'
end

begin "$pin4" -H v4.example -- sh -c 'env -i sleep 60 & wait'
run "$pin4" doctor "$process"
is doctor_of_process_whose_child_lost_it_exits_1 "$status" 1
has doctor_of_process_whose_child_lost_it_has_the_parent "$out" "$process sh: covered"
has doctor_of_process_whose_child_lost_it_has_the_child "$out" ' sleep: not covered: it was started'
end

cc -static -o "$world/sleeper" -x c - <<'EOF'
#include <unistd.h>
int main(void) { return (int)sleep(60); }
EOF
begin "$pin4" -H v4.example -- "$world/sleeper"
run "$pin4" doctor "$process"
is doctor_of_static_process_exits_1 "$status" 1
has doctor_of_static_process_says_why "$out" 'not covered: it is statically linked'
end

begin "$pin4" -H v4.example -- sleep 60
run setpriv --reuid=65534 --regid=65534 --clear-groups "$pin4" doctor "$process"
is doctor_of_another_users_process_exits_1 "$status" 1
is doctor_of_another_users_process_says_why_and_no_more "$out" \
	"$process sleep: not known: only its owner and root may look"
end

run "$pin4" doctor "$process"
is doctor_of_ended_process_exits_2 "$status" 2
run "$pin4" doctor
is doctor_of_nothing_exits_2 "$status" 2
run "$pin4" doctor "$build/app"
is doctor_of_program_that_loads_it_exits_0 "$status" 0
run unshare --mount sh -c 'mount -t tmpfs tmpfs /proc && exec "$@"' sh "$pin4" doctor 1
is doctor_without_proc_says_so "$status $err" '2 pin4: doctor needs /proc, which is not mounted'
