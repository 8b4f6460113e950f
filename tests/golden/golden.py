#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare the layout of images, as text, with the golden texts.

golden.py            builds images of small fixed trees with -c store and compares
golden.py --update   writes the texts next to this script again; read the diff
Needs MKCRAMFS_XIP and prints TAP. The texts contain no compressed bytes, so they
do not depend on the version of a library; the CRC covers every byte.
"""
import difflib
import os
import shutil
import stat
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, os.pardir, "roundtrip"))
import elf_file
from cramfs_reader import Broken, Image

TOOL = os.environ["MKCRAMFS_XIP"]


def block(letter, page, length=None):
    """Bytes that identify their file; none repeats within a page."""
    text = b"".join(b"%c%06d " % (letter, i) for i in range(page // 8))
    return text[:page if length is None else length]


def blocks(letters, page, tail=0):
    """A page for each letter ('.': zeros), and tail bytes of the last one more."""
    whole = b"".join(bytes(page) if c == ord(".") else block(c, page) for c in letters)
    return whole[:len(whole) - page + tail] if tail else whole


def elf(bits, order, kind, segments, body, interp=None):
    return elf_file.make(bits, order, 40 if bits == 32 else 183, kind, segments, bytearray(body), interp)


# Trees: path to (mode, contents); contents None: a directory, a str: a link's target, FIFO: one

FIFO = object()


def tree_empty(page, order):
    return {}


def tree_plain(page, order):
    return {
        "a": (0o644, b"hello\n"),
        "b": (0o600, b""),
        "bin": (0o755, None),
        "bin/sh": (0o4755, blocks(b"stu", page, 100)),
        "bin/link": (0o777, "sh"),
        "dev": (0o755, None),
        "dev/initctl": (0o600, FIFO),
        "exact": (0o444, blocks(b"ex", page)),
        "zeros": (0o644, blocks(b"..z..", page)),
        "a name of some length": (0o755, None),
        "a name of some length/x": (0o2755, None),
        "a name of some length/x/y": (0o644, b"\0"),
    }


def tree_shared(page, order):
    return {
        "1": (0o644, blocks(b"abc", page)),
        "2": (0o644, blocks(b"abc", page)),
        "3": (0o600, blocks(b"abc", page)),
        "4": (0o644, blocks(b"xabcy", page, 50)),
        "5": (0o644, blocks(b"bbb.b", page)),
        "6": (0o777, "1"),
        "7": (0o644, b"1"),
        "8": (0o644, blocks(b"cab", page, 50)),
    }


def tree_xip(page, order):
    p, x, w, r = page, elf_file.X | elf_file.R, elf_file.W | elf_file.R, elf_file.R
    text = blocks(b"ABCDEFGH", p, 300)
    return {
        "lib": (0o755, None),
        # text and data in pages of their own, symbols after them
        "lib/ld.so": (0o755, elf(32, order, 3, [(0, 0, 2 * p + 5, 2 * p + 5, x), (3 * p, 4 * p, 90, 500, w)], text)),
        # whole pages to the end of the file: the last one is not in place
        "lib/exact.so": (0o644, elf(32, order, 3, [(0, 0, 3 * p, 3 * p, x)], blocks(b"IJK", p))),
        # to the end of the file, with a tail
        "lib/tail.so": (0o644, elf(32, order, 3, [(0, 0, 2 * p + 77, 2 * p + 77, x)], blocks(b"LMN", p, 77))),
        # zeros in the middle, two segments apart, zeros after them
        "lib/two.so": (0o644, elf(32, order, 3, [(0, 0, 3 * p, 3 * p, x), (4 * p, 5 * p, p, p, r)], blocks(b"O.PQR..S", p))),
        "prog": (0o755, elf(32, order, 2, [(0, 0x10000, p + 9, p + 9, x)], text, b"/lib/ld.so")),
        # the same program for another user: a run of its own
        "prog2": (0o700, elf(32, order, 2, [(0, 0x10000, p + 9, p + 9, x)], text, b"/lib/ld.so")),
        "prog3": (0o755, elf(32, order, 2, [(0, 0x10000, p + 9, p + 9, x)], text, b"/lib/ld.so")),
        "skewed": (0o755, elf(32, order, 2, [(0, 0x10100, p, p, x)], text)),
        "firmware": (0o755, elf(64, order, 2, [(0, 0, p, p, x)], text)),
        "text": (0o644, blocks(b"DE", p)),
    }


TREES = {
    "empty": (tree_empty, [["-X"]]),
    "classic": (tree_plain, [[], ["-z", "-p", "-i", "INSERT", "-n", "sixteen bytes ok", "-e", "7"]]),
    "extended": (tree_plain, [["-x"]]),
    "shared": (tree_shared, [["-x"], ["-x", "--no-dedupe"]]),
    "xip": (tree_xip, [["-X"], ["-X", "-p", "-i", "INSERT"]]),
}


def write(root, tree):
    os.mkdir(root)
    for path, (mode, data) in tree.items():
        where = os.path.join(root, path)
        if data is None:
            os.mkdir(where)
        elif data is FIFO:
            os.mkfifo(where)
        elif isinstance(data, str):
            os.symlink(data, where)
            continue
        else:
            with open(where, "wb") as f:
                f.write(data)
    for path, (mode, data) in tree.items():
        if not isinstance(data, str):
            os.chmod(os.path.join(root, path), mode)
    os.chmod(root, 0o755)


def kind_of(b, page):
    if not b.len:
        return "hole"
    if b.direct:
        return "in place" if b.raw else "direct, %d bytes at %#x" % (b.len, b.start)
    return "%s, %d bytes at %#x" % ("as it is" if b.raw else "stream", b.len, b.start)


def dump(data, page):
    """The image as lines."""
    i = Image(data, page)
    yield "superblock at %d: size %#x, flags %#x, crc %#010x, edition %d, %d blocks, %d files, name %r" % (i.super_off, i.size, i.flags, i.crc, i.edition, i.blocks, i.files, i.name.decode())
    runs = []
    for e in i.walk():
        yield "%#06x %s mode %06o owner %d:%d size %d offset %#x" % (e.off, e.path.decode(), e.mode, e.uid, e.gid, e.size, e.data)
        if not stat.S_IFMT(e.mode) in (stat.S_IFREG, stat.S_IFLNK):
            continue
        for k in range(i.nblks(e)):
            b = i.block(e, k)
            yield "    block %d: %#010x %s" % (k, b.word, kind_of(b, page))
        runs += find_runs(i, e)
    for start, count, path, first in sorted(set(runs)):
        yield "run at %#x, %d page%s: %s from page %d" % (start, count, "s" * (count != 1), path, first)


def find_runs(i, e):
    k = 0
    while k < i.nblks(e):
        start, count = i.run(e, k, i.nblks(e) - k)
        if count:
            yield start, count, e.path.decode(), k
        k += count or 1


def text_of(name, scratch):
    make, mixes = TREES[name]
    insert = os.path.join(scratch, "insert")
    with open(insert, "wb") as f:
        f.write(b"inserted\n")
    for order in "<>":
        for page in (4096, 65536):
            root = os.path.join(scratch, "root")
            write(root, make(page, order))
            for mix in mixes:
                options = mix + ["-b", str(page), "-N", "little" if order == "<" else "big"]
                yield "# " + " ".join(options)
                image = os.path.join(scratch, "image")
                cmd = [TOOL, "-q", "--quiet", "-c", "store"] + [insert if o == "INSERT" else o for o in options] + [root, image]
                subprocess.run(cmd, check=True)
                with open(image, "rb") as f:
                    yield from dump(f.read(), page)
            shutil.rmtree(root)


def main(update):
    failed = 0
    for n, name in enumerate(TREES, 1):
        path = os.path.join(HERE, name + ".txt")
        with tempfile.TemporaryDirectory() as scratch:
            try:
                got = "".join(line + "\n" for line in text_of(name, scratch))
            except (Broken, subprocess.CalledProcessError) as e:
                got = "%s\n" % e
                if update:
                    raise
        if update:
            with open(path, "w", encoding="utf-8") as f:
                f.write(got)
            continue
        with open(path, encoding="utf-8") as f:
            agreed = f.read()
        print("%sok %d - %s" % ("" if got == agreed else "not ", n, name), flush=True)
        failed += got != agreed
        for line in difflib.unified_diff(agreed.splitlines(), got.splitlines(), name + ".txt", "image", lineterm="", n=2):
            print("# " + line)
    if not update:
        print("1..%d" % len(TREES))
    return failed > 0


sys.exit(main("--update" in sys.argv[1:]))
