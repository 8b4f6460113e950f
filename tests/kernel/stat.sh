# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# xipstat on the kernel of one machine: what it relies on; `xipstat maps` compared with
# `dumpcramfs-xip maps`; and a profile, from recording it to the RAM that it saves.
# Sourced by test-MACHINE-xipstat.sh. README.md says how it works.

# shellcheck source=tests/kernel/setup.sh
. "${top_srcdir:?}/tests/kernel/setup.sh"
dump=${DUMPCRAMFS_XIP:-${top_builddir:?}/dumpcramfs-xip/dumpcramfs-xip}
work=$work/xipstat
rm -rf "$work"
mkdir -p "$work/tree" || exit 99

# shellcheck disable=SC2086
check 'the probe compiles' "${cross}gcc" $flags -static -o "$work/probe" \
	"$here/stat_probe.c" "$here/stat_pages.c" "$here/board.c" "$here/place.c" "$here/walk.c"
# as somebody does who wants nothing but this program, for the target
check 'xipstat compiles for the target' make -s -C "$top_srcdir/tools/xipstat" CC="${cross}gcc" OUT="$work/xipstat"
check 'it is static and small' sh -c '
	! "$1readelf" -lW "$2" | grep -q INTERP && [ "$(wc -c <"$2")" -lt 1000000 ]' sh "$cross" "$work/xipstat"
check 'the device tree can be made' machine_dtb "$work/board.dtb"
[ "$tap_failed" -eq 0 ] || done_testing

size_of() {
	wc -c <"$1" | tr -d ' '
}

# job WORD...: a line of the job file that is being written
job() {
	job_sep=
	for job_word; do
		printf '%s%s' "$job_sep" "$(printf '%s' "$job_word" | sed 's/%/%25/g; s/ /%20/g')"
		job_sep=' '
	done
	echo
}

# flash DIR IMAGE...: they lie one after the other from the start of the bank
flash() {
	flash_dir=$1
	shift
	cat "$@" >"$flash_dir/bank" &&
		[ "$(size_of "$flash_dir/bank")" -le "$((bank_size))" ] &&
		dd if=/dev/null of="$flash_dir/bank" bs=1 seek="$((bank_size))" 2>/dev/null
}

# boot DIR: what DIR/bank and DIR/jobs say, to DIR/boot.log. norandmaps, so that the same
# work touches the same pages.
boot() {
	{
		printf 'dir /dev 0755 0 0\nnod /dev/console 0600 0 0 c 5 1\n'
		printf 'file /init %s 0755 0 0\nfile /xipstat %s 0755 0 0\n' "$work/probe" "$work/xipstat"
		printf 'file /jobs %s 0644 0 0\n' "$1/jobs"
	} >"$1/initramfs.list"
	"$kernel/gen_init_cpio" "$1/initramfs.list" >"$1/initramfs.cpio" || return
	machine_args "$kernel_image" "$1/initramfs.cpio" "$work/board.dtb" "$1/bank" \
		"console=$console quiet rdinit=/init panic=-1 $append norandmaps ${CRX_KERNEL_APPEND-}" >"$1/qemu.args"
	tr '\n' '\000' <"$1/qemu.args" | xargs -0 python3 -B "$here/run-qemu.py" "$1/boot.log" 900
}

# compare ARG...: what stat_compare.py has to say
compare() {
	verdicts "" python3 -B "$here/stat_compare.py" "$@"
}

# ---- what xipstat relies on ----

mkdir "$work/facts"
cp "$work/probe" "$work/tree/program"
awk 'BEGIN { for (i = 0; i < 60000; i++) print i, i * i % 977 }' >"$work/tree/numbers"
cp "$work/tree/numbers" "$work/tree/a,\"b\""
# To the kernel an image of version 1 has 256 MiB, more than any MTD here: what is mounted is the block device.
old_version() {
	cp "$1" "$2" && printf '\000' | dd of="$2" bs=1 seek=8 conv=notrunc 2>/dev/null
}
small_images() {
	"$MKCRAMFS_XIP" --quiet -x "$work/tree" "$work/plain.img" &&
		"$MKCRAMFS_XIP" --quiet -X "$work/tree" "$work/direct.img" &&
		"$MKCRAMFS_XIP" --quiet "$work/tree" "$work/v2.img" && old_version "$work/v2.img" "$work/v1.img" &&
		mkdir -p "$work/host" && cp "$MKCRAMFS_XIP" "$work/host/program" && echo '/program xip segments=r-x' >"$work/policy" &&
		"$MKCRAMFS_XIP" --quiet -P "$work/policy" "$work/host" "$work/behind.img" &&
		flash "$work/facts" "$work/plain.img" "$work/direct.img" "$work/v1.img" "$work/behind.img"
}
check 'small images can be made' small_images
plain=$(size_of "$work/plain.img")
direct=$(size_of "$work/direct.img")
v1=$(size_of "$work/v1.img")
behind=$(size_of "$work/behind.img")
{
	job bank "$bank_base" "$bank_size"
	job mtd plain 0 "$plain"
	job pages /numbers
	job own xipstat profile /mnt
	job own xipstat profile /mnt -o /profile
	job mtdblock plain 0 "$plain"
	job pages /numbers
	job own xipstat profile /mnt
	job mtdblock v1 "$((plain + direct))" "$v1"
	job pages /numbers
	job own xipstat profile /mnt
	job own xipstat profile --force /mnt
	job loop plain 0 "$plain"
	job own xipstat profile /mnt
	job own xipstat maps
	job mtd direct "$plain" "$direct"
	job direct /program
	job own xipstat profile /mnt
	job own xipstat profile /proc
	job mtd behind "$((plain + direct + v1))" "$behind"
	job own xipstat profile /mnt
} >"$work/facts/jobs"
check 'small images: the boot comes to its end' boot "$work/facts"
compare facts "$work/facts/boot.log"

