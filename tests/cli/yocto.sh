#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# contrib/meta-mkcramfs-xip: each variable, the command line that it gives, and the
# image. bitbake.py expands the class as bitbake would.
# shellcheck disable=SC2016 # ${VARIABLES} of bitbake, not the shell's
# shellcheck source=tests/tap.sh
. "${top_srcdir:?}/tests/tap.sh"
# shellcheck source=tests/cli/setup.sh
. "$top_srcdir/tests/cli/setup.sh"
if ! command -v python3 >/dev/null 2>&1; then
	skip "python3 is not there"
	done_testing
fi
DUMPCRAMFS_XIP=${DUMPCRAMFS_XIP:-$top_builddir/dumpcramfs-xip/dumpcramfs-xip}
layer=$top_srcdir/contrib/meta-mkcramfs-xip
class=$layer/classes-recipe/image_types_cramfs-xip.bbclass
recipe=$(echo "$layer"/recipes-devtools/mkcramfs-xip/mkcramfs-xip_*.bb)

tree root
mkdir bin layer1 layer1/files layer2 layer2/files
printf '#!/bin/sh\nexec "%s" "$@"\n' "$MKCRAMFS_XIP" >bin/mkcramfs-xip
printf '#!/bin/sh\nexec "%s" "$@"\n' "$DUMPCRAMFS_XIP" >bin/dumpcramfs-xip
chmod 755 bin/*
echo '/bin/program compress' >layer2/files/board.policy
echo '/ compress' >layer1/files/first.policy
echo '/bin/program xip segments=r-x' >layer2/files/second.policy
echo '/bin/program store' >'layer2/files/od;d$().policy'
mkdir 'layer2/two words'
echo '/bin/program store' >'layer2/two words/a.policy'
echo '/bin/program store' >'layer2/files/co:lon.policy'
echo '/bin/nothing xip' >layer2/files/nothing.policy
echo '# nothing' >layer2/files/empty.policy

# bitbake FILE WHAT...: with a configuration
bitbake() {
	bitbake_file=$1
	bitbake_what=$2
	bitbake_name=$3
	shift 3
	python3 "$top_srcdir/tests/cli/bitbake.py" "$bitbake_file" "$bitbake_what" "$bitbake_name" \
		"BBPATH=$scratch/layer1:$scratch/layer2" HOST_ARCH=arm "TMPDIR=$scratch/tmp" \
		'T=${TMPDIR}/temp' 'IMGDEPLOYDIR=${TMPDIR}/deploy' 'IMAGE_ROOTFS=${TMPDIR}/root' 'IMAGE_NAME=name-1' "$@"
}

# run: the command, in a directory of its own, with our programs
run() {
	(cd empty && PATH=$scratch/bin:$PATH sh ../command.txt)
}
# image WHAT 'OPTIONS' NAME=VALUE...: the task with this configuration makes the image that
# mkcramfs-xip makes with the options, and nothing else
image() {
	image_what=$1
	image_options=$2
	shift 2
	rm -rf tmp empty want.img
	mkdir tmp tmp/deploy tmp/temp empty
	cp -R root tmp/
	cp made.policy tmp/ 2>/dev/null
	if ! bitbake "$class" task cramfs-xip "$@" >command.txt 2>err; then
		not_ok "$image_what: a command"
		diagnose err
		return
	fi
	eval "x --quiet $image_options root want.img" >want.out 2>&1
	run >out 2>err
	if cmp want.img tmp/deploy/name-1.cramfs-xip >differ 2>&1 && [ -z "$(find empty tmp/temp -type f)" ] &&
		[ "$(ls tmp/deploy)" = name-1.cramfs-xip ]; then
		ok "$image_what"
	else
		not_ok "$image_what"
		for image_file in command.txt err want.out differ; do
			diagnose "$image_file"
		done
	fi
}
# super NAME: a value in the image's superblock
super() {
	"$DUMPCRAMFS_XIP" super "$2" | sed -n "s/^$1  *//p"
}
made=tmp/deploy/name-1.cramfs-xip

