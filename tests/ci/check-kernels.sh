#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel tests on other machines and with other kernels than `./quickstart check` boots.
# Ends with a table, which is also in build/logs/kernels.md, and a line "N passed, M failed".
#
#   tests/ci/check-kernels.sh             all kernels
#   tests/ci/check-kernels.sh NAME...     only these
#   tests/ci/check-kernels.sh --list      their names
#
# Missing packages are installed first. Logs are in build/logs/kernel-NAME-COMPARISON.log. Kernels
# and sources are kept in $CRX_CACHE (tests/kernel/README.md); about 6 GB of unpacked sources are
# in build/trees while it runs.
# shellcheck disable=SC2317 # a check is called by its name

cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/ci/suite.sh
. tests/ci/suite.sh

# name, machine, version of the sources (-: the machine's), comparisons
kernels() {
	cat <<-'END'
		arm-6.1     arm        6.1     images model xipstat boot update fuse
		arm-5.10    arm        5.10    images model xipstat boot update
		arm-6.12    arm        6.12    images model xipstat boot update
		arm-newest  arm        newest  images model xipstat boot update
		arm64-4k    arm64-4k   -       images model boot
		arm64-16k   arm64-16k  -       images model boot
		arm64-64k   arm64-64k  -       images model boot
		malta       malta      -       images model boot
		riscv-nommu riscv-nommu -      images model memory
		mps2-nommu  mps2-nommu  -      memory
		pfn-bug     arm        newest  bug
	END
}

list() {
	cat <<-'END'
		arm-6.1     Linux 6.1 on ARM, as in ./quickstart check
		arm-5.10    Linux 5.10 on ARM
		arm-6.12    Linux 6.12 on ARM
		arm-newest  the newest Linux that Debian has, on ARM
		arm64-4k    arm64 with pages of 4K
		arm64-16k   arm64 with pages of 16K
		arm64-64k   arm64 with pages of 64K
		malta       big-endian MIPS, where char is signed
		riscv-nommu RISC-V without an MMU: flat binaries
		mps2-nommu  a Cortex-M3, which has no MMU: FDPIC programs and flat binaries
		pfn-bug     the newest Linux with the bug of 6.17.0: the tests must notice
	END
}

table=build/logs/kernels.md

# row NAME COMPARISON PASSED FAILED
row() {
	row_release=$(sed -n 's/^# the kernel is //p' "build/logs/kernel-$1-$2.log" | head -n 1)
	printf '| %s | %s | %s | %s | %s |\n' "$1" "${row_release:-?}" "$2" "$3" "$4" >>"$table"
	passed=$((passed + $3))
	failed=$((failed + $4))
	say "  $2: $3 passed, $4 failed"
}

# show_failures LOG: or its end, if it has none
show_failures() {
	grep -A 8 '^not ok ' "$1" >build/logs/kernel-failures.log || {
		show_file "$1"
		return
	}
	sed 's/^/  /' build/logs/kernel-failures.log | head -n 60
}

# compare NAME COMPARISON MACHINE [VERSION]: one row
compare() {
	log=build/logs/kernel-$1-$2.log
	top_srcdir=$top top_builddir=$top/build/main CI=true tests/kernel/test-machine.sh "$2" "$3" ${4+"$4"} >"$log" 2>&1 </dev/null
	good=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^not ok ' "$log")
	# a test that has no plan did not come to its end
	grep -q '^1\.\.' "$log" || bad=$((bad + 1))
	row "$1" "$2" "$good" "$bad"
	[ "$bad" -eq 0 ] || show_failures "$log"
}

# bug NAME MACHINE VERSION: each image has the right names, and the right bytes by read(). Mixed
# mappings are wrong, which the comparison must notice. (A kernel that logs a fault is reported
# under "mounts".)
bug() {
	log=build/logs/kernel-$1-bug.log
	top_srcdir=$top top_builddir=$top/build/main CI=true CRX_KERNEL_BUG=pfn CRX_KERNEL_EDGES=exact_end \
		tests/kernel/test-machine.sh images "$2" "$3" >"$log" 2>&1 </dev/null
	good=$(grep -c '^not ok .*pages in place are those promised' "$log")
	bad=$(grep '^not ok ' "$log" | grep -c -v -e 'pages in place' -e 'mmap() gives' -e ': mounts$')
	[ "$good" -gt 0 ] && grep -q '^1\.\.' "$log" || bad=$((bad + 1))
	row "$1" bug "$good" "$bad"
	[ "$bad" -eq 0 ] || show_failures "$log"
}

# Kernels are built in the background, one after the other, while those that are ready are
# tested. Prints a line for each.
build_kernels() {
	for built in $names; do
		# shellcheck disable=SC2046 # words
		set -- $(kernels | sed -n "s/^$built  *\([^ ]*\)  *\([^ ]*\) .*/\1 \2/p")
		[ "$2" != - ] || set -- "$1"
		nice tests/kernel/build-kernel.sh "$@" >/dev/null 2>"build/logs/kernel-$built-build.log" </dev/null
		echo "$built"
	done
}

check_kernel() {
	say "$1"
	read -r built <&7 || die "the kernel of $1 was not built"
	# shellcheck disable=SC2046 # words
	set -- "$1" $(kernels | sed -n "s/^$1  *//p")
	name=$1 machine=$2 version=$3
	shift 3
	for comparison; do
		case $comparison:$version in
		bug:*) bug "$name" "$machine" "$version" ;;
		*:-) compare "$name" "$comparison" "$machine" ;;
		*) compare "$name" "$comparison" "$machine" "$version" ;;
		esac
	done
}

choose "$@"
ensure $autotools build kernel kernels
build main mkcramfs-xip --enable-werror || exit 1
step differ 'building the test programs' make -C build/main -j"$jobs" tests/kernel/differ || exit 1
trees=$top/build/trees
CRX_KERNEL_TREES=${CRX_KERNEL_TREES:-$trees}
export CRX_KERNEL_TREES
printf '| name | kernel | comparison | passed | failed |\n| --- | --- | --- | --- | --- |\n' >"$table"
rm -f build/built
mkfifo build/built || exit 1
build_kernels >build/built &
builder=$!
trap 'kill "$builder" 2>/dev/null; rm -rf "$trees" build/built' EXIT
exec 7<build/built
for name in $names; do
	started=$(date +%s)
	check_kernel "$name"
	say "  $name took $(($(date +%s) - started)) s"
done
cat "$table"
finish
