# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# On a booted board, sourced as /etc/boot/work by busybox's sh: work for busybox, openssl, and the C++
# program with exceptions, a plugin and threads.

b() {
	/bin/busybox "$@"
}

applets() {
	b seq 1 200 | b sort -rn | b awk '{ s += $1 } END { print s }'
	b seq 1 5000 | b gzip -9 | b gunzip | b md5sum
	b tar cf - /etc/boot/setup /etc/boot/run 2>/dev/null | b tar tf - | b sort
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

# while_running COMMAND...: run it while these programs wait. Opening a FIFO returns when the other
# side has opened it as well, and by then they have loaded what they need.
while_running() {
	b mkfifo /tmp/a /tmp/b /tmp/c
	if [ -z "${no_program-}" ]; then
		/opt/boot/program /opt/boot/plugin.so /tmp/a >/tmp/a.out &
		exec 3>/tmp/a
	fi
	if [ -z "${no_openssl-}" ]; then
		openssl dgst -sha256 /tmp/b >/tmp/b.out &
		exec 4>/tmp/b
	fi
	b cat /tmp/c >/tmp/c.out &
	exec 5>/tmp/c
	"$@"
	[ -n "${no_program-}" ] || echo "end" >&3
	[ -n "${no_openssl-}" ] || echo "end" >&4
	echo "end" >&5
	exec 3>&- 4>&- 5>&-
	wait
}

after() {
	b tail -n 1 /tmp/a.out
	b cat /tmp/b.out /tmp/c.out
}
