# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# On a board that ./quickstart boot --compare has started, by busybox's sh: the same work twice, then RAM
# and pages while programs run. Lines for boot_table.py:
#
#   T NAME       a task begins; what it prints follows
#   X STATUS     it has ended
#   I N          and took so many instructions (boot_cost.c)
#   END

# shellcheck source=tests/kernel/boot_work.sh
. /etc/boot/work

# task NAME COMMAND...: "again" is part of the name the second time
task() {
	echo "T $1$again"
	shift
	/opt/boot/cost "$@" 2>&1
}

# part NAME: of boot_work.sh
part() {
	task "$1" /bin/busybox sh -c ". /etc/boot/work; $1"
}

run_all() {
	part applets
	[ -n "$no_program" ] || task program /opt/boot/program /opt/boot/plugin.so || no_program=1
	[ -n "$no_openssl" ] || part digests || no_openssl=1
	[ -n "$no_openssl" ] || part ciphers
}

look() {
	echo "T memory"
	b cat /proc/meminfo
	echo "X 0"
	echo "T maps"
	/opt/boot/xipstat maps --json
	echo "X $?"
}

PATH=/sbin:/usr/sbin:/bin:/usr/bin
export PATH
/opt/boot/cost
no_program='' no_openssl=''
[ -x "$(command -v openssl)" ] || no_openssl=1
again=''
run_all
again=' again'
run_all
while_running look
echo END
