#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare what the kernel did with hostile images with what the model says.

differ_compare.py OUT LOG [--no-mmu] [--maps MAPS.JSON MAPS.TXT]

OUT comes from differ; MAPS, of the real root, from dumpcramfs-xip.
Prints a line for each verdict, "pass TEXT" or "fail TEXT", and "note TEXT"
lines after a failure.
"""
import argparse
import collections
import itertools
import json
import os
import re

NOTES = 12
# what must have been seen, or the images have lost their point
MOUNT = ["-", "empty%20filesystem", "wrong%20magic", "wrong%20endianness", "unsupported%20filesystem%20features",
         "root%20is%20not%20a%20directory", "bad%20root%20offset", "unable%20to%20get%20direct%20memory%20access"]
MAP = ["-", "vma%20is%20writable", "beyond%20file%20limit", "unsuitable%20block%20layout", "data%20is%20not%20page%20aligned",
       "no%20suitable%20block%20remaining", "last%20page%20is%20shared"]
READ = ["bad%20data%20blocksize", "error%20while%20decompressing", "zero"]
LOOKUP = {"2": "ENOENT", "5": "EIO", "40": "ELOOP"}
KIND = ["pfn", "mixed", "ram"]
# without an MMU: a mapping is in place as a whole, or a copy, or fails (EIO, ENODEV, EINVAL)
NO_MMU_MAP = ["-", "unsuitable%20block%20layout", "error 5", "error 19", "error 22"]
NO_MMU_KIND = ["direct", "ram", "error"]


def verdict(what, faults):
    print(("fail " if faults else "pass ") + what)
    for f in faults[:NOTES]:
        print("note   " + f[:400])
    if len(faults) > NOTES:
        print("note   ... and %d more" % (len(faults) - NOTES))


def images(path):
    """{name: [line...]} and lines that belong to none; the root's others by their kind."""
    table, other, stray, at = {}, collections.defaultdict(list), [], None
    with open(path, encoding="ascii", errors="replace") as f:
        for line in f:
            line = line.rstrip("\r\n")
            if line.startswith("B "):
                name = line.split(" ")[1]
                at = table.setdefault(name, [])
            if line[:2] in ("S ", "P ", "V ", "X "):
                other[line[0]].append(line.split(" ")[1:])
                if line[0] == "V":
                    other["V"][-1].insert(0, len(other["P"]) - 1)
            elif at is not None and re.match(r"[BQFDNTRMUEK]( |$)", line):
                at.append(line)
            # (before the first image some kernels speak in spite of "quiet")
            elif at is not None and line.strip() not in ("", "END"):
                stray.append(line)
    return table, other, stray


def count(lines, seen):
    for line in lines:
        kind, *field = line.split(" ")
        if kind == "B":
            seen["mounted" if field[1] == "mounted" else "refused"] += 1
        elif kind == "Q":
            seen["Q", field[0]] += 1
        elif kind == "D":
            seen["listings"] += 1
        elif kind == "N":
            seen["lookups"] += 1
            if field[1] == "error":
                seen["N", field[2]] += 1
        elif kind == "R":
            seen["pages"] += len(field)
            for page in field:
                seen["R", page] += page in READ
                seen["failing"] += page in READ[:2]
        elif kind == "M":
            seen["mappings"] += 1
            seen["M", " ".join(field[2:4]) if field[2] == "error" else field[5]] += 1
            seen[field[2]] += 1


def judge_images(out, table):
    expect, _, _ = images(os.path.join(out, "expect"))
    by_class, total = collections.defaultdict(list), collections.Counter()
    for name in expect:
        by_class[re.split("[-@]", name)[0]].append(name)
    for cls, names in by_class.items():
        faults, seen = [], collections.Counter()
        for name in names:
            count(expect[name], seen)
            got = table.get(name)
            if got is None:
                faults.append("%s: the kernel never came to it" % name)
            elif got != expect[name]:
                want, have = next(((a, b) for a, b in itertools.zip_longest(expect[name], got, fillvalue="nothing") if a != b))
                faults.append("%s: the model says '%s', the kernel '%s'" % (name, want, have))
        total.update(seen)
        verdict("%s: %d images, %d mount: %d listings, %d lookups, %d pages read (%d fail), %d mappings (%d wholly in place, %d mixed)" % (
            cls, len(names), seen["mounted"], seen["listings"], seen["lookups"], seen["pages"], seen["failing"], seen["mappings"],
            seen["pfn"] + seen["direct"], seen["mixed"]), faults)
    verdict("no other image came", ["%s" % n for n in table if n not in expect])
    return total


