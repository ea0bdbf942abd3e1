# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2046,SC2016 # run sets the variables; process ids are words
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

# As "rules" words it.
empty_label=$(PIN4_HOSTS=a..b "$pin4" rules 2>&1 | sed -n 's/.*: a\.\.b: //p')

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
	"$process sleep: not covered: its LD_PRELOAD does not name the library; LD_PRELOAD="
end

begin env LD_PRELOAD="$lib" sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_without_rules_exits_1 "$status" 1
has doctor_of_process_without_rules_says_so "$out" ': not covered: the library is loaded, but no good rule is in force;'
end

begin env LD_PRELOAD="$lib" PIN4_HOSTS=a..b sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_with_a_bad_rule_alone_exits_1 "$status" 1
is doctor_of_process_with_a_bad_rule_alone_says_so_and_why "$out" \
	"$process sleep: not covered: the library is loaded, but no good rule is in force; LD_PRELOAD=$lib
    PIN4_HOSTS:1:1: a..b: $empty_label"
end

begin env LD_PRELOAD="$lib" PIN4_HOSTS='a..b v4.example *.' sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_with_bad_rules_beside_good_ones_exits_0 "$status" 0
is doctor_of_process_with_bad_rules_beside_good_ones_says_which "$out" \
	"$process sleep: covered: ipv4 v4.example; LD_PRELOAD=$lib
    PIN4_HOSTS:1:1: a..b: $empty_label
    PIN4_HOSTS:1:17: *.: $empty_label"
end

# One process's complaint is not held back because another one has the same.
begin env LD_PRELOAD="$lib" PIN4_HOSTS='a..b v4.example' sh -c 'sleep 60 & wait'
run "$pin4" doctor "$process"
is doctor_of_two_processes_with_the_same_bad_rule_says_it_of_both \
	"$(printf '%s\n' "$out" | grep -c '^    PIN4_HOSTS:1:1: a\.\.b: ')" 2
end

begin env LD_PRELOAD="$lib" PIN4_HOSTS=v4.example PIN4=off sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_with_pin4_off_exits_1 "$status" 1
has doctor_of_process_with_pin4_off_says_so "$out" ': not covered: it was started with PIN4=off;'
end

begin env LD_PRELOAD=/nowhere/libpin4.so sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_with_wrong_path_exits_1 "$status" 1
has doctor_of_process_with_wrong_path_says_why "$out" '/nowhere/libpin4.so does not exist in its file system'
end

begin env LD_PRELOAD="\"$lib\"" PIN4_HOSTS=v4.example sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_with_a_quoted_path_exits_1 "$status" 1
has doctor_of_process_with_a_quoted_path_says_why "$out" \
	"LD_PRELOAD contains quotes, which become part of the path: remove them; LD_PRELOAD=\"$lib\""
end

mkdir "$world/noexec" && mount -t tmpfs -o noexec,mode=755 tmpfs "$world/noexec"
cp "$lib" "$world/noexec/"
begin env LD_PRELOAD="$world/noexec/libpin4.so" PIN4_HOSTS=v4.example sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_with_a_library_on_a_noexec_mount_exits_1 "$status" 1
has doctor_of_process_with_a_library_on_a_noexec_mount_says_why "$out" \
	": not covered: $world/noexec/libpin4.so is on a file system that is mounted noexec;"
end

mkdir -m 700 "$world/private"
cp "$lib" "$world/private/"
begin setpriv --reuid=65534 --regid=65534 --clear-groups \
	env LD_PRELOAD="$world/private/libpin4.so" PIN4_HOSTS=v4.example sleep 60
run "$pin4" doctor "$process"
is doctor_of_process_that_may_not_read_the_library_exits_1 "$status" 1
has doctor_of_process_that_may_not_read_the_library_says_why "$out" \
	": not covered: $world/private/libpin4.so cannot be read by its user, uid 65534;"
end

# shellcheck disable=SC2016 # the loader is to expand it
begin env LD_PRELOAD='/nowhere/$LIB/libpin4.so' sleep 60
run "$pin4" doctor "$process"
has doctor_of_process_with_a_path_for_the_loader_says_why "$out" 'LD_PRELOAD names the library, but the loader did not load it'
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
	'not covered: its LD_PRELOAD does not name the library'
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
has doctor_of_process_whose_child_lost_it_has_the_child "$out" ' sleep: not covered: its LD_PRELOAD'
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

# Whoever has no right to look is told who has: another user, and root in a container of Docker's.
nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
docker=-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap
docker="setpriv --bounding-set=$docker,+net_bind_service,+net_raw,+sys_chroot,+mknod,+setfcap"
chmod 755 "$world"
begin "$pin4" -H v4.example -- sleep 60
# shellcheck disable=SC2086 # commands
run $nobody "$pin4" doctor "$process"
is doctor_of_another_users_process_exits_1 "$status" 1
is doctor_of_another_users_process_says_who_may_look_and_no_more "$out" \
	"$process sleep: cannot be examined: run doctor as uid 0 or with CAP_SYS_PTRACE"
