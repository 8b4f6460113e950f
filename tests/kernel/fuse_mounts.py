#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Each image mounted twice: by the kernel and by cramfs-xip-fuse.

fuse_mounts.py jobs OUT IMAGE...   OUT comes from differ: IMAGEs are added to its bank, and the jobs
                                   become those of both mounts
fuse_mounts.py judge OUT LOG       prints "pass TEXT" or "fail TEXT" for each verdict, and "note TEXT"
                                   lines after a failure
"""
import collections
import itertools
import os
import re
import sys

from differ_compare import verdict

PAGE = 4096
ERROR = "Input/output%20error"
# What the kernel refuses and the program mounts: an incomplete image, and one of the other byte order.
MORE = ("unable%20to%20get%20direct%20memory%20access", "wrong%20endianness")

# what must have been seen, or the images have lost their point
WANTED = [("refused", False), ("fails", "D", "5"), ("fails", "N", "2"), ("fails", "N", "5"), ("fails", "N", "40"),
          ("fails", "T", "5"), ("fails", "R")]


def jobs(out, images):
    lines, extra = [], "extra"
    with open(os.path.join(out, "jobs"), encoding="ascii") as f:
        for line in f:
            kind, *field = line.split()
            if kind == "extra":
                extra = line.strip()
            elif kind == "image":
                lines.append((extra, *field))
    with open(os.path.join(out, "bank"), "ab") as bank:
        for path in images:
            start = bank.tell()
            with open(path, "rb") as f:
                data = f.read()
            bank.write(data + b"\xff" * (-len(data) % PAGE))
            lines.append(("extra absent", os.path.basename(path), hex(start), hex(len(data))))
    with open(os.path.join(out, "jobs"), "w", encoding="ascii") as f:
        for names, name, start, size in lines:
            print(names, "image %s %s %s" % (name, start, size), names, "fuse %s@fuse %s %s" % (name, start, size), sep="\n", file=f)


def read_log(path):
    """{name: [line...]}, and lines that belong to none."""
    table, stray, at = collections.OrderedDict(), [], None
    with open(path, encoding="ascii", errors="replace") as f:
        for line in f:
            line = line.rstrip("\r\n")
            if line.startswith("B "):
                at = table.setdefault(line.split(" ")[1], [])
            if at is not None and re.match(r"[BQFDNATRUEK]( |$)", line):
                at.append(line)
            elif at is not None and line not in ("", "END"):
                stray.append(line)
    return table, stray


def is_page(word):
    return re.fullmatch(r"([0-9a-f]{8}|zero)\+?", word)


def plain(line):
    """A line without what must differ: the type of the file system, and words of the kernel's log."""
    kind, *field = line.split(" ")
    if kind == "F":
        field[0] = "-"
    if kind == "R":
        field = [w if is_page(w) else ERROR for w in field]
    return " ".join([kind] + field)


def body(lines):
    return [plain(line) for line in lines if line[0] not in "BQK"]


def judge(out, path):
    table, stray = read_log(path)
    seen = collections.Counter()
    by_class = collections.defaultdict(list)
    with open(os.path.join(out, "jobs"), encoding="ascii") as f:
        names = [line.split()[1] for line in f if line.startswith("image ")]
    for name in names:
        kernel, fuse = table.get(name), table.get(name + "@fuse")
        found = by_class[re.split("[-@]", name)[0]]
        if not kernel or not fuse:
            found.append("%s: the board never came to it" % name)
            continue
        mounted = [lines[0].split(" ")[2] == "mounted" for lines in (kernel, fuse)]
        reason = kernel[1].split(" ")[1]
        seen["refused", mounted[0]] += 1
        if not mounted[0] and reason in MORE:
            continue
        if mounted[0] != mounted[1]:
            found.append("%s: the kernel: %s (%s), FUSE: %s" % (name, kernel[0], reason, fuse[0]))
            continue
        for a, b in itertools.zip_longest(body(kernel), body(fuse), fillvalue="nothing"):
            count(a, seen)
            if a != b:
                found.append("%s: the kernel: '%s', FUSE: '%s'" % (name, a, b))
                break
    for group, faults in by_class.items():
        verdict("%s: both mounts are equal" % group, faults)
    never = [what for what in WANTED if not seen[what]]
    verdict("both mounts show %d listings, %d nodes, %d links and %d pages, and fail alike %d times" % (
        seen["D"], seen["N"], seen["T"], seen["page"], sum(n for k, n in seen.items() if k[0] == "fails")),
        ["%s never came" % (what,) for what in never])
    verdict("nothing but the probe speaks on the console", stray)


def count(line, seen):
    kind, *field = line.split(" ")
    seen[kind] += 1
    if kind == "D" and field[-1] != "0":
        seen["fails", "D", field[-1]] += 1
    if kind in "NT" and "error" in field[-2:-1]:
        seen["fails", kind, field[-1]] += 1
    if kind == "R":
        seen["page"] += len(field)
        seen["fails", "R"] += field.count(ERROR)


if __name__ == "__main__":
    if sys.argv[1] == "jobs":
        jobs(sys.argv[2], sys.argv[3:])
    else:
        judge(*sys.argv[2:])
