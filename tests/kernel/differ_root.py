#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Add the jobs of differ_probe for the image of a real root.

differ_root.py JOBS MAPS.JSON ROOT

JOBS comes from differ and contains the image of the root; more jobs are added.
"""
import json
import os
import sys

LOOP = "while read x; do echo $x; done"
PROGRAMS = [
    ["/bin/busybox", "cat"],
    ["/bin/busybox", "sh", "-c", LOOP],
    ["/bin/sh", "-c", LOOP],
    ["/bin/bash", "-c", LOOP],
    ["/bin/cat"],
    ["/bin/cat-more"],
    ["/usr/bin/perl", "-pe", "BEGIN { $| = 1 }"],
    # waits with its prompt
    ["/usr/bin/sqlite3", "-interactive", "-cmd", ".print hello"],
]


def escape(text):
    return "".join("%%%02x" % c if c <= 32 or c >= 127 or c == 37 else chr(c) for c in os.fsencode(text))


def main():
    jobs_path, maps_path, root = sys.argv[1:]
    with open(maps_path, encoding="utf-8", errors="surrogateescape") as f:
        maps = json.load(f)
    lines = []
    for entry in maps["files"]:
        for s in entry["segments"]:
            lines.append("segment %s %d %d %s\n" % (escape(entry["path"]), s["file_page"], s["pages"], s["flags"]))
    for program in PROGRAMS:
        if os.path.exists(root + program[0]):
            lines.append("start %s\n" % " ".join(escape(a) for a in program))
    with open(jobs_path, "a", encoding="ascii") as f:
        f.writelines(lines)


if __name__ == "__main__":
    main()
