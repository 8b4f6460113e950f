# SPDX-License-Identifier: GPL-2.0-or-later
"""The command lines whose calls and allocations fail, and what they read.

Needs MKCRAMFS_XIP, CRAMFSCK_XIP and DUMPCRAMFS_XIP.
"""
import os
import random
import shutil
import sqlite3
import struct
import subprocess
import sys
import zipfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "roundtrip"))
import elf_file

TOOL = {name: os.path.abspath(os.environ[name.upper().replace("-", "_")])
        for name in ("mkcramfs-xip", "cramfsck-xip", "dumpcramfs-xip")}
OLD = b"what was there before\n"


class Command:
    """A command line to run in a directory of its own, in which `old` exists: files, and whose copy
    each is (None: some text), and directories (their names end in a slash)."""

    def __init__(self, name, *argv, old=None, status=0, statuses=(8,), stdin=None, archive=False):
        self.name, self.argv, self.stdin, self.old = name, argv, stdin, old or {}
        self.status, self.statuses = status, statuses + (status,)  # without a fault; with or without
        self.archive = archive  # does it need libarchive?

    def arguments(self, jobs=1):
        """Of the program."""
        return ([] if self.argv[0] == "dumpcramfs-xip" else ["-j%d" % jobs]) + list(self.argv[1:])


OWNERS = ["--owners"] if os.geteuid() == 0 else []
COMMANDS = [
    Command("dir", "mkcramfs-xip", "-q", "-X", "../in/tree", "image", old={"image": None}),
    Command("dir-json", "mkcramfs-xip", "-q", "-x", "-N", "big", "--json", "json", "--sync", "../in/tree", "image", old={"image": None, "json": None}),
    Command("dir-policy", "mkcramfs-xip", "-q", "-P", "../in/policy", "--profile", "../in/profile", "--flash-budget", "40K",
            "--budget-curve", "curve.csv", "../in/tree", "image", old={"image": None}),
    Command("dir-new", "mkcramfs-xip", "-q", "-D", "../in/devices", "--exclude-from", "../in/patterns", "-i", "../in/policy", "-p",
            "--pad-to", "100K", "../in/tree", "image"),
    Command("stdout", "mkcramfs-xip", "-q", "../in/tree", "-"),
    Command("tar", "mkcramfs-xip", "-q", "-X", "../in/tree.tar.gz", "image", old={"image": None}, archive=True),
    Command("cpio-stdin", "mkcramfs-xip", "-q", "-x", "-", "image", old={"image": None}, stdin="tree.cpio", archive=True),
    Command("zip", "mkcramfs-xip", "-q", "../in/tree.zip", "image", old={"image": None}, archive=True),
    Command("mtree", "mkcramfs-xip", "-q", "../in/tree.mtree", "image", old={"image": None}),
    Command("overlay", "mkcramfs-xip", "-q", "--whiteouts", "--overlay", "../in/tree.tar", "../in/tree", "image", old={"image": None}, archive=True),
    Command("image", "mkcramfs-xip", "-q", "-X", "--sync", "../in/image", "image", old={"image": None}),
    Command("image-itself", "mkcramfs-xip", "-q", "-X", "-b", "8K", "--force", "image", "image", old={"image": "image"}),
    Command("image-stdin", "mkcramfs-xip", "-q", "-X", "-", "image", old={"image": None}, stdin="image"),
    # refused; and never replaced, whatever fails
    Command("archive-as-image", "mkcramfs-xip", "-q", "../in/tree", "image", old={"image": "tree.tar"}, status=8, archive=True),
    Command("json-is-image", "mkcramfs-xip", "--json", "./image", "../in/tree", "image", status=16),
    Command("json-in-source", "mkcramfs-xip", "--json", "tree/json", "tree", "image", old={"tree/": None}, status=16),
    Command("json-is-policy", "mkcramfs-xip", "--json", "policy", "-P", "policy", "../in/tree", "image", old={"policy": "policy"}, status=16),
    Command("policy-check", "mkcramfs-xip", "-q", "--policy-check", "../in/policy", "../in/tree"),
    Command("fsck", "cramfsck-xip", "-v", "../in/image"),
    Command("fsck-json", "cramfsck-xip", "--json", "json", "--offset", "auto", "../in/image", old={"json": None}),
    Command("fsck-bad", "cramfsck-xip", "../in/bad", status=4),
    Command("fsck-x", "cramfsck-xip", "-x", "x", "../in/image", statuses=(4, 8)),
    Command("fsck-x-existing", "cramfsck-xip", *OWNERS, "-x", "x", "../in/image", statuses=(4, 8), old={"x/": None}),
    Command("fsck-x-tar", "cramfsck-xip", "-x", "x.tar", "../in/image", statuses=(4, 8), old={"x.tar": None}, archive=True),
    Command("cat", "dumpcramfs-xip", "cat", "../in/image", "/bin/prog", "/text"),
    Command("dump-tar", "dumpcramfs-xip", "tar", "../in/image", archive=True),
    Command("maps", "dumpcramfs-xip", "maps", "../in/image"),
    Command("maps-no-mmu", "dumpcramfs-xip", "maps", "--no-mmu", "--ram", "1M", "../in/nommu"),
    Command("report", "dumpcramfs-xip", "report", "--html", "html", "../in/image", old={"html": None}),
    Command("packages", "dumpcramfs-xip", "packages", "--database", "../in/root", "--package-list", "../in/packages",
            "--manifest", "../in/manifest", "--pkgdata", "../in/pkgdata", "../in/image"),
    Command("layout", "dumpcramfs-xip", "layout", "../in/image"),
    Command("diff", "dumpcramfs-xip", "diff", "../in/image", "../in/image"),
    Command("diff-blocks", "dumpcramfs-xip", "diff", "--erase-size", "4K", "--blocks", "update", "../in/image", "../in/image", old={"update": None}),
    Command("diff-fail-if", "dumpcramfs-xip", "diff", "--fail-if", "size>64M,file>+1", "../in/image", "../in/image"),
    Command("against-itself", "mkcramfs-xip", "-q", "-X", "--against", "image", "--fail-if", "size>+1K", "../in/tree", "image", old={"image": "image"}),
    Command("against-json", "mkcramfs-xip", "-q", "-X", "--against", "../in/json", "--fail-if", "size>4K", "--json", "json", "../in/tree", "image",
            old={"image": None, "json": None}, status=1),
    Command("like-itself", "mkcramfs-xip", "-q", "-X", "--like", "image", "../in/tree", "image", old={"image": "image"}),
    Command("like-older", "mkcramfs-xip", "-q", "-X", "--like", "../in/older.img", "--erase-size", "4K", "--max-waste", "1", "--wipe",
            "../in/newer", "image", old={"image": None}),
]


