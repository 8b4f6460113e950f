#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/buildroot without Buildroot: each option of its Kconfig becomes the right
# options on the command line, and these command lines make images. A few lines of
# make replace the macros of Buildroot that it uses; doc/field-notes.md records runs
# with the real ones.
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
DUMPCRAMFS_XIP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}

# A `make check` above would bring its job server along.
unset MAKEFLAGS MFLAGS MAKELEVEL
MAKE='make'
make --version 2>/dev/null | grep -q '^GNU Make' || MAKE=gmake
case $scratch in
*[[:space:]]*) why='make takes no spaces in file names, and TMPDIR has some' ;;
*) why='needs GNU make'; "$MAKE" --version >/dev/null 2>&1 && why= ;;
esac
if [ "$why" ]; then
	skip "$why"
	done_testing
fi

# A source tree of which only what the external tree looks for is there.
external=$scratch/src/contrib/buildroot
mkdir -p src/contrib src/mkcramfs-xip host/bin images patches/mkcramfs-xip
cp -R "$top_srcdir/contrib/buildroot" src/contrib
chmod -R u+w src
: >src/mkcramfs-xip/main.c
: >src/configure
tree target
for p in mkcramfs-xip dumpcramfs-xip; do
	ln -s "$top_builddir/$p/$p" host/bin/$p
