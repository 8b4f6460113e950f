# SPDX-License-Identifier: GPL-2.0-or-later
"""Make ELF files by hand, and determine what a kernel would map of them."""
import struct

ET_EXEC, ET_DYN = 2, 3
PT_LOAD, PT_INTERP = 1, 3
R, W, X = 4, 2, 1


def make(bits, order, machine, kind, segments, body, interp=None):
    """An ELF file around body (a bytearray of the whole file's bytes).

    segments: (offset, vaddr, filesz, memsz, flags). Headers overwrite the
    first bytes of body; interp, where given, follows them.
    """
    ehdr, phdr = (52, 32) if bits == 32 else (64, 56)
    rows = [(PT_LOAD,) + s for s in segments]
    at = ehdr + phdr * (len(rows) + bool(interp))
    if interp:
        name = interp + b"\0"
        rows.insert(0, (PT_INTERP, at, at, len(name), len(name), R))
        body[at:at + len(name)] = name
    ident = b"\x7fELF" + bytes([1 if bits == 32 else 2, 1 if order == "<" else 2, 1]) + bytes(9)
    form = "HHIIIIIHHHHHH" if bits == 32 else "HHIQQQIHHHHHH"
    head = ident + struct.pack(order + form, kind, machine, 1, 0, ehdr, 0, 0, ehdr, phdr, len(rows), 0, 0, 0)
    for kind_, off, vaddr, filesz, memsz, flags in rows:
        if bits == 32:
            head += struct.pack(order + "8I", kind_, off, vaddr, vaddr, filesz, memsz, flags, 1)
        else:
            head += struct.pack(order + "2I6Q", kind_, flags, off, vaddr, vaddr, filesz, memsz, 1)
    body[:len(head)] = head
    return bytes(body)


def loads(data):
    """(offset, vaddr, filesz, flags) of each PT_LOAD with bytes in the file."""
    order = "<" if data[5] == 1 else ">"
    wide = data[4] == 2
    phoff = struct.unpack_from(order + "Q", data, 32)[0] if wide else struct.unpack_from(order + "I", data, 28)[0]
    size, n = struct.unpack_from(order + "HH", data, 54 if wide else 42)
    out = []
    for at in range(phoff, phoff + n * size, size):
        if wide:
            kind, flags, off, vaddr, _, filesz = struct.unpack_from(order + "2I4Q", data, at)
        else:
            kind, off, vaddr, _, filesz, _, flags = struct.unpack_from(order + "7I", data, at)
        if kind == PT_LOAD and filesz:
            out.append((off, vaddr, filesz, flags))
    return out


def pages(segment, page):
    """First file page and number of pages that a mapping of the segment covers."""
    off, vaddr, filesz, _ = segment
    skew = vaddr % page
    return (off - skew) // page, -(-(filesz + skew) // page)


def loadable(data, page):
    return all(off % page == vaddr % page for off, vaddr, _, _ in loads(data))
