#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Count what an image (little-endian, 4096-byte blocks) contains, to compare tools.

image.py IMAGE [BLOCKS] prints the number of pages in place: blocks with a
direct uncompressed pointer to a page-aligned offset, each table once. With
BLOCKS, it also writes the plain bytes of every other block in the image there,
each position once, as a 16-bit length and the bytes. These are the blocks that
a builder has to compress. doc/format.md describes the format.
"""
import stat
import struct
import sys
import zlib

PAGE = 4096
DIRECT, UNCOMPRESSED = 1 << 30, 1 << 31


class Image:
    def __init__(self, path):
        with open(path, "rb") as f:
            self.data = f.read()
        if self.u32(0) != 0x28CD3D45:
            raise SystemExit(f"{path}: not a little-endian cramfs image")
        self.in_place = 0
        self.blocks = {}  # start: plain bytes
        self.tables = set()
        self.inode(64)

    def u32(self, off):
        return struct.unpack_from("<I", self.data, off)[0]

    def inode(self, off):
        """Account for the inode at off; returns the length of its name."""
        mode = self.u32(off) & 0xFFFF
        size = self.u32(off + 4) & 0xFFFFFF
        word = self.u32(off + 8)
        start = (word >> 6) * 4
        if stat.S_ISDIR(mode):
            at = start
            while at < start + size:
                at += 12 + self.inode(at)
        elif (stat.S_ISREG(mode) or stat.S_ISLNK(mode)) and size and start not in self.tables:
            self.tables.add(start)
            self.table(start, size)
        return (word & 0x3F) * 4

    def table(self, table, size):
        count = -(-size // PAGE)
        end = table + 4 * count  # of the block before
        for i in range(count):
            pointer = self.u32(table + 4 * i)
            value = pointer & (DIRECT - 1)
            plain_len = min(PAGE, size - i * PAGE)
            if pointer & DIRECT:
                start = value * 4
                if pointer & UNCOMPRESSED:
                    self.in_place += start % PAGE == 0
                    end = start + PAGE
                    continue
                end = start + 2 + struct.unpack_from("<H", self.data, start)[0]
                start += 2
            else:
                start, end = end, value
            if end > start:
                raw = self.data[start:end]
                self.blocks[start] = raw[:plain_len] if pointer & UNCOMPRESSED else zlib.decompressobj().decompress(raw)


def main():
    image = Image(sys.argv[1])
    if len(sys.argv) > 2:
        with open(sys.argv[2], "wb") as out:
            for start in sorted(image.blocks):
                plain = image.blocks[start]
                out.write(struct.pack("<H", len(plain)) + plain)
    print(image.in_place)


if __name__ == "__main__":
    main()