image "without configuration: all in place" '-X'
check "for a little-endian machine" test "$(super 'byte order' $made)" = little-endian
cp want.img all.img
image "a big-endian machine" '-X -B' HOST_ARCH=mips
check "its image is so" test "$(super 'byte order' $made)" = big-endian
image "aarch64_be" '-X -B' HOST_ARCH=aarch64_be
image "aarch64" '-X -L' HOST_ARCH=aarch64
image "SITEINFO_ENDIANNESS is not relied on" '-X -B' HOST_ARCH=mips SITEINFO_ENDIANNESS=le
image "CRAMFS_XIP_IN_PLACE none" '-x' CRAMFS_XIP_IN_PLACE=none
check "is another image than all" test "$(cmp all.img want.img >/dev/null 2>&1; echo $?)" = 1
image "CRAMFS_XIP_POLICY, looked for in BBPATH" '-X -P layer2/files/board.policy' CRAMFS_XIP_POLICY=files/board.policy
image "the first of BBPATH" '-X -P layer1/files/first.policy' CRAMFS_XIP_POLICY=files/first.policy "BBPATH=$scratch/layer1:$scratch/layer2"
image "an absolute one" '-X -P layer2/files/board.policy' "CRAMFS_XIP_POLICY=$scratch/layer2/files/board.policy"
image "several, in this order" '-P layer1/files/first.policy -P layer2/files/second.policy' \
	CRAMFS_XIP_IN_PLACE=rules CRAMFS_XIP_POLICY='files/first.policy  files/second.policy'
image "and in the other" '-X -P layer2/files/second.policy -P layer1/files/first.policy' \
	CRAMFS_XIP_POLICY='files/second.policy files/first.policy'
image "a name that a shell would mangle" "-X -P 'layer2/files/od;d\$().policy'" 'CRAMFS_XIP_POLICY=files/od;d$().policy'
image "a name with a space, in quotes" "-X -P 'layer2/two words/a.policy' -P layer2/files/board.policy" \
	"CRAMFS_XIP_POLICY='two words/a.policy' files/board.policy"
image "an absolute one" "-X -P 'layer2/two words/a.policy'" "CRAMFS_XIP_POLICY='$scratch/layer2/two words/a.policy'"
echo '/bin/program store' >made.policy
image "below TMPDIR, which is expanded late" '-X -P made.policy' 'CRAMFS_XIP_POLICY=${TMPDIR}/made.policy'
rm made.policy

# The offset of a page of the program that can be in place
x --quiet -X --json all.json root all.img
page=$(json all.json '[s["file_page"] for s in file("/bin/program")["segments"] if s["flags"] == "r-x"][0]')
echo "/bin/program,$((${page:-0} * 4096 + 8192)),3" >layer1/files/run.csv
echo "/bin/program,$((${page:-0} * 4096)),5" >layer2/files/run2.csv
image "CRAMFS_XIP_PROFILE" '-X --profile layer1/files/run.csv --profile layer2/files/run2.csv' \
	CRAMFS_XIP_PROFILE='files/run.csv files/run2.csv'
