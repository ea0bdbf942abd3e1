# SPDX-License-Identifier: MIT
# The recipes of scripts/deploy that are no Dockerfile: read by what reads them in earnest, or by a
# schema of it; and each of these readers finds a fault that was put in.

# run sets the variables.
# shellcheck disable=SC2154,SC2016

recipes=$top/scripts/deploy
modules=$top/build/node-ship/node_modules

with_fault() { # RECIPE SED-SCRIPT: prints a file that has it
	mkdir -p "$tmp/faulty.d"
	sed "$2" "$recipes/$1" >"$tmp/faulty.d/$1"
	echo "$tmp/faulty.d/$1"
}

verdict() { # COMMAND [ARG...]
	"$@" >/dev/null 2>&1 && echo good || echo bad
}

for file in compose.yaml compose.bind.yaml; do
	is "${file%.yaml}_file_is_valid" "$(verdict docker-compose -f "$recipes/$file" config -q)" good
done
is compose_file_with_unknown_key_is_not "$(verdict docker-compose \
	-f "$(with_fault compose.yaml s/depends_on/depend_on/)" config -q)" bad
is compose_file_with_wrong_type_is_not "$(verdict docker-compose \
	-f "$(with_fault compose.yaml 's/command: .*/command: 5/')" config -q)" bad

# What the recipe runs in pin4-init, with folders of its own, over a library that is in use.
rm -rf "$tmp/volume" && mkdir "$tmp/volume" || exit 1
for recipe in compose kubernetes; do
	command=$(sed -n 's/^ *command: \[sh, -c, "\(.*\)"\]$/\1/p' "$recipes/$recipe.yaml" |
		sed "s| /pin4/| $tmp/volume/|g; s|/usr/local/lib/|$tmp/|")
	echo new >"$tmp/libpin4.so"
	echo old >"$tmp/volume/libpin4.so"
	exec 9<"$tmp/volume/libpin4.so"
	busybox sh -c "${command:-exit 1}"
	is "${recipe}_puts_the_library_there" "$(ls "$tmp/volume") $(cat "$tmp/volume/libpin4.so")" 'libpin4.so new'
	is "${recipe}_leaves_one_that_is_in_use_whole" "$(cat <&9)" old
	exec 9<&-
done

for package in kubernetes-models yaml @actions/workflow-parser; do
	[ -e "$modules/$package/package.json" ] || fetch=yes
done
# Node wants to be told that an import is JSON, which that parser leaves to a bundler.
[ -z "${fetch:-}" ] || {
	npm install --silent --no-save --no-audit --no-fund --prefix "$top/build/node-ship" \
		kubernetes-models@5 yaml@2 @actions/workflow-parser@0.3
	find "$modules/@actions" -name '*.js' -exec sed -i \
		's/\(from "[^"]*\.json"\);/\1 with { type: "json" };/' {} +
} >&2
kubernetes() { # MANIFEST
	verdict node "$here/kubernetes.mjs" "$modules" "$1"
}
for file in kubernetes.yaml kubernetes.configmap.yaml; do
	is "${file%.yaml}_manifest_is_valid" "$(kubernetes "$recipes/$file")" good
done
while read -r name fault; do
	is "kubernetes_manifest_with_${name}_is_not" \
		"$(kubernetes "$(with_fault kubernetes.yaml "$fault")")" bad
done <<'EOT'
no_containers s/ containers:/ contaners:/
wrong_type s/value: .pin4.libpin4.so/value: 5/
no_mount_path s/mountPath: .pin4,/mountPoint: pin4,/
other_version s/apps.v1/apps\/v2/
more_than_restricted_admits s/allowPrivilegeEscalation:.*/privileged:\ true/
capabilities_kept s/drop:/add:/
EOT
is configmap_holds_the_library "$(cp "$(library x86_64)" "$tmp/libpin4.so" && cd "$tmp" &&
	kubectl create configmap pin4 --from-file=libpin4.so --dry-run=client -o json |
	python3 -c 'import base64, json, sys
sys.stdout.buffer.write(base64.b64decode(json.load(sys.stdin)["binaryData"]["libpin4.so"]))' |
	cmp - "$(library x86_64)" && echo same)" same

# systemd-analyze only warns of a key that it does not know.
unit() { # DROP-IN
	mkdir -p "$tmp/units/app.service.d"
	printf '[Service]\nExecStart=/bin/true\n' >"$tmp/units/app.service"
	cp "$1" "$tmp/units/app.service.d/pin4.conf"
	SYSTEMD_UNIT_PATH="$tmp/units:" systemd-analyze verify "$tmp/units/app.service" 2>&1
}
is systemd_drop_in_is_valid "$(unit "$recipes/systemd.conf")" ''
has systemd_drop_in_with_unknown_key_is_not \
	"$(unit "$(with_fault systemd.conf s/Environment=LD/Environ=LD/)")" 'Unknown key'

