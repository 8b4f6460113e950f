#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Build the images of the kernel test and place them in flash banks.

images.py OUT --tool MKCRAMFS --facts FACTS --edges DIR [--root DIR]
          --bank-base N --bank-size N [--dump DUMPCRAMFS] [--foreign] [--keep] [--variant NAME]

The names of edge trees come from standard input. --foreign: the tool is not
mkcramfs-xip (no --json, other options). --dump: compare with `maps` of
dumpcramfs-xip, too. --keep: also keep the images, in OUT/img. --variant: only this one.

Run it in the same fakeroot session as edges.py. It writes to OUT

  plan.json             everything that compare.py needs
  expect/TREE[.q]       the lines that the source directory gives (q: as with -q)
  bank-N.bin, jobs-N    for one boot each
"""
import argparse
import concurrent.futures
import json
import os
import struct
import subprocess
import sys

import elfwanted
import target
from target import P

VARIANTS = [
    # name, options, walked through a block device as well
    ("classic", [], True),
    ("holes", ["-z"], True),
    ("ext", ["-x"], True),
    ("xip", ["-X"], True),
    ("xip-pad", ["-X", "-p"], False),
    ("xip-insert", ["-X", "-i", "@insert"], False),
    ("xip-apart", ["-X", "--no-dedupe"], False),
    ("pad-insert", ["-p", "-i", "@insert"], False),
    ("policy", ["-P", "@policy"], True),
]
# Something of everything that a rule can do.
POLICY = """\
/**                     xip file
/**/*[02468bdfhjlnprtvxz]*  store
/**/*[13579]            compress
elf                     xip pages=..1
elf=exec size<1M        xip segments=r-x
"""
FEWER = {"classic", "xip"}
# of large pages, so that images do not grow with them
HEAVY = {"tails", "neighbours", "shared", "midrun"}
HEAVY_VARIANTS = {"classic", "ext", "xip", "policy"}
# beyond the grid
EXTRA = [
    ("nodes", "squash", ["-q"], False),
    ("nodes", "xip-squash", ["-X", "-q"], False),
    ("shared", "apart", ["--no-dedupe"], False),
    ("shared", "xip-store", ["-X", "-c", "store"], False),
    ("sizes", "store", ["-c", "store"], True),
    ("sizes", "xip-zlib", ["-X", "-c", "zlib:1"], False),
    ("sizes", "xip-pad-insert", ["-X", "-p", "-z", "-i", "@insert"], True),
    ("midrun", "xip-store", ["-X", "-c", "store"], False),
    ("sizes", "xip-padded", ["-X", "--pad-to", str(256 * P), "--fill", "0x55"], True),
    ("midrun", "xip-best", ["-X", "--best"], False),
    ("dirs", "xip-named", ["-X", "-n", "sixteen bytes ok", "-e", "7"], False),
]
FLAT_CAT = ["/bin/t8193-d700", "-"]
OWN_ONLY = {"--no-dedupe", "-c", "--pad-to", "--best", "-P"}


def escape(path):
    return "".join("%%%02x" % c if c <= 32 or c >= 127 or c == 37 else chr(c) for c in path)


class Image:
    def __init__(self, tree, source, variant, options, block):
        self.tree, self.source, self.variant, self.options, self.block = tree, source, variant, options, block
        self.name = tree + "." + variant
        self.squash = "-q" in options
        # not all that could be in place is to be: what counts is the promise
        self.partial = "-P" in options
        self.xip = "-X" in options or self.partial
        # rules may part equal files
        self.dedupe = "--no-dedupe" not in options and not self.partial
        self.built, self.message, self.length = False, "", 0
        self.segments, self.same_as, self.maps, self.start = None, {}, None, 0

    def expect(self):
        return self.tree + (".q" if self.squash else "")


def choose(names, edges, root):
    images = []
    if root:
        images.append(Image("root", root, "xip", ["-X"], False))
        images.append(Image("root", root, "budget", ["-X", "-P", "@root-policy", "--flash-budget", "@half"], False))
    for name in names:
        for variant, options, block in VARIANTS:
            few = name.startswith("last") or name == "big"
            if few and variant not in FEWER or P > 4096 and name in HEAVY and variant not in HEAVY_VARIANTS:
                continue
            images.append(Image(name, os.path.join(edges, name), variant, list(options), block and name != "big"))
    for name, variant, options, block in (extra for extra in EXTRA if extra[0] in names):
        images.append(Image(name, os.path.join(edges, name), variant, list(options), block))
    return images


def half(image, args):
    """The flash budget halfway between nothing in place and all."""
    run = subprocess.run(args.tool + target.OPTIONS + ["-X", "--dry-run", "--quiet", "--flash-budget", "1G", "--json", "-", image.source, os.devnull],
                         stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    budget = json.loads(run.stdout)["budget"]
    return str((budget["least_size"] + budget["most_size"]) // 2)


def option(word, image, args):
    if word == "@half":
        return half(image, args)
    return os.path.join(args.out, word[1:]) if word[0] == "@" else word


def build(image, args):
    path = os.path.join(args.out, "img", image.name)
    options = [option(o, image, args) for o in image.options]
    if args.foreign:
        # the old tool: one -X leaves read-only segments alone, two take all
        options = [o for opt in options for o in ([opt, opt] if opt == "-X" else [opt])]
        command = args.tool + options
    else:
        command = args.tool + target.OPTIONS + options + ["--quiet", "--max-size", str(args.bank_size), "--json", path + ".json"]
    run = subprocess.run(command + [image.source, path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    image.message = run.stdout.decode("utf-8", "replace")[-1000:].strip()
    if run.returncode:
        image.message += " [exit %d: %s]" % (run.returncode, " ".join(command))
        return
    image.length = os.path.getsize(path)
    image.built = 0 < image.length <= args.bank_size
    if not image.built:
        image.message = "the image has %d bytes, the flash bank %d" % (image.length, args.bank_size)
    if not args.foreign:
        read_promises(image, path + ".json")
    if args.dump and image.xip:
        read_maps(image, path, args.dump)


def read_promises(image, path):
    with open(path, encoding="utf-8", errors="surrogateescape") as f:
        report = json.load(f)
    image.segments = {}
    for entry in report["files"]:
        name = escape(os.fsencode(entry["path"]))
        if entry.get("same_as"):
            image.same_as[name] = escape(os.fsencode(entry["same_as"]))
        for s in entry.get("segments") or []:
            if "w" not in s["flags"]:
                image.segments.setdefault(name, []).append([s["file_page"], s["pages"], s["flags"], s["in_place"]])


def read_maps(image, path, dump):
    """What dumpcramfs-xip maps says: [path, page, pages, flags, pages in place, image offset or None]"""
    options = ["-b", str(P)] + (["--no-mmu"] if target.NO_MMU else [])
    run = subprocess.run([dump, "maps"] + options + ["--json", path], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)
    image.maps = [[escape(os.fsencode(entry["path"])), s["file_page"], s["pages"], s["flags"], s["in_place"], s.get("offset")]
                  for entry in json.loads(run.stdout.decode("utf-8", "surrogateescape"))["files"]
                  for s in entry["segments"] if "w" not in s["flags"] and not entry["path"].startswith("/usr/lib/debug/")]


def flat_programs(image):
    """Those of flat_tree.py that run: {path: [entry, sum and length of the data]}"""
    out = {}
    if image.tree != "flat":
        return out
    for where, _, names in os.walk(image.source):
        for name in names:
            path = os.path.join(where, name)
            if where.endswith("/odd") or os.path.islink(path):
                continue
            with open(path, "rb") as f:
                data = f.read()
            _, entry, begin, end = struct.unpack_from(">4I", data, 4)
            total = 0
            for byte in data[begin:end]:
                total = (total * 31 + byte) & 0xffffffff
            out[escape(os.fsencode(path[len(image.source):]))] = [entry, total, end - begin]
    return out


def program(root):
    """A program of the root that copies its input to its output, or None."""
    for path, arg in (("/bin/busybox", "cat"), ("/usr/bin/busybox", "cat"), ("/bin/cat-more", "-"), ("/bin/cat", "-"), ("/usr/bin/cat", "-")):
        if os.path.exists(root + path):
            return [path, arg]
    return None


def what_runs(image):
    """A program of the image that is looked at while it runs, or None."""
    if image.tree == "root" and image.xip:
        return program(image.source)
    return FLAT_CAT if image.tree == "flat" and image.xip and not image.partial else None


def jobs_of(image, wanted, start):
    # as long as the file, so that an image that is not a multiple of the page shows it
    out = ["image %s %#x %#x" % (image.name, start, image.length)]
    ranges = {(path, s[0], s[1], s[2]) for table in (wanted or {}, image.segments or {}) for path in table for s in table[path]}
    if image.xip:
        out += ["segment %s %d %d %s" % r for r in sorted(ranges)]
        # without an MMU, mappings that have flash in common are a BUG in the kernel
        out += ["keep %s %d %d %s" % r for r in sorted(ranges) if target.NO_MMU]
    if what_runs(image):
        out.append("run %s %s" % tuple(what_runs(image)))
    out += ["ask %s" % path for path in sorted(flat_programs(image))]
    if image.block:
        out.append("block %s@block %#x %#x" % (image.name, start, image.length))
    return out


def fill_banks(images, wanted, args):
    """First fit, page-aligned; what is between images is erased flash (0xFF)."""
    banks = []
    for image in images:
        if not image.built:
            continue
        need = -(-image.length // P) * P
        for bank in banks:
            if bank["used"] + need <= args.bank_size:
                break
        else:
            bank = {"used": 0, "jobs": ["bank %#x %#x" % (args.bank_base, args.bank_size)],
                    "file": open(os.path.join(args.out, "bank-%d.bin" % len(banks)), "wb")}
            banks.append(bank)
        path = os.path.join(args.out, "img", image.name)
        with open(path, "rb") as f:
            data = f.read()
        if not args.keep:
            os.unlink(path)
        bank["file"].write(data + b"\xff" * (need - len(data)))
        image.start = bank["used"]
        bank["jobs"] += jobs_of(image, wanted[image.tree], bank["used"])
        bank["used"] += need
    for n, bank in enumerate(banks):
        bank["file"].truncate(args.bank_size)
        bank["file"].close()
        with open(os.path.join(args.out, "jobs-%d" % n), "w") as f:
            f.write("\n".join(bank["jobs"]) + "\n")
    return len(banks)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("out")
    p.add_argument("--tool", required=True)
    p.add_argument("--facts", required=True)
    p.add_argument("--edges", required=True)
    p.add_argument("--root")
    p.add_argument("--bank-base", type=lambda s: int(s, 0), required=True)
    p.add_argument("--bank-size", type=lambda s: int(s, 0), required=True)
    p.add_argument("--dump")
    p.add_argument("--foreign", action="store_true")
    p.add_argument("--keep", action="store_true")
    p.add_argument("--variant")
    args = p.parse_args()
    # another tool may be given with arguments; ours is a path, which may hold spaces
    args.tool = args.tool.split() if args.foreign else [args.tool]
    for sub in ("img", "expect"):
        os.makedirs(os.path.join(args.out, sub))
    with open(os.path.join(args.out, "insert"), "wb") as f:
        f.write(b"inserted " * 1111)  # neither a multiple of 4 nor of the page

    with open(os.path.join(args.out, "policy"), "w") as f:
        f.write(POLICY)
    with open(os.path.join(args.out, "root-policy"), "w") as f:
        f.write("/etc/** store\n%s xip must\n" % (program(args.root) or ["/none"])[0] if args.root else "")

    images = choose(sys.stdin.read().split(), args.edges, args.root)
    if args.variant:
        images = [i for i in images if i.variant == args.variant]
    if args.foreign:
        images = [i for i in images if not OWN_ONLY & set(i.options)]
    wanted = {}
    for image in images:
        if image.tree not in wanted:
            wanted[image.tree] = None if image.tree == "damaged" else {
                escape(path): s for path, s in elfwanted.tree(image.source).items()}
        expect = os.path.join(args.out, "expect", image.expect())
        if not os.path.exists(expect):
            with open(expect, "wb") as f:
                subprocess.run([args.facts] + (["-q"] if image.squash else []) + [image.source], stdout=f, check=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(lambda i: build(i, args), images))
    banks = fill_banks(images, wanted, args)
    with open(os.path.join(args.out, "plan.json"), "w") as f:
        json.dump({
            "banks": banks, "bank_base": args.bank_base, "foreign": args.foreign, "wanted": wanted,
            "images": [{"name": i.name, "tree": i.tree, "expect": i.expect(), "xip": i.xip, "dedupe": i.dedupe, "partial": i.partial,
                        "block": i.block, "built": i.built, "message": i.message, "segments": i.segments,
                        "same_as": i.same_as, "run": what_runs(i), "answers": flat_programs(i), "maps": i.maps, "start": i.start}
                       for i in images],
        }, f)
    print(banks)


if __name__ == "__main__":
    main()
