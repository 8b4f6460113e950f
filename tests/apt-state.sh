# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# An apt of the test's own: packages of another architecture or another suite, while the
# machine's architectures, lists and packages stay as they are. Root is not needed. Sourced.
# One state is used by one script at a time. Lists of today are taken as new.

# apt_open STATE ARCH [SUITE...]: use the directory STATE, which is made, for packages of ARCH
# from the machine's own sources; with suites, from these suites of the machine's Debian mirror.
# Sets apt_state and apt_log. 1: a reason is on standard error.
apt_open() {
	apt_state=$1
	apt_arch=$2
	shift 2
	for tool in apt-get dpkg-deb flock; do
		command -v "$tool" >/dev/null && continue
		echo "$tool is missing: this needs a system with apt" >&2
		return 1
	done
	mkdir -p "$apt_state/lists/partial" "$apt_state/archives/partial" "$apt_state/etc" || {
		echo "cannot make $apt_state: set CRX_CACHE to a directory that can be written" >&2
		return 1
	}
	apt_state=$(cd "$apt_state" && pwd) || return
	apt_log=$apt_state/log
	exec 9>"$apt_state/lock"
	flock 9 || return
	: >"$apt_state/status" && : >"$apt_log" || return
	# The commands that a system hangs on to apt (emptying its archives, reporting
	# to desktops) are not for this state.
	cat >"$apt_state/apt.conf" <<-END || return
		#clear APT::Update::Pre-Invoke;
		#clear APT::Update::Post-Invoke;
		#clear APT::Update::Post-Invoke-Success;
		#clear APT::Architectures;
		#clear APT::Default-Release;
		#clear Acquire::IndexTargets::deb::DEP-11;
		APT::Architecture "$apt_arch";
		APT::Architectures { "$apt_arch"; };
		APT::Install-Recommends "false";
		APT::Keep-Downloaded-Packages "true";
		APT::Sandbox::User "";
		Acquire::Languages "none";
		Acquire::Retries "2";
		Dir::State "$apt_state";
		Dir::State::lists "$apt_state/lists";
		Dir::State::status "$apt_state/status";
		Dir::Cache "$apt_state";
		Dir::Cache::archives "$apt_state/archives";
		Dir::Log "$apt_state";
	END
	[ $# -eq 0 ] || apt_suites "$@"
}

# apt_suites SUITE...: of the mirror that the machine uses. Security updates are next to it, in
# debian-security.
apt_suites() {
	# shellcheck disable=SC2016 # apt expands it
	apt_mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' 2>/dev/null | head -n 1)
	apt_key=/usr/share/keyrings/debian-archive-keyring.gpg
	apt_mirror=${apt_mirror:-http://deb.debian.org/debian/}
	for suite; do
		case $suite in
		*-security) apt_uri=${apt_mirror%/}-security/ ;;
		*) apt_uri=$apt_mirror ;;
		esac
		printf 'deb %s%s %s main\n' "$([ ! -f "$apt_key" ] || echo "[signed-by=$apt_key] ")" \
			"$apt_uri" "$suite"
	done >"$apt_state/sources.new" || return
	# the lists at hand are of other suites
	cmp -s "$apt_state/sources.new" "$apt_state/sources.list" || rm -f "$apt_state/updated"
	mv "$apt_state/sources.new" "$apt_state/sources.list" || return
	cat >>"$apt_state/apt.conf" <<-END
		Dir::Etc::sourcelist "$apt_state/sources.list";
		Dir::Etc::sourceparts "/dev/null";
	END
}

# apt_run ARG...: apt-get; what it says goes to the log
apt_run() {
	apt-get -q -y -c "$apt_state/apt.conf" "$@" >>"$apt_log" 2>&1
}

apt_update() {
	apt_run update || echo "warning: apt-get update failed (see $apt_log); going on with the lists that are there" >&2
	: >"$apt_state/updated"
}

# apt_try COMMAND...: with lists of today, and once more with new ones if what they name is gone
apt_try() {
	if [ -n "$(find "$apt_state/updated" -mtime -1 2>/dev/null)" ]; then
		"$@" && return
	fi
	apt_update
	"$@"
}
