#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make a flat binary (bFLT, version 4) of a position-independent ELF program.

flat.py ELF OUT [--ram] [--stack SIZE]

The ELF file is linked at 0, without interpreter. Its memory follows a page
with the header. --ram: text and data are one piece in RAM, so writable data and
relocations are allowed; without it the text may be in place, and there are
neither.

The kernel's fs/binfmt_flat.c and include/linux/flat.h describe the format.
"""
import argparse
import struct

PT_LOAD, PT_DYNAMIC, PT_TLS = 1, 2, 7
DT_RELA, DT_RELASZ, DT_SYMTAB = 7, 8, 6
R_NONE, R_64, R_RELATIVE, R_TPREL64 = 0, 2, 3, 11
SHN_UNDEF, SHN_ABS = 0, 0xfff1
HEADER, START = 64, 4096  # where the memory begins
RAM = 1
ALIGN = 32  # FLAT_DATA_ALIGN


class Elf:
    """A little-endian ELF file as memory from address 0. One of 32 bits has no dynamic section."""

    def __init__(self, data):
        is64 = data[4] == 2
        self.entry, phoff = struct.unpack_from("<2Q" if is64 else "<2I", data, 24)
        size, phnum = struct.unpack_from("<2H", data, 54 if is64 else 42)
        self.memory, self.end, self.dynamic, self.tls = bytearray(), 0, {}, []
        self.writable = None
        for n in range(phnum):
            if is64:
                kind, flags, off, vaddr, _, filesz, memsz, _ = struct.unpack_from("<IIQQQQQQ", data, phoff + size * n)
            else:
                kind, off, vaddr, _, filesz, memsz, flags, _ = struct.unpack_from("<8I", data, phoff + size * n)
            if kind == PT_LOAD:
                self.memory += bytes(vaddr + filesz - len(self.memory))
                self.memory[vaddr:vaddr + filesz] = data[off:off + filesz]
                self.end = max(self.end, vaddr + memsz)
                if flags & 2 and self.writable is None:
                    self.writable = vaddr
            elif kind == PT_TLS:
                # the C library takes it for an address
                self.tls = [(phoff + 56 * n + 16, R_RELATIVE, vaddr, False)]
            elif kind == PT_DYNAMIC:
                for at in range(off, off + filesz, 16):
                    tag, value = struct.unpack_from("<qQ", data, at)
                    self.dynamic.setdefault(tag, value)

    def relocations(self):
        """(address, type, value, is the value independent of the load address?) of each"""
        yield from self.tls
        at, size = self.dynamic.get(DT_RELA, 0), self.dynamic.get(DT_RELASZ, 0)
        for n in range(at, at + size, 24):
            where, info, addend = struct.unpack_from("<QQq", self.memory, n)
            section, symbol = 0, 0
            if info >> 32:
                section, symbol = struct.unpack_from("<HQ", self.memory, self.dynamic[DT_SYMTAB] + 24 * (info >> 32) + 6)
            # undefined weak symbols are 0, what threads have is an offset, and what lies in the
            # ELF header is an absolute symbol, which ld relocates as well
            value = symbol + addend
            fixed = info & 0xffffffff == R_TPREL64 or (info >> 32 and section in (SHN_UNDEF, SHN_ABS)) or 0 < value < HEADER
            yield where, info & 0xffffffff, value, fixed


def relocate(elf):
    """What does not depend on the load address is done; addresses of the others are returned."""
    left = []
    for where, kind, value, fixed in elf.relocations():
        if kind == R_NONE:
            continue
        if kind not in (R_64, R_RELATIVE, R_TPREL64):
            raise SystemExit("flat.py: relocation of type %d" % kind)
        if fixed:
            struct.pack_into("<q", elf.memory, where, value)
        else:
            # the kernel adds the address after the header to 32 bits in its own format's byte order
            struct.pack_into(">II", elf.memory, where, START + value - HEADER, 0)
            left.append(START + where - HEADER)
    return left


def flat(elf, ram, stack=65536, text=0, data=0):
    """The file. text: a length to which the text grows; data: length of a pattern that follows it."""
    relocations = relocate(elf)
    if not ram and (relocations or elf.writable is not None):
        raise SystemExit("flat.py: text in place cannot have writable data or relocations")
    body = bytes(START) + elf.memory
    body += bytes(max(0, text - len(body)))
    text_end = len(body)
    if elf.writable is not None:
        text_end = START + elf.writable // ALIGN * ALIGN
    body += bytes((n * 7 + 3 + (n >> 8) * 13) & 0xff for n in range(data))
    bss_end = max(START + elf.end, len(body))
    words = [4, START + elf.entry, text_end, len(body), bss_end, stack, len(body), len(relocations), RAM if ram else 0]
    header = b"bFLT" + struct.pack(">9I", *words)
    return header + body[len(header):] + b"".join(struct.pack(">I", r) for r in relocations)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("elf")
    p.add_argument("out")
    p.add_argument("--ram", action="store_true")
    p.add_argument("--stack", type=int, default=65536)
    args = p.parse_args()
    with open(args.elf, "rb") as f:
        elf = Elf(f.read())
    with open(args.out, "wb") as f:
        f.write(flat(elf, args.ram, args.stack))


if __name__ == "__main__":
    main()
