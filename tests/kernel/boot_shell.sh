# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# On a board that ./quickstart boot has started, by busybox's sh on its console: a shell, or a command.
# What the host asks for is in the device tree: crx,command; or for a shell, crx,term and crx,size. What
# boot_console.py waits for is not shown by a terminal:
#
#   ESC ] crx;begin BEL       what follows is of the command or the shell
#   ESC ] crx;exit N BEL      it has ended with status N

# shellcheck source=tests/kernel/boot_work.sh
. /etc/boot/work

chosen=/sys/firmware/devicetree/base/chosen

asked() {
	b tr -d '\000' <"$chosen/crx,$1"
}

leave() {
	printf '\033]crx;exit %d\007' "$1"
	while :; do
		b sleep 1000
	done
}

# shellcheck disable=SC2016 # of awk
welcome() {
	printf '\nLinux %s on ARM. The root file system is an image in NOR flash (%s).\n' \
		"$(b uname -r)" "$(b awk '$2 == "/" { t = $1 " " $3 } END { print t }' /proc/mounts)"
	printf 'xipstat maps: '
	/opt/boot/xipstat maps | b tail -n 4
	printf 'Leave with "exit", "poweroff" or Ctrl-A x.\n\n'
}

# A root may have busybox without its links.
b mkdir -p /tmp/applets && b --install -s /tmp/applets
PATH=/sbin:/usr/sbin:/bin:/usr/bin:/opt/boot:/tmp/applets
export PATH
[ "${1-}" != leave ] || leave 0
if [ -e "$chosen/crx,command" ]; then
	b stty -onlcr
	printf '\033]crx;begin\007'
	b sh -c "$(asked command)" </dev/null
else
	TERM=$(asked term)
	export TERM
	# shellcheck disable=SC2046 # rows N cols N
	[ ! -e "$chosen/crx,size" ] || b stty $(asked size)
	printf '\033]crx;begin\007'
	welcome
	b sh
fi
leave $?