done
case $MKCRAMFS_XIP in
/*) ln -sf "$MKCRAMFS_XIP" host/bin/mkcramfs-xip ;;
esac

# What Buildroot gives to packages and file system types; config is its .config.
cat >stub.mk <<'END_OF_MAKE'
BR_BUILDING = $(if $(filter source printvars show-%,$(MAKECMDGOALS)),,y)
BASE = $(CURDIR)
TOPDIR = $(BASE)/buildroot
BASE_DIR = $(BASE)/output
DL_DIR = $(TOPDIR)/dl
BR2_GLOBAL_PATCH_DIR = $(BASE)/patches
HOST_MKCRAMFS_XIP_HASH_FILES = $(BR2_GLOBAL_PATCH_DIR)/mkcramfs-xip/mkcramfs-xip.hash
HOST_DIR = $(BASE)/host
BINARIES_DIR = $(BASE)/images
TARGET_DIR = $(BASE)/target
BR2_EXTERNAL_MKCRAMFS_XIP_PATH = $(BASE)/src/contrib/buildroot
comma = ,
qstrip = $(strip $(subst ",,$(1)))
# of a kernel with CONFIG_MTD=m: that is kept by the first, not by the second
KCONFIG_ENABLE_OPT = $(1)=$(if $(filter CONFIG_MTD,$(1)),m,y)
KCONFIG_SET_OPT = $(1)=$(2)
host-autotools-package =
host-cmake-package =
LINUX_DIR = $(BASE)/linux
IMAGE = $(BINARIES_DIR)/$(ROOTFS_MKCRAMFS_XIP_IMAGE_NAME)
define sep


endef
define inner-rootfs
$(IMAGE): .FORCE
	$$(foreach h,$$(ROOTFS_MKCRAMFS_XIP_PRE_GEN_HOOKS),$$(call $$(h))$$(sep))
	$$(ROOTFS_MKCRAMFS_XIP_CMD)
	$$(foreach h,$$(ROOTFS_MKCRAMFS_XIP_POST_GEN_HOOKS),$$(call $$(h))$$(sep))
endef
rootfs = $(inner-rootfs)

all: image

include $(BASE)/config
include $(BR2_EXTERNAL_MKCRAMFS_XIP_PATH)/external.mk

image: $(IMAGE)
command:
	@echo $(ROOTFS_MKCRAMFS_XIP_OPTS)
show-%:
	@echo '$(strip $($*))'
source:
	$(foreach h,$(HOST_MKCRAMFS_XIP_PRE_DOWNLOAD_HOOKS),$(call $(h))$(sep))
# like Buildroot's printvars, this expands all that the tree defines
printvars:
	@: $(foreach v,$(filter MKCRAMFS% HOST_MKCRAMFS% ROOTFS_MKCRAMFS%,$(.VARIABLES)),$(if $($(v)),))
# what is copied into the package's build directory, and for legal-info
RSYNC = rsync -au $(HOST_MKCRAMFS_XIP_OVERRIDE_SRCDIR_RSYNC_EXCLUSIONS)
rsync: host-mkcramfs-xip-legal-info
	$(RSYNC) --exclude .git $(MKCRAMFS_XIP_SITE)/ copy
host-mkcramfs-xip-legal-info:
	rsync -au $(RSYNC_VCS_EXCLUSIONS) $(MKCRAMFS_XIP_SITE)/ legal
fixups:
	@printf '%s\n' $(strip $(HOST_MKCRAMFS_XIP_LINUX_CONFIG_FIXUPS))
.FORCE:
.PHONY: all image command source printvars rsync host-mkcramfs-xip-legal-info fixups .FORCE
END_OF_MAKE

# config LINE...: Buildroot's .config, with a little-endian target with an MMU
config() {
	printf '%s\n' 'BR2_TARGET_ROOTFS_MKCRAMFS_XIP=y' 'BR2_PACKAGE_HOST_MKCRAMFS_XIP=y' \
		'BR2_ENDIAN="LITTLE"' 'BR2_USE_MMU=y' "$@" >config
}
mk() {
	"$MAKE" -s --no-print-directory -f stub.mk "$@"
}
# command_is WANTED LINE...: with these lines in .config
command_is() {
	wanted=$1
	shift
	config "$@"
	got=$(mk command 2>&1)
	if [ "$got" = "$wanted" ]; then
		ok "$* -> $wanted"
	else
		not_ok "$*"
		diag "wanted: $wanted"
		diag "got:    $got"
	fi
}
# value_is VARIABLE WANTED WHAT
value_is() {
	check "$3" test "$(mk "show-$1" 2>&1)" = "$2"
}
T=BR2_TARGET_ROOTFS_MKCRAMFS_XIP
P=BR2_PACKAGE_HOST_MKCRAMFS_XIP

# --- options of the file system type ---
command_is '-L -b 4K -X' BR2_USE_MMU=y
command_is '-B -b 4K -X' 'BR2_ENDIAN="BIG"'
command_is '-L -b 4K --no-mmu -X' 'BR2_USE_MMU='
command_is '-L -b 4K -X' 'BR2_ARM64_PAGE_SIZE="4K"'
command_is '-L -b 16K -X' 'BR2_ARM64_PAGE_SIZE="16K"'
command_is '-L -b 64K -X' 'BR2_ARM64_PAGE_SIZE="64K"'
command_is '-L -b 64K -X' 'BR2_ARM64_PAGE_SIZE="64K"' $T'_PAGE_SIZE=""'
command_is '-L -b 8K -X' 'BR2_ARM64_PAGE_SIZE=""' 'BR2_ARC_PAGE_SIZE="8K"'
command_is '-L -b 4K -X' 'BR2_ARC_PAGE_SIZE="4K"'
command_is '-B -b 8K -X' 'BR2_ENDIAN="BIG"' BR2_or1k=y
command_is '-B -b 8K -X' 'BR2_ENDIAN="BIG"' BR2_sparc64=y
command_is '-B -b 8K --no-mmu -X' 'BR2_ENDIAN="BIG"' BR2_m68k_cf=y 'BR2_USE_MMU='
command_is '-L -b 16K -X' BR2_loongarch64=y
command_is '-L -b 4K -X' BR2_loongarch64=y $T'_PAGE_SIZE="4K"'
command_is '-L -b 16K -X' 'BR2_ARM64_PAGE_SIZE="64K"' $T'_PAGE_SIZE="16K"'
command_is '-L -b 4K -X -P a.policy' $T'_POLICY="a.policy"'
command_is '-L -b 4K -X -P a.policy -P dir/b' $T'_POLICY="a.policy  dir/b"'
# shellcheck disable=SC2016 # make expands it
command_is "-L -b 4K -X -P $external/c" $T'_POLICY="$(BR2_EXTERNAL_MKCRAMFS_XIP_PATH)/c"'
command_is '-L -b 4K -P a.policy' $T'_POLICY="a.policy"' ${T}_ONLY_POLICY=y
command_is '-L -b 4K -X --profile a.csv --profile b.csv' $T'_PROFILE="a.csv b.csv"'
command_is '-L -b 4K -X --flash-budget 12M' $T'_FLASH_BUDGET="12M"'
command_is '-L -b 4K -X --ram-goal 8M' $T'_RAM_GOAL="8M"'
command_is '-L -b 4K -X --max-size 16M' $T'_MAX_SIZE="16M"'
command_is '-L -b 4K -X --pad-to 0x1000000' $T'_PAD_TO="0x1000000"'
command_is '-L -b 4K -X -n boot -c zlib:1' $T'_OPTS="-n boot -c zlib:1"'
command_is "-L -b 4K -X --json $scratch/images/rootfs.cramfs-xip.json" ${T}_JSON=y
command_is "-L -b 4K -X --budget-curve $scratch/images/rootfs.cramfs-xip-curve" ${T}_CURVE=y
command_is '-L -b 4K -X --max-size 16M -b 8K' $T'_OPTS="-b 8K"' $T'_MAX_SIZE="16M"'
command_is '-B -b 64K -P p --profile q --flash-budget 1M --ram-goal 2M --max-size 3M --pad-to 4M -v' \
	'BR2_ENDIAN="BIG"' $T'_PAGE_SIZE="64K"' $T'_POLICY="p"' ${T}_ONLY_POLICY=y $T'_PROFILE="q"' \
	$T'_FLASH_BUDGET="1M"' $T'_RAM_GOAL="2M"' $T'_MAX_SIZE="3M"' $T'_PAD_TO="4M"' $T'_OPTS="-v"'
for s in PAGE_SIZE FLASH_BUDGET RAM_GOAL MAX_SIZE PAD_TO; do
	config "${T}_$s=\"1500K 1600K\""
	check_exit 2 "two sizes for $s" mk command
	says "${T}_$s=\"1500K 1600K\" must be one size" "are an error"
	check_exit 0 "but other commands work" mk printvars
done
config
value_is ROOTFS_MKCRAMFS_XIP_DEPENDENCIES host-mkcramfs-xip "the image needs the program"

# --- the tree's symbols: all are used, and none that is not there ---
symbols() {
	sed -n 's/^config //p' "$external/fs/mkcramfs-xip/Config.in" "$external/package/mkcramfs-xip/Config.in.host"
}
# shellcheck disable=SC2317 # called by the next
used() {
	cat "$external"/package/*/*.mk "$external"/fs/*/*.mk "$external"/configs/* "$external/README.md" \
		"$external"/support/testing/tests/*/* |
		grep -oE "($T|$P)(_[A-Z0-9_]*[A-Z0-9])?" | sort -u
}
# shellcheck disable=SC2317 # called by check
all_known() {
	symbols | sort >known
	used >in_use
	test -s in_use && ! comm -13 known in_use | grep .
}
check "every symbol that is used is in a Config.in" all_known
everything() {
	mk command
	mk -n image
	for v in DEPENDENCIES CONF_OPTS CONF_ENV; do
		mk "show-HOST_MKCRAMFS_XIP_$v"
	done
	mk show-MKCRAMFS_XIP_SITE
} 2>/dev/null
config
everything >before
for s in $(symbols | grep -vx -e $T -e $P); do
	config "$s=y"
	everything >after
	check_exit 1 "$s has an effect" cmp -s before after
