# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# On the booted board, by busybox's sh: work, and what the kernel says of it. Lines for boot_compare.py:
#
#   T NAME       a task begins; what it prints follows
#   X STATUS     it has ended
#   K <N>TEXT    the kernel's log
#   END

b() {
	/bin/busybox "$@"
}

task() {
	echo "T $1"
	shift
	"$@" 2>&1
	echo "X $?"
}

applets() {
	b seq 1 200 | b sort -rn | b awk '{ s += $1 } END { print s }'
	b seq 1 5000 | b gzip -9 | b gunzip | b md5sum
	b tar cf - /etc/boot 2>/dev/null | b tar tf - | b sort
	b vi --help 2>&1 | b grep -c '^Usage'
	b mount | b grep -c '^mtd0 on / type cramfs'
	b touch /must-not-be 2>/dev/null || echo 'the root is read-only'
	b dd if=/dev/zero bs=1k count=100 2>/dev/null | b tee /tmp/zeros | b sha256sum
	b expr 6 '*' 7
	b date -u -d @0
}

digests() {
	b seq 1 9999 | openssl dgst -sha256
	b seq 1 9999 | openssl dgst -md5 -r
}

ciphers() {
	b seq 1 999 | openssl enc -aes-256-cbc -pbkdf2 -pass pass:secret -out /tmp/secret
	b cmp /dev/null /tmp/secret >/dev/null 2>&1 || echo 'there is something'
	openssl enc -d -aes-256-cbc -pbkdf2 -pass pass:secret -in /tmp/secret | b md5sum
}

keys() {
	openssl genrsa -out /tmp/key 1024 2>/dev/null
	openssl rsa -in /tmp/key -check -noout
	openssl req -x509 -key /tmp/key -subj /CN=test -days 1 -sha256 -out /tmp/cert
	openssl x509 -in /tmp/cert -noout -subject
	openssl verify -CAfile /tmp/cert /tmp/cert
}

# Programs that wait: opening a FIFO returns when the other side has opened it as well, and by
# then they have loaded what they need.
maps() {
	b mkfifo /tmp/a /tmp/b /tmp/c
	/opt/boot/program /opt/boot/plugin.so /tmp/a >/tmp/a.out &
	exec 3>/tmp/a
	openssl dgst -sha256 /tmp/b >/tmp/b.out &
	exec 4>/tmp/b
	b cat /tmp/c >/tmp/c.out &
	exec 5>/tmp/c
	/opt/boot/xipstat maps --json
	echo "end" >&3
	echo "end" >&4
	echo "end" >&5
	exec 3>&- 4>&- 5>&-
	wait
}

after() {
	b tail -n 1 /tmp/a.out
	b cat /tmp/b.out /tmp/c.out
}

export PATH=/sbin:/usr/sbin:/bin:/usr/bin
task applets applets
task digests digests
task ciphers ciphers
task keys keys
task program /opt/boot/program /opt/boot/plugin.so
task maps maps
task after after
b dmesg -r | b sed 's/^/K /'
echo END
b poweroff -f
