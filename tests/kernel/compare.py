#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare what kernels showed of the images with what their sources say.

compare.py OUT LOG...        OUT: as images.py left it

Prints a line for each verdict, "pass TEXT" or "fail TEXT", and "note TEXT"
lines after a failure.
"""
import collections
import json
import os
import sys

from target import P as PAGE

NOTES = 8
RAM = 0x80000000  # of the machine without an MMU
WALK_PAGE = 4096  # the unit of the lines


class Heard:
    """What a kernel said of one image."""

    def __init__(self):
        self.steps, self.errors = [], []
        self.ended = False
        self.lines = {"N": {}, "D": {}, "R": {}, "M": {}}
        self.inode, self.statfs = {}, None
        self.segments, self.mappings, self.started, self.answers = {}, [], [], {}


def read_lines(path, table):
    """Lines of walk.h and of probe.c into table, by image; what is neither is returned."""
    h, node, stray = None, None, []
    with open(path, encoding="ascii", errors="replace") as f:
        for line in f:
            kind, *field = line.rstrip("\r\n").split(" ")
            if kind == "B" and len(field) == 3:
                h = table[field[0]]
                h.steps.append((field[1], int(field[2])))
            elif h and kind in ("N", "D", "R", "M", "I", "F", "S", "X", "V", "O", "K", "E"):
                if kind == "N":
                    node = field[0]
                take_line(h, node, kind, field, line)
            # (before the first image some kernels speak in spite of "quiet")
            elif h and line.strip() not in ("", "END"):
                stray.append(line.strip())
    return stray


def take_line(h, node, kind, field, line):
    if kind in "ND":
        h.lines[kind][field[0]] = field[1:]
    elif kind == "R":
        h.lines["R"][node] = field
    elif kind == "M":
        h.lines["M"][node] = h.lines["R"][node] if field == ["="] else field
    elif kind == "I":
        h.inode[node] = int(field[0])
    elif kind == "F":
        h.statfs = field
    elif kind == "S":
        h.segments[(field[0], int(field[1]), int(field[2]), field[3])] = field[4:]
    elif kind == "V":
        h.mappings.append(field)
    elif kind == "O":
        h.answers[field[0]] = field[1:]
    elif kind == "X":
        h.started.append(field)
    elif kind == "K":
        # of a mount from a block device: MTD is asked first
        if int(field[0]) <= 3 and "mount non-MTD device" not in line:
            h.errors.append("the kernel says: " + " ".join(field[1:]))
    elif kind == "E":
        h.ended = True


def verdict(what, faults):
    print(("fail " if faults else "pass ") + what)
    for f in faults[:NOTES]:
        print("note   " + f)
    if len(faults) > NOTES:
        print("note   ... and %d more" % (len(faults) - NOTES))


def differences(kind, want, got):
    out = []
    for path in want.keys() | got.keys():
        a, b = want.get(path), got.get(path)
        if a == b:
            continue
        if a is None or b is None:
            out.append("%s: %s" % (path, "is missing" if b is None else "is too much: " + " ".join(b)[:200]))
        elif kind in "RM":
            out.append("%s: %s" % (path, pages_that_differ(a, b)))
        else:
            out.append("%s: is '%s', should be '%s'" % (path, " ".join(b)[:200], " ".join(a)[:200]))
    return sorted(out)


def pages_that_differ(want, got):
    if len(want) != len(got):
        return "%d pages, should be %d" % (len(got), len(want))
    pages = [n for n in range(len(want)) if want[n] != got[n]]
    return "of %d pages differ: %s" % (len(want), ", ".join(
        "%d (is %s, should be %s)" % (n, got[n], want[n]) for n in pages[:4]) + (", ..." if len(pages) > 4 else ""))


def mount_faults(h, want, ours):
    faults = ["%s: errno %d" % s for s in h.steps if s[1]]
    if not h.steps:
        return ["the kernel never came to it"]
    if not h.ended:
        faults.append("it did not come to an end")
    faults += h.errors
    if h.statfs and ours:
        seen, blocks = set(), 0
        for path, node in want["N"].items():
            if node[0] in "fl" and h.inode.get(path) not in seen:
                seen.add(h.inode.get(path))
                blocks += -(-int(node[4]) // PAGE)
        expected = ["28cd3d45", str(PAGE), str(blocks), str(len(want["N"])), "252"]
        if h.statfs != expected:
            faults.append("statfs gives type, block size, blocks, files, name length %s, should be %s" % (h.statfs, expected))
    return faults


def inode_faults(h, want, image, ours):
    """Who is one inode: only equals; with sharing on, all equals; and as the builder reports it."""
    alike, by_inode, faults = collections.defaultdict(set), collections.defaultdict(set), []
    for path, node in want["N"].items():
        if path not in h.inode:
            continue
        # type, mode, owner, size, device, target; contents; and for directories the path: never one
        key = tuple(node) + tuple(want["R"].get(path, ())) + (() if node[0] in "fl" and node[4] != "0" else (path,))
        alike[key].add(h.inode[path])
        by_inode[h.inode[path]].add(key)
    for ino, keys in by_inode.items():
        if len(keys) > 1:
            paths = [p for p in h.inode if h.inode[p] == ino]
            faults.append("inode %d is one for different things: %s" % (ino, ", ".join(sorted(paths)[:4])))
    if ours and image["dedupe"]:
        for key, inodes in alike.items():
            if len(inodes) > 1:
                paths = [p for p in h.inode if h.inode[p] in inodes]
                faults.append("equal but not shared: " + ", ".join(sorted(paths)[:4]))
    for path, other in image["same_as"].items():
        if h.inode.get(path) != h.inode.get(other):
            faults.append("%s: reported as shared with %s, but inodes are %s and %s" % (path, other, h.inode.get(path), h.inode.get(other)))
    return faults


def promises(image, wanted):
    """{(path, page, pages, flags): [promised by the builder or None, wanted or None]}"""
    out = collections.defaultdict(lambda: [None, None])
    for which, table in ((0, image["segments"]), (1, wanted)):
        for path, segments in (table or {}).items():
            for page, pages, flags, in_place in segments:
                out[(path, page, pages, flags)][which] = in_place
    return out


def place_faults(h, want, image, wanted):
    faults, runs = [], []
    for key, (promised, ought) in promises(image, wanted).items():
        name = "%s: pages %d to %d (%s)" % (key[0], key[1], key[1] + key[2] - 1, key[3])
        got = h.segments.get(key)
        if not got:
            faults.append(name + ": the kernel did not come to it")
            continue
        in_flash = int(got[1])
        if image["segments"] is not None and promised != in_flash:
            faults.append("%s: %d in flash (%s), promised were %s" % (name, in_flash, got[0], promised))
        if wanted is not None and ought != in_flash:
            faults.append("%s: %d in flash (%s), possible are %s" % (name, in_flash, got[0], ought))
        units = PAGE // WALK_PAGE
        bytes_want = want["M"].get(key[0], [])[key[1] * units:(key[1] + key[2]) * units]
        # the rest of the file's last page
        bytes_want = bytes_want + ["zero"] * (key[2] * units - len(bytes_want))
        if got[3:] != bytes_want:
            faults.append("%s: %s" % (name, pages_that_differ(bytes_want, got[3:])))
        if in_flash:
            runs.append((int(got[2], 16), in_flash * PAGE, h.inode.get(key[0]), key))
    far = None  # of the runs so far, the one that reaches farthest
    for run in sorted(runs, key=lambda r: r[:2]):
        if far and far[0] + far[1] > run[0] and far[2] != run[2]:
            faults.append("%s and %s have pages of flash in common" % (far[3][0], run[3][0]))
        if not far or run[0] + run[1] > far[0] + far[1]:
            far = run
    return sorted(faults), sum(r[1] for r in runs) // PAGE, len(runs)


def running_faults(h, image, wanted):
    """The program's own mappings, made by the kernel's ELF loader and by ld.so."""
    faults, seen = [], set()
    if not h.started or h.started[0][2] != "started" or h.started[0][1] != "0":
        return ["it did not run: %s" % (h.started,)]
    for path, perms, page, pages, kind, in_flash in h.mappings:
        # with large pages, what RELRO made of data can be the same pages as the text, but not executable
        known = {(s[0], s[1]): s[3] for s in (wanted or {}).get(path, []) if "x" in perms or s[2] == perms[:3]}
        if kind == "pfn":
            ought = int(pages) if any(n == int(pages) for _, n in known) else None
        else:
            ought = known.get((int(page), int(pages)))
        if ought is None:
            if "x" in perms:
                faults.append("%s: a mapping of its text is not one of its segments: page %s, %s pages" % (path, page, pages))
            continue
        if "x" in perms:
            seen.add(path)
        if int(in_flash) != ought:
            faults.append("%s: %s page %s: %s of %s pages in flash, possible are %d" % (path, perms, page, in_flash, pages, ought))
    if not seen:
        faults.append("no text of it was found mapped")
    return faults


def answer_faults(h, image):
    """Flat binaries say where they run, and what their data is. Their text is in flash if its mapping is."""
    faults, in_flash = [], 0
    place = {key[0]: int(got[2], 16) for key, got in h.segments.items() if got[0] == "direct"}
    for path, (entry, total, length) in image["answers"].items():
        status, text = h.answers.get(path, ["none", ""])
        words = text.replace("%0a", "").split("%20")
        if status != "0" or len(words) != 5 or words[2:] != ["sum", str(total), str(length)]:
            faults.append("%s: says '%s' (%s), should be 'entry ADDRESS sum %d %d'" % (path, text, status, total, length))
            continue
        at = int(words[1], 16)
        if path in place and at != place[path] + entry:
            faults.append("%s: runs at %#x, in flash its entry is at %#x" % (path, at, place[path] + entry))
        if path not in place and at < RAM:
            faults.append("%s: runs at %#x, should be in RAM" % (path, at))
        in_flash += path in place
    return faults, in_flash


def maps_faults(h, image, plan):
    """dumpcramfs-xip maps, and the mappings of the kernel."""
    faults = []
    for path, page, pages, flags, in_place, offset in image["maps"]:
        got = h.segments.get((path, page, pages, flags))
        if not got:
            faults.append("%s page %d: the kernel did not come to it" % (path, page))
        elif int(got[1]) != in_place:
            faults.append("%s page %d: %s of %d in flash, maps says %d" % (path, page, got[1], pages, in_place))
        elif in_place and int(got[2], 16) != plan["bank_base"] + image["start"] + offset:
            faults.append("%s page %d: at %s, maps says %#x" % (path, page, got[2], plan["bank_base"] + image["start"] + offset))
    return faults


def judge(image, heard, plan, expect):
    name, ours = image["name"], not plan["foreign"]
    verdict(name + ": is built", [] if image["built"] else [image["message"] or "no image"])
    if not image["built"]:
        return
    h = heard[name]
    want = expect[image["expect"]].lines
    verdict(name + ": mounts", mount_faults(h, want, ours))
    verdict(name + ": has the nodes of its source", differences("N", want["N"], h.lines["N"]) + differences("D", want["D"], h.lines["D"]))
    verdict(name + ": read() gives the source's bytes", differences("R", want["R"], h.lines["R"]))
    verdict(name + ": mmap() gives the source's bytes", differences("M", want["M"], h.lines["M"]))
    verdict(name + ": equals, and only equals, are one inode", inode_faults(h, want, image, ours))
    wanted = image["segments"] if image["partial"] else plan["wanted"][image["tree"]]
    if image["xip"] and (wanted or image["segments"]):
        faults, pages, runs = place_faults(h, want, image, wanted)
        verdict("%s: pages in place are those promised and possible (%d pages, %d segments)" % (name, pages, runs), faults)
    if image["maps"]:
        verdict("%s: dumpcramfs-xip maps says so (%d segments)" % (name, len(image["maps"])), maps_faults(h, image, plan))
    if image["answers"]:
        faults, in_flash = answer_faults(h, image)
        if not in_flash and image["xip"] and not image["partial"]:
            faults.append("none runs in flash")
        verdict("%s: %d programs run, %d of them in flash" % (name, len(image["answers"]), in_flash), faults)
    if image["run"]:
        verdict(name + ": %s runs in place" % " ".join(image["run"]), running_faults(h, image, wanted))
    if image["block"]:
        b = heard[name + "@block"]
        verdict(name + ": is the same through a block device", mount_faults(b, want, ours) + [
            d for kind in "NDRM" for d in differences(kind, want[kind], b.lines[kind])])


def main():
    out = sys.argv[1]
    with open(os.path.join(out, "plan.json")) as f:
        plan = json.load(f)
    heard = collections.defaultdict(Heard)
    stray = []
    for log in sys.argv[2:]:
        stray += read_lines(log, heard)
    expect = {}
    for image in plan["images"]:
        if image["expect"] not in expect:
            lines = collections.defaultdict(Heard)
            read_lines(os.path.join(out, "expect", image["expect"]), lines)
            expect[image["expect"]] = lines["source"]
        judge(image, heard, plan, expect)
    verdict("nothing but the probe speaks on the console", stray)


if __name__ == "__main__":
    main()
