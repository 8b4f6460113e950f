#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Images as sources: the new image has the tree, owners and contents of the old one.

The old images are made by mkcramfs-xip and by mkfs.cramfs of util-linux, in
every format, and both images are read with a reader that shares no code with
lib/. An image and the directory that it was made of also give the same bytes.

CRX_SEEDS=N         number of seeds (default 20)
CRX_FIRST_SEED=N    the first seed (default 1)
CRX_KEEP=DIR        keep the images of a failed seed in DIR/SEED
Needs MKCRAMFS_XIP and CRAMFSCK_XIP, and prints TAP.
"""
import os
import random
import shutil
import stat
import struct
import subprocess
import sys
import tempfile
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cramfs_reader import Image
from odd_tree import Tree

TOOL, FSCK = os.environ["MKCRAMFS_XIP"], os.environ["CRAMFSCK_XIP"]
ROOT = os.geteuid() == 0
MKFS = shutil.which("mkfs.cramfs", path=os.environ.get("PATH", "") + ":/sbin:/usr/sbin")
PAGES = [4096, 4096, 8192, 16384, 32768, 65536]


class Failed(Exception):
    pass


def want(ok, text, *args):
    if not ok:
        raise Failed(text % args if args else text)


def can_make_devices():
    if not ROOT:
        return False
    with tempfile.TemporaryDirectory() as d:
        try:
            os.mknod(d + "/c", stat.S_IFCHR | 0o600, os.makedev(1, 3))
        except OSError:
            return False
    return True


DEVICES = can_make_devices()


def run(*cmd):
    p = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    want(p.returncode == 0, "exit %d: %s\n%s", p.returncode, " ".join(cmd), p.stdout.decode(errors="replace"))
    return p.stdout


def load(path):
    with open(path, "rb") as f:
        return f.read()


class Case:
    def __init__(self, seed, where):
        r = self.rng = random.Random(seed * 104729)
        self.where = where
        self.by_mkfs = MKFS is not None and seed % 3 == 0
        self.page, self.order = r.choice(PAGES), r.choice("<>")
        self.form = [] if self.by_mkfs else r.choice([[], ["-z"], ["-x"], ["-X"], ["-X"]])
        self.version_1 = seed % 4 == 1
        self.tree = Tree(seed, self.page, self.form == ["-X"], DEVICES, self.order)

    def format_options(self):
        return ["-b", str(self.page), "-N", "big" if self.order == ">" else "little"]

    def make_old(self, source, old):
        r, options = self.rng, self.format_options()
        if r.random() < 0.4:
            options.append("-p")
        if r.random() < 0.3:
            with open(self.where + "/insert", "wb") as f:
                f.write(r.randbytes(1001))
            options += ["-i", self.where + "/insert"]
        if self.by_mkfs:
            options += r.choice([[], ["-z"]])
            run(MKFS, *options, source, old)
        else:
            run(TOOL, *options, *self.form, *self.owners(), source, old)

    def owners(self):
        return [] if ROOT else ["-q"]

    def new_options(self):
        r = self.rng
        return ["-b", str(r.choice(PAGES)), "-N", r.choice(["big", "little"]), "-j", "2", "-c", "zlib:1"] + r.choice([[], ["-z"], ["-x"], ["-X"], ["-X", "-p"], ["--no-dedupe"]])

    def run(self):
        source, old, new, other = (self.where + "/" + x for x in ("source", "old", "new", "other"))
        self.tree.write(source, self.rng, ROOT)
        self.make_old(source, old)
        data = load(old)
        before = Image(data, self.page)
        if self.version_1:
            flags = before.super_off + 8
            with open(old, "r+b") as f:
                f.seek(flags)
                f.write(struct.pack(self.order + "I", before.flags & ~1))
        options = self.new_options()
        run(TOOL, *options, old, new)
        self.same(before, Image(load(new), int(options[1])))
        run(FSCK, "-b", options[1], new)
        want(self.listing(old) == self.listing(new), "cramfsck-xip -v lists other entries")
        # only a directory says which equal files are hard links
        if not self.by_mkfs and "--no-dedupe" not in options:
            run(TOOL, *options, *self.owners(), source, other)
            want(load(new) == load(other), "another image than that of the directory: %s", " ".join(options))

    def listing(self, image):
        lines = subprocess.run([FSCK, "-v", "--max-findings", "0", image], stdout=subprocess.PIPE).stdout.split(b"\n")
        return sorted(x for x in lines if x[:1] in (b"d", b"f", b"l", b"c", b"b", b"p", b"s") and x[1:2] == b" ")

    def same(self, before, after):
        old, new = ({e.path: e for e in i.walk()} for i in (before, after))
        want(set(old) == set(new), "other names: %r", set(old) ^ set(new))
        want(self.by_mkfs or set(old) == {p for p, _ in self.tree.all()}, "not all names are in the old image")
        for path, a in old.items():
            b = new[path]
            want((a.mode, a.uid, a.gid) == (b.mode, b.uid, b.gid), "%r: %r became %r", path, a, b)
            if not stat.S_ISDIR(a.mode):
                want(a.size == b.size, "%r: size or device %#x became %#x", path, a.size, b.size)
            if stat.S_ISREG(a.mode) or stat.S_ISLNK(a.mode):
                want(before.content(a) == after.content(b), "%r has other contents", path)


def try_seed(seed, scratch):
    where = os.path.join(scratch, str(seed))
    os.mkdir(where)
    try:
        Case(seed, where).run()
        return None
    except Exception as e:
        keep = os.environ.get("CRX_KEEP")
        if keep:
            os.makedirs(os.path.join(keep, str(seed)), exist_ok=True)
            for name in ("old", "new", "other"):
                if os.path.exists(os.path.join(where, name)):
                    shutil.copy(os.path.join(where, name), os.path.join(keep, str(seed)))
        return str(e) if isinstance(e, Failed) else traceback.format_exc()
    finally:
        for d, dirs, _ in os.walk(where):
            for name in dirs:
                if not os.path.islink(os.path.join(d, name)):
                    os.chmod(os.path.join(d, name), 0o700)
        shutil.rmtree(where, ignore_errors=True)


def main():
    first, count = int(os.environ.get("CRX_FIRST_SEED", "1")), int(os.environ.get("CRX_SEEDS", "20"))
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for n, seed in enumerate(range(first, first + count), 1):
            text = try_seed(seed, scratch)
            failed += text is not None
            print("%sok %d - seed %d" % ("not " if text else "", n, seed), flush=True)
            for line in (text or "").split("\n") if text else []:
                print("# " + line)
    print("ok %d - %s" % (count + 1, "a third of the old images are by mkfs.cramfs" if MKFS else "# SKIP mkfs.cramfs of util-linux is not installed"))
    print("1..%d" % (count + 1))
    return failed > 0


sys.exit(main())