done
check "those are all that this test knows of" test "$(symbols | wc -l)" -eq 18

# --- the package ---
config
value_is MKCRAMFS_XIP_SITE_METHOD local "the source is the tree around"
value_is MKCRAMFS_XIP_SITE "$scratch/src" "which is where it should be"
value_is MKCRAMFS_XIP_AUTORECONF "" "a release has the right configure"
: >src/.gitignore
value_is MKCRAMFS_XIP_AUTORECONF YES "a checkout may have an old one"
rm src/.gitignore
value_is HOST_MKCRAMFS_XIP_DEPENDENCIES 'host-elfutils host-pkgconf host-xxhash host-zlib' "what it always needs"
rm src/configure
value_is MKCRAMFS_XIP_AUTORECONF YES "or none"
check_exit 1 "no release has a .gitignore" grep -r '[.]gitignore' "$top_srcdir/Makefile.am" "$top_srcdir"/*/Makemodule.am
config ${P}_LIBDEFLATE=y ${P}_LIBARCHIVE=y ${P}_JSON_C=y
value_is HOST_MKCRAMFS_XIP_DEPENDENCIES 'host-elfutils host-pkgconf host-xxhash host-zlib host-mkcramfs-xip-libdeflate host-libarchive host-json-c' "and what it may need"
mk show-HOST_MKCRAMFS_XIP_CONF_OPTS >with
value_is HOST_MKCRAMFS_XIP_CONF_ENV "LIBDEFLATE_CFLAGS=\"-I$scratch/host/lib/mkcramfs-xip/include\" LIBDEFLATE_LIBS=\"$scratch/host/lib/mkcramfs-xip/lib/libdeflate.a\"" "libdeflate is found in its own place"
config
mk show-HOST_MKCRAMFS_XIP_CONF_OPTS >without
check "nothing is left to what configure finds on the host" test \
	"$(cat with without | tr ' ' '\n' | sort | paste -s -d ' ' -)" = \
	"--disable-xipstat --disable-xipstat --with-json-c --with-libarchive --with-libdeflate --without-json-c --without-libarchive --without-libdeflate --without-libfuse --without-libfuse --without-zopfli --without-zopfli"
if [ -e "$top_srcdir/configure" ]; then
	sh "$top_srcdir/configure" --help >configure.help
	tr ' ' '\n' <with >each
	while read -r o; do
		check "configure knows $o" grep -qE -e "^ +--(with|without|enable|disable)-${o#--*-}([ =]|\$)" configure.help
	done <each
fi

mk fixups >fixed
for o in MTD MISC_FILESYSTEMS CRAMFS CRAMFS_MTD; do
	check "a kernel of Buildroot's gets CONFIG_$o=y, not as a module" grep -qx "CONFIG_$o=y" fixed
done
config $T=
mk fixups >fixed
check "but only where the image is wanted" test -z "$(tr -d '\n' <fixed)"

# --- a release ---
hashes=patches/mkcramfs-xip/mkcramfs-xip.hash
release() {
	config "${P}_TARBALL=\"$1\""
}
good=https://example.org/a/mkcramfs-xip-1.2.3.tar.xz
release $good
value_is MKCRAMFS_XIP_VERSION 1.2.3 "a release: its version"
value_is MKCRAMFS_XIP_SITE https://example.org/a "its site"
value_is MKCRAMFS_XIP_SOURCE mkcramfs-xip-1.2.3.tar.xz "its file"
value_is MKCRAMFS_XIP_SITE_METHOD "" "its method follows from the site"
value_is MKCRAMFS_XIP_AUTORECONF "" "it has its configure"
# refused WHAT REGEX: by a build and by `make source`; other commands work
refused() {
	for goal in command source; do
		check_exit 2 "$goal: $1" mk $goal
		says "$2" "is reported"
	done
	check_exit 0 "but not by other commands" mk printvars
}
refused "no hash file" 'There is no hash of mkcramfs-xip-1.2.3.tar.xz: .*BR2_GLOBAL_PATCH_DIR'
echo "sha256 0 mkcramfs-xip-1.2.3.tar.xz" >$hashes
for goal in command source; do
	check_exit 0 "$goal: with a hash file" mk $goal
done
for url in https://example.org/foo.tar.xz https://example.org/mkcramfs-xip-1.2.3.tar.gz \
	https://example.org/mkcramfs-xip-.tar.xz https://example.org/mkcramfs-xip-1.2.3.tar.xz/ \
	/home/me/mkcramfs-xip-1.2.3.tar.xz mkcramfs-xip-1.2.3.tar.xz "$good $good"; do
	release "$url"
	refused "$url" '_TARBALL=.* is not the URL of a release'
done
config $P= $P'_TARBALL="foo"'
check_exit 0 "unless the package is not wanted" mk command

rm src/mkcramfs-xip/main.c
config
check_exit 2 "the external tree alone, elsewhere" mk command
says 'is not the source of mkcramfs-xip.*_TARBALL' "is told what to do"
config $P=
check_exit 0 "unless the package is not wanted" mk command
release $good
check_exit 0 "or a release is" mk command
: >src/mkcramfs-xip/main.c

# --- what is copied of a tree ---
override="MKCRAMFS_XIP_OVERRIDE_SRCDIR=$scratch/other"
mkdir -p other/mkcramfs-xip
release $good
echo "$override" >>config
value_is MKCRAMFS_XIP_AUTORECONF YES "another tree by _OVERRIDE_SRCDIR: its configure matters"
check_exit 2 "and its source" mk command
says 'other is not the source of mkcramfs-xip' "which is reported"
: >other/mkcramfs-xip/main.c
release foo
echo "$override" >>config
check_exit 0 "the tarball then does not matter" mk command

config
mk show-MKCRAMFS_XIP_TREE_DIRS | tr ' ' '\n' >copied
sed -n 's|^include \([^/]*\)/Makemodule.am|\1|p' "$top_srcdir/Makefile.am" >parts
check "parts of the source" test "$(wc -l <parts)" -gt 5
while read -r d; do
	check "$d is copied" grep -qx "$d" copied
done <parts
if command -v rsync >/dev/null; then
	# copied_is PATTERN TREE TOPDIR BASE_DIR: the copy has these files, as read, that match
	# shellcheck disable=SC2317 # called by check
	copied_is() {
		rm -rf copy legal
		mk rsync "BR2_EXTERNAL_MKCRAMFS_XIP_PATH=$scratch/$2/contrib/buildroot" \
			"TOPDIR=$scratch/$3" "BASE_DIR=$scratch/$4" || return
		(cd copy && find . -type f -path "./$1" | sort) >got
		diff got - && diff -r copy legal
	}
	# A release in which everything is: generated files, a build, Buildroot and two outputs
	for f in Makefile.am Makefile.in Makefile configure aclocal.m4 config.h config.h.in config.status \
		build-aux/missing build/main/x out/other/x out/this/x buildroot/Makefile lib/a.c lib/a.o \
		lib/.deps/a.Po lib/libx.a m4/x.m4 contrib/buildroot/out/x .git/config; do
		mkdir -p "src/$(dirname "$f")"
		: >src/$f
	done
	(cd src/contrib && find . -type f ! -path './buildroot/out/*' | sed 's|^.|./contrib|') >contrib
	check "a release: its source and configure" copied_is '*' src src/buildroot src/contrib/buildroot/out <<-END
		./Makefile.am
		./Makefile.in
		./aclocal.m4
		./build-aux/missing
		./config.h.in
		./configure
		$(sort contrib)
		./lib/a.c
		./m4/x.m4
		./mkcramfs-xip/main.c
	END
	: >src/.gitignore
	check "a checkout: nothing that autoreconf makes" copied_is '[!c]*' src src/buildroot src/out/this <<-END
		./.gitignore
		./Makefile.am
		./lib/a.c
		./m4/x.m4
		./mkcramfs-xip/main.c
	END
	check_exit 1 "not even a configure" test -e copy/configure
	ln -s "$scratch/src" alias
	mkdir -p src/lib/out
	: >src/lib/out/x
	check "by way of a symbolic link: the same" copied_is 'lib*' alias alias/buildroot alias/lib/out <<-END
		./lib/a.c
	END
	rm -rf src/.gitignore src/configure src/contrib/buildroot/out
else
	lacks rsync
fi

# --- images ---
image=images/rootfs.cramfs-xip
# makes WHAT LINE...: an image with these lines in .config
makes() {
	what=$1
	shift
	rm -rf images
	mkdir images
	config "$@"
	check_exit 0 "image: $what" mk
}
# super REGEX: the image's superblock, as dumpcramfs-xip shows it, has a line that matches
# shellcheck disable=SC2317 # called by check
super() {
	"$DUMPCRAMFS_XIP" super "$image" | grep -E "$1"
}
makes "nothing said" ${T}_JSON=y
check "it is there, and no other" test "$(ls images)" = "$(printf 'rootfs.cramfs-xip\nrootfs.cramfs-xip.json')"
check "it is little-endian" super '^byte order +little-endian'
check "its pages are of 4 KiB" test "$(json $image.json 'j["image"]["page_size"]')" -eq 4096
check "programs are in place" test "$(json $image.json 'in_place("/bin/program")')" -gt 0
makes "big-endian, pages of 64 KiB" 'BR2_ENDIAN="BIG"' 'BR2_ARM64_PAGE_SIZE="64K"' ${T}_JSON=y
check "it is big-endian" super '^byte order +big-endian'
check "with pages of 64 KiB" test "$(json $image.json 'j["image"]["page_size"]')" -eq 65536
makes "without MMU" BR2_USE_MMU= ${T}_JSON=y
check "that is what it is made for" test "$(json $image.json 'j["image"]["no_mmu"]')" = true

echo '/etc/numbers xip file' >only.policy
makes "only what a policy names" $T'_POLICY="only.policy"' ${T}_ONLY_POLICY=y ${T}_JSON=y
check "what it names is in place" test "$(json $image.json 'in_place("/etc/numbers")')" -gt 0
check "the program is not" test "$(json $image.json 'in_place("/bin/program")')" -eq 0

# nothing_in_place WHAT: there is no image, because the policy puts nothing in place
nothing_in_place() {
	rm -rf images
	mkdir images
	config $T'_POLICY="nothing.policy"' ${T}_ONLY_POLICY=y
	check_exit 2 "$1" mk
	says "nothing is in place: .*${T}_POLICY" "stops the build"
	check "there is no image" test ! -e $image
}
echo '/no/such/file xip file' >nothing.policy
nothing_in_place "only a policy that matches nothing"
printf '/ compress\nneeded-by=/opt/app/main xip\n' >nothing.policy
nothing_in_place "only a policy of which the wrong rule matches"
makes "any policy, and all else in place" $T'_POLICY="nothing.policy"'

sed -n '/^    \/ *compress/,/^$/s/^    //p' "$external/README.md" >readme.policy
{ cat target/bin/program && echo; } >target/bin/busybox
chmod 755 target/bin/busybox
makes "the README's policy" $T'_POLICY="readme.policy"' ${T}_JSON=y
check "which has three lines" test "$(wc -l <readme.policy)" -eq 3
check "busybox is in place" test "$(json $image.json 'in_place("/bin/busybox")')" -gt 0
check "other programs are not" test "$(json $image.json 'in_place("/bin/program")')" -eq 0
rm target/bin/busybox

# --- paths with spaces ---
mkdir 'a directory'
cp only.policy 'a directory/the policy'
makes "a policy with spaces in its path" \
	$T"_POLICY=\"nothing.policy 'a directory/the policy'\"" ${T}_ONLY_POLICY=y ${T}_JSON=y
check "which has its effect" test "$(json $image.json 'in_place("/etc/numbers")')" -gt 0
# bad_files SYMBOL VALUE REGEX
bad_files() {
	rm -f $image
	config "${T}_$1=\"$2\""
	check_exit 2 "$1: $2" mk
	says "^${T}_$1: '$3" "is reported"
	check "there is no image" test ! -e $image
}
bad_files POLICY 'etc target' "etc' does not exist"
bad_files POLICY "$scratch/target etc" "$scratch/target' is a directory .*single quotes"
bad_files PROFILE "only.policy 'a directory'" "a directory' is a directory .*single quotes"
for s in POLICY PROFILE; do
	config "${T}_$s=\"'a directory/x\""
	check_exit 2 "$s: an odd number of quotes" mk command
	says "${T}_$s=\"'a directory/x\" is not a list of files: a quote is missing" "is reported"
done
config $T'_POLICY="nothing*.policy"'
check_exit 2 "patterns are not expanded" mk
says "'nothing[*].policy' does not exist" "but taken as names"

makes "padded" $T'_PAD_TO="16M"' $T'_MAX_SIZE="16M"' $T'_OPTS="-n padded"'
check "to that size" test "$(size_of $image)" -eq 16777216
check "with a name" super '^name +padded$'
makes "a name with a space" $T"_OPTS=\"-n 'my board'\""
check "is kept by quotes" super '^name +my board$'
makes "with all reports" ${T}_JSON=y ${T}_CURVE=y ${T}_HTML=y
check "they are beside it" test "$(cd images && echo rootfs.cramfs-xip*)" = \
	'rootfs.cramfs-xip rootfs.cramfs-xip-curve.csv rootfs.cramfs-xip-curve.svg rootfs.cramfs-xip.html rootfs.cramfs-xip.json'
check "the page is one" grep -q '</html>' $image.html
size=$(size_of $image)
makes "with a flash budget" $T"_FLASH_BUDGET=\"$((size - 65536))\""
check "which it keeps" test "$(size_of $image)" -le $((size - 65536))
makes "with a RAM goal" $T'_RAM_GOAL="64K"'
check "which takes less flash" test "$(size_of $image)" -lt "$size"

rm -rf images
mkdir images
config $T'_MAX_SIZE="64K"'
check_exit 2 "too large an image stops the build" mk
says 'larger than|--max-size' "and says so"
check "there is none" test ! -e $image

# --- a kernel that Buildroot builds ---
mkdir -p linux
# kernel SIZE LINE...: its configuration has these lines; the image is for pages of SIZE
kernel() {
	config BR2_LINUX_KERNEL=y "${T}_PAGE_SIZE=\"$1\""
	shift
	printf '%s\n' 'CONFIG_MMU=y' '# CONFIG_PAGE_SIZE_32KB is not set' 'CONFIG_HAVE_PAGE_SIZE_8KB=y' \
		'CONFIG_PAGE_SIZE_LESS_THAN_64KB=y' "$@" >linux/.config
	rm -f $image
}
same_pages() {
	kernel "$@"
	check_exit 0 "pages of $*" mk
}
other_pages() {
	kernel "$@"
	check_exit 2 "pages of $1 for $2 are an error" mk
	check "there is no image" test ! -e $image
}
same_pages 4K
same_pages 4K CONFIG_PAGE_SHIFT=12
same_pages 4096 CONFIG_PAGE_SHIFT=12
other_pages 4K CONFIG_PAGE_SHIFT=16
"$MAKE" -s -f stub.mk >out 2>err
says "the kernel has pages of 64K, but the image would be for 4K" "which are reported"
says "$T"'_PAGE_SIZE="64K"' "and what to set"
other_pages 64K CONFIG_PAGE_SHIFT=12
other_pages 64KiB CONFIG_PAGE_SHIFT=12
other_pages 0x10000 CONFIG_PAGE_SHIFT=12
same_pages 4KiB CONFIG_PAGE_SHIFT=12
same_pages 0x4K CONFIG_PAGE_SHIFT=12
for size in 4KB 0x 0xK K 4a 64.5K 04Ki; do
	kernel $size CONFIG_PAGE_SHIFT=12
	check_exit 2 "'$size' is no page size" mk
	says '^mkcramfs-xip: .*page size' "and the builder says so"
done
same_pages 64K CONFIG_ARM64_PAGE_SHIFT=16
other_pages 4K CONFIG_ARM64_PAGE_SHIFT=16
other_pages 4K CONFIG_PPC_PAGE_SHIFT=16
other_pages 4K CONFIG_PAGE_SIZE_16KB=y
same_pages 16K CONFIG_PAGE_SIZE_16KB=y
other_pages 4K CONFIG_ARC_PAGE_SIZE_8K=y
same_pages 8K CONFIG_ARC_PAGE_SIZE_8K=y
rm linux/.config
check_exit 0 "a kernel without a configuration is not asked" mk
kernel 4K CONFIG_PAGE_SHIFT=16
config
check_exit 0 "nor is one that Buildroot does not build" mk

# --- the example board ---
board=$external/board/qemu-arm-xip
mkdir -p board
check_exit 0 "post-image.sh" env BINARIES_DIR="$scratch/board" HOST_DIR=/host sh "$board/post-image.sh"
check "leaves a script" sh -n board/start-qemu.sh
printf '#!/bin/sh\nls zImage\n' >qemu-system-arm
chmod 755 qemu-system-arm board/start-qemu.sh
: >board/zImage
# shellcheck disable=SC2317 # called by check_exit
started() (
	cd "$1" && shift && PATH=$scratch:$PATH "$@"
)
check_exit 0 "which finds the images beside it" started . board/start-qemu.sh
check_exit 0 "in its own directory too" started board sh start-qemu.sh
check_exit 0 "and along PATH" started / env PATH="$scratch/board:$scratch:$PATH" start-qemu.sh
sed -n 's|.*[$](BR2_EXTERNAL_MKCRAMFS_XIP_PATH)/\(.*\)"|\1|p' "$external/configs/qemu_arm_xip_defconfig" >named
check "the defconfig names files of the tree" test -s named
while read -r f; do
	check "$f is there" test -f "$external/$f"
done <named
# The runtime test, with as little as it needs of Buildroot's: its settings, and the
# files that these name.
mkdir infra
: >infra/__init__.py
echo 'class BRTest: pass' >infra/basetest.py
# shellcheck disable=SC2317 # called by check
settings() {
	PYTHONPATH=$scratch:$external/support/testing/tests/fs python3 -B -c '
from test_mkcramfs_xip import TestMkcramfsXip as t
print("\n".join(t.br2_external), t.config, sep="\n")' >settings
}
check "the runtime test can be read" settings
check "its external tree is this one" test "$(head -n 1 settings)" = "$external"
check "it builds the image" grep -q "^ *$T=y" settings
sed -n 's|.*"\(/.*\)"|\1|p' settings >named
check "it names files" test -s named
while read -r f; do
	check "${f##*/} is there" test -f "$f"
done <named
for o in CRAMFS CRAMFS_MTD MTD_CFI_INTELEXT MTD_PHYSMAP MTD_PHYSMAP_COMPAT; do
	check "the board's kernel has CONFIG_$o" grep -qx "CONFIG_$o=y" "$board/linux.config"
done

done_testing