# ---- a real root ----

for program in bin/busybox bin/bash usr/bin/openssl; do
	[ -z "$root" ] || [ -x "$root/$program" ] || {
		[ -z "${CI-}" ] || not_ok "the real root has /$program"
		skip "xipstat on a real root: it has no /$program"
		root=
	}
done
[ -n "$root" ] || done_testing

# The same in each boot. Programs are not read as files here: that would bring every page of them to RAM.
# shellcheck disable=SC2016 # expands on the target
script=$(tr '\n' ' ' <<-'END'
	b() { /bin/busybox "$@"; }; i=0;
	while [ $i -lt 20 ]; do i=$((i + 1)); b seq $i | b sort -rn | b awk '{ s += $1 } END { print s }'; done;
	b find /etc /usr/share -type f | b xargs /bin/busybox cat | b tee /tmp/all | b md5sum;
	b tar cf - /etc | b gzip -9 | b gunzip | b tar tf - | b wc -l;
	b grep -rc root /etc | b sed 's/:.*//' | b uniq | b tail -n 1;
	b ls -l /dev | b cut -c 1-10 | b sort -u; b vi --help; b date -u -d @0; b rm /tmp/all
	END
)
work_jobs() {
	job memory before
	job run /bin/busybox sh -c "$script"
	job run /bin/busybox sh -c '/bin/busybox seq 1 9999 | /usr/bin/openssl dgst -sha256'
	job run /bin/busybox sh -c '/bin/busybox seq 1 999 | /usr/bin/openssl enc -aes-256-cbc -pbkdf2 -pass pass:secret -nosalt -a'
	job run /usr/bin/openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out /tmp/key
	job run /usr/bin/openssl req -x509 -key /tmp/key -subj /CN=test -days 1 -sha256 -out /tmp/cert
	job run /usr/bin/openssl x509 -in /tmp/cert -noout -subject
	job run /usr/bin/openssl speed -seconds 1 -bytes 1024 sha256
	job run /bin/bash -c 'for i in 1 2 3; do echo $((i * i)); done; declare -A a; a[x]=1; printf "%s\n" "${a[@]}"'
	job keep /bin/busybox sh
	job keep /bin/busybox cat
	job keep /bin/bash
	job keep /usr/bin/openssl enc -aes-256-cbc -pbkdf2 -pass pass:secret
	job memory after
	job own xipstat maps
	job own xipstat maps --json
}

# real NAME IMAGE [JOBS]: boot it, work, and end with these jobs
real() {
	mkdir "$work/$1" || return
	flash "$work/$1" "$2" || return
	{
		job bank "$bank_base" "$bank_size"
		job mtd "$1" 0 "$(size_of "$2")"
		work_jobs
		[ $# -lt 3 ] || cat "$3"
	} >"$work/$1/jobs"
	boot "$work/$1"
}

# expected IMAGE FILE: what a kernel maps of it
expected() {
	"$dump" maps --base "$bank_base" --json "$1" >"$2"
}

check 'an image with all in place' "$MKCRAMFS_XIP" --quiet -X --json "$work/all.json" "$root" "$work/all.img"
check 'all in place: dumpcramfs-xip maps shows it' expected "$work/all.img" "$work/all.maps"
check 'all in place: the boot comes to its end' real all "$work/all.img"
compare maps "$work/all/boot.log" "$work/all.maps"
rm -f "$work/all.img" "$work/all/bank"

check 'an image with nothing in place' "$MKCRAMFS_XIP" --quiet -x --json "$work/none.json" "$root" "$work/none.img"
job own xipstat profile /mnt >"$work/profile.jobs"
check 'nothing in place: the boot comes to its end' real none "$work/none.img" "$work/profile.jobs"
compare profile "$work/none/boot.log" "$work/used.csv"
rm -f "$work/none.img" "$work/none/bank"

check 'an image by the profile' "$MKCRAMFS_XIP" --quiet -X --profile "$work/used.csv" --json "$work/used.json" "$root" "$work/used.img"
check 'by the profile: dumpcramfs-xip maps shows it' expected "$work/used.img" "$work/used.maps"
python3 -B "$here/stat_compare.py" cached "$work/used.maps" >"$work/cached.jobs"
check 'by the profile: the boot comes to its end' real used "$work/used.img" "$work/cached.jobs"
compare maps "$work/used/boot.log" "$work/used.maps"
compare saved "$work/none/boot.log" "$work/used/boot.log" "$work/none.json" "$work/used.json"
done_testing
