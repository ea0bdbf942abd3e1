# SPDX-License-Identifier: MIT
# The Dockerfiles of scripts/deploy, built and run by buildah on base images made from the systems:
# an application in them reaches a pinned name.

# run sets the variables.
# shellcheck disable=SC2154,SC2016

recipes=$top/scripts/deploy

builder() {
	buildah --root "$tmp/images/root" --runroot "$tmp/images/run" --storage-driver overlay "$@"
}

base_image() { # NAME: of the system in $root
	container=$(builder from scratch) && mounted=$(builder mount "$container") &&
		cp -a "$root/." "$mounted/" && builder umount "$container" >/dev/null &&
		builder commit -q "$container" "$1" >/dev/null && builder rm "$container" >/dev/null
}

image() { # NAME CONTEXT DOCKERFILE [ARG...]
	image_name=$1
	image_context=$2
	image_file=$3
	shift 3
	builder build --isolation chroot --pull=never -q -t "$image_name" -f "$recipes/$image_file" \
		"$@" "$image_context" >"$tmp/image" 2>&1
	is "image_${image_name}_is_built" "$(echo $?; tail -n 3 "$tmp/image" | grep -i error)" 0
}

# A container of the image, in which the pinned name is this machine.
container() { # IMAGE [ARG...]
	image_name=$1
	shift
	builder from -q --pull=never --isolation chroot --add-host eu.psdb.cloud:127.0.0.1 \
		--add-host other.test:127.0.0.1 "$@" "$image_name"
}

# By way of a file: buildah may lose the last words of a program that ends.
inside_of() { # CONTAINER COMMAND [ARG...]
	running_root=$(builder mount "$1")
	running=$1
	shift
	# It expands in there.
	# shellcheck disable=SC2016
	builder run --isolation chroot "$running" -- sh -c '"$@" >/out 2>&1' sh "$@" >/dev/null 2>&1
	cat "$running_root/out"
}

# An application that asks for IPv6 finds the host by pin4 alone, and other hosts not at all.
check_application() { # IMAGE [ARG...]: arguments for its container
	application=$(container "$@")
	is "application_in_$1_is_pinned" "$(inside_of "$application" app eu.psdb.cloud "$port")" \
		"client: connected to ::ffff:127.0.0.1
server: hello, you came over IPv4 from 127.0.0.1"
	has "application_in_$1_without_pin4_fails" \
		"$(inside_of "$application" env LD_PRELOAD= app eu.psdb.cloud "$port")" \
		'client: lookup of eu.psdb.cloud: '
	has "application_in_$1_of_other_host_is_not_pinned" \
		"$(inside_of "$application" app other.test "$port")" 'client: lookup of other.test: '
}

remove_images() {
	builder rm --all >/dev/null 2>&1
	builder rmi --all --force >/dev/null 2>&1
	rm -rf "$tmp/images"
}

mkdir -p "$tmp/debian" "$tmp/alpine" "$tmp/volume"
demo=$top/tests/preload/demo-client.c
debian_root bookworm
libs=$root/usr/lib/x86_64-linux-gnu
gcc --sysroot="$root" -B"$libs/" -L"$libs" -O1 -D_GNU_SOURCE -o "$tmp/debian/app" "$demo" &&
	base_image debian:bookworm-slim || exit 1
musl_root
musl-gcc -O1 -D_GNU_SOURCE -o "$tmp/alpine/app" "$demo" && base_image alpine:3 &&
	builder tag alpine:3 busybox:musl || exit 1

start
image pin4 "$top" Dockerfile
mounted=$(builder mount "$(builder from -q --pull=never pin4)")
is image_pin4_has_nothing_but_the_files "$(cd "$mounted" && find . ! -type d | LC_ALL=C sort)" \
	"$(cd "$dist/unpacked/pin4-$version-x86_64" && find . ! -type d | LC_ALL=C sort | sed 's,^\.,./usr/local,')"