# --- what the commands read ---

def program(seed):
    """An ELF program with code and data of some pages."""
    body = bytearray(0x5000)
    for i in range(len(body)):
        body[i] = (i * i // 7 + seed) & 0xff
    segments = [(0, 0x10000, 0x3000, 0x3000, elf_file.R | elf_file.X), (0x3000, 0x14000, 0x1800, 0x2000, elf_file.R | elf_file.W)]
    return elf_file.make(32, "<", 40, elf_file.ET_EXEC, segments, body)


def put(path, data, mode=0o644):
    with open(path, "wb") as f:
        f.write(data)
    os.chmod(path, mode)


def make_tree(top):
    for d in ("", "/bin", "/lib", "/lib/empty", "/etc"):
        os.mkdir(top + d)
        os.chmod(top + d, 0o755)
    put(top + "/bin/prog", program(1), 0o755)
    put(top + "/bin/setuid", program(2), 0o4755)
    put(top + "/lib/data", program(1)[:0x3000])
    put(top + "/etc/passwd", b"root:x:0:0::/:/bin/sh\nuser:x:7:8::/:/bin/sh\n")
    put(top + "/text", b"text " * 3000)
    put(top + "/holes", bytes(9000) + b"x")
    put(top + "/none", b"")
    os.link(top + "/text", top + "/lib/text")
    os.symlink("bin/prog", top + "/link")
    os.mkfifo(top + "/fifo", 0o600)


def make_update(top):
    """An image, and a tree that differs: gaps, a file that fits into none, a page in place."""
    rng = random.Random(7)
    for d in ("/older", "/newer"):
        os.mkdir(top + d)
        os.chmod(top + d, 0o755)
        os.mkdir(top + d + "/dir")
        os.chmod(top + d + "/dir", 0o755)
        put(top + d + "/prog", program(len(d)), 0o755)
    for i in range(48):
        data = rng.randbytes(300 + 10 * i)
        put(top + "/older/file%02d" % i, data)
        if i % 3:
            put(top + "/newer/file%02d" % i, data)
    put(top + "/newer/dir/large", rng.randbytes(5000))
    newer = bytearray(program(len("/older")))
    newer[0x1100] ^= 1
    put(top + "/newer/prog", newer, 0o755)
    run_plainly("mkcramfs-xip", "--quiet", "-q", "-X", "older", "older.img", cwd=top)


def run_plainly(*argv, cwd):
    subprocess.run([TOOL.get(argv[0], argv[0])] + list(argv[1:]), cwd=cwd, check=True,
                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def commands_for(names, inputs):
    """The commands of these names, or all, for which make_inputs() could make everything."""
    archives = os.path.exists(inputs + "/tree.tar")
    return [c for c in COMMANDS if (not names or c.name in names) and (archives or not c.archive)]


def make_inputs(top):
    os.mkdir(top)
    make_tree(top + "/tree")
    put(top + "/policy", b"/bin/** xip\n/lib/*.so compress\n/text store\n/** compress\n")
    put(top + "/profile", b"/bin/prog,0,7\n/bin/prog,4096,3\n/bin/setuid,8192,1\n")
    put(top + "/devices", b"/dev d 755 0 0 - - - - -\n/dev/null c 666 0 0 1 3 0 0 -\n")
    put(top + "/patterns", b"*.o\n/fifo\n")
    put(top + "/tree.mtree", b"#mtree\n. type=dir uid=1\nsub type=dir\nf type=file contents=tree/text\n..\n"
        b"prog type=file contents=tree/bin/prog mode=0755\nnull type=char device=native,1,3\n"
        b"l type=link link=sub/f\nowned type=dir uname=root\n")
    make_packages(top)
    make_update(top)
    image = ("mkcramfs-xip", "--quiet", "--json", "json", "-q", "-X", "-D", "devices", "--exclude", "/fifo", "tree", "image")
    run_plainly(*image, cwd=top)
    make_nommu(top)
    with open(top + "/image", "rb") as f:
        bad = bytearray(f.read())
    # a pointer of the last table leads nowhere
    bad[-1] ^= 0xff
    bad[600] ^= 0xff
    put(top + "/bad", bytes(bad))
    for name in ("tree.tar", "tree.tar.gz", "tree.cpio"):
        p = subprocess.run([TOOL["cramfsck-xip"], "--quiet", "-x", name, "image"], cwd=top, stderr=subprocess.PIPE)
        if p.returncode and b"without libarchive" not in p.stderr:
            raise RuntimeError(p.stderr)
    make_zip(top)


def make_nommu(top):
    """An image with a program that a kernel without an MMU starts."""
    fdpic = bytearray(program(3))
    fdpic[7] = 65  # its OSABI
    os.mkdir(top + "/fdpic")
    put(top + "/fdpic/prog", fdpic, 0o755)
    run_plainly("mkcramfs-xip", "--quiet", "-q", "-X", "--no-mmu", "fdpic", "nommu", cwd=top)


def make_packages(top):
    for d in ("/root/var/lib/dpkg/info", "/root/var/lib/dpkg/status.d", "/root/usr/lib/opkg/info", "/root/lib/apk/db",
              "/root/var/lib/rpm", "/pkgdata/runtime-reverse"):
        os.makedirs(top + d)
    put(top + "/root/var/lib/dpkg/status", b"Package: a\nVersion: 1\n")
    put(top + "/root/var/lib/dpkg/diversions", b"/etc/passwd\n/text\n:\n")
    put(top + "/root/var/lib/dpkg/info/a.list", b"/bin/prog\n/etc/passwd\n")
    put(top + "/root/var/lib/dpkg/status.d/e", b"Package: e\nVersion: 5\n")
    put(top + "/root/var/lib/dpkg/status.d/e.md5sums", b"0" * 32 + b"  bin/setuid\n")
    put(top + "/root/usr/lib/opkg/info/f.list", b"/bin/none\n")
    make_rpm(top + "/root/var/lib/rpm/rpmdb.sqlite")
    put(top + "/root/var/lib/rpm/rpmdb.sqlite-wal", b"")
    put(top + "/root/lib/apk/db/installed", b"P:b\nV:2\nF:lib\nR:data\n")
    put(top + "/packages", b"c,./text\n")
    put(top + "/manifest", b"d arm 3\n")
    put(top + "/pkgdata/runtime-reverse/d", b'FILES_INFO:d: {"/holes": 9001}\n')


def make_rpm(path):
    """The package g 6, with the file /none, in a row that is longer than a page."""
    tags = [(1000, 6, b"g\0"), (1001, 6, b"6\0"), (1116, 4, bytes(4)), (1117, 8, b"none\0"), (1118, 8, b"/\0"), (1004, 7, bytes(5000))]
    index, data = b"", b""
    for tag, kind, value in tags:
        index += struct.pack(">4I", tag, kind, len(data), 1)
        data += value + bytes(-len(value) % 4)
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
    db.execute("INSERT INTO 'Packages' (blob) VALUES (?)", (struct.pack(">2I", len(tags), len(data)) + index + data,))
    db.commit()
    db.close()


def make_zip(top):
    with zipfile.ZipFile(top + "/tree.zip", "w", zipfile.ZIP_DEFLATED) as z:
        for name in ("bin/prog", "text", "none"):
            z.write(top + "/tree/" + name, name)


# --- before each run ---

def prepare(command, inputs, where):
    """Make the directory where anew, as the command expects it. inputs: what make_inputs() made."""
    shutil.rmtree(where, ignore_errors=True)
    os.makedirs(where + "/tmp")
    for name, copy_of in command.old.items():
        if name.endswith("/"):
            os.mkdir(where + "/" + name)
        elif copy_of:
            shutil.copyfile(inputs + "/" + copy_of, where + "/" + name)
        else:
            put(where + "/" + name, OLD)
