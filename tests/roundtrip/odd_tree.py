# SPDX-License-Identifier: GPL-2.0-or-later
"""Make trees with odd contents from a seed: first as values, then on disk."""
import os
import random
import stat

import elf_file

ARM, AARCH64, MIPS, PPC64, FIRMWARE = 40, 183, 8, 21, 94
ABIS = [(32, "<", ARM), (64, "<", AARCH64), (32, ">", MIPS), (64, ">", PPC64)]


class Node:
    def __init__(self, kind, mode, owner, data=b"", dev=0):
        self.kind, self.mode, self.owner, self.data, self.dev = kind, mode, owner, data, dev

    def full_mode(self):
        return {"d": stat.S_IFDIR, "f": stat.S_IFREG, "l": stat.S_IFLNK, "p": stat.S_IFIFO,
                "s": stat.S_IFSOCK, "c": stat.S_IFCHR, "b": stat.S_IFBLK}[self.kind] | self.mode


class Tree:
    """node: path (bytes, b"/" the root) to Node; links: path to the path it is another name of."""

    def __init__(self, seed, page, xip, devices, order="<"):
        self.rng = random.Random(seed)
        self.page, self.xip, self.devices, self.order = page, xip, devices, order
        self.node = {b"/": Node("d", self.dir_mode(), self.owner())}
        self.links = {}
        self.blocks = self.make_blocks()
        self.make_dirs()
        for _ in range(self.rng.randrange(4, 14)):
            self.add_file(self.content())
        if xip:
            self.make_programs(order)
        self.make_twins()
        self.make_others()

    # metadata

    def owner(self):
        return self.rng.choice([(0, 0), (0, 0), (1, 2), (65535, 255), (1000, 100)])

    def dir_mode(self):
        return self.rng.choice([0o755, 0o755, 0o700, 0o1777, 0o2775, 0o555])

    def file_mode(self):
        return self.rng.choice([0o644, 0o644, 0o755, 0o600, 0o4755, 0o2755, 0o444, 0o1644])

    def name(self):
        r = self.rng
        return r.choice([
            lambda: b"%x" % r.randrange(1 << 4 * r.randrange(1, 8)),
            lambda: bytes(r.choice(b"abcXYZ") for _ in range(r.randrange(1, 12))),
            lambda: r.choice([b"...", b"-n", b"a b", b"new\nline", b"tab\t", b"\\", b"*", b"~", b"\xff\xfe", "na\u00efve".encode(), b"I", b"i", b"\xc4\xb1"]),
            lambda: bytes([r.randrange(128, 256)]) + b"%d" % r.randrange(10),
            lambda: b"long" * r.randrange(1, 63),
        ])()

    def free_path(self, parent=None):
        parent = parent or self.rng.choice([p for p, n in self.node.items() if n.kind == "d"])
        while True:
            path = parent.rstrip(b"/") + b"/" + self.name()
            # what the test's own system calls take
            if path not in self.node and path not in self.links and len(path) < 2000:
                return path

    # contents

    def make_blocks(self):
        r, p = self.rng, self.page
        words = [b"%x " % r.randrange(1 << 20) for _ in range(40)]

        def text():
            return b"".join(r.choice(words) for _ in range(p // 3))[:p]
        blocks = [bytes(p), bytes(p), text(), text(), text(), r.randbytes(p), r.randbytes(p), r.randbytes(p)]
        blocks += [bytes([r.randrange(256)]) * p, bytes(p - 1) + b"\1", b"\1" + bytes(p - 1)]
        blocks += [r.randbytes(p // 2) + bytes(p // 2), text()[:p // 3].ljust(p, b"\0")]
        # nearly too long as a stream
        blocks.append(r.randbytes(p - 32) + bytes(32))
        return blocks

    def content(self, most=None):
        r, p = self.rng, self.page
        most = most or (24 if p == 4096 else 10)
        n = r.choice([0, 0, 1, 1, 2, 3, r.randrange(most)])
        some = r.sample(self.blocks, r.randrange(1, 4))
        how = r.randrange(4)
        if how == 0:
            body = [r.choice(self.blocks) for _ in range(n)]
        elif how == 1:
            body = [r.choice(some) for _ in range(n)]
        elif how == 2:
            body = [some[i % len(some)] for i in range(n)]
        else:
            body = [some[i * len(some) // max(n, 1)] for i in range(n)]
        tail = r.choice(self.blocks)[:r.choice([0, 0, 1, 2, 3, 11, 12, 13, p // 2, p - 12, p - 11, p - 1, r.randrange(p)])]
        return b"".join(body) + tail

    # nodes

    def make_dirs(self):
        for _ in range(self.rng.randrange(2, 9)):
            self.node[self.free_path()] = Node("d", self.dir_mode(), self.owner())
        if self.rng.random() < 0.2:
            path = b""
            for i in range(40):
                path += b"/d%d" % (i % 3)
                self.node.setdefault(path, Node("d", 0o755, (0, 0)))

    def add_file(self, data, mode=None, parent=None):
        path = self.free_path(parent)
        self.node[path] = Node("f", self.file_mode() if mode is None else mode, self.owner(), data)
        return path

    def make_twins(self):
        """Equal files with the same and with other owners; files that hold others' blocks; hard links."""
        files = [p for p, n in self.node.items() if n.kind == "f"]
        for path in self.rng.sample(files, len(files) // 2):
            n = self.node[path]
            if self.rng.random() < 0.5:
                self.node[self.free_path()] = Node("f", n.mode, n.owner, n.data)
            if self.rng.random() < 0.5:
                self.add_file(n.data)
            if self.rng.random() < 0.3:
                cut = self.page * self.rng.randrange(3)
                self.add_file(n.data[cut:] + self.content(4))
            if self.rng.random() < 0.3:
                self.links[self.free_path()] = path
            if self.rng.random() < 0.2 and 0 < len(n.data) < 4000 and b"\0" not in n.data:
                self.node[self.free_path()] = Node("l", 0o777, n.owner, n.data)

    def make_others(self):
        r = self.rng
        for _ in range(r.randrange(4)):
            target = r.choice([b"x", b"/bin/sh", b"../" * 30 + b"y", b"t" * r.randrange(1, 2000), b"loop"])
            self.node[self.free_path()] = Node("l", 0o777, self.owner(), target)
        for kind in "ps":
            if r.random() < 0.3:
                self.node[self.free_path()] = Node(kind, 0o644, self.owner())
        if self.devices:
            for kind in "cb":
                self.node[self.free_path()] = Node(kind, 0o600, (0, 5), dev=os.makedev(r.choice([0, 1, 255]), r.choice([0, 3, 255])))

    # programs

    def segments(self, size):
        """Several PT_LOADs over size bytes: apart, touching, overlapping; offsets and addresses congruent mod the page."""
        r, p = self.rng, self.page
        out, vaddr, at = [], r.choice([0, 0x10000, 0x400000]), 0
        for flags in r.sample([5, 4, 6, 5, 4, 7], r.randrange(1, 6)):
            off = r.choice([0, at, max(at - r.randrange(1, p), 0), min(at + r.randrange(2 * p), size)]) if out else r.choice([0, 0, r.randrange(min(size, 3 * p))])
            n = min(r.choice([r.randrange(1, size + 1), r.randrange(1, p), p * 2, size]), size - off)
            if n <= 0:
                continue
            vaddr = vaddr // p * p + off % p
            out.append((off, vaddr, n, n + (r.randrange(p) if flags & 2 else 0), flags))
            at = off + n
            vaddr += n + p * 3
        return out

    def program(self, abi, kind, interp=None, crooked=False):
        bits, order, machine = abi
        data = bytearray()
        while len(data) < 512:
            data += self.content(16)
        segments = self.segments(len(data))
        if crooked and segments:
            off, vaddr, n, m, flags = segments[0]
            segments[0] = (off, vaddr ^ 0x10, n, m, flags)
        return elf_file.make(bits, order, machine, kind, segments, data, interp)

    def make_programs(self, order):
        r = self.rng
        abi = r.choice([a for a in ABIS if a[1] == order])
        other = r.choice([a for a in ABIS if a != abi])
        self.abi = abi
        ld = self.free_path(b"/").replace(b"\n", b"_")
        self.node[ld] = Node("f", 0o755, (0, 0), self.program(abi, elf_file.ET_DYN))
        self.add_file(self.program(abi, elf_file.ET_EXEC, ld), 0o755)
        for _ in range(r.randrange(1, 4)):
            self.add_file(self.program(abi, r.choice([elf_file.ET_EXEC, elf_file.ET_DYN]), r.choice([ld, None])))
        if r.random() < 0.5:
            self.add_file(self.program(other, elf_file.ET_EXEC))
        if r.random() < 0.3:
            self.add_file(self.program((bits_of(abi), order, FIRMWARE), elf_file.ET_EXEC))
        if r.random() < 0.4:
            self.add_file(self.program(abi, elf_file.ET_DYN, crooked=True))
        if r.random() < 0.3:
            # damaged: the headers point outside
            whole = self.program(abi, elf_file.ET_DYN)
            self.add_file(whole[:r.choice([20, 60, 200])])

    def wished(self, data):
        """The segments that are to be in place, of a file of these bytes."""
        if data[:4] != b"\x7fELF" or len(data) < 64:
            return []
        bits, order, machine = self.abi
        head = bytes([bits // 32, 1 if order == "<" else 2])
        if data[4:6] != head or machine != int.from_bytes(data[18:20], "little" if order == "<" else "big"):
            return []
        try:
            loads = elf_file.loads(data)
        except Exception:
            return []
        if any(off + n > len(data) for off, _, n, _ in loads) or not elf_file.loadable(data, self.page):
            return []
        return [s for s in loads if not s[3] & elf_file.W]

    # on disk

    def write(self, root, rng, owners):
        """Make the tree at root, its entries in an order of rng's."""
        root = os.fsencode(root)
        dirs = sorted((p for p, n in self.node.items() if n.kind == "d" and p != b"/"), key=lambda p: (p.count(b"/"), rng.random()))
        rest = [p for p, n in self.node.items() if n.kind != "d"]
        rng.shuffle(rest)
        os.mkdir(root)
        for path in dirs:
            os.mkdir(root + path)
        for path in rest:
            self.put(root + path, self.node[path])
        for path, target in self.links.items():
            os.link(root + target, root + path)
        for path in rest + dirs[::-1] + [b"/"]:
            n = self.node[path]
            if owners:
                os.lchown(root + path, *n.owner)
            if n.kind != "l":
                os.chmod(root + path, n.mode)
                when = rng.randrange(2 ** 31)
                os.utime(root + path, (when, when))

    def put(self, where, n):
        if n.kind == "f":
            with open(where, "wb") as f:
                f.write(n.data)
        elif n.kind == "l":
            os.symlink(n.data, where)
        else:
            os.mknod(where, n.full_mode(), n.dev)

    def all(self):
        """(path, node), hard links as well."""
        yield from self.node.items()
        for path, target in self.links.items():
            yield path, self.node[target]


def bits_of(abi):
    return abi[0]