image pin4-init "$top" Dockerfile --target init
for system in debian alpine; do
	image "app-$system" "$tmp/$system" "Dockerfile.$system"
	check_application "app-$system"
done

# As in Compose and Kubernetes: the image pin4-init fills a volume by the command of the recipe and its
# own busybox, the application's image stays as it is.
filler=$(container pin4-init -v "$tmp/volume:/pin4")
for recipe in compose kubernetes; do
	rm -f "$tmp/volume"/*
	command=$(sed -n 's/^ *command: \[sh, -c, "\(.*\)"\]$/\1/p' "$recipes/$recipe.yaml")
	is "init_image_fills_volume_as_in_$recipe" "$(inside_of "$filler" sh -c "${command:-exit 1}"
		ls "$tmp/volume"; stat -c %a "$tmp/volume/libpin4.so")" 'libpin4.so
755'
done
plain=$(container debian:bookworm-slim)
builder copy -q "$plain" "$tmp/debian/app" /usr/local/bin/app >/dev/null
builder config --env LD_PRELOAD=/pin4/libpin4.so --env 'PIN4_HOSTS=*.psdb.cloud' "$plain"
builder commit -q "$plain" app-plain >/dev/null
check_application app-plain -v "$tmp/volume:/pin4:ro"

# The health check of the recipes, where nothing of pin4 is but the library.
application=$(container app-plain -v "$tmp/volume:/pin4:ro")
health() { # HOST
	inside_of "$application" sh -c '/pin4/libpin4.so check "$0" >/dev/null; echo $?' "$1:$port"
}
is health_check_of_pinned_host_is_good "$(health eu.psdb.cloud)" 0
is health_check_of_host_without_rule_is_bad "$(health other.test)" 1

# In the image of musl and busybox, the release script and what its shell starts.
release=$(container app-alpine)
builder copy -q "$release" "$recipes/env.sh.eex" /env.sh >/dev/null
is release_script_in_image_pins_what_it_starts "$(inside_of "$release" env -u LD_PRELOAD -u PIN4_HOSTS \
	sh -c '. /env.sh && sh -c "app eu.psdb.cloud $0"' "$port")" \
	"client: connected to ::ffff:127.0.0.1
server: hello, you came over IPv4 from 127.0.0.1"

# An image of the file, its program and the loader alone: no shell, no root, nothing to write to.
mkdir -p "$tmp/scratch/lib" "$tmp/scratch/etc"
cp "$tmp/alpine/app" "$(library x86_64)" "$tmp/scratch"
cp -L "$root/lib/ld-musl-x86_64.so.1" "$tmp/scratch/lib"
echo '127.0.0.1 eu.psdb.cloud other.test' >"$tmp/scratch/etc/hosts"
cat >"$tmp/Dockerfile.scratch" <<'EOT'
FROM scratch
COPY . /
USER 65534
ENTRYPOINT ["/libpin4.so", "-H", "*.psdb.cloud", "--", "/app"]
EOT
image app-scratch "$tmp/scratch" ../../"${tmp#"$top/"}/Dockerfile.scratch"
entry() { # FORMAT: of what the image starts, and as whom
	builder inspect --type image --format "$1" app-scratch
}
start_scratch() { # ARG...: behind the entry point
	set -f
	# shellcheck disable=SC2046 # words
	unshare --mount sh -c 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec chroot "$@"' \
		"$mounted" --userspec="$(entry '{{.OCIv1.Config.User}}')" "$mounted" \
		$(entry '{{range .OCIv1.Config.Entrypoint}}{{.}} {{end}}') "$@" 2>&1
	set +f
}
mounted=$(builder mount "$(builder from -q --pull=never app-scratch)")
is entry_point_of_scratch_image_pins "$(start_scratch eu.psdb.cloud "$port")" \
	"client: connected to ::ffff:127.0.0.1
server: hello, you came over IPv4 from 127.0.0.1"
has entry_point_of_scratch_image_leaves_other_hosts "$(start_scratch other.test "$port")" \
	'client: lookup of other.test: '
stop
remove_images
