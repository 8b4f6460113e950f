# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The files that packages of any format have. Sourced by the other scripts.

# program_files ZSH SUFFIX: those of mkcramfs-xip, but for documentation, sorted: ZSH is the
# directory of zsh's completions, and names of man pages end in SUFFIX
program_files() {
	{
		for program in cramfs-xip-fuse cramfsck-xip dumpcramfs-xip mkcramfs-xip; do
			printf '%s\n' "/usr/bin/$program" "/usr/share/zsh/$1/_$program" \
				"/usr/share/bash-completion/completions/$program"
		done
		for page in man1/cramfs-xip-fuse.1 man1/dumpcramfs-xip.1 man1/mkcramfs-xip.1 \
			man5/mkcramfs-xip-policy.5 man8/cramfsck-xip.8; do
			echo "/usr/share/man/$page$2"
		done
		for policy in application busybox data text-only; do
			echo "/usr/share/mkcramfs-xip/policies/$policy.policy"
		done
	} | sort
}