end
# shellcheck disable=SC2086
begin $nobody env LD_PRELOAD="$lib" PIN4_HOSTS=v4.example sleep 60
# shellcheck disable=SC2086
run $docker "$pin4" doctor "$process"
is doctor_by_root_without_ptrace_exits_1 "$status" 1
is doctor_by_root_without_ptrace_says_who_may_look "$out" \
	"$process sleep: cannot be examined: run doctor as uid 65534 or with CAP_SYS_PTRACE"
line="$process sleep: covered: ipv4 v4.example; LD_PRELOAD=$lib"
run "$pin4" doctor "$process"
is doctor_by_root_with_ptrace_says_the_rule "$status $out" "0 $line"
# shellcheck disable=SC2086
run $nobody "$pin4" doctor "$process"
is doctor_by_its_own_user_says_the_rule "$status $out" "0 $line"
end

# A file that is named and that its user may not read.
mkdir -m 700 "$world/forbidden"
# shellcheck disable=SC2086
begin $nobody env PIN4_CONFIG="$world/forbidden/pin4.conf" LD_PRELOAD="$lib" PIN4_HOSTS=v4.example \
	sleep 60
# shellcheck disable=SC2086
run $nobody "$pin4" doctor "$process"
is doctor_of_process_with_a_forbidden_file_says_so "$status $out" \
	"0 $process sleep: covered: ipv4 v4.example; LD_PRELOAD=$lib
    /proc/$process/root$world/forbidden/pin4.conf: cannot be read from here: EACCES"
end

# The usual file, where it is not there and where it may not be read: nothing to complain of.
mkdir "$world/etc" && cp "/etc/passwd" "$world/etc/"
for mode in 755 700; do
	chmod "$mode" "$world/etc"
	# shellcheck disable=SC2086
	begin unshare --mount sh -c "mount --bind '$world/etc' /etc && exec \"\$@\"" sh \
		env -u PIN4_CONFIG $nobody env LD_PRELOAD="$lib" PIN4_HOSTS=v4.example sleep 60
	# shellcheck disable=SC2086
	run $nobody "$pin4" doctor "$process"
	is "doctor_beside_an_etc_of_mode_${mode}_complains_of_nothing" "$status $out" \
		"0 $process sleep: covered: ipv4 v4.example; LD_PRELOAD=$lib"
	end
done

# Programs that write a title over the environment that they were started with. The rules come from
# the library's own copy.
titled() { # NAME COMMAND [ARG...]
	titled_name=$1
	shift
	begin env LD_PRELOAD="$lib" PIN4_HOSTS=v4.example "$@"
	sleep 1
	is "${titled_name}_has_overwritten_its_environment" \
		"$(tr '\0' '\n' <"/proc/$process/environ" | grep -c '^PIN4_HOSTS=')" 0
	run "$pin4" doctor "$process"
	is "doctor_of_${titled_name}_exits_0" "$status" 0
	is "doctor_of_${titled_name}_says_the_rule" \
		"$(printf '%s\n' "$out" | sed 's/^[0-9]* .*: covered: //' | sort -u)" 'ipv4 v4.example'
	end
}

cc -o "$world/titled" -x c - <<'EOF'
#include <string.h>
#include <unistd.h>
extern char **environ;
int main(int argc, char **argv)
{
	char **last = environ;
	char *end;

	(void)argc;
	while (last[1])
		last++;
	end = *last + strlen(*last) + 1;
	memset(argv[0], 0, (size_t)(end - argv[0]));
	strcpy(argv[0], "titled: at work");
	return (int)sleep(60);
}
EOF
titled program_with_a_title "$world/titled"

# More than the library keeps in its own memory; and asked from a program of another libc.
many=$(i=0; while [ $i -lt 200 ]; do printf 'host-%d.example,' $i; i=$((i + 1)); done)
begin env LD_PRELOAD="$lib" PIN4_HOSTS="$many" "$world/titled"
run "$pin4" doctor "$process"
is doctor_of_process_with_200_rules_says_them_all \
	"$status $(printf '%s\n' "$out" | grep -o 'ipv4 host-[0-9]*\.example' | sort -u | wc -l)" '0 200'
if command -v musl-gcc >/dev/null; then
	compile musl-gcc app-musl app.c
	run env LD_PRELOAD="$lib" PIN4_CHECK="doctor:$process" "$build/app-musl"
	is doctor_from_a_musl_program_says_them_all \
		"$status $(printf '%s\n' "$out" | grep -o 'ipv4 host-[0-9]*\.example' | sort -u | wc -l)" '0 200'
else
	skip doctor_from_a_musl_program_says_them_all 'musl-gcc is missing'
fi
end
echo '$0 = "x" x 5000; sleep 60' >"$world/title.pl"
titled perl perl "$world/title.pl"
if command -v ruby >/dev/null; then
	echo '$0 = "x" * 5000; sleep 60' >"$world/title.rb"
	titled ruby ruby "$world/title.rb"
else
	skip doctor_of_ruby_exits_0 'ruby is missing'
