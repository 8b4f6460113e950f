# SPDX-License-Identifier: GPL-2.0-or-later
"""A reader of cramfs images that shares no code with lib/.

It returns what Linux returns (fs/cramfs/inode.c), not what the builder may have
intended: a direct uncompressed last block has size mod P bytes, reads past
super.size give zeros, entries are read as 264 bytes. doc/format.md describes
the format.
"""
import collections
import stat
import struct
import zlib

MAGIC = 0x28CD3D45
UNCOMPRESSED, DIRECT, LOW = 1 << 31, 1 << 30, (1 << 30) - 1
HOLES, SHIFTED_ROOT, EXT_POINTERS = 0x100, 0x400, 0x800
ENTRY_READ = 12 + 252

# off: of the entry's own inode; data: what inode.offset says, in bytes
Entry = collections.namedtuple("Entry", "path mode uid gid size data off")
# start, len: where the kernel takes the block from; len 0 is a hole
Block = collections.namedtuple("Block", "word direct raw header start len")


class Broken(Exception):
    """The kernel would fail here."""


class Image:
    def __init__(self, data, page):
        self.data, self.page = data, page
        for self.super_off in (0, 512):
            for self.order in "<>":
                if len(data) >= self.super_off + 76 and struct.unpack_from(self.order + "I", data, self.super_off)[0] == MAGIC:
                    self.read_super()
                    return
        raise Broken("no superblock")

    def read_super(self):
        words = struct.unpack_from(self.order + "4I16s4I16s", self.data, self.super_off)
        _, self.size, self.flags, self.future, self.signature, self.crc, self.edition, self.blocks, self.files, name = words
        self.name = name.rstrip(b"\0")
        if self.size > len(self.data):
            raise Broken("super.size is %d, the file has %d bytes" % (self.size, len(self.data)))
        self.root = self.inode(self.data[self.super_off + 64:self.super_off + 76], b"/", self.super_off + 64)[0]
        if not stat.S_ISDIR(self.root.mode):
            raise Broken("the root is not a directory")
        if self.root.data and not self.flags & SHIFTED_ROOT and self.root.data != self.super_off + 76:
            raise Broken("bad root offset %d" % self.root.data)

    def read(self, off, n):
        """cramfs_direct_read(): all or zeros."""
        if n > self.size or off > self.size - n:
            return bytes(n)
        return self.data[off:off + n]

    def u32(self, off):
        return struct.unpack(self.order + "I", self.read(off, 4))[0]

    def u16(self, off):
        return struct.unpack(self.order + "H", self.read(off, 2))[0]

    def inode(self, raw, path, off):
        """The entry, and the padded length of its name."""
        a, b, c = struct.unpack(self.order + "3I", raw[:12])
        if self.order == "<":
            fields = a & 0xFFFF, a >> 16, b >> 24, b & 0xFFFFFF, (c >> 6) * 4
            return Entry(path, *fields, off), (c & 63) * 4
        fields = a >> 16, a & 0xFFFF, b & 0xFF, b >> 8, (c & 0x3FFFFFF) * 4
        return Entry(path, *fields, off), (c >> 26) * 4

    def list(self, entry):
        """The entries of a directory, in the order of the image."""
        at = 0
        while at < entry.size:
            raw = self.read(entry.data + at, ENTRY_READ)
            namelen = self.inode(raw, b"", 0)[1]
            name = raw[12:12 + namelen].rstrip(b"\0")
            if not name:
                raise Broken("%r: an entry without a name at %d" % (entry.path, entry.data + at))
            path = entry.path.rstrip(b"/") + b"/" + name
            yield self.inode(raw, path, entry.data + at)[0]
            at += 12 + namelen

    def walk(self):
        """Every entry, the root first; directories before what is in them."""
        queue = collections.deque([self.root])
        while queue:
            entry = queue.popleft()
            yield entry
            if stat.S_ISDIR(entry.mode):
                queue.extend(self.list(entry))

    def ino(self, entry):
        """cramino()"""
        if entry.data and stat.S_IFMT(entry.mode) in (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK):
            return entry.data
        return entry.off + 1

    def nblks(self, entry):
        return -(-entry.size // self.page)

    def word(self, entry, i):
        return self.u32(entry.data + 4 * i)

    def block(self, entry, i):
        """Where cramfs_read_folio() takes block i from."""
        n, word = self.nblks(entry), self.word(entry, i)
        direct, raw, low, header = bool(word & DIRECT), bool(word & UNCOMPRESSED), word & LOW, None
        if direct and raw:
            start = low * 4
            length = entry.size % self.page if i == n - 1 else self.page
        elif direct:
            header = low * 4
            start, length = header + 2, self.u16(header)
        else:
            start = self.end_before(entry, i)
            length = (low - start) & 0xFFFFFFFF
        if length > 2 * self.page or (raw and length > self.page):
            raise Broken("%r: block %d has %d bytes" % (entry.path, i, length))
        return Block(word, direct, raw, header, start, length)

    def end_before(self, entry, i):
        if i == 0:
            return entry.data + 4 * self.nblks(entry)
        word = self.word(entry, i - 1)
        end = word & LOW
        if word & DIRECT:
            end *= 4
            end += self.page if word & UNCOMPRESSED else 2 + self.u16(end)
        return end & LOW

    def plain(self, entry, i):
        """The bytes of page i of the file, as read() gives them: zeros fill it."""
        b = self.block(entry, i)
        data = self.read(b.start, b.len)
        if b.len and not b.raw:
            z = zlib.decompressobj()
            try:
                data = z.decompress(data, self.page + 1)
            except zlib.error as e:
                raise Broken("%r: block %d at %d: %s" % (entry.path, i, b.start, e))
            if not z.eof or len(data) > self.page:
                raise Broken("%r: block %d at %d: not a whole stream" % (entry.path, i, b.start))
        return data + bytes(self.page - len(data))

    def content(self, entry):
        return b"".join(self.plain(entry, i) for i in range(self.nblks(entry)))[:entry.size]

    def run(self, entry, first, n):
        """cramfs_get_block_range(): offset and length of the run at page first."""
        word = self.word(entry, first)
        start = word & LOW
        count = 0
        while count < n and self.word(entry, first + count) == (start + count * self.page // 4) | DIRECT | UNCOMPRESSED:
            count += 1
        return start * 4, count

    def mapped(self, entry, first, n):
        """cramfs_physmem_mmap(): how many of the pages first ... first + n - 1 are in place."""
        n = min(n, self.nblks(entry) - first)
        if n <= 0 or not self.flags & EXT_POINTERS:
            return 0
        start, count = self.run(entry, first, n)
        if count == 0 or start % self.page:
            return 0
        part = entry.size % self.page
        if first + count == self.nblks(entry) and part:
            last = start + (count - 1) * self.page
            if any(self.data[last + part:last + self.page]):
                count -= 1
        return count

    def crc_is_right(self):
        begin = self.super_off
        whole = self.data[begin:begin + 32] + bytes(4) + self.data[begin + 36:self.size]
        return zlib.crc32(whole) == self.crc
