# SPDX-License-Identifier: GPL-2.0-or-later
"""What the bytes of an image belong to, and how two images differ, by cramfs_reader.py."""
import collections
import stat

# kind: "head", "directory", "table", "record" or "page" (in place, with the tail)
Piece = collections.namedtuple("Piece", "start end kind path")


class Overlap(Exception):
    pass


def of_file(image, entry):
    """The table and blocks of a file or symbolic link; records may be shared."""
    count = image.nblks(entry)
    if not entry.data or not count:
        return
    yield Piece(entry.data, entry.data + 4 * count, "table", entry.path)
    for k in range(count):
        b = image.block(entry, k)
        if b.direct and b.raw and b.start % image.page == 0:
            yield Piece(b.start, b.start + image.page, "page", entry.path)
        elif b.len:
            yield Piece(b.start if b.header is None else b.header, b.start + b.len, "record", entry.path)


def of_image(image, entries):
    """All pieces in order, each once; Overlap if two have bytes in common."""
    found = {}

    def add(piece):
        have = found.setdefault(piece.start, piece)
        if have.end != piece.end or have.kind != piece.kind:
            raise Overlap("%r and %r" % (have, piece))

    add(Piece(0, image.super_off + 76, "head", b"/"))
    tables = set()
    for e in entries:
        if stat.S_ISDIR(e.mode) and e.size:
            add(Piece(e.data, e.data + e.size, "directory", e.path))
        elif (stat.S_ISREG(e.mode) or stat.S_ISLNK(e.mode)) and (e.data, e.size) not in tables:
            tables.add((e.data, e.size))
            for piece in of_file(image, e):
                add(piece)
    order = [found[start] for start in sorted(found)]
    for a, b in zip(order, order[1:]):
        if a.end > b.start:
            raise Overlap("%r and %r" % (a, b))
    return order


def free(order, size):
    """(start, end) of what belongs to no piece."""
    at = 0
    for piece in order:
        if piece.start > at:
            yield at, piece.start
        at = piece.end
    if at < size:
        yield at, size


def in_place(image, entry):
    """The pages of a file that are in place: page -> offset."""
    blocks = ((k, image.block(entry, k)) for k in range(image.nblks(entry)))
    return {k: b.start for k, b in blocks if b.direct and b.raw and b.start % image.page == 0}


def differing_blocks(old, new, erase):
    """Offsets of the erase blocks of new, an Image, that have to be written over old."""
    return [at for at in range(0, new.size, erase)
            if new.data[at:min(at + erase, new.size)] != old.data[at:min(at + erase, new.size, old.size)]]


def new_and_moved(old, old_order, new, new_order):
    """Bytes of records and pages in new: contents that old lacks, and such that are elsewhere in it."""
    here = {(p.start, p.end) for p in old_order}
    contents = {old.data[p.start:p.end] for p in old_order}
    added = moved = 0
    for p in new_order:
        if p.kind not in ("record", "page"):
            continue
        data = new.data[p.start:p.end]
        if (p.start, p.end) in here and old.data[p.start:p.end] == data:
            continue
        if data in contents:
            moved += p.end - p.start
        else:
            added += p.end - p.start
    return added, moved