check "is another image" test "$(cmp all.img want.img >/dev/null 2>&1; echo $?)" = 1
size=$(($(size_of all.img) - 16384))
image "CRAMFS_XIP_FLASH_BUDGET" "-X --flash-budget $size" CRAMFS_XIP_FLASH_BUDGET="$size"
check "is smaller" test "$(size_of $made)" -le "$size"
image "CRAMFS_XIP_RAM_GOAL" "-X --ram-goal 16K" CRAMFS_XIP_RAM_GOAL=16K
check "is smaller too" test "$(size_of $made)" -lt "$(size_of all.img)"
image "CRAMFS_XIP_PAGE_SIZE" '-X -b 64K' CRAMFS_XIP_PAGE_SIZE=64K
check "is of that page size" test "$(super 'page size' $made | sed 's/ .*//')" = 65536
image "CRAMFS_XIP_NO_MMU" '-X --no-mmu' CRAMFS_XIP_NO_MMU=1
check "is another image" test "$(cmp all.img want.img >/dev/null 2>&1; echo $?)" = 1
image "CRAMFS_XIP_NO_MMU 0" '-X' CRAMFS_XIP_NO_MMU=0
image "CRAMFS_XIP_EXTRA, in the words of a shell" "-X -n 'two words' --pad-to 8M" "CRAMFS_XIP_EXTRA=-n 'two words' --pad-to 8M"
check "is so" test "$(super name $made)" = 'two words'
image "EXTRA_IMAGECMD of this type, after it" "-X -n other -e 5" "EXTRA_IMAGECMD:cramfs-xip=-n other" CRAMFS_XIP_EXTRA='-n one -e 5'
image "CRAMFS_XIP_EXTRA has the last word" "-X -b 16K" CRAMFS_XIP_EXTRA='-b 16K'
image "CRAMFS_XIP_MAX_SIZE, and nothing is filled up to it" '-X' CRAMFS_XIP_MAX_SIZE=64M
image "an image of just that size" "-X --max-size $(size_of all.img)" CRAMFS_XIP_MAX_SIZE="$(size_of all.img)"
rm -rf tmp/deploy/*
bitbake "$class" task cramfs-xip CRAMFS_XIP_MAX_SIZE=$(($(size_of all.img) - 1)) >command.txt
check_exit 8 "a byte less, and the task fails" env PATH="$scratch/bin:$PATH" sh command.txt
check "without an image" test -z "$(ls tmp/deploy)"

# What a configuration cannot mean fails the task. Parsing goes on: other recipes are not concerned.
refused() { # REGEX NAME=VALUE...
	refused_regex=$1
	shift
	check "parsed: $*" bitbake "$class" parse cramfs-xip "$@"
	check "and its flags" bitbake "$class" show 'do_image_cramfs_xip[file-checksums]' "$@"
	check "and its signature" bitbake "$class" show 'CRAMFS_XIP_POLICY[vardepvalue]' "$@"
	check_exit 1 "but the task is refused" bitbake "$class" task cramfs-xip "$@"
	says "$refused_regex" "with a message"
}
refused "CRAMFS_XIP_POLICY: files/none.policy: not in any directory of BBPATH" CRAMFS_XIP_POLICY=files/none.policy
refused "CRAMFS_XIP_POLICY: /none.policy: there is no such file" CRAMFS_XIP_POLICY=/none.policy
refused "CRAMFS_XIP_PROFILE: none.csv: .*BBPATH" CRAMFS_XIP_PROFILE=none.csv
refused "CRAMFS_XIP_POLICY: files: this is a directory" CRAMFS_XIP_POLICY=files
refused "CRAMFS_XIP_POLICY: two: .*put quotes around a name that contains a space" 'CRAMFS_XIP_POLICY=two words/a.policy'
refused "CRAMFS_XIP_POLICY: 'two words/a.policy: No closing quotation" "CRAMFS_XIP_POLICY='two words/a.policy"
refused "CRAMFS_XIP_POLICY: files/co:lon.policy: the name contains : " CRAMFS_XIP_POLICY=files/co:lon.policy
refused "all, rules or none" CRAMFS_XIP_IN_PLACE=some
refused "CRAMFS_XIP_POLICY must name" CRAMFS_XIP_IN_PLACE=rules
refused "CRAMFS_XIP_POLICY must be empty" CRAMFS_XIP_IN_PLACE=none CRAMFS_XIP_POLICY=files/board.policy
refused "CRAMFS_XIP_NO_MMU is 'maybe'" CRAMFS_XIP_NO_MMU=maybe
refused "byte order of z80" HOST_ARCH=z80
for size in PAGE_SIZE FLASH_BUDGET RAM_GOAL MAX_SIZE; do
	refused "CRAMFS_XIP_$size is '4K 8K', but must be one size" "CRAMFS_XIP_$size=4K 8K"
done

# A policy that puts nothing in place, where nothing else says what is
for name in nothing empty; do
	rm -rf tmp/deploy/*
	bitbake "$class" task cramfs-xip CRAMFS_XIP_IN_PLACE=rules CRAMFS_XIP_POLICY=files/$name.policy >command.txt
	check_exit 1 "rules alone, and $name.policy, which matches nothing" run
	says "no rule of CRAMFS_XIP_POLICY puts anything in place" "is refused"
	check "without an image" test -z "$(ls tmp/deploy)"
done
image "with another that matches" '-P layer2/files/nothing.policy -P layer2/files/second.policy' \
	CRAMFS_XIP_IN_PLACE=rules CRAMFS_XIP_POLICY='files/nothing.policy files/second.policy'
image "or with all in place" '-X -P layer2/files/nothing.policy' CRAMFS_XIP_POLICY=files/nothing.policy

# shown WHAT WANT FILE NAME NAME=VALUE...
shown() {
	shown_what=$1
	shown_want=$2
	shift 2
	shown_file=$1
	shift
	bitbake "$shown_file" show "$@" >shown 2>&1
	check "$shown_what" test "$(tr -s ' ' <shown | sed 's/^ //; s/ $//')" = "$shown_want"
}
shown "a changed policy or profile reruns the task, and so does one that is added earlier in BBPATH" \
	"$scratch/layer1/files/board.policy:False $scratch/layer2/files/./board.policy:True $scratch/layer1/files/./first.policy:True $scratch/layer1/files/./run.csv:True" \
	"$class" 'do_image_cramfs_xip[file-checksums]' CRAMFS_XIP_POLICY='files/board.policy files/first.policy' CRAMFS_XIP_PROFILE=files/run.csv
shown "one that is missing is waited for" "$scratch/layer1/none.policy:False $scratch/layer2/none.policy:False" \
	"$class" 'do_image_cramfs_xip[file-checksums]' CRAMFS_XIP_POLICY=none.policy
shown "an absolute one too" "/./none.policy:False" "$class" 'do_image_cramfs_xip[file-checksums]' CRAMFS_XIP_POLICY=/none.policy
shown "one with a space" "$scratch/layer1/two words/a.policy:False $scratch/layer2/two words/./a.policy:True" \
	"$class" 'do_image_cramfs_xip[file-checksums]' "CRAMFS_XIP_POLICY='two words/a.policy'"
shown "a directory is not read" "" "$class" 'do_image_cramfs_xip[file-checksums]' CRAMFS_XIP_POLICY=files
shown "nor what tasks make" "" "$class" 'do_image_cramfs_xip[file-checksums]' 'CRAMFS_XIP_POLICY=${TMPDIR}/made.policy'
# In signatures: names in their order, never the directories of a checkout
shown "a signature contains no path" "board.policy first.policy" "$class" 'CRAMFS_XIP_POLICY[vardepvalue]' \
	"CRAMFS_XIP_POLICY=$scratch/layer2/files/board.policy files/first.policy"
shown "but what distinguishes equal names" "one/a.policy two/a.policy" "$class" 'CRAMFS_XIP_POLICY[vardepvalue]' \
	"CRAMFS_XIP_POLICY=/none/one/a.policy /none/two/a.policy"
shown "in both lists" "one/a" "$class" 'CRAMFS_XIP_PROFILE[vardepvalue]' CRAMFS_XIP_POLICY=/none/two/a CRAMFS_XIP_PROFILE=/none/one/a
shown "the same file twice" "a.policy a.policy" "$class" 'CRAMFS_XIP_POLICY[vardepvalue]' "CRAMFS_XIP_POLICY=/a.policy //a.policy"
check "and the command neither" test -z "$(python3 "$top_srcdir/tests/cli/bitbake.py" "$class" parse cramfs-xip \
	"BBPATH=$scratch/layer2" HOST_ARCH=arm TMPDIR=/t CRAMFS_XIP_POLICY=files/board.policy | grep -F "$scratch")"
shown "without them none is waited for" "" "$class" 'do_image_cramfs_xip[file-checksums]'
shown "the tool is built before" "mkcramfs-xip-native:do_populate_sysroot" "$class" 'do_image_cramfs_xip[depends]'
for flag in depends file-checksums prefuncs; do
	shown "$flag of the debug image's task are the same" \
		"$(bitbake "$class" show "do_image_cramfs_xip[$flag]" CRAMFS_XIP_POLICY=files/board.policy | sed 's/^ //')" \
		"$class" "do_image_debugfs_cramfs_xip[$flag]" CRAMFS_XIP_POLICY=files/board.policy
done
shown "the type is listed" "cramfs-xip" "$class" IMAGE_TYPES

# The layer and its recipe
# conf NAME: a variable that layer.conf sets
conf() {
	bitbake "$layer/conf/layer.conf" show "$1"
}
layer_dir=$(cd "$layer" && pwd)
# found COLLECTION NAME FILE: what layer.conf has bitbake look for, patterns of
# names, is this file of the layer. (bitbake wants no blank in the layer's own
# path; here there may be one.)
found() {
	# shellcheck disable=SC2046,SC2005 # patterns, for the shell to expand
	check "$2 finds ${3##*/}" test "$(cd "$layer_dir" && echo $(conf "$2" | sed "s|^ *$1||; s|$layer_dir/||g"))" = "$3"
}
shown "the layer's series" "scarthgap wrynose blacksail" "$layer/conf/layer.conf" LAYERSERIES_COMPAT_mkcramfs-xip
shown "it needs OE-core only" core "$layer/conf/layer.conf" LAYERDEPENDS_mkcramfs-xip
shown "its classes are found, behind those of others" "$scratch/layer1:$scratch/layer2:$(cd "$layer" && pwd)" "$layer/conf/layer.conf" BBPATH
found '' BBFILES "${recipe#"$layer/"}"
found openembedded-layer: BBFILES_DYNAMIC "dynamic-layers/openembedded-layer/recipes-extended/libdeflate/libdeflate_%.bbappend"
check "its recipes are known as its own" sh -c 'echo "$1" | grep -q "$2"' sh "$layer_dir/${recipe#"$layer/"}" "$(conf BBFILE_PATTERN_mkcramfs-xip)"
shown "libdeflate gets a native recipe" "native nativesdk" \
	"$layer/dynamic-layers/openembedded-layer/recipes-extended/libdeflate/libdeflate_%.bbappend" BBCLASSEXTEND
