#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare two boots of the same root that boot_measure.sh has measured: a table.

boot_table.py COMPRESSED IN-PLACE

Each is a directory with image and boot.log. Exit status 1: the same work did not
give the same output.
"""
import json
import os
import sys

# what boot_measure.sh calls them
TASKS = [
    ("busybox, 20 programs", ["applets"]),
    ("C++, exceptions, dlopen, threads", ["program"]),
    ("openssl, digests and a cipher", ["digests", "ciphers"]),
]
MIB = 1 << 20
PAGE = 4096


class Task:
    def __init__(self):
        self.lines = []
        self.status = None
        self.instructions = 0


class Boot:
    def __init__(self, path):
        self.image = os.path.getsize(os.path.join(path, "image"))
        self.tasks = self.read(os.path.join(path, "boot.log"))
        self.memory = {words[0].rstrip(":"): int(words[1]) * 1024 for words in map(str.split, self.tasks["memory"].lines)}
        totals = json.loads("\n".join(self.tasks["maps"].lines))["totals"]
        self.flash, self.ram = totals["flash"], totals["ram"]

    @staticmethod
    def read(path):
        tasks, at = {}, None
        with open(path, encoding="utf-8", errors="replace", newline="\n") as f:
            for line in f:
                line = line.rstrip("\r\n")
                if line.startswith("T "):
                    at = tasks.setdefault(line[2:], Task())
                elif at and line.startswith("X "):
                    at.status = int(line[2:])
                elif at and line.startswith("I "):
                    at.instructions = int(line[2:])
                elif at and at.status is None:
                    at.lines.append(line)
        return tasks

    def instructions(self, names):
        """None, if they did not run or failed."""
        tasks = [self.tasks.get(name) for name in names]
        if any(t is None or t.status != 0 for t in tasks):
            return None
        return sum(t.instructions for t in tasks)


def differences(a, b):
    """Tasks that did not do the same in both boots."""
    return [name for name in sorted(a.tasks.keys() | b.tasks.keys()) if name not in ("memory", "maps") and (
        name not in a.tasks or name not in b.tasks or
        (a.tasks[name].lines, a.tasks[name].status) != (b.tasks[name].lines, b.tasks[name].status))]


def mib(n, sign=""):
    return f"{n / MIB:{sign},.1f} MiB"


def pages(n, sign=""):
    return f"{n:{sign},}"


def million(n, sign=""):
    return f"{n / 1e6:{sign},.1f} million"


def row(what, unit, a, b):
    return [what, unit(a), unit(b), unit(b - a, "+")]


def table(a, b):
    rows = [
        ["", "compressed", "in place", "difference"],
        row("image in flash", mib, a.image, b.image),
        row("pages of running programs: in flash", pages, a.flash, b.flash),
        row("... in RAM", pages, a.ram, b.ram),
        row("RAM: Cached", mib, a.memory["Cached"], b.memory["Cached"]),
        row("RAM: MemFree", mib, a.memory["MemFree"], b.memory["MemFree"]),
    ]
    first, again = [0, 0], [0, 0]
    for what, names in TASKS:
        once = [boot.instructions(names) for boot in (a, b)]
        if None in once:
            print("not in this root, or not for it: " + what, file=sys.stderr)
            continue
        rows.append(row("instructions: " + what, million, *once))
        first = [x + y for x, y in zip(first, once)]
        again = [x + boot.instructions([name + " again" for name in names]) for x, boot in zip(again, (a, b))]
    rows.append(row("... all of it", million, *first))
    rows.append(row("... all of it a second time", million, *again))
    rows.append(row("the first time more than the second: reading, inflating", million, first[0] - again[0], first[1] - again[1]))
    return rows


def show(rows):
    widths = [max(len(r[i]) for r in rows) for i in range(4)]
    rows.insert(1, ["-" * widths[0]] + ["-" * (w - 1) + ":" for w in widths[1:]])
    for r in rows:
        print("| " + " | ".join([r[0].ljust(widths[0])] + [c.rjust(w) for c, w in zip(r[1:], widths[1:])]) + " |")


def main():
    a, b = Boot(sys.argv[1]), Boot(sys.argv[2])
    wrong = differences(a, b)
    if wrong:
        sys.exit("quickstart: not the same output in both boots: " + ", ".join(wrong))
    show(table(a, b))
    return 0


if __name__ == "__main__":
    sys.exit(main())
