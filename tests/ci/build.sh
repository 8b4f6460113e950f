# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Builds the project in build/NAME, quietly, with logs in build/logs. Sourced by
# quickstart and the scripts of the checks, which set `top` and make it the current directory.

say() {
	printf '%s\n' "$*"
}

warn() {
	printf 'quickstart: warning: %s\n' "$*" >&2
}

die() {
	printf 'quickstart: %s\n' "$*" >&2
	exit 1
}

mkdir -p "${top:?}/build/logs" || exit 1
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null) || jobs=1
autotools= # the set of packages that a release does without
# shellcheck disable=SC2034 # for those who source this
[ -e "$top/configure" ] || autotools=autotools

# show_file FILE
show_file() {
	{
		echo "--- the end of $PWD/$1:"
		tail -n 40 "$1"
		echo '---'
	} >&2
}

# show_log NAME
show_log() {
	show_file "build/logs/$1.log"
}

# step NAME WHAT COMMAND...: say what, run it quietly, show the log's end if it fails
step() {
	step_name=$1
	step_started=$(date +%s)
	say "$2"
	shift 2
	if "$@" </dev/null >"build/logs/$step_name.log" 2>&1; then
		say "  $(($(date +%s) - step_started)) s"
		return
	fi
	show_log "$step_name"
	return 1
}

in_dir() (
	cd "$1" && shift && "$@"
)

# configured ARG...: is there a configured build in $build_name, with these
# arguments if there are any?
configured() {
	[ -e "build/$build_name/config.status" ] && [ -e "build/$build_name/.args" ] || return
	[ $# -eq 0 ] || [ "$(cat "build/$build_name/.args")" = "$*" ]
}

# build NAME WHAT CONFIGURE-ARG...: in build/NAME
build() {
	build_name=$1
	build_what=$2
	shift 2
	if [ ! -e configure ]; then
		step bootstrap 'making configure' autoreconf -i || return
	fi
	mkdir -p "build/$build_name" || return
	if ! configured "$@"; then
		# A relative path, since configure refuses one with spaces.
		step "$build_name-configure" "configuring $build_what" \
			in_dir "build/$build_name" ../../configure --quiet "$@" || return
		echo "$*" >"build/$build_name/.args"
	fi
	step "$build_name-make" "building $build_what" make -C "build/$build_name" -j"$jobs"
}