built_from=$(bitbake "$layer/conf/layer.conf" show MKCRAMFS_XIP_TREE)
check "what is built is this tree" test "$(cd "$built_from" && pwd -P)" = "$(cd "$top_srcdir" && pwd -P)"
version=$(sed -n 's/^AC_INIT(\[mkcramfs-xip\], \[\(.*\)\])/\1/p' "$top_srcdir/configure.ac")
check "the recipe is of this version" test "${recipe##*/}" = "mkcramfs-xip_$version.bb"
shown "and this licence" "file://COPYING;md5=$(md5sum <"$top_srcdir/COPYING" | sed 's/ .*//')" \
	"$recipe" LIC_FILES_CHKSUM "MKCRAMFS_XIP_TREE=$built_from"

shown "for the build machine, an SDK and the target" "native nativesdk" "$recipe" BBCLASSEXTEND "MKCRAMFS_XIP_TREE=$built_from"
shown "by autotools" "autotools pkgconfig" "$recipe" inherit "MKCRAMFS_XIP_TREE=$built_from"
shown "with what configure wants" "zlib elfutils xxhash" "$recipe" DEPENDS "MKCRAMFS_XIP_TREE=$built_from"
for for in native nativesdk; do
	shown "$for: without the target's tool" --disable-xipstat "$recipe" "EXTRA_OECONF:append:class-$for" "MKCRAMFS_XIP_TREE=$built_from"
