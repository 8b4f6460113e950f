#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make a tree of FDPIC programs that take all kinds of RAM when they start.

fdpic_tree.py DIR ELF NEAR

ELF is fdpic_prog: one segment of text, one of data, and no bss. In NEAR, which
is the same, the data is at an address soon after the text. DIR/fdpic gets
programs whose text may be in place, DIR/copied some whose text is not wanted
there, DIR/whole one that the loader puts into one block.
"""
import sys

from target import EHDR, P, PHDR, put_program

LOAD, STACK = 1, 0x6474e551
OFF, VADDR, FILESZ, MEMSZ = 1, 2, 4, 5  # members of a program header
FLAGS_AT, EF_ARM_PIC = 36, 0x20


def pattern(n):
    return bytes((i * 7 + 3 + (i >> 8) * 13) & 0xff for i in range(n))


def sum_of(contents, zeros):
    """As fdpic_start.c has it, of bytes and zeros after them."""
    total = 0
    for byte in contents:
        total = (total * 31 + byte) & 0xffffffff
    return total * pow(31, zeros, 1 << 32) & 0xffffffff


class Program:
    def __init__(self, elf):
        self.head = bytearray(elf[:EHDR.size])
        self.phoff, count = EHDR.unpack(self.head)[5], EHDR.unpack(self.head)[10]
        self.headers = [list(PHDR.unpack_from(elf, self.phoff + n * PHDR.size)) for n in range(count)]
        self.text, self.data = [h for h in self.headers if h[0] == LOAD]
        self.stack = next(h for h in self.headers if h[0] == STACK)
        self.contents = [elf[h[OFF]:h[OFF] + h[FILESZ]] for h in (self.text, self.data)]

    def enlarge(self, text, data):
        """Both get a pattern at their ends; data stays at its place in a page."""
        self.contents[0] += pattern(text)
        self.contents[1] += pattern(data)
        self.text[FILESZ] = self.text[MEMSZ] = len(self.contents[0])
        self.data[FILESZ] = self.data[MEMSZ] = len(self.contents[1])
        self.data[OFF] += -(-text // P) * P

    def file(self):
        body = bytearray(self.contents[0])
        body += bytes(self.data[OFF] - len(body)) + self.contents[1]
        body[:len(self.head)] = self.head
        for n, h in enumerate(self.headers):
            PHDR.pack_into(body, self.phoff + n * PHDR.size, *h)
        return body


def segments(path):
    """Address, size in memory and sum of each segment of a file."""
    with open(path, "rb") as f:
        p = Program(f.read())
    return [(h[VADDR], h[MEMSZ], sum_of(contents, h[MEMSZ] - h[FILESZ]))
            for h, contents in zip((p.text, p.data), p.contents)]


def put(d, path, elf, text=0, data=0, pages=0, more=0, stack=8192, flags=0):
    """pages: the data segment gets bss up to the end of this page, or `more` bytes after it."""
    p = Program(elf)
    p.enlarge(text, data)
    if pages:
        p.data[MEMSZ] = pages * P - p.data[VADDR] % P + more
    p.stack[MEMSZ] = stack
    p.head[FLAGS_AT] |= flags
    put_program(d, path, p.file())


def main():
    d, *names = sys.argv[1:]
    elf, near = [open(name, "rb").read() for name in names]
    put(d, "/fdpic/small", elf)
    put(d, "/fdpic/text", elf, text=19 * P + 300, data=900)
    put(d, "/fdpic/data", elf, text=P, data=20000)
    put(d, "/fdpic/no-stack", elf, stack=0)
    put(d, "/fdpic/stack", elf, stack=200000)
    put(d, "/fdpic/little-stack", elf, stack=100)
    for pages in (1, 2, 4, 15, 16, 64, 200, 512):
        put(d, "/fdpic/n%d" % pages, elf, pages=pages)
    for pages in (1, 16, 64):
        put(d, "/fdpic/n%d+1" % pages, elf, pages=pages, more=1)
    put(d, "/copied/fdpic", elf, text=20 * P + 300, data=700)
    put(d, "/copied/fdpic-large", elf, text=65 * P)
    # the distances of the segments must stay
    put(d, "/whole/fdpic", near, data=3000, flags=EF_ARM_PIC)


if __name__ == "__main__":
    main()
