#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make a tree of flat binaries for a kernel without an MMU.

flat_tree.py DIR ELF

ELF is flat_prog, linked at 0. DIR gets the tree: texts of all sizes around the
page, with and without data; files whose texts cannot be in place; and files
that are no flat binaries although they look like it.
"""
import os
import stat
import struct
import sys

import flat

P = 4096
FLAGS_AT = 36
GZIP = 4


def put(path, data, mode=0o755):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    os.chmod(path, mode)


def program(elf, **more):
    with open(elf, "rb") as f:
        return flat.flat(flat.Elf(f.read()), more.pop("ram", False), **more)


def patch(data, at, *words):
    return data[:at] + struct.pack(">%dI" % len(words), *words) + data[at + 4 * len(words):]


def main():
    d, elf = sys.argv[1:]
    for text in (0, 2 * P - 1, 2 * P, 2 * P + 1, 3 * P - 64, 3 * P, 9 * P, 9 * P + 500):
        for data in (0, 1, 700, P, 3 * P, 20000):
            # the data ends inside a page, or with one
            put("%s/bin/t%d-d%d" % (d, text, data), program(elf, text=text, data=data))
            whole = -(text + data) % P if text else 0
            if whole and data:
                put("%s/bin/t%d-d%d-whole" % (d, text, data), program(elf, text=text, data=data + whole))
    # what a loader copies to RAM
    put(d + "/ram/plain", program(elf, ram=True, data=3000))
    put(d + "/ram/whole", program(elf, ram=True, text=2 * P, data=P))
    good = program(elf, text=5 * P, data=5000)
    put(d + "/same/one", good)
    put(d + "/same/two", good)
    # what it refuses, or cannot load
    put(d + "/odd/gzip", patch(good, FLAGS_AT, GZIP))
    put(d + "/odd/version3", patch(good, 4, 3))
    put(d + "/odd/long-text", patch(good, 12, 1 << 28))
    put(d + "/odd/cut", good[:P])
    put(d + "/odd/header", good[:64])
    put(d + "/odd/magic", b"bFLT", 0o644)
    # two names of one file; equal contents, of which one must not share its table
    os.link(d + "/same/two", d + "/same/link")
    put(d + "/same/setuid", good, stat.S_ISUID | 0o755)
    os.symlink("../bin/t0-d0", d + "/same/symlink")


if __name__ == "__main__":
    main()
