# SPDX-License-Identifier: GPL-2.0-or-later
"""Determine which pages of a tree should be in place, from the source alone.

This is a second opinion on what the builder promises, so it does not use the
builder's reading of ELF headers.
"""
import os

import struct

from target import EHDR, IDENT, MACHINE, NO_MMU, P, PHDR, SHDR, read_phdr

PT_LOAD, SHT_NOBITS, SHF_EXECINSTR = 1, 8, 4


def _is_debug(data, shoff, shentsize, shnum):
    """All code sections without bytes: a separate debug file."""
    kinds = set()
    for n in range(shnum):
        at = shoff + n * shentsize
        if at + SHDR.size > len(data):
            return False
        kind, flags = SHDR.unpack_from(data, at)[1:3]
        if flags & SHF_EXECINSTR:
            kinds.add(kind)
    return kinds == {SHT_NOBITS}


def segments(path):
    """[(first file page, pages, flags, pages in place)] for each segment that a loader maps unwritable."""
    size = os.path.getsize(path)
    with open(path, "rb") as f:
        head = f.read(EHDR.size)
        if len(head) < EHDR.size or head[:7] != IDENT:
            return []
        _, kind, machine, _, _, phoff, shoff, _, _, phentsize, phnum, shentsize, shnum, _ = EHDR.unpack(head)
        if kind not in (2, 3) or machine != MACHINE or phentsize != PHDR.size:
            return []
        f.seek(0)
        data = f.read()
    if _is_debug(data, shoff, shentsize, shnum):
        return []
    out = []
    for n in range(phnum):
        ptype, off, vaddr, filesz, flags = read_phdr(data, phoff + PHDR.size * n)
        if ptype != PT_LOAD:
            continue
        if off % P != vaddr % P:
            return []  # cannot be loaded
        if flags & 2 or not filesz:
            continue
        first = off // P
        pages = -(-(filesz + off % P) // P)
        # the exact tail: the last block of a file of whole pages is never direct
        exact = size % P == 0 and first + pages == size // P
        name = "".join(c if flags & bit else "-" for c, bit in (("r", 4), ("w", 2), ("x", 1)))
        out.append((first, pages, name, pages - exact))
    return out


def without_mmu(path):
    """The same for a kernel without an MMU: the text of a flat binary, all or nothing. It loads no ELF files but FDPIC."""
    size = os.path.getsize(path)
    with open(path, "rb") as f:
        head = f.read(64)
    if len(head) < 64 or head[:4] != b"bFLT":
        return [s[:3] + (0,) for s in segments(path)]
    rev, _, text, data_end, bss_end, _, _, _, flags = struct.unpack_from(">9I", head, 4)
    lengths = [text, data_end - text, bss_end - data_end]
    if rev != 4 or text < 64 or text > size or any(n < 0 or n >= 1 << 28 for n in lengths):
        return []
    pages = -(-text // P)
    exact = size % P == 0 and pages == size // P
    return [(0, pages, "r-x", 0 if exact or flags & 5 else pages)]


def tree(top):
    """{path as bytes, from the root of the tree: segments}"""
    out = {}
    top = os.fsencode(top)
    for where, _, files in os.walk(top):
        for name in files:
            path = os.path.join(where, name)
            rel = path[len(top):]
            if os.path.islink(path) or not os.path.isfile(path) or rel.startswith(b"/usr/lib/debug/"):
                continue
            found = without_mmu(path) if NO_MMU else segments(path)
            if found:
                out[rel] = found
    return out
