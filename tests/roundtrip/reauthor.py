#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Images as sources: the new image has the tree, owners and contents of the old one.

The old images are made by mkcramfs-xip and by mkfs.cramfs of util-linux, in
every format, and both images are read with a reader that shares no code with
lib/. An image and the directory that it was made of also give the same bytes.

The environment variables are those of seeds.py, which has 20 seeds here. Needs MKCRAMFS_XIP
and CRAMFSCK_XIP, and prints TAP.
"""
import os
import random
import stat
import struct
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import seeds
from cramfs_reader import Image
from odd_tree import Tree
from seeds import DEVICES, ROOT, command, load, want

TOOL, FSCK = os.environ["MKCRAMFS_XIP"], os.environ["CRAMFSCK_XIP"]
MKFS = seeds.find_tool("mkfs.cramfs")
PAGES = [4096, 4096, 8192, 16384, 32768, 65536]


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
            command(MKFS, *options, source, old)
        else:
            command(TOOL, *options, *self.form, *self.owners(), source, old)

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
        command(TOOL, *options, old, new)
        self.same(before, Image(load(new), int(options[1])))
        command(FSCK, "-b", options[1], new)
        want(self.listing(old) == self.listing(new), "cramfsck-xip -v lists other entries")
        # only a directory says which equal files are hard links
        if not self.by_mkfs and "--no-dedupe" not in options:
            command(TOOL, *options, *self.owners(), source, other)
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


def last_point():
    return "a third of the old images are by mkfs.cramfs" if MKFS else "# SKIP mkfs.cramfs of util-linux is not installed"


if __name__ == "__main__":
    seeds.main(Case, 20, last_point)