done
check "which configure knows" grep -q 'AC_ARG_ENABLE(\[xipstat\]' "$top_srcdir/configure.ac"
shown "the source is looked for in the tree" "$(cd "$top_srcdir" && pwd -P):" "$recipe" FILESEXTRAPATHS:prepend "MKCRAMFS_XIP_TREE=$built_from"
shown "archives and JSON lines are read" "libarchive json-c" "$recipe" PACKAGECONFIG "MKCRAMFS_XIP_TREE=$built_from"
for library in libarchive json-c libdeflate libfuse; do
	case $library in
	libfuse) recipe_of_it=fuse3 ;;
	*) recipe_of_it=$library ;;
	esac
	shown "$library is a choice" "--with-$library,--without-$library,$recipe_of_it" \
		"$recipe" "PACKAGECONFIG[$library]" "MKCRAMFS_XIP_TREE=$built_from"
	check "of configure" grep -q "AC_ARG_WITH(\[$library\]" "$top_srcdir/configure.ac"
done

# What the recipe copies, by class: all that is built, and nothing else, because a change
# to any of it builds the tool again, and after it every image.
parts() { # CLASS
	bitbake "$recipe" show SRC_URI BP=bp "OVERRIDES=class-$1" "MKCRAMFS_XIP_TREE=$built_from" | tr ' ' '\n' |
		sed -n 's|^file://\(.*\);subdir=bp$|\1|p' | LC_ALL=C sort
}
common='COPYING Makefile.am configure.ac cramfsck-xip dumpcramfs-xip lib m4 mkcramfs-xip'
other='contrib/Makemodule.am contrib/completions contrib/policies cramfs-xip-fuse man tools'
check "for images, only what builds the programs" test "$(parts native | tr '\n' ' ')" = "$common "
for for in target nativesdk; do
	check "for $for, also what is installed" test "$(parts $for | tr '\n' ' ')" = \
		"$(echo "$common $other" | tr ' ' '\n' | LC_ALL=C sort | tr '\n' ' ')"
