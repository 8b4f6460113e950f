#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make a tree of flat binaries that take all kinds of RAM when they start.

memory_tree.py DIR ELF

ELF is memory_prog, linked at 0. DIR/xip gets programs whose text may be in
place, DIR/copied some whose text is not wanted there, DIR/ram those that are
flagged to be loaded to RAM.
"""
import struct
import sys

import flat
from target import BITS, P, put_program

WORD = BITS // 8
# include/asm/cache.h, and arch/ARCH/Kconfig: what comes before the data
STACK_ALIGN, DATA_WORDS = (8, 1) if BITS == 32 else (16, 0)
BSS_END_AT, STACK_AT, RELOC_COUNT_AT = 20, 24, 32


def arguments(path):
    """What load_flat_binary() adds to the stack for a program that is only given its path."""
    return -(-(WORD + 2 * (len(path) + 1) + 3 * WORD) // STACK_ALIGN) * STACK_ALIGN


def put(d, path, elf, text=0, data=0, bss=0, stack=8192, relocs=0, ram=False):
    """A program; its relocations point at data that is 0, which is not relocated."""
    body = bytearray(flat.flat(elf, False, stack, text, data))
    text_end, data_end = struct.unpack_from(">2I", body, 12)
    struct.pack_into(">2I", body, BSS_END_AT, data_end + bss, stack)
    struct.pack_into(">2I", body, RELOC_COUNT_AT, relocs, int(ram))
    if relocs:
        body[text_end:data_end] = bytes(data_end - text_end)
        body += struct.pack(">I", text_end - flat.HEADER) * relocs
        # the kernel reads a word for each, although they have four bytes
        body += bytes((WORD - 4) * relocs)
    put_program(d, path, body)


def exactly(d, path, elf, pages, more=0, **args):
    """One whose data, bss and stack have this many pages, and some bytes more."""
    stack = 4096
    bss = pages * P + more - DATA_WORDS * WORD - stack - args.get("data", 0) - arguments(path)
    put(d, path, elf, bss=bss, stack=stack, **args)


def main():
    d, name = sys.argv[1:]
    with open(name, "rb") as f:
        elf = flat.Elf(f.read())
    put(d, "/xip/small", elf)
    put(d, "/xip/text", elf, text=19 * P + 300, data=900)
    put(d, "/xip/bss", elf, data=100, bss=300000)
    put(d, "/xip/stack", elf, data=100, stack=200000)
    put(d, "/xip/relocs", elf, data=100, stack=4096, relocs=3000)
    put(d, "/xip/few-relocs", elf, data=9000, stack=8192, relocs=100)
    for pages in (2, 4, 8, 15, 16, 17, 32, 64, 128, 256, 512, 700, 1024):
        exactly(d, "/xip/n%d" % pages, elf, pages, data=3000 if pages > 2 else 0)
    for pages in (4, 16, 64, 512, 1024):
        exactly(d, "/xip/n%d+1" % pages, elf, pages, 1)
    put(d, "/copied/text", elf, text=20 * P + 300, data=700)
    put(d, "/copied/large", elf, text=65 * P, data=700)
    put(d, "/copied/small", elf, data=700, stack=70000)
    put(d, "/ram/plain", elf, data=3000, ram=True)
    put(d, "/ram/bss", elf, text=9 * P, data=100, bss=100000, stack=20000, ram=True)
    # not a number with which they end with a page: the kernel writes up to 31 bytes after them (doc/kernel.md)
    put(d, "/ram/relocs", elf, data=100, stack=4096, relocs=2900, ram=True)


if __name__ == "__main__":
    main()
