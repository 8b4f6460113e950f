#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checksums of images of the edge trees under 20 sets of options.

images.py                    compares with images.sums and prints TAP
images.py --update           writes images.sums again; say in the commit why
images.py --print ROOT...    prints the checksums of images of other roots, and of the edge trees

Needs MKCRAMFS_XIP, and root or fakeroot, because the edge trees contain devices and
owners. images.sums comes from `-c store`, so that it does not depend on the version
of a compressor. --print uses the default back end: compare-images.sh calls it for
two builds on one machine.
"""
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zlib
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
EDGES = os.path.join(HERE, os.pardir, "kernel", "edges.py")
SUMS = os.path.join(HERE, "images.sums")
TOOL = os.environ["MKCRAMFS_XIP"]

# A word in capitals is one of the files that inputs() makes.
SETS = [
    "",
    "-z",
    "-x",
    "-X",
    "-N big -p -i INSERT -n 16-bytes-of-name -e 7",
    "-x -N big -b 8K --no-dedupe",
    "-X -N big",
    "-X -b 16K",
    "-X -b 64K -N big",
    "-X --no-mmu",
    "-X --no-dedupe -p -i INSERT",
    "-X -q --pad-to 64M --fill 0",
    "-P POLICY",
    "-X -P POLICY -j 3",
    "-X --profile PROFILE",
    "-X --flash-budget BUDGET",
    "-X --profile PROFILE --ram-goal GOAL -b 32K",
    "-X --exclude *.so* --exclude /usr/share --chmod go-w --chmod f:u+r --owner 1:2",
    "-X --lossy --map-uid 0:1000 -D TABLE --overlay OVERLAY",
    "-X --no-mmu --flash-budget BUDGET --no-verify",
]


def mixed(text):
    """A number that depends on nothing but text."""
    return zlib.crc32(text.encode("utf-8", "surrogateescape"))


def inputs(root, top, stored):
    """What the sets name, for this root, below top. stored: nothing will be compressed. Returns a dictionary of words."""
    files = []
    for where, dirs, names in os.walk(root):
        dirs.sort()
        for name in sorted(names):
            path = os.path.join(where, name)
            if os.path.isfile(path) and not os.path.islink(path):
                files.append((path, os.path.getsize(path)))
    size = sum(-(-n // 4096) * 4096 for _, n in files)
    programs = sum(n for path, n in files if open(path, "rb").read(4) == b"\x7fELF")
    words = {w: os.path.join(top, w.lower()) for w in ("INSERT", "POLICY", "PROFILE", "TABLE", "OVERLAY")}
    words["BUDGET"] = str(size + 65536 if stored else size // 2 + programs // 8 + 65536)
    words["GOAL"] = str(programs // 64 // 4096 * 4096 or 4096)
    with open(words["INSERT"], "w") as f:
        f.write("inserted\n")
    with open(words["POLICY"], "w") as f:
        f.write("/ compress\n/** elf xip segments=r-x\n/**/lib*/** xip\n/bin/** xip must\n/**/*.txt store\n")
    with open(words["TABLE"], "w") as f:
        f.write("/new d 755 0 0 - - - - -\n/new/tty c 620 0 5 4 64 0 1 3\n/new/mtd b 640 0 6 31 0 - - -\n")
    with open(words["PROFILE"], "wb") as f:
        for path, n in files:
            inside = os.path.relpath(path, root)
            for page in range(-(-n // 4096)):
                if mixed("%s:%d" % (inside, page)) % 3 == 0 and "\n" not in inside and '"' not in inside:
                    f.write(b'"%s",%d,%d\n' % (os.fsencode(inside), page * 4096, mixed(inside) % 9 + 1))
    os.makedirs(words["OVERLAY"] + "/new/deep")
    with open(words["OVERLAY"] + "/new/deep/file", "w") as f:
        f.write("of the overlay\n" * 500)
    for where, dirs, names in os.walk(words["OVERLAY"]):
        os.chmod(where, 0o755)
        for name in names:
            os.chmod(os.path.join(where, name), 0o644)
    return words


def image_of(root, options, words, image, more):
    """The line about one image: its checksum, or how the builder ended."""
    argv = [TOOL, "--quiet", *more] + [words.get(o, o) for o in options.split()] + [root, image]
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if done.returncode:
        return "exit %d" % done.returncode
    with open(image, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def lines_of(root, name, scratch, more):
    """A line for each set of options: checksum, name of the root, options."""
    top = os.path.join(scratch, "inputs-" + name.replace("/", "_"))
    os.mkdir(top)
    words = inputs(root, top, "store" in more)
    for options in SETS:
        got = image_of(root, options, words, os.path.join(top, "image"), more)
        yield "%s  %s: %s" % (got, name, options or "(none)")
    shutil.rmtree(top)


def edge_trees(scratch):
    top = os.path.join(scratch, "edges")
    os.mkdir(top)
    out = subprocess.run([sys.executable, "-B", EDGES, top], check=True, stdout=subprocess.PIPE, text=True).stdout
    return [(os.path.join(top, name), name) for name in out.split()]


def every_line(roots, more):
    with tempfile.TemporaryDirectory() as scratch:
        trees = edge_trees(scratch) + [(r, os.path.basename(r.rstrip("/"))) for r in roots]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for lines in pool.map(lambda t: list(lines_of(*t, scratch, more)), trees):
                yield from lines


def sees_devices():
    """Not if an emulator makes system calls that fakeroot does not see."""
    with tempfile.TemporaryDirectory() as scratch:
        root, image = os.path.join(scratch, "root"), os.path.join(scratch, "image")
        os.mkdir(root)
        os.mknod(os.path.join(root, "null"), stat.S_IFCHR | 0o600, os.makedev(1, 3))
        subprocess.run([TOOL, "--quiet", root, image], check=True)
        with open(image, "rb") as f:
            f.seek(76)
            return stat.S_ISCHR(int.from_bytes(f.read(2), "little"))


def compare():
    with open(SUMS, encoding="utf-8") as f:
        agreed = f.read().splitlines()
    got = list(every_line([], ["-c", "store"]))
    trees = dict.fromkeys(line.split("  ", 1)[1].split(":")[0] for line in agreed + got)
    failed, devices = 0, sees_devices()
    for n, tree in enumerate(trees, 1):
        if tree == "nodes" and not devices:
            print("ok %d - # SKIP the program does not see the devices of fakeroot" % n)
            continue
        mine = [line for line in got if line.split("  ", 1)[1].startswith(tree + ":")]
        theirs = [line for line in agreed if line.split("  ", 1)[1].startswith(tree + ":")]
        print("%sok %d - the images of %s are as agreed" % ("" if mine == theirs else "not ", n, tree), flush=True)
        failed += mine != theirs
        for line in sorted(set(mine) ^ set(theirs), key=lambda s: s.split("  ", 1)[1]):
            print("# %s %s" % ("is:    " if line in mine else "agreed:", line))
    print("1..%d" % len(trees))
    return failed > 0


def main(args):
    if args[:1] == ["--print"]:
        for line in every_line(args[1:], []):
            print(line)
    elif args == ["--update"]:
        text = "".join(line + "\n" for line in every_line([], ["-c", "store"]))
        with open(SUMS, "w", encoding="utf-8") as f:
            f.write(text)
    elif not args:
        return compare()
    else:
        sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