done
shown "nothing else is taken for images" "$(bitbake "$recipe" show MKCRAMFS_XIP_SRC_URI BP=bp OVERRIDES=class-native \
	"MKCRAMFS_XIP_TREE=$built_from" | tr -s ' ' | sed 's/^ //; s/ $//')" \
	"$recipe" SRC_URI BP=bp OVERRIDES=class-native "MKCRAMFS_XIP_TREE=$built_from"
shown "the copy is prepared" mkcramfs_xip_prepare "$recipe" 'do_unpack[postfuncs]' "MKCRAMFS_XIP_TREE=$built_from"
# prepare TREE WORKDIR: as do_unpack does
prepare() {
	bitbake "$recipe" show mkcramfs_xip_prepare S="$1" WORKDIR="$2" "MKCRAMFS_XIP_TREE=$built_from" >prepare.sh
	sh prepare.sh
}
mkdir -p unpacked/lib/.deps
for part in a.c a.o libcrx.a .dirstamp lib/b.h lib/b.o lib/.dirstamp lib/.deps/b.Po; do
	echo >"unpacked/$part"
done
printf 'include lib/Makemodule.am\ninclude doc/Makemodule.am\n' >unpacked/Makefile.am
echo kept >unpacked/lib/Makemodule.am
prepare "$scratch/unpacked" "$scratch/elsewhere"
check "but never a tree of externalsrc" test "$(find unpacked -type f | wc -l)" = 10
prepare "$scratch/unpacked" "$scratch"
check "objects are removed, and nothing else; what is included is there" test "$(find unpacked -type f | LC_ALL=C sort | tr '\n' ' ')" = \
	"unpacked/Makefile.am unpacked/a.c unpacked/doc/Makemodule.am unpacked/lib/Makemodule.am unpacked/lib/b.h "
