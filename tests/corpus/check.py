#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare a corpus with a reader that shares no code with the one that described it.

check.py DIR

Every image has its JSON. What that says of the good images is what
tests/roundtrip/cramfs_reader.py finds. Prints a line for each verdict, "pass TEXT" or
"fail TEXT", and "note TEXT" lines after a failure.
"""
import collections
import glob
import json
import os
import stat
import sys
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "roundtrip"))
import cramfs_reader  # noqa: E402 after the path is set

VERSION_2 = 1  # otherwise the size in the superblock means nothing
HAS_DATA = (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK)


def verdict(what, faults):
    print(("fail " if faults else "pass ") + what)
    for f in faults[:12]:
        print("note   " + f)


def raw(text):
    return text.encode("utf-8", "surrogateescape")


def crc(data):
    return "%08x" % zlib.crc32(data)


def expected(image, entry):
    """The members that the JSON must have for an entry."""
    kind = stat.S_IFMT(entry.mode)
    size = entry.size if kind in HAS_DATA and entry.data else 0
    want = {"mode": "%06o" % (entry.mode | (0o555 if entry is image.root else 0)), "uid": entry.uid, "gid": entry.gid, "size": size}
    if entry is not image.root or size:
        want["inode"] = image.ino(entry)
    if kind in (stat.S_IFCHR, stat.S_IFBLK):
        want["major"], want["minor"] = entry.size >> 8 & 0xFF, entry.size & 0xFF
    return want


def judge_contents(image, entry, got):
    if stat.S_ISLNK(entry.mode) and raw(got["target"]) != image.content(entry):
        yield "another target"
    if not stat.S_ISREG(entry.mode):
        return
    data = image.content(entry) if entry.data else b""
    if got["contents"] != {"length": len(data), "crc32": crc(data)}:
        yield "contents %s" % got["contents"]
    if data and "in_place" in got and got["in_place"]["pages"] != image.mapped(entry, 0, image.nblks(entry)):
        yield "in place %s" % got["in_place"]


def judge(answers, data):
    """How the JSON of a good image differs from what the reader finds."""
    image = cramfs_reader.Image(data, answers["page_size"])
    if not image.flags & VERSION_2:
        image.size = len(data)
    entries = {e.path: e for e in image.walk()}
    got = {raw(t["path"]): t for t in answers["tree"] if "path" in t}
    names = {raw(t["directory"]): [raw(n) for n in t["names"]] for t in answers["tree"] if "directory" in t}
    if set(entries) != set(got):
        yield "other paths: %s" % sorted(set(entries) ^ set(got))[:5]
        return
    for path, entry in entries.items():
        want = expected(image, entry)
        if {k: got[path].get(k) for k in want} != want:
            yield "%r: %s, not %s" % (path, got[path], want)
        if "same_as" in got[path]:
            first = entries[raw(got[path]["same_as"])]
            if image.ino(first) != image.ino(entry):
                yield "%r: is not %r" % (path, first.path)
            continue
        if stat.S_ISDIR(entry.mode):
            if names[path] != [e.path.rpartition(b"/")[2] for e in image.list(entry)]:
                yield "%r: other names" % path
        for fault in judge_contents(image, entry, got[path]):
            yield "%r: %s" % (path, fault)


def main():
    where = sys.argv[1]
    images = sorted(glob.glob(os.path.join(where, "*.img")))
    answers, missing, wrong, differing, kinds, files = {}, [], [], [], collections.Counter(), 0
    for path in images:
        name = os.path.basename(path)
        with open(path, "rb") as f:
            data = f.read()
        try:
            with open(path[:-4] + ".json", encoding="utf-8") as f:
                t = answers[name] = json.load(f)
        except (OSError, ValueError) as e:
            missing.append("%s: %s" % (name, e))
            continue
        if (t["format"], t["image"], t["length"], t["crc32"]) != (1, name, len(data), crc(data)):
            wrong.append(name)
        kinds[t["class"]] += 1
        kinds[t["page_size"], t["endian"], name.split("-")[0]] += 1
        if t["class"] == "good" and t["tree_from"]:
            kinds["compared"] += 1
            files += sum("contents" in e for e in t["tree"])
            differing += ["%s: %s" % (name, fault) for fault in judge(t, data)]
    verdict("each of %d images has its JSON" % len(images), missing or ([] if 280 <= len(images) <= 340 else ["about 300 were expected"]))
    verdict("it names the image, its length and its CRC", wrong)
    verdict("%d are good, %d odd, %d hostile" % (kinds["good"], kinds["odd"], kinds["hostile"]),
            ["few are %s" % c for c in ("good", "odd", "hostile") if kinds[c] < 10])
    verdict("every page size and byte order is there, forged, random and built",
            ["%s is missing" % (k,) for k in ((4096 << s, o, n) for s in range(5) for o in ("little", "big") for n in ("forged", "random", "built")) if not kinds[k]])
    verdict("another reader agrees about the %d good images (%d files)" % (kinds["compared"], files),
            differing or ([] if kinds["compared"] > 60 and files > 1000 else ["too few were compared"]))


if __name__ == "__main__":
    main()
