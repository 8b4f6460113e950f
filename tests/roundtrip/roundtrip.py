#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Round trips: build images of odd trees and read them with a reader of its own.

CRX_OPTIONS=...     options for every build; --no-verify shows what this test alone finds
and those of seeds.py, which has 30 seeds here. Needs MKCRAMFS_XIP and prints TAP.
"""
import json
import os
import random
import shutil
import stat
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import elf_file
import seeds
from cramfs_reader import EXT_POINTERS, HOLES, SHIFTED_ROOT, ENTRY_READ, Image
from odd_tree import Tree
from seeds import DEVICES, ROOT, Failed, want

TOOL = os.environ["MKCRAMFS_XIP"]
FSCK = seeds.find_tool("fsck.cramfs")

fsck_runs = 0

BACK_ENDS = subprocess.run([TOOL, "-V"], stdout=subprocess.PIPE, check=True).stdout.decode().split("\n")[1].split(":")[1].replace("(default)", "").replace(",", "").split()
LOCALES = [x for x in subprocess.run(["locale", "-a"], stdout=subprocess.PIPE).stdout.decode().split() if x.lower().replace("-", "") in ("c.utf8", "tr_tr.utf8", "tr_tr")] if shutil.which("locale") else []


class Case:
    """One seed: a tree, a mix of options, and what is to come of it."""

    def __init__(self, seed, where):
        r = random.Random(seed * 7919)
        self.seed, self.where, self.rng = seed, where, r
        self.page = r.choice([4096, 4096, 4096, 8192, 16384, 32768, 65536])
        for_fsck = seed % 5 == 0
        self.form = "classic" if for_fsck else r.choice(["classic", "ext", "ext", "xip", "xip", "xip"])
        self.order = r.choice("<<>")
        self.back_end = r.choice(BACK_ENDS)
        self.options = {"classic": [], "ext": ["-x"], "xip": ["-X"]}[self.form][:]
        self.options += ["-b", str(self.page), "-c", self.back_end]
        self.options += r.choice([["-B"], ["-N", "big"]]) if self.order == ">" else r.choice([[], ["-L"]])
        self.pad = r.random() < 0.3
        self.options += ["-p"] if self.pad else []
        self.holes = self.form != "classic" or (not for_fsck and r.random() < 0.7)
        self.options += ["-z"] if self.form == "classic" and self.holes else []
        self.insert = None
        if r.random() < 0.3 and not for_fsck:
            self.insert = r.randbytes(r.choice([0, 1, 76, 1001, 70000]))
            with open(where + "/insert", "wb") as f:
                f.write(self.insert)
            self.options += ["-i", where + "/insert"]
        self.all_root = not ROOT or r.random() < 0.3
        self.options += ["-q"] if self.all_root else []
        self.edition, self.name = r.randrange(2 ** 32), r.choice(["x", "sixteen bytes ok", "\u00fc"])
        self.options += ["-e", str(self.edition), "-n", self.name]
        self.tree = Tree(seed, self.page, self.form == "xip", DEVICES, self.order)

    def build(self, source, image, *more, env=None, umask=0o22):
        cmd = [TOOL] + self.options + list(more) + os.environ.get("CRX_OPTIONS", "").split() + [source, image]
        self.command = cmd
        p = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, **(env or {})), preexec_fn=lambda: os.umask(umask))
        if p.returncode:
            raise Failed("exit %d\n%s" % (p.returncode, p.stderr.decode(errors="replace")))
        with open(image, "rb") as f:
            return f.read()

    def run(self):
        w, r = self.where, self.rng
        self.tree.write(w + "/a", r, not self.all_root)
        first = self.build(w + "/a", w + "/1.img", "-j", "1", "--json", w + "/1.json", "-vv")
        for jobs in ("2", "5"):
            want(self.build(w + "/a", w + "/n.img", "-j", jobs) == first, "another image with %s workers", jobs)
        self.tree.write(w + "/b", random.Random(self.seed + 1), not self.all_root)
        env = {"TZ": "Asia/Tokyo", "LC_ALL": r.choice(LOCALES + ["C"])}
        want(self.build(w + "/b", w + "/n.img", env=env, umask=0o77) == first, "another image of a tree made in another order")
        with open(w + "/1.json", encoding="utf-8", errors="surrogateescape") as f:
            self.report = json.load(f)
        plain = self.build(w + "/a", w + "/plain.img", "--no-dedupe")
        want(len(first) <= len(plain), "sharing made the image larger: %d bytes, %d without", len(first), len(plain))
        Check(self, plain, None).all()
        Check(self, first, self.report).all()
        if FSCK and self.form == "classic" and not self.holes and self.insert is None:
            self.fsck(w + "/1.img")

    def fsck(self, image):
        global fsck_runs
        fsck_runs += 1
        out = self.where + "/extracted"
        cmd = [FSCK, "-b", str(self.page), "--extract=" + out, image]
        p = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        want(p.returncode == 0, "%s: exit %d\n%s", " ".join(cmd), p.returncode, p.stdout.decode(errors="replace"))
        for path, n in self.tree.all():
            where = os.fsencode(out) + path
            st = os.lstat(where)
            want(stat.S_IFMT(st.st_mode) == stat.S_IFMT(n.full_mode()), "fsck extracts %r as %o", path, st.st_mode)
            if n.kind == "f":
                with open(where, "rb") as f:
                    want(f.read() == n.data, "fsck extracts other bytes of %r", path)
            elif n.kind == "l":
                want(os.readlink(where) == n.data, "fsck extracts another target of %r", path)


def same_nodes(image, entries, nodes, all_root):
    """What an image says of its entries is what they are, by path; contents are not compared."""
    want(set(nodes) == set(entries), "other names: %r", set(nodes) ^ set(entries))
    want(image.files == len(nodes), "fsid.files %d of %d", image.files, len(nodes))
    for path, e in entries.items():
        n = nodes[path]
        want(e.mode == n.full_mode() & 0xFFFF, "%r: mode %o, not %o", path, e.mode, n.full_mode())
        owner = (0, 0) if all_root else n.owner
        want((e.uid, e.gid) == owner, "%r: owner %d:%d", path, e.uid, e.gid)
        if n.kind in "cb":
            want(e.size == os.major(n.dev) << 8 | os.minor(n.dev) and e.data == 0, "%r: device %#x", path, e.size)
        elif n.kind in "ps":
            want(e.size == 0 and e.data == 0, "%r: size", path)
        elif n.kind in "fl":
            want(e.size == len(n.data) and bool(e.data) == bool(n.data), "%r: size %d", path, e.size)
        else:
            names = [x.path for x in image.list(e)]
            want(names == sorted(names), "%r is not sorted", path)
            want(bool(e.data) == bool(names), "%r: entries at %d", path, e.data)
        if path != b"/":
            want(e.off + ENTRY_READ <= image.size, "%r: entry within the last 264 bytes", path)


class Check:
    """An image against its case."""

    def __init__(self, case, data, report):
        self.case, self.data, self.report, self.page = case, data, report, case.page
        self.image = Image(data, case.page)
        self.pieces = []  # (start, end, what): what may lie twice is there once

    def all(self):
        self.superblock()
        entries = {e.path: e for e in self.image.walk()}
        self.entries(entries)
        self.inodes(entries)
        for path, n in self.case.tree.all():
            if n.kind in "fl":
                want(self.image.content(entries[path]) == n.data, "%r has other contents", path)
        self.spaces(entries)
        if self.case.form == "xip":
            self.in_place(entries)
        self.pointers(entries)
        if self.report:
            self.summary(entries)

    def superblock(self):
        i, c = self.image, self.case
        want(i.super_off == (512 if c.pad else 0), "superblock at %d", i.super_off)
        want(i.order == c.order, "wrong byte order")
        want(i.size == len(self.data) and i.size % self.page == 0, "super.size %d, file %d", i.size, len(self.data))
        flags = 3 | (HOLES if c.holes else 0) | (EXT_POINTERS if c.form != "classic" else 0) | (SHIFTED_ROOT if c.insert is not None else 0)
        want(i.flags == flags, "flags %#x, not %#x", i.flags, flags)
        want(i.signature == b"Compressed ROMFS" and i.future == 0, "signature or future")
        want(i.edition == c.edition and i.name == c.name.encode(), "edition or name")
        want(i.crc_is_right(), "crc %#x", i.crc)
        want(not any(self.data[:i.super_off]), "the boot pad is not empty")
        begin = i.super_off + 76
        if c.insert is not None:
            want(self.data[begin:begin + len(c.insert)] == c.insert, "the inserted file differs")
            begin += -(-len(c.insert) // 4) * 4
        want(i.root.data in (0, begin), "the root begins at %d, not %d", i.root.data, begin)
        self.begin = begin

    def entries(self, entries):
        same_nodes(self.image, entries, dict(self.case.tree.all()), self.case.all_root)
        at = self.begin
        for path, e in entries.items():
            if stat.S_ISDIR(e.mode):
                want(e.data == (at if e.size else 0), "%r: entries at %d, not after those before", path, e.data)
                at += e.size
        self.dirs_end = at

    def inodes(self, entries):
        """Entries of one inode number are equals; hard links and equal files share."""
        by_ino = {}
        for e in entries.values():
            a = by_ino.setdefault(self.image.ino(e), e)
            want((a.mode, a.uid, a.gid, a.size) == (e.mode, e.uid, e.gid, e.size), "%r and %r are one inode", a.path, e.path)
        for path, target in self.case.tree.links.items():
            want(entries[path].data == entries[target].data, "%r and %r do not share a table", path, target)
        if self.report:
            tables = {}
            for path, n in self.case.tree.all():
                if n.kind in "fl" and n.data:
                    key = (n.data, entries[path].mode, entries[path].uid, entries[path].gid)
                    want(tables.setdefault(key, entries[path].data) == entries[path].data, "%r does not share the table of its equals", path)

    def spaces(self, entries):
        """Every byte belongs to one piece; what lies between is zero and short."""
        i, pieces, runs, blocks = self.image, {}, {}, 0
        for e in {e.data: e for e in entries.values() if e.data and not stat.S_ISDIR(e.mode)}.values():
            n = i.nblks(e)
            pieces[e.data] = (e.data + 4 * n, e.path)
            blocks += n
            for k in range(n):
                b = i.block(e, k)
                if b.direct and b.raw:
                    want(b.start % self.page == 0, "%r: block %d in place at %d", e.path, k, b.start)
                    want(b.start not in runs and b.start not in pieces, "%r: page %d is in two tables", e.path, k)
                    runs[b.start] = e.path
                if b.len:
                    start = b.start if b.header is None else b.header
                    have = pieces.setdefault(start, (b.start + b.len, e.path))
                    want(have[0] == b.start + b.len, "%r: two blocks begin at %d", e.path, start)
        want(i.blocks == blocks, "fsid.blocks %d, not %d", i.blocks, blocks)
        self.gaps(pieces, min(runs) if runs else None)
        self.runs = runs

    def gaps(self, pieces, first_run):
        at, long_gaps = self.dirs_end, 0
        if pieces:
            want(min(pieces) == at, "something lies between directories and tables")
        for start in sorted(pieces):
            end, path = pieces[start]
            want(start >= at, "%r: %d overlaps what ends at %d", path, start, at)
            want(not any(self.data[at:start]), "the bytes %d ... %d are not zero", at, start)
            if first_run is not None and start > first_run:
                # a run's last page
                want(start - at < self.page and (start == at or start % self.page == 0), "gap of %d between runs", start - at)
            elif start - at > 3:
                long_gaps += 1
                want(start == first_run and start - at < self.page, "gap of %d bytes before %d", start - at, start)
            at = end
        want(not any(self.data[at:]), "the image does not end in zeros")
        least = (self.last_entry() or -ENTRY_READ) + ENTRY_READ
        want(self.image.size - max(at, least) < self.page, "%d bytes after the last", self.image.size - at)
        want(long_gaps <= 1, "more than one alignment")

    def last_entry(self):
        return max((e.off for e in self.image.walk() if e.path != b"/"), default=None)

    def in_place(self, entries):
        """Each segment that is wished for is mapped, but for an exact tail; nothing else is."""
        i, wished = self.image, set()
        for path, n in self.case.tree.all():
            if n.kind != "f":
                continue
            e, nblks = entries[path], -(-len(n.data) // self.page)
            for s in self.case.tree.wished(n.data):
                first, count = elf_file.pages(s, self.page)
                count = min(count, nblks - first)
                exact = len(n.data) % self.page == 0 and first + count == nblks
                got = i.mapped(e, first, count)
                want(got == count - exact, "%r: %d of %d pages in place from page %d on", path, got, count, first)
                wished |= {(e.data, k) for k in range(first, first + count - exact)}
                start, _ = i.run(e, first, 1)
                want(self.shown(start, first, n.data, got), "%r: a mapping shows other bytes", path)
        direct = {(e.data, k) for e in entries.values() if stat.S_ISREG(e.mode) for k in range(i.nblks(e)) if i.word(e, k) >> 30 == 3}
        want(direct == wished, "direct pages that nobody wished for, or the reverse: %r", sorted(direct ^ wished)[:10])
        if self.report:
            want(self.report["in_place"]["pages"] == len(direct), "%d pages reported, %d found", self.report["in_place"]["pages"], len(direct))

    def shown(self, start, first, data, count):
        begin, end = first * self.page, (first + count) * self.page
        return self.data[start:start + end - begin] == data[begin:end].ljust(end - begin, b"\0")

    def pointers(self, entries):
        """Kinds of blocks that the format of the image allows, and no needless ones."""
        i, c = self.image, self.case
        for path, n in c.tree.all():
            if n.kind not in "fl":
                continue
            e = entries[path]
            for k in range(i.nblks(e)):
                b, data = i.block(e, k), n.data[k * self.page:(k + 1) * self.page]
                if c.form == "classic":
                    want(not b.direct and not b.raw, "%r: pointer %#x in the classic format", path, b.word)
                if not any(data) and c.holes and not (b.direct and b.raw):
                    want(b.len == 0, "%r: zero block %d takes bytes", path, k)
                want(bool(b.len) or (c.holes and not any(data)), "%r: block %d is a hole", path, k)
                if c.form != "classic" and not b.direct:
                    want(b.len <= len(data) - (not b.raw), "%r: block %d takes %d bytes, more than its own", path, k, b.len)


    def summary(self, entries):
        """What the builder reports of its image is true."""
        i, report, users = self.image, self.report, {}
        tables = {e.data: e for e in entries.values() if e.data and not stat.S_ISDIR(e.mode)}
        for e in tables.values():
            for k in range(i.nblks(e)):
                b = i.block(e, k)
                users[b.start] = users.get(b.start, 0) + (b.len > 0)
        count = report["bytes"]
        want(sum(count.values()) == i.size, "bytes reported: %r, size %d", count, i.size)
        want(count["head"] == self.begin and count["directories"] == self.dirs_end - self.begin, "bytes of head and directories: %r", count)
        want(count["tables"] == 4 * i.blocks, "bytes of tables: %r", count)
        want(set(entries) - {os.fsencode(f["path"]) for f in report["files"]} == {p for p, e in entries.items() if not stat.S_ISREG(e.mode) and not stat.S_ISLNK(e.mode)}, "other files are reported")
        for f in report["files"]:
            e = entries[os.fsencode(f["path"])]
            want((f["mode"], f["uid"], f["gid"], f["size"]) == (e.mode & 0o7777, e.uid, e.gid, e.size), "%r is reported as %r", e.path, f)
            want(f["same_as"] is None or entries[os.fsencode(f["same_as"])].data == e.data, "%r is not another name of %r", e.path, f["same_as"])
            self.told_blocks(f, e, users)
            for s in f["segments"]:
                if "w" not in s["flags"]:
                    got = i.mapped(e, s["file_page"], s["pages"])
                    want(got == s["in_place"], "%r: %r, but %d pages are", e.path, s, got)

    def told_blocks(self, f, e, users):
        kinds = dict.fromkeys(["hole", "compressed", "stored", "in_place"], 0)
        want(len(f["block_list"]) == self.image.nblks(e), "%r: number of blocks", e.path)
        for k, t in enumerate(f["block_list"]):
            b = self.image.block(e, k)
            kinds[t["kind"].replace(" ", "_")] += 1
            want(t["length"] == b.len and (not b.len or t["offset"] == b.start), "%r: block %d reported: %r, found: %r", e.path, k, t, b)
            want(t["shared"] == (users[b.start] > 1 if b.len else False), "%r: block %d reported: %r, used %d times", e.path, k, t, users.get(b.start))
            if t["kind"] in ("hole", "in place"):
                want((t["kind"] == "hole") == (not b.len) and (t["kind"] == "in place") == (b.direct and b.raw), "%r: block %d reported: %r, found: %r", e.path, k, t, b)
            if t["kind"] == "compressed":
                want(not b.raw, "%r: block %d is not a stream", e.path, k)
        want(f["blocks"] == kinds, "%r: %r blocks reported, %r found", e.path, f["blocks"], kinds)


def last_point():
    if fsck_runs:
        return "classic images were given to fsck.cramfs (%d)" % fsck_runs
    return "# SKIP no image was given to fsck.cramfs of util-linux: " + ("none of these seeds is for it" if FSCK else "it is not there")


if __name__ == "__main__":
    seeds.main(Case, 30, last_point)
