# SPDX-License-Identifier: MIT
# The recipes of scripts/deploy that are no Dockerfile: read by what reads them in earnest, or by a
# schema of it; and each of these readers finds a fault that was put in.

# run sets the variables.
# shellcheck disable=SC2154

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

is compose_file_is_valid "$(verdict docker-compose -f "$recipes/compose.yaml" config -q)" good
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

[ -e "$modules/kubernetes-models/package.json" ] ||
	npm install --silent --no-save --no-audit --no-fund --prefix "$top/build/node-ship" \
		kubernetes-models@5 yaml@2 >&2
kubernetes() { # MANIFEST
	verdict node "$here/kubernetes.mjs" "$modules" "$1"
}
is kubernetes_manifest_is_valid "$(kubernetes "$recipes/kubernetes.yaml")" good
while read -r name fault; do
	is "kubernetes_manifest_with_${name}_is_not" \
		"$(kubernetes "$(with_fault kubernetes.yaml "$fault")")" bad
done <<'EOT'
no_containers s/ containers:/ contaners:/
wrong_type s/value: .pin4.libpin4.so/value: 5/
no_mount_path s/mountPath: .pin4,/mountPoint: pin4,/
other_version s/apps.v1/apps\/v2/
EOT

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

# Elixir makes a shell script of it, and there is nothing in it for Elixir to fill in.
is release_script_puts_library_first "$(LD_PRELOAD=/other.so sh -c ". $recipes/env.sh.eex
	echo \$LD_PRELOAD \$PIN4_HOSTS" 2>/dev/null)" '/usr/local/lib/libpin4.so:/other.so *.psdb.cloud'
is release_script_alone_has_library_alone "$(sh -c ". $recipes/env.sh.eex
	echo \$LD_PRELOAD" 2>/dev/null)" /usr/local/lib/libpin4.so
is release_script_has_nothing_for_elixir "$(grep -c '<%' "$recipes/env.sh.eex")" 0

# That it is TOML, not that Fly takes it.
is fly_toml_sets_both "$(python3 -c 'import sys, tomllib
env = tomllib.load(open(sys.argv[1], "rb"))["env"]
print(env["LD_PRELOAD"], env["PIN4_HOSTS"])' "$recipes/fly.toml")" \
	'/usr/local/lib/libpin4.so *.psdb.cloud'