fi
if /usr/bin/python3 -c 'import setproctitle' 2>"$world/err"; then
	titled python /usr/bin/python3 -c \
		'import setproctitle, time; setproctitle.setproctitle("x" * 5000); time.sleep(60)'
else
	skip doctor_of_python_exits_0 'python3-setproctitle is missing'
fi
if command -v gunicorn >/dev/null; then
	echo 'def app(environ, start): return []' >"$world/web.py"
	titled gunicorn gunicorn --chdir "$world" --bind "unix:$world/web" web:app
else
	skip doctor_of_gunicorn_exits_0 'gunicorn is missing'
fi
titled redis redis-server --port 0 --unixsocket "$world/redis" --dir "$world" --save ''
fpm=$(command -v php-fpm || find /usr/sbin -name 'php-fpm*' | head -n 1)
if [ -n "$fpm" ]; then
	cat >"$world/fpm.conf" <<EOF
[global]
error_log = $world/fpm.log
daemonize = no
[www]
user = nobody
listen = $world/fpm
pm = static
pm.max_children = 2
clear_env = yes
EOF
	titled php_fpm "$fpm" -y "$world/fpm.conf"
else
	skip doctor_of_php_fpm_exits_0 'php-fpm is missing'
fi

# Without the right to read its memory that is said, and is not held against the process.
unread() { # ERROR
	run strace -f -o "$world/strace" -e trace=process_vm_readv \
		-e inject="process_vm_readv:error=$1" "$pin4" doctor "$process"
}

begin env LD_PRELOAD="$lib" PIN4_HOSTS=v4.example "$world/titled"
unread EPERM
is doctor_without_memory_and_environment_says_who_may_look "$status $out" \
	"0 $process titled: covered, but its rules cannot be read: it has overwritten its environment, and its memory may not be read: run doctor with CAP_SYS_PTRACE"
unread EFAULT
is doctor_of_another_build_without_environment_says_so "$status $out" \
	"0 $process titled: covered, but its rules cannot be read: it has overwritten its environment, and runs another build of libpin4.so"
end
begin env LD_PRELOAD="$lib" PIN4_HOSTS=v4.example sleep 60
unread EPERM
is doctor_without_memory_takes_the_environment "$status $out" \
	"0 $process sleep: covered: ipv4 v4.example; LD_PRELOAD=$lib"
end
begin env PIN4_HOSTS=v4.example "$world/titled"
run "$pin4" doctor "$process"
is doctor_of_bare_process_with_a_title_says_what_is_lost "$status $out" \
	"1 $process titled: not covered: it has overwritten its environment, and LD_PRELOAD with it"
end

# What only starts programs needs no library, if there is one below it.
begin tini-static -- env LD_PRELOAD="$lib" PIN4_HOSTS=v4.example sleep 60
run "$pin4" doctor "$process"
is doctor_of_static_init_exits_0 "$status" 0
has doctor_of_static_init_says_why "$out" "$process tini-static: needs no library: it only starts programs;"
has doctor_of_static_init_has_the_program "$out" ' sleep: covered: ipv4 v4.example;'
end
if command -v musl-gcc >/dev/null; then
	musl-gcc -static -o "$world/sh" -x c - <<'EOF'
#include <unistd.h>
int main(int argc, char **argv)
{
	if (argc > 1 && fork() == 0)
		execvp(argv[1], argv + 1);
	return (int)sleep(60);
}
EOF
	begin "$world/sh" env LD_PRELOAD="$lib" PIN4_HOSTS=v4.example sleep 60
	run "$pin4" doctor "$process"
	is doctor_of_static_shell_above_a_covered_program_exits_0 "$status" 0
	end
	begin "$world/sh" sleep 60
	run "$pin4" doctor "$process"
	is doctor_of_static_shell_above_a_bare_program_exits_1 "$status" 1
	end
	begin "$world/sh"
	run "$pin4" doctor "$process"
	is doctor_of_static_shell_alone_exits_1 "$status" 1
	has doctor_of_static_shell_alone_says_why "$out" 'not covered: it is statically linked'
	end
else
	skip doctor_of_static_shell_above_a_covered_program_exits_0 'musl-gcc is missing'
fi
begin "$pin4" -H v4.example -- sh -c 'true & exec sleep 60'
run "$pin4" doctor "$process"
is doctor_of_process_with_an_ended_child_exits_0 "$status" 0
has doctor_of_process_with_an_ended_child_says_so "$out" ': needs no library: it has ended'
end

run "$pin4" doctor "$process"
is doctor_of_ended_process_exits_2 "$status" 2
run "$pin4" doctor
is doctor_of_nothing_exits_2 "$status" 2
run "$pin4" doctor "$build/app"
is doctor_of_program_that_loads_it_exits_0 "$status" 0
run unshare --mount sh -c 'mount -t tmpfs tmpfs /proc && exec "$@"' sh "$pin4" doctor 1
is doctor_without_proc_says_so "$status $err" '2 pin4: doctor needs /proc, which is not mounted'
