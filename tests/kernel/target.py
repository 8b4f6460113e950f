# SPDX-License-Identifier: GPL-2.0-or-later
"""The machine that images are for, and its ELF files.

CRX_KERNEL_TARGET holds its page size, byte order, and the ELF class and machine number of its
programs, separated by spaces, and "nommu" for a kernel without an MMU, whose programs are flat
binaries. By default it is ARM.
"""
import os
import struct

_page, ORDER, _bits, _machine, *_more = os.environ.get("CRX_KERNEL_TARGET", "4096 little 32 40").split()
P, BITS, MACHINE = int(_page), int(_bits), int(_machine)
IDENT = b"\x7fELF" + bytes([BITS // 32, 1 if ORDER == "little" else 2, 1])
FLAGS = {8: 0x70001007, 40: 0x05000200}.get(MACHINE, 0)
_E = "<" if ORDER == "little" else ">"
_WORD = "Q" if BITS == 64 else "I"
EHDR = struct.Struct(_E + "16sHHI" + 3 * _WORD + "IHHHHHH")
PHDR = struct.Struct(_E + ("IIQQQQQQ" if BITS == 64 else "8I"))
SHDR = struct.Struct(_E + "II" + 4 * _WORD + "II" + 2 * _WORD)
NO_MMU = _more == ["nommu"]
# the options of a tool for the target
OPTIONS = ["-b", str(P), "-N", ORDER] + (["--no-mmu"] if NO_MMU else [])


def put_program(d, path, contents):
    """The file d + path, which may be executed, and its directories."""
    name = d + path
    os.makedirs(os.path.dirname(name), exist_ok=True)
    with open(name, "wb") as f:
        f.write(contents)
    os.chmod(name, 0o755)


def word(n):
    """An address or offset in a header."""
    return struct.pack(_E + _WORD, n)


def half(n):
    return struct.pack(_E + "H", n)


def ehdr(kind, entry, phnum):
    return EHDR.pack(IDENT, kind, MACHINE, 1, entry, EHDR.size, 0, FLAGS, EHDR.size, PHDR.size, phnum, 0, 0, 0)


def phdr(off, at, filesz, memsz, flags):
    """A PT_LOAD."""
    align = max(P, 0x1000)
    return PHDR.pack(*((1, flags, off, at, at, filesz, memsz, align) if BITS == 64 else
                       (1, off, at, at, filesz, memsz, flags, align)))


def read_phdr(data, at):
    """(type, offset, vaddr, filesz, flags)"""
    f = PHDR.unpack_from(data, at)
    return (f[0], f[2], f[3], f[5], f[1]) if BITS == 64 else (f[0], f[1], f[2], f[4], f[6])
