# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# On the booted board, by busybox's sh: work, and what the kernel says of it. Lines for boot_compare.py:
#
#   T NAME       a task begins; what it prints follows
#   X STATUS     it has ended
#   K <N>TEXT    the kernel's log
#   END

# shellcheck source=tests/kernel/boot_work.sh
. /etc/boot/work

task() {
	echo "T $1"
	shift
	"$@" 2>&1
	echo "X $?"
}

export PATH=/sbin:/usr/sbin:/bin:/usr/bin
task applets applets
task digests digests
task ciphers ciphers
task keys keys
task program /opt/boot/program /opt/boot/plugin.so
task maps while_running /opt/boot/xipstat maps --json
task after after
b dmesg -r | b sed 's/^/K /'
echo END
b poweroff -f
