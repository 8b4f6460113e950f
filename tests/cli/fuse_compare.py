#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare a mounted image, node by node, with what the reader of tests/roundtrip says of it.

fuse_compare.py can-mount DIR            may the user mount FUSE file systems on DIR? If not, says why
fuse_compare.py compare DIR IMAGE PAGE   prints every difference
fuse_compare.py damage IMAGE PAGE OUT    IMAGE with one bit changed in each fifth block
"""
import ctypes
import errno
import mmap
import os
import shutil
import signal
import stat
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "roundtrip"))
import cramfs_reader

EIO = -errno.EIO


def can_mount(where):
    if os.geteuid():
        sys.exit(not os.access("/dev/fuse", os.W_OK) and "no /dev/fuse" or not shutil.which("fusermount3") and "no fusermount3")
    libc = ctypes.CDLL(None, use_errno=True)
    fd = os.open("/dev/fuse", os.O_RDWR)
    options = b"fd=%d,rootmode=40000,user_id=0,group_id=0" % fd
    if libc.mount(b"probe", os.fsencode(where), b"fuse", 1, options):
        sys.exit(os.strerror(ctypes.get_errno()))
    # no request is answered, not even that for the end
    libc.umount2(os.fsencode(where), 2)


def load(path, page):
    with open(path, "rb") as f:
        return cramfs_reader.Image(f.read(), page)


def pages_of(image, entry):
    """Each page, or EIO."""
    for i in range(image.nblks(entry)):
        try:
            yield image.plain(entry, i)[:entry.size - i * image.page]
        except cramfs_reader.Broken:
            yield EIO


def stat_of(image, entry):
    kind = stat.S_IFMT(entry.mode)
    size = entry.size if kind in (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK) and entry.data else 0
    device = os.makedev(entry.size >> 8 & 0xFF, entry.size & 0xFF) if kind in (stat.S_IFCHR, stat.S_IFBLK) else 0
    mode = entry.mode | (0o555 if entry is image.root else 0)
    number = image.ino(entry) if size else entry.off + 1 if entry is not image.root else 1
    return number, mode, 1, entry.uid, entry.gid, size, (size + 511) // 512, device, 0, 0, 0


def is_stat(path):
    s = os.lstat(path)
    return s.st_ino, s.st_mode, s.st_nlink, s.st_uid, s.st_gid, s.st_size, s.st_blocks, s.st_rdev, s.st_atime, s.st_mtime, s.st_ctime


def attempt(call, *args):
    try:
        return call(*args)
    except OSError as e:
        return -e.errno


def read_pages(path, page, size):
    """Page by page, backwards, so that nothing is read ahead."""
    fd = os.open(path, os.O_RDONLY)
    got = [attempt(os.pread, fd, page, off) for off in reversed(range(0, size, page))]
    os.close(fd)
    return got[::-1]


def read_whole(path):
    """What comes before the first error, and whether there was one."""
    got = b""
    with open(path, "rb", buffering=0) as f:
        while True:
            part = attempt(f.read, 1 << 17)
            if not isinstance(part, bytes) or not part:
                return got, part != b""
            got += part


def read_mapped(path, page, size):
    """Each page of a mapping, in a child: what cannot be read is SIGBUS. (None: it died so.)"""
    fd = os.open(path, os.O_RDONLY)
    with mmap.mmap(fd, size, prot=mmap.PROT_READ) as m:
        os.close(fd)
        for off in range(0, size, page):
            back, to = os.pipe()
            child = os.fork()
            if not child:
                os.write(to, m[off:off + page][:4096])
                os._exit(0)
            os.close(to)
            with os.fdopen(back, "rb") as f:
                part = f.read()
            died = os.waitpid(child, 0)[1]
            yield EIO if died == signal.SIGBUS else part


def judge_file(path, entry, image, problem):
    want = list(pages_of(image, entry))
    if EIO not in want:
        whole, failed = read_whole(path)
        problem(path, "in one go", (whole, failed), (b"".join(want), False))
    for i, (got, right) in enumerate(zip(read_pages(path, image.page, entry.size), want)):
        problem(path, "page %d" % i, got, right)
    if EIO in want:
        whole, failed = read_whole(path)
        good = b"".join(want[:want.index(EIO)])
        # (the kernel's pages may be smaller)
        problem(path, "up to the first error", (whole[:len(good)], failed), (good, True))
        for i, got in enumerate(read_mapped(path, image.page, entry.size)):
            problem(path, "mapped page %d" % i, got, want[i] if want[i] == EIO else want[i][:4096])


def compare(top, image):
    found = []

    def problem(path, what, got, want):
        if got != want:
            found.append("%r: %s: %.100r should be %.100r" % (path, what, got, want))
    seen = errors = 0
    for entry in image.walk():
        path = os.path.join(os.fsencode(top), entry.path.lstrip(b"/"))
        seen += 1
        problem(path, "stat", is_stat(path), stat_of(image, entry))
        if stat.S_ISREG(entry.mode):
            judge_file(path, entry, image, problem)
            errors += EIO in pages_of(image, entry)
        elif stat.S_ISLNK(entry.mode):
            page = next(pages_of(image, entry))
            problem(path, "target", attempt(os.readlink, path), page)
        elif stat.S_ISDIR(entry.mode):
            with os.scandir(path) as listing:
                got = [(d.name, d.inode(), d.is_dir(follow_symlinks=False)) for d in listing]
            want = [(os.path.basename(e.path), stat_of(image, e)[0], stat.S_ISDIR(e.mode)) for e in image.list(entry)]
            problem(path, "listing", got, want)
            problem(path, "an absent name", attempt(os.lstat, path + b"/no such name"), -errno.ENOENT)
    fs = os.statvfs(top)
    problem(top, "statvfs", (fs.f_bsize, fs.f_blocks, fs.f_bfree, fs.f_files, fs.f_namemax),
            (image.page, image.blocks, 0, image.files, 252))
    print("\n".join(found[:20]) if found else "%d nodes are equal, %d of them have errors" % (seen, errors))
    return bool(found)


def damage(image, out):
    data, n, done = bytearray(image.data), 0, set()
    for entry in image.walk():
        for i in range(image.nblks(entry)) if stat.S_ISREG(entry.mode) or stat.S_ISLNK(entry.mode) else ():
            b = image.block(entry, i)
            if b.len and b.start not in done:
                done.add(b.start)
                n += 1
                data[b.start + b.len // 2] ^= 0x10 if n % 5 == 0 else 0
    with open(out, "wb") as f:
        f.write(data)


def main():
    if sys.argv[1] == "can-mount":
        return can_mount(sys.argv[2])
    if sys.argv[1] == "compare":
        return compare(sys.argv[2], load(sys.argv[3], int(sys.argv[4])))
    return damage(load(sys.argv[2], int(sys.argv[3])), sys.argv[4])


if __name__ == "__main__":
    sys.exit(main())