def judge_coverage(total, no_mmu):
    missing = []
    for kind, words in (("Q", MOUNT), ("M", NO_MMU_MAP if no_mmu else MAP), ("R", READ), ("N", list(LOOKUP))):
        missing += ["%s never came" % LOOKUP.get(w, w) for w in words if not total[kind, w]]
    missing += ["no mapping was of kind %s" % w for w in (NO_MMU_KIND if no_mmu else KIND) if not total[w]]
    verdict("each of the kernel's answers came", missing)


def escape(text):
    return "".join("%%%02x" % c if c <= 32 or c >= 127 or c == 37 else chr(c) for c in os.fsencode(text))


def judge_segments(maps, heard):
    faults, pages, n, reasons = [], 0, 0, collections.Counter()
    got = {tuple(f[:4]): f[4:] for f in heard["S"]}
    for entry in maps["files"]:
        for s in entry["segments"]:
            key = (escape(entry["path"]), str(s["file_page"]), str(s["pages"]), s["flags"])
            have = got.get(key)
            where = "%x" % s["offset"] if s["in_place"] else "-"
            if not have:
                faults.append("%s %s: the kernel did not come to it" % key[:2])
                continue
            n, pages = n + 1, pages + s["in_place"]
            if have[1:3] != [str(s["in_place"]), where]:
                faults.append("%s page %s: maps says %d in place at %s, the kernel %s at %s" % (key[0], key[1], s["in_place"], where, have[1], have[2]))
            rest = [g for g in s["groups"] if not g["in_place"]]
            if rest and rest[0]["kernels_words"]:
                reasons[rest[0]["reason"]] += 1
                if have[3] != escape(rest[0]["reason"]):
                    faults.append("%s page %s: maps says '%s', the kernel '%s'" % (key[0], key[1], rest[0]["reason"], have[3]))
    verdict("the segments of maps --json are as the kernel maps them (%d segments, %d pages in place, reasons: %s)" % (
        n, pages, ", ".join("%s %d" % r for r in sorted(reasons.items()))), faults or ([] if pages else ["nothing is in place"]))


def lines_of(path):
    """{inode: (path, [(start, end, perms, offset)...])} of maps --base, as text"""
    out = {}
    for line in open(path, encoding="utf-8", errors="surrogateescape"):
        m = re.match(r"  ([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]{8,}) 1f:\?\? (\d+) (.*?)(?:  # .*)?$", line.rstrip("\n"))
        if m:
            out.setdefault(m[5], (m[6], []))[1].append((int(m[1], 16), int(m[2], 16), m[3], m[4]))
    return out


def judge_programs(maps_text, heard):
    said = lines_of(maps_text)
    for n, program in enumerate(heard["P"]):
        faults, files, total = [], collections.defaultdict(list), 0
        if n >= len(heard["X"]) or heard["X"][n][1] != "ran":
            faults.append("it did not run: %s" % (heard["X"][n:n + 1],))
        for at, addresses, perms, off, inode, path in heard["V"]:
            if at == n and inode != "0":
                start, end = (int(a, 16) for a in addresses.split("-"))
                files[inode, path].append((start, end, perms, off))
        for (inode, path), have in files.items():
            name, want = said.get(inode, ("nothing", []))
            if escape(name) != path:
                faults.append("inode %s is %s, maps says %s" % (inode, path, name))
            # load addresses differ from run to run
            base = have[0][0] - (want[0][0] if want else 0)
            have = [(s - base, e - base, perms, off) for s, e, perms, off in have]
            total += len(have)
            if have != want:
                faults += ["%s: maps says '%s', the kernel '%s'" % (path, show(a), show(b))
                           for a, b in itertools.zip_longest(want, have) if a != b]
        verdict("maps --base says what /proc/PID/maps shows of %s (%d lines, %d files)" % (" ".join(program[:2]), total, len(files)),
                faults or ([] if len(files) > 1 else ["it maps no libraries"]))
    if len(heard["P"]) < 2:
        verdict("programs were started", ["only %d" % len(heard["P"])])


def show(line):
    return "%08x-%08x %s %s" % line if line else "nothing"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("out")
    p.add_argument("log")
    p.add_argument("--no-mmu", action="store_true")
    p.add_argument("--maps", nargs=2)
    args = p.parse_args()
    table, other, stray = images(args.log)
    total = judge_images(args.out, table)
    if not args.maps:
        judge_coverage(total, args.no_mmu)
    else:
        with open(args.maps[0], encoding="utf-8", errors="surrogateescape") as f:
            judge_segments(json.load(f), other)
        judge_programs(args.maps[1], other)
    with open(os.path.join(args.out, "left-out")) as f:
        for line in f:
            print("note left out, since the kernel would crash: %s" % line.strip())
    verdict("nothing but the probe speaks on the console", stray)


if __name__ == "__main__":
    main()