# supervisord runs the recipe's program, here one that says what it was given.
sed "s|^command=.*|command=sh -c 'echo \$LD_PRELOAD \$PIN4_HOSTS >$tmp/given; kill \$PPID'|" \
	"$recipes/supervisor.conf" >"$tmp/supervisor.conf"
printf '%s\n' startsecs=0 autorestart=false '[supervisord]' nodaemon=true logfile=/dev/null \
	logfile_maxbytes=0 "pidfile=$tmp/supervisor.pid" user=root >>"$tmp/supervisor.conf"
timeout 20 supervisord -c "$tmp/supervisor.conf" >"$tmp/supervisor.log" 2>&1
is supervisor_program_has_both "$(cat "$tmp/given" 2>&1)" '/usr/local/lib/libpin4.so *.psdb.cloud'

# Elixir makes a shell script of it, and there is nothing in it for Elixir to fill in.
for shell in dash 'busybox sh'; do
	name=${shell%% *}
	# A shell may be two words.
	# shellcheck disable=SC2086
	in_release() { # COMMAND: after the recipe has been read
		$shell -c ". $recipes/env.sh.eex; $1" 2>/dev/null
	}
	is "release_script_in_${name}_puts_library_first" \
		"$(LD_PRELOAD=/other.so in_release 'echo $LD_PRELOAD $PIN4_HOSTS')" \
		'/usr/local/lib/libpin4.so:/other.so *.psdb.cloud'
	is "release_script_in_${name}_alone_has_library_alone" "$(in_release 'echo $LD_PRELOAD')" \
		/usr/local/lib/libpin4.so
	is "release_script_in_${name}_keeps_rules_of_operator" \
		"$(PIN4_HOSTS=db.test in_release 'echo $PIN4_HOSTS')" db.test
done
is release_script_has_nothing_for_elixir "$(grep -c '<%' "$recipes/env.sh.eex")" 0

# That it is TOML, not that Fly takes it.
is fly_toml_sets_both "$(python3 -c 'import sys, tomllib
env = tomllib.load(open(sys.argv[1], "rb"))["env"]
print(env["LD_PRELOAD"], env["PIN4_HOSTS"])' "$recipes/fly.toml")" '/pin4/libpin4.so *.psdb.cloud'

# The workflows as GitHub's own parser reads them. No runner has run them.
workflow() { # FILE
	node "$here/workflow.mjs" "$modules" "$1" 2>&1
}
for file in "$top"/.github/workflows/*.yml; do
	name=${file##*/}
	is "workflow_${name%.yml}_is_valid" "$(workflow "$file"; echo $?)" 0
	sed s/runs-on:/run-on:/ "$file" >"$tmp/faulty.d/$name"
	has "workflow_${name%.yml}_without_machine_is_not" "$(workflow "$tmp/faulty.d/$name")" \
		'Required property is missing: runs-on'
done

# Completion: bash runs the function, zsh reads and registers it.
is completion_of_bash_knows_subcommands "$(bash -c '. "$1"; COMP_WORDS=(pin4 do); COMP_CWORD=1; _pin4
	printf "%s\n" "${COMPREPLY[@]}" | grep -x doctor' - "$top/scripts/completion/pin4.bash")" doctor
is completion_of_bash_knows_options_of_check "$(bash -c '. "$1"; COMP_WORDS=(pin4 -H x check --); COMP_CWORD=4
	_pin4; echo "${COMPREPLY[*]}"' - "$top/scripts/completion/pin4.bash")" '--json --timeout --'
is completion_of_bash_knows_processes "$(bash -c '. "$1"; COMP_WORDS=(pin4 doctor "${$%?}"); COMP_CWORD=2; _pin4
	printf "%s\n" "${COMPREPLY[@]}" | grep -cx $$' - "$top/scripts/completion/pin4.bash")" 1
mkdir "$tmp/zsh" && cp "$top/scripts/completion/pin4.zsh" "$tmp/zsh/_pin4"
is completion_of_zsh_is_registered "$(zsh -f -c 'fpath=($1 $fpath); autoload -U compinit; compinit -D -u
	print $_comps[pin4] $_comps[libpin4.so]; autoload +X _pin4 && print parsed' - "$tmp/zsh" 2>&1)" '_pin4 _pin4
parsed'
