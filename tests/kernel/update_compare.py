#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judge what update.sh left: which blocks of the flash changed, and what the board said.

update_compare.py WORK ERASE_SIZE

Prints a line for each verdict, "pass TEXT" or "fail TEXT", and "note TEXT" lines after a failure.
"""
import os
import re
import sys

from compare import verdict

REFUSALS = {
    "mtd0": r"apply-blocks.sh: /dev/mtd0: is mounted on /mnt, .*\(.*\)",
    "mtdblock0": r"apply-blocks.sh: /dev/mtd0: is mounted on /mnt, .*\(.*\)",
    "block-device": r"apply-blocks.sh: /dev/mtdblock0: is a block device \(.*",
    "half": r"apply-blocks.sh: /dev/mtd0: its erase blocks have %d bytes, those of the update %d \(.*--erase-size %d\)",
}


def lines(path):
    with open(path, encoding="ascii", errors="replace") as f:
        return [line.rstrip("\r\n") for line in f]


def blocks_of(update):
    """OFFSETs, as the update lists them"""
    with open(update, "rb") as f:
        head = f.read().split(b"\nend\n")[0].decode()
    return [int(line.split()[0]) for line in head.split("\nblocks ")[1].split("\n")[1:]]


def tasks(log):
    out, name = {}, None
    for line in lines(log):
        if line.startswith("T "):
            name = line[2:]
            out[name] = []
        elif name:
            out[name].append(line)
    return out


def changed(one, other, unit):
    with open(one, "rb") as f, open(other, "rb") as g:
        a, b = f.read(), g.read()
    return [at for at in range(0, max(len(a), len(b)), unit) if a[at:at + unit] != b[at:at + unit]]


def printed(said, what):
    found = (re.match(r"block \d+ of \d+ at (\d+): (.*)", line) for line in said)
    return [int(m.group(1)) for m in found if m and m.group(2) == what]


def refused(work, unit):
    said = tasks(os.path.join(work, "refuse.log"))
    for name, pattern in REFUSALS.items():
        if name == "half":
            pattern %= (unit, unit // 2, unit)
        text = said.get(name, [])
        good = len(text) >= 2 and re.fullmatch(pattern, text[0]) and text[1] == ("X 16" if name == "block-device" else "X 8")
        verdict("an update is refused: " + name, [] if good else text or ["the board did not come to it"])
    return said.get("dry-run", [])


def main():
    work, unit = sys.argv[1], int(sys.argv[2])
    listed = blocks_of(os.path.join(work, "update"))
    dry = refused(work, unit)
    faults = [] if printed(dry, "would be written") == listed and "X 0" in dry else dry
    verdict("--dry-run names the %d blocks" % len(listed), faults)
    said = lines(os.path.join(work, "whole.log"))
    faults = [] if printed(said, "erasing and writing") == listed and "X 0" in said else said
    verdict("the board says that it writes them, and no others", faults)
    got = changed(os.path.join(work, "old.bank"), os.path.join(work, "whole.bank"), unit)
    verdict("these blocks of the flash have changed, and no others", [] if got == sorted(listed) else ["%s instead of %s" % (got, listed)])
    new = os.path.join(work, "out", "img", "update.xip")
    with open(new, "rb") as f, open(os.path.join(work, "whole.bank"), "rb") as g:
        image = f.read()
        faults = [] if image == g.read(len(image)) else ["it differs"]
    verdict("the flash holds the new image", faults)


if __name__ == "__main__":
    main()