check "as it was" grep -q kept unpacked/lib/Makemodule.am
# shellcheck disable=SC2317 # called by check
# builds CLASS OPTION...: what is copied can be configured, and there is a rule for all of it
builds() {
	mkdir "bp-$1"
	for part in $(parts "$1"); do
		mkdir -p "bp-$1/$(dirname "$part")"
		cp -R "$built_from/$part" "bp-$1/$part" || return 1
	done
	prepare "$scratch/bp-$1" "$scratch"
	(
		cd "bp-$1" || exit 1
		shift
		autoreconf -i && ./configure --quiet --cache-file="$scratch/config.cache" "$@" && make -n all install
	)
}
if autoreconf --version >autoreconf.version 2>&1; then
	check "the copy for images builds" builds native --disable-xipstat
	check "that for the target too" builds target
else
	skip "autoreconf is not installed"
fi
skipped() { # NAME=VALUE...
	python3 "$top_srcdir/tests/cli/bitbake.py" "$recipe" skip BP=bp "$@"
}
check "the recipe is offered" test "$(skipped "MKCRAMFS_XIP_TREE=$built_from")" = offered
check_exit 0 "and where the tree is not" skipped "MKCRAMFS_XIP_TREE=$scratch/nowhere"
says_out "$scratch/nowhere: set MKCRAMFS_XIP_TREE or MKCRAMFS_XIP_SRC_URI" "it says what to do"
check "but not if the source comes from elsewhere" test \
	"$(skipped "MKCRAMFS_XIP_TREE=$scratch/nowhere" 'MKCRAMFS_XIP_SRC_URI=git:///x;protocol=file')" = offered
check "as by externalsrc" test "$(skipped "MKCRAMFS_XIP_TREE=$scratch/nowhere" EXTERNALSRC=/x)" = offered
shown "which has nothing copied" "" "$recipe" SRC_URI "MKCRAMFS_XIP_TREE=$built_from" EXTERNALSRC=/x

# What yocto-check-layer asks for, and what the documentation owes
readme=$layer/README.md
# shellcheck disable=SC2317 # called by check
holds() {
	grep -qi "$1" "$readme"
}
check "the layer's documentation names a maintainer" holds maintainer
check "says where patches go" holds 'patch'
check "by an address" holds '[a-z]@[a-z]'
check "and refers to no other" test -z "$(grep -i readme "$readme")"
sed -n 's/^    \(.*  compress\|.*  xip.*\)$/\1/p' "$readme" >readme.policy
check "it shows a policy of three lines" test "$(wc -l <readme.policy)" -eq 3
check "that is one" x --policy-check readme.policy
sed -n '/^## /h; ${x;p}' "$readme" >last
check "its last section is about upstream" grep -q '^## What is missing for meta-oe$' last
for word in BBCLASSEXTEND HOMEPAGE ptest; do
	check "and mentions $word" sh -c 'sed "1,/^## What is missing/d" "$1" | grep -q "$2"' sh "$readme" $word
done
check "there is a word on security" test -s "$layer/SECURITY.md"
sed -n 's/^\(CRAMFS_XIP_[A-Z_]*\) ?=.*/\1/p' "$class" | sort >wanted
sed -n 's/^| `\(CRAMFS_XIP_[A-Z_]*\)`.*/\1/p' "$readme" | sort >described
check "every variable is described" cmp wanted described
check "and has a default" test "$(grep -oE 'CRAMFS_XIP_[A-Z_]+' "$class" | grep -v _OPTIONS | sort -u)" = "$(cat wanted)"

done_testing
