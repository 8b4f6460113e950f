#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make the edge trees: one small source directory for each thing that could go wrong.

edges.py DIR [CROSS]     CROSS: prefix of a compiler for real ELF files

Run it under fakeroot (or as root), because it makes devices and sets owners.
Prints the name of each tree. The docstring of each says what it is for; the
rules are those of doc/kernel.md.
"""
import os
import random
import socket
import stat
import struct
import subprocess
import sys

import target
from target import P

EXEC, DYN = 2, 3
R, W, X = 4, 2, 1

trees = []


def tree(function):
    trees.append(function)
    return function


def noise(n, seed):
    """n bytes that do not compress."""
    return random.Random(seed).randbytes(n)


def text(n, seed):
    """n bytes that compress well, no page of them like another."""
    out = bytearray()
    line = 0
    while len(out) < n:
        out += b"%s, line %d: the quick brown fox\n" % (str(seed).encode(), line)
        line += 1
    return bytes(out[:n])


def put(path, data=b"", mode=0o644, uid=0, gid=0):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    own(path, mode, uid, gid)


def own(path, mode, uid=0, gid=0):
    os.lchown(path, uid, gid)
    if not os.path.islink(path):
        os.chmod(path, mode)


def flat_binary(data, segments):
    """The program as a kernel without an MMU knows it: text to the end of the first segment with X, then data."""
    end = next((off + filesz for flags, off, filesz in segments if flags & X), len(data))
    head = b"bFLT" + struct.pack(">9I", 4, 64, max(end, 64), len(data), len(data), 4096, len(data), 0, 0)
    return head + data[len(head):]


def elf(size, segments, seed=0, kind=EXEC, body=noise):
    """A file of `size` bytes: an ELF header over body. segments: (flags, offset, filesz)."""
    vaddr = 0x10000 if kind == EXEC else 0
    head = target.ehdr(kind, vaddr + 0x100, len(segments))
    for n, (flags, off, filesz) in enumerate(segments):
        at = vaddr + off + n * 0x10000 if kind == EXEC else off + n * 0x10000
        head += target.phdr(off, at, filesz, filesz + (0x800 if flags & W else 0), flags)
    data = body(size, seed) if callable(body) else body
    if target.NO_MMU and kind == EXEC:
        return flat_binary(data, segments)
    assert len(data) >= len(head)
    return head + data[len(head):]


@tree
def empty(d):
    """Nothing at all: the root has no entries."""


@tree
def tails(d):
    """Exact tail: run files of k pages, and one byte more and less; whole, and with data after it."""
    for pages in range(1, 6):
        for extra in (-1, 0, 1, 4, -4, -2048):
            size = pages * P + extra
            name = "%s/whole-%d%+d" % (d, pages, extra)
            put(name, elf(size, [(R | X, 0, size)], seed=size), 0o755)
            put(name + ".text", elf(size, [(R | X, 0, size)], seed=size, body=text), 0o755)
            put(name + ".so", elf(size, [(R | X, 0, size)], seed=size + 1, kind=DYN), 0o644)
            if pages > 2:
                # data in the last page: the run does, or does not, include that page
                for cut in (size - 100, size - P - 100):
                    put("%s.data%d" % (name, size - cut),
                        elf(size, [(R | X, 0, cut), (R | W, cut, size - cut)], seed=cut), 0o755)


@tree
def neighbours(d):
    """Tails: many runs that end within a page, laid one after the other; and what follows them compressed."""
    for n in range(24):
        size = P * (1 + n % 3) + 1 + n * 170
        put("%s/run%02d" % (d, n), elf(size, [(R | X, 0, size)], seed=n, body=(noise, text)[n % 2]), 0o755)
        put("%s/run%02d.txt" % (d, n), text(100 + 300 * n, n))
        put("%s/run%02d.raw" % (d, n), noise(5000 + n, 100 + n))


@tree
def twins(d):
    """Inode numbers: equal bytes under unequal modes, owners and types; and under equal ones."""
    for kind, data in (("text", text(9000, "twin")), ("raw", noise(9000, "twin")), ("page", noise(P, "twin2")),
                       ("elf", elf(3 * P + 77, [(R | X, 0, 3 * P + 77)], seed="twin")),
                       ("exact", elf(2 * P, [(R | X, 0, 2 * P)], seed="twin3"))):
        put("%s/%s/a-private" % (d, kind), data, 0o600)
        put("%s/%s/b-setuid" % (d, kind), data, 0o4755)
        put("%s/%s/c-private" % (d, kind), data, 0o600)
        put("%s/%s/d-owned" % (d, kind), data, 0o600, 7, 0)
        put("%s/%s/e-group" % (d, kind), data, 0o600, 0, 7)
        put("%s/%s/f-setuid" % (d, kind), data, 0o4755)
        put("%s/%s/g-plain" % (d, kind), data, 0o755)
    # the link is looked up first, and last
    target = b"target/" + b"x" * 300
    put(d + "/link/a-file", target, 0o777)
    os.symlink(target, d + "/link/b-link")
    os.symlink(target, d + "/link/c-link")
    put(d + "/link/d-file", target, 0o777)
    os.symlink(target, d + "/link/e-owned")
    own(d + "/link/e-owned", 0, 5, 6)
    put(d + "/hard/one", text(5000, "hard"), 0o640)
    os.link(d + "/hard/one", d + "/hard/two")
    put(d + "/hard/same", text(5000, "hard"), 0o640)


@tree
def sizes(d):
    """Lengths around the page, compressible and not."""
    for n in (0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 100, P - 12, P - 5, P - 1, P, P + 1, 2 * P - 1, 2 * P, 2 * P + 1,
              3 * P, 65535, 65536, 65537):
        put("%s/text%d" % (d, n), text(n, n))
        put("%s/raw%d" % (d, n), noise(n, n))
        put("%s/zero%d" % (d, n), bytes(n))
        put("%s/ones%d" % (d, n), b"\xff" * n)
    # a block that barely shrinks
    for n in (20, 40, 60, 80, 200, 400):
        put("%s/barely%d" % (d, n), noise(P - n, n) + bytes(n) + noise(50, n))


@tree
def holes(d):
    """Blocks of zeros, first, in the middle, last, all of them; exact and cut ends; in runs."""
    pieces = {"z": bytes(P), "t": text(P, "hole"), "r": noise(P, "hole"), "e": bytes(77), "u": text(77, "u")}
    for word in ("z", "zz", "zt", "tz", "ztz", "tzt", "zrz", "rzr", "zzt", "tzz", "rzz", "zzr", "te", "re", "ze", "zu",
                 "tze", "rze", "tzu", "rzu", "zze", "zzzzzzzzu", "tzzzzzzz", "zrtzrtzz", "rrz", "rztzrtz", "zeroes"):
        data = b"".join(pieces.get(c, b"-") for c in word)
        put("%s/%s" % (d, word), data)
    for word in ("rzr", "rzzr", "rzzu", "rze", "rz", "tzt", "tzzz", "tzzze"):
        data = b"".join(pieces[c] for c in word)
        size = len(data)
        put("%s/run-%s" % (d, word), elf(size, [(R | X, 0, size)], body=data), 0o755)
        put("%s/run-%s.part" % (d, word), elf(size, [(R | X, 0, P), (R | W, P, size - P)], body=data), 0o755)


@tree
def shared(d):
    """Blocks that files have in common, in odd orders."""
    a, b, c = text(P, "A"), noise(P, "B"), text(P, "C")
    r, z, t = noise(P, "R"), bytes(P), text(999, "T")
    kinds = {"a": a, "b": b, "c": c, "r": r, "z": z, "t": t}
    for word in ("aabb", "abab", "ba", "cab", "azb", "bza", "abcabc", "cba", "rrrr", "rara", "bbb", "aaa", "zazaz",
                 "rbrb", "abct", "cat", "bat", "rat", "t", "at", "tt", "abcr", "rcba", "acacac", "bcbc", "aazzaa",
                 "zb", "zzb", "abzzba", "crcr", "brbrt"):
        put("%s/%s" % (d, word), b"".join(kinds[k] for k in word))
    rnd = random.Random(5)
    for n in range(40):
        word = [rnd.choice("abcrz") for _ in range(rnd.randrange(1, 12))] + [rnd.choice(["t", ""])]
        put("%s/mixed/%02d" % (d, n), b"".join(kinds[k] for k in word if k))
    # runs over the same pages, and a plain file of a run's pages
    body = noise(4 * P, "shared run")
    for n in range(3):
        size = 4 * P - 5 * n
        put("%s/run%d" % (d, n), elf(size, [(R | X, 0, 3 * P), (R | W, 3 * P, size - 3 * P)], body=body[:size]), 0o755)
    put(d + "/pages-of-run", body[P:3 * P] + a + body[2 * P:3 * P])
    put(d + "/same-text-other-data", elf(5 * P, [(R | X, 0, 3 * P), (R | W, 3 * P, 2 * P)], body=body[:3 * P] + text(2 * P, "d")), 0o755)


@tree
def midrun(d):
    """Runs within a file: every kind of block before and after; several runs; runs that touch."""
    kinds = {"t": lambda s: text(P, s), "r": lambda s: noise(P, s), "z": lambda s: bytes(P),
             "T": lambda s: text(1234, s), "R": lambda s: noise(1234, s), "Z": lambda s: bytes(1234),
             "a": lambda s: text(P, "same"), "b": lambda s: noise(P, "same")}

    def make(name, before, run, after, **more):
        words = before + run + after
        data = b"".join(kinds[k]("%s%d" % (name, n) if k not in "ab" else 0) for n, k in enumerate(words))
        off = P * len(before)
        segments = [(R, 0, min(off, 200))] if before else []
        segments.append((R | X, off, P * len(run)))
        if after:
            segments.append((R | W, off + P * len(run), len(data) - off - P * len(run)))
        put("%s/%s" % (d, name), elf(len(data), segments, body=data, **more), 0o755)

    for before in ("", "t", "r", "tt", "tz", "rr", "zz", "tr", "ab"):
        for after in ("", "t", "r", "z", "T", "R", "Z", "tT", "rR", "zr", "rz", "zzT", "rt", "tr", "rrtt", "ab", "aT", "bR"):
            make("%s_RR_%s" % (before or "0", after or "0"), before, "rr", after)
    make("text-run", "tt", "ttt", "rtz")
    make("zero-run", "t", "rzr", "t", kind=DYN)
    # read-only, executable, read-only, as linkers lay them now; touching and apart
    for gap in (0, 1, 2):
        step = (2 + gap) * P
        size = 4 * step + 500
        put("%s/four-gap%d" % (d, gap), elf(size, [(R, 0, 2 * P), (R | X, step, 2 * P), (R, 2 * step, 2 * P - 9),
                                                   (R | W, 3 * step, size - 3 * step)], seed=gap, kind=DYN), 0o755)
        put("%s/four-gap%d.text" % (d, gap), elf(size, [(R, 0, 2 * P), (R | X, step, 2 * P), (R, 2 * step, 2 * P - 9),
                                                        (R | W, 3 * step, size - 3 * step)], seed=gap, body=text), 0o755)
    # segments that share a page, one within another, and one that begins within a page
    put(d + "/overlap", elf(6 * P, [(R, 0, P + 100), (R | X, P + 100, 2 * P), (R, 2 * P, 3 * P), (R | W, 5 * P, P)]), 0o755)
    put(d + "/unaligned-start", elf(6 * P + 9, [(R | X, 1000, 3 * P + 5), (R | W, 4 * P + 100, 900)]), 0o755)
    put(d + "/last-only", elf(3 * P + 9, [(R | W, 0, 2 * P), (R | X, 2 * P, P + 9)]), 0o755)
    put(d + "/last-only-exact", elf(3 * P, [(R | W, 0, 2 * P), (R | X, 2 * P, P)]), 0o755)
    put(d + "/behind-run-exact", elf(4 * P, [(R | X, 0, 2 * P), (R | W, 2 * P, 2 * P)]), 0o755)
    put(d + "/all-writable", elf(2 * P + 5, [(R | W | X, 0, 2 * P + 5)]), 0o755)
    put(d + "/short-exec", elf(200, [(R | X, 0, 200)]), 0o755)
    put(d + "/anchor", elf(P, [(R | X, 0, P)]), 0o755)


@tree
def damaged(d):
    """ELF headers that lie: data like any other."""
    good = elf(3 * P + 50, [(R | X, 0, 3 * P + 50)], seed="damaged")
    put(d + "/good", good, 0o755)
    for n in (4, 16, 20, 51, 52, 60, 83, 84, P):
        put("%s/cut%d" % (d, n), good[:n], 0o755)
    patch = lambda at, data: good[:at] + data + good[at + len(data):]
    # where things are in the headers, which have 32-bit or 64-bit words
    word = target.BITS // 8
    phoff, shoff, ends = 24 + word, 24 + 2 * word, 24 + 3 * word
    offset = target.EHDR.size + word
    for name, data in (("phoff", patch(phoff, b"\xff" * word)), ("phnum", patch(ends + 8, b"\xff\xff")),
                       ("phentsize", patch(ends + 6, target.half(1))), ("class", patch(4, b"\7")),
                       ("order", patch(5, bytes([3 - good[5]]))), ("offset", patch(offset, target.word(0x80000000))),
                       ("filesz", patch(offset + 3 * word, target.word(0x7fffffff))), ("wraps", patch(offset, b"\xff" * 4 * word)),
                       ("shoff", patch(shoff, target.word(0xfffffff0) + bytes(4) + b"".join(
                           target.half(n) for n in (target.EHDR.size, target.PHDR.size, 1, target.SHDR.size, 0xffff, 0xffff)))),
                       ("type", patch(16, target.half(4))), ("offset-odd", patch(offset, target.word(1)))):
        put("%s/bad-%s" % (d, name), data, 0o755)


@tree
def nodes(d):
    """Devices, FIFOs, sockets; every permission bit; owners at their limits."""
    for major, minor in ((0, 0), (0, 255), (1, 3), (5, 1), (255, 0), (255, 255), (10, 200)):
        for kind, letter in ((stat.S_IFCHR, "c"), (stat.S_IFBLK, "b")):
            path = "%s/dev/%s%d-%d" % (d, letter, major, minor)
            os.makedirs(d + "/dev", exist_ok=True)
            os.mknod(path, kind | 0o600, os.makedev(major, minor))
            own(path, 0o660, 0, 6)
    os.mkfifo(d + "/fifo")
    own(d + "/fifo", 0o622, 3, 4)
    here = os.getcwd()
    os.chdir(d)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as s:
        s.bind("socket")
    os.chdir(here)
    own(d + "/socket", 0o755, 65535, 255)
    for mode in (0, 0o1, 0o111, 0o400, 0o644, 0o700, 0o1777, 0o2755, 0o4755, 0o6755, 0o7777, 0o7000):
        put("%s/mode%04o" % (d, mode), b"mode", mode)
        put("%s/empty%04o" % (d, mode), b"", mode)
        os.mkdir("%s/dir%04o" % (d, mode))
        own("%s/dir%04o" % (d, mode), mode)
    for n, (uid, gid) in enumerate(((65535, 255), (65535, 0), (0, 255), (1000, 100), (255, 1), (256, 2), (32768, 128))):
        put("%s/owner/%d" % (d, n), b"owned", 0o640, uid, gid)
        put("%s/owner/empty%d" % (d, n), b"", 0o640, uid, gid)
        os.symlink("owned", "%s/owner/link%d" % (d, n))
        own("%s/owner/link%d" % (d, n), 0, uid, gid)
        os.mkdir("%s/owner/dir%d" % (d, n))
        own("%s/owner/dir%d" % (d, n), 0o750, uid, gid)
    own(d, 0o700, 65535, 255)


@tree
def links(d):
    """Symbolic links of every awkward length, with any bytes."""
    os.mkdir(d + "/l")
    for n in (1, 2, 3, 4, 5, 7, 8, 9, 59, 60, 61, 255, 256, 1023, 1024, 2048, 4085, 4094, 4095):
        for kind, byte in (("text", lambda i: 97 + i % 26), ("raw", lambda i: 1 + noise_byte(i))):
            target = bytes(byte(i) for i in range(n))
            try:
                os.symlink(target, "%s/l/%s%d" % (d, kind, n))
            except OSError as e:  # some file systems end at 1023
                print("%s-byte link target: %s" % (n, e.strerror), file=sys.stderr)
    os.symlink("/", d + "/l/root")
    os.symlink("..", d + "/l/up")
    os.symlink("l/root", d + "/dangling")
    os.symlink(b"\xc3\xa4\xff\xfe \n%", d + "/bytes")


def noise_byte(i):
    return (i * 2654435761 >> 7) % 255


@tree
def names(d):
    """Every byte in a name, every length, prefixes, and the order of unsigned bytes."""
    b = os.fsencode(d)
    for c in range(1, 256):
        if c not in (0x2F, 0x2E):
            put(b + b"/" + bytes([c]), bytes([c]) * (c % 7))
            put(b + b"/x" + bytes([c]) + b"y", b"")
    for n in list(range(1, 30)) + [61, 62, 63, 64, 65, 127, 128, 129, 249, 250, 251, 252]:
        put(b + b"/length/" + b"n" * n, text(n, n))
        put(b + b"/length/" + b"\xff" * n, b"")
    for name in ("ÄÖÜ", "日本語", "a b", "new\nline", "%41", "...", "..a", ".hidden", "A", "B", "Z", "a.b", "a-b", "a_b", "ab", "aB"):
        put(b + b"/words/" + name.encode(), name.encode())
    put(b + b"/" + "prog-\u00e9\xff".encode() + b"\xff", elf(2 * P + 10, [(R | X, 0, 2 * P + 10)]), 0o755)
    put(b + b"/with space", elf(2 * P + 20, [(R | X, 0, 2 * P + 20)]), 0o755)


@tree
def dirs(d):
    """Many entries, deep directories, empty ones, one of long names only."""
    for n in range(900):
        put("%s/many/file-%04d-%s" % (d, n, "x" * (n % 19)), b"" if n % 3 else b"%d" % n)
    for n in range(60):
        put("%s/long/%03d%s" % (d, n, "l" * 249), b"long %d" % n)
    path = d + "/deep"
    for n in range(120):
        path += "/d%d" % (n % 10)
    os.makedirs(path)
    put(path + "/bottom", b"here")
    for n in range(20):
        os.makedirs("%s/empty/%d" % (d, n))
    for n in range(30):
        os.makedirs("%s/nest/%d/a/b" % (d, n))
        put("%s/nest/%d/a/f" % (d, n), b"f" * n)


@tree
def big(d):
    """The longest file, and a long run."""
    line = text(1 << 20, "big")
    # without an MMU a mapping is one piece of RAM, of 4 MiB at most
    put(d + "/longest", (line * 16)[:(1 << (22 if target.NO_MMU else 24)) - 1])
    pages = min(300, (14 << 20) // P)
    put(d + "/run", elf(pages * P + 5, [(R | X, 0, (pages - 50) * P), (R | W, (pages - 50) * P, 50 * P + 5)], seed="big"), 0o755)


@tree
def exact_end(d):
    """The image ends with an exact-tail file: what follows the run is the end of the image."""
    put(d + "/only", elf(2 * P, [(R | X, 0, 2 * P)], seed="end"), 0o755)


@tree
def one_byte(d):
    """The smallest image with contents."""
    put(d + "/f", b"x")


def compiled(d, cross):
    """Real ELF files, grown to sizes around the page; stripped or not; what must not be in place."""
    source = d + "/source.c"
    with open(source, "w") as f:
        f.write("const char table[20000] = {1,2,3};\nint data[3000] = {4};\nint bss[500];\n"
                "int f(int n) { return n ? f(n - 1) + table[n] + data[n] : bss[0]; }\nvoid _start(void) { for (;;) f(3); }\n")
    gcc = [cross + "gcc", "-O1", "-nostdlib", "-Wl,--build-id=none,-e,_start", source, "-o"]
    subprocess.run(gcc + [d + "/static", "-static"], check=True)
    subprocess.run(gcc + [d + "/pie", "-pie", "-fPIE"], check=True)
    subprocess.run(gcc + [d + "/lib.so", "-shared", "-fPIC"], check=True)
    subprocess.run(gcc + [d + "/packed", "-static", "-Wl,-z,noseparate-code"], check=True)
    subprocess.run(gcc + [d + "/apart", "-static", "-Wl,-z,separate-code"], check=True)
    subprocess.run(gcc + [d + "/object.o", "-c", "-g"], check=True)
    subprocess.run(gcc + [d + "/with-debug", "-static", "-g"], check=True)
    os.makedirs(d + "/usr/lib/debug")
    subprocess.run([cross + "objcopy", "--only-keep-debug", d + "/with-debug", d + "/usr/lib/debug/with-debug.debug"], check=True)
    subprocess.run([cross + "objcopy", "--only-keep-debug", d + "/with-debug", d + "/elsewhere.debug"], check=True)
    for name in ("static", "pie", "lib.so"):
        subprocess.run([cross + "strip", "-o", d + "/stripped-" + name, d + "/" + name], check=True)
        with open(d + "/stripped-" + name, "rb") as f:
            data = f.read()
        pages = -(-len(data) // P) * P
        for extra in (-1, 0, 1):
            size = pages + extra
            put("%s/grown/%s%+d" % (d, name, extra), (data + bytes(2 * P))[:size] if size >= len(data) else data + bytes(size + P - len(data)), 0o755)
            # cut down to a text that ends the file: the header says less than before
            put("%s/noise/%s%+d" % (d, name, extra), data + noise(pages + P + extra - len(data), name), 0o755)


def last_entry(d, end):
    """The last 264 bytes: empty files only, all entries end at image offset `end` (76 is the first)."""
    room = end - 76 - 16  # the last one, /z, takes 16; the smallest entry there is
    n = 0
    while room:
        size = room if room <= 264 else 128
        put("%s/a%03d%s" % (d, n, "x" * (size - 12 - 4)), b"")
        room -= size
        n += 1
    put(d + "/z", b"")


def main():
    top = sys.argv[1]
    only = os.environ.get("CRX_KERNEL_EDGES", "").split()

    def make(name, function, *args):
        if not only or name in only:
            os.makedirs("%s/%s" % (top, name))
            function("%s/%s" % (top, name), *args)
            print(name)

    os.umask(0o22)
    for function in trees:
        make(function.__name__, function)
    if len(sys.argv) > 2:
        make("compiled", compiled, sys.argv[2])
    # last entries whose 264 bytes end around the page, at the page, and in the next one
    for end in [76 + 48] + [P + n for n in (-512, -268, -264, -260, -256, -252, -248, -244, -240, -196, -100, -16, -12, -8, -4, 0, 4, 8,
                                            16, 264)]:
        make("last%04d" % end, last_entry, end)


if __name__ == "__main__":
    main()
