# SPDX-License-Identifier: GPL-2.0-or-later
"""The trees whose reports are tested."""
import hashlib
import os
import sys

sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "roundtrip"))
import elf_file

HOSTILE = [b"<img src=x onerror=document.title='owned'>", b"</script><script>document.title='owned'<", b"<!--<script>", b"]]>&amp;&lt;",
           b"line\nbreak\ttab", b"quote\"'`${document.title='owned'}", b"back\\slash", b"latin\xe9\xff1", "sep\u2028arators\u2029".encode(),
           "over\u202egnp.exe".encode(), "\u00fcml\u00e4ut \U0001f40c".encode(), b"__proto__", b"constructor", b"\x7f\x1b[31m", b"a" * 252, "\ufeffbom".encode()]


def noise(n, seed):
    out = b""
    while len(out) < n:
        out += hashlib.sha256(b"%d %d" % (seed, len(out))).digest()
    return out[:n]


def write(root, path, data, mode=0o644):
    path = os.path.join(os.fsencode(root), path if isinstance(path, bytes) else os.fsencode(path))
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    os.chmod(path, mode)


def program():
    """A program whose larger part is mapped, whatever compiler and options made the tools."""
    page, noise = 4096, b"".join(hashlib.sha256(b"%d" % i).digest() for i in range(60 * 128))
    body = bytearray(noise[:50 * page] + b"debugging information, never mapped\n" * 600)
    r, w, x = elf_file.R, elf_file.W, elf_file.X
    loads = [(0, 0, 5 * page - 9, 5 * page - 9, r), (5 * page, 5 * page, 40 * page + 77, 40 * page + 77, r | x),
             (46 * page + 16, 47 * page + 16, 3 * page, 5 * page, r | w)]
    return elf_file.make(64, "<", 183, elf_file.ET_EXEC, loads, body)


def usual_root(root):
    program_ = program()
    write(root, "bin/program", program_, 0o755)
    write(root, "lib/second", program_ + b"more", 0o755)
    write(root, "lib/third/program-again", program_, 0o755)
    write(root, "etc/text", b"".join(b"%d squared is %d\n" % (i, i * i) for i in range(20000)))
    write(root, "etc/noise", noise(70000, 1))
    write(root, "etc/holes", b"begin" + bytes(40000) + b"end")
    write(root, "etc/twin", noise(8192, 2) + b"a" * 5000)
    write(root, "etc/other-twin", noise(8192, 2) + b"b" * 5000)
    write(root, "etc/empty", b"")
    os.symlink("etc/text", os.path.join(root, "link"))
    os.mkfifo(os.path.join(root, "fifo"))


PACKAGES = ["tools", HOSTILE[0].decode(), "gone", "</script><b>x</b>"]


def packages_root(root):
    """A file that two packages have, blocks that they share, files of none, packages without any."""
    usual_root(root)
    files = ("F:bin\nR:program\nF:etc\nR:twin\nR:text\n", "F:etc\nR:other-twin\nR:text\nR:missing\n", "F:opt\nR:gone\n", "F:lib\nR:second\n")
    write(root, "lib/apk/db/installed", "".join("P:%s\nV:1.%d\n%s\n" % (name, i, text) for i, (name, text) in enumerate(zip(PACKAGES, files))).encode())


def crowd_root(root):
    usual_root(root)
    for i in range(5000):
        write(root, "srv/%02d/file-%04d" % (i % 50, i), noise(50 + i % 900, i) + b"x" * (i % 5000))


def hostile_root(root):
    for i, name in enumerate(HOSTILE):
        write(root, name, b"%d\n" % i * 50)
        os.symlink(name, os.path.join(os.fsencode(root), b"link%d" % i))
    write(root, b"<b>dir</b>/" + HOSTILE[0], b"below")
    write(root, b"<u>program", program(), 0o755)


LONG = "this-is-a-very-long-name-" * 8
LONG_NAMES = [LONG[:192] + "-one.so.6", LONG[:192] + "-two.so.7", "W" * 190 + ".conf", "i" * 190 + ".ini",
              "/".join("directory-%d" % i for i in range(30)) + "/libc.so.6", "\u76ee\u5f55/" * 9 + "\u6587\u4ef6" * 30 + ".so.6",
              "\u03ad\u03bd\u03b1-" * 20 + ".txt", "\u05e9\u05dd-" * 30 + ".txt", "\u0627\u0633\u0645-" * 24 + ".so.6",
              "e\u0323\u0301" * 40 + "x\u0302.so.1", "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 12 + ".so"]


def long_root(root):
    for i, name in enumerate(LONG_NAMES):
        write(root, name, noise(9000 - i, i))
    os.symlink("../" + "very/long/target/" * 10 + "end.so.6", os.path.join(root, "link-with-a-long-target"))
