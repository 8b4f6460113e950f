#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How many erase blocks differ after an update, with --like and without; see doc/field-notes.md.

    update.py ROOT

ROOT is what tests/sample-root.sh makes, with its list of packages next to it. Each change is made
to a copy of it. Images are built with -X -q, and each is checked by cramfsck-xip and read back by
tests/roundtrip/cramfs_reader.py, which shares no code with the builder, as are the blocks that
differ. Prints Markdown:

fresh        blocks that differ if NEW is built without --like
--like       blocks that differ if NEW is built with --like OLD
new, moved   bytes of records and pages in NEW whose contents are not in OLD, and of those that are
             elsewhere in OLD
target       what --like may need at most
size         of NEW, compared with that of a fresh image

Packages come from Debian's archive, with an apt state in $CRX_CACHE, see sample-root.sh. What the
suites do not offer is taken from the next release.
"""
import argparse
import csv
import json
import os
import random
import shutil
import stat
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path[:0] = [HERE, os.path.join(TOP, "tests", "roundtrip")]
import budget
import debian
import pieces
import run
from cramfs_reader import Broken, Image

PAGE = 4096
TEXT = "/etc/bash.bashrc"


class Wrong(Exception):
    """An image that is not right; no row of the table can make up for it."""


class Built:
    """An image, read back."""

    def __init__(self, bench, path, root):
        self.path, self.size = path, os.path.getsize(path)
        with open(path, "rb") as f:
            self.image = Image(f.read(), PAGE)
        said = subprocess.run([bench.fsck, "-b", str(PAGE), path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if said.returncode:
            raise Wrong(f"cramfsck-xip exits with {said.returncode}: " + said.stdout[:500])
        self.entries = {e.path: e for e in self.image.walk()}
        self.order = pieces.of_image(self.image, self.entries.values())
        self.same_as(os.fsencode(root))

    def same_as(self, root):
        names = {b"/"}
        for d, dirs, files in os.walk(root):
            names |= {os.path.join(d, x)[len(root):] for x in dirs + files}
        if names != set(self.entries):
            raise Wrong(f"{self.path}: other names than in the tree")
        for name, e in self.entries.items():
            path = root + name
            st = os.lstat(path)
            good = e.mode == st.st_mode
            if stat.S_ISREG(e.mode):
                with open(path, "rb") as f:
                    good = good and self.image.content(e) == f.read()
            elif stat.S_ISLNK(e.mode):
                good = good and self.image.content(e) == os.readlink(path)
            if not good:
                raise Wrong(f"{self.path}: {name}: not what is in the tree")

    def pages(self):
        """path -> the pages of the file that are in place"""
        return {p: set(pieces.in_place(self.image, e)) for p, e in self.entries.items() if stat.S_ISREG(e.mode)}


class Bench:
    def __init__(self, args, scratch):
        self.tool, self.fsck, self.scratch, self.erase = args.tool, args.fsck, scratch, args.erase_size
        self.reserve = args.reserve
        text = subprocess.run([self.tool, "--help"], check=True, stdout=subprocess.PIPE, text=True).stdout
        self.can_like = "--like" in text
        self.failed = 0

    def build(self, root, name, *options):
        path = os.path.join(self.scratch, name)
        times = run.measure([self.tool, "--quiet", "-X", "-q"] + list(options) + [root, path])
        return path, times

    def copy(self, root):
        new = os.path.join(self.scratch, "tree")
        shutil.rmtree(new, ignore_errors=True)
        subprocess.run(["cp", "-a", root, new], check=True)
        return new

    def like(self, root, old, name, *options):
        if not self.can_like:
            return None
        report = os.path.join(self.scratch, "report.json")
        path, _ = self.build(root, name, "--like", old.path, "--json", report, "--erase-size", str(self.erase), *options)
        new = Built(self, path, root)
        count = len(self.differing(old, new))
        with open(report, encoding="utf-8", errors="surrogateescape") as f:
            update = json.load(f).get("update")
        if update and update["changed_blocks"] != count:
            raise Wrong(f"the builder reports {update['changed_blocks']} changed blocks, and {count} differ")
        return new

    def differing(self, old, new):
        return pieces.differing_blocks(old.image, new.image, self.erase)

    def row(self, change, old, fresh, new, target, size=None):
        """A line of the table. target(new) is in blocks; size is the largest allowed size of new."""
        cells = [change, str(len(self.differing(old, fresh)))]
        if new is None:
            print("|", " | ".join(cells + [""] * 6), "|", flush=True)
            return
        count, limit = len(self.differing(old, new)), target(new)
        added, moved = pieces.new_and_moved(old.image, old.order, new.image, new.order)
        good = count <= limit and (size is None or new.size <= size)
        self.failed += not good
        cells += [str(count), f"{added / 1024:.0f}", f"{moved / 1024:.0f}", f"≤ {limit}",
                  f"{100 * (new.size / fresh.size - 1):+.1f} %", "yes" if good else "**no**"]
        print("|", " | ".join(cells), "|", flush=True)

    def attempt(self, what, function, *args, **how):
        """Go on after what is wrong, and fail in the end."""
        try:
            function(*args, **how)
        except (Wrong, pieces.Overlap, Broken, subprocess.CalledProcessError, SystemExit) as e:
            self.failed += 1
            print(f"| {what}: " + str(e).replace("\n", " "), "| " * 8, flush=True)

    def change(self, change, *args, **how):
        self.attempt(change, self.try_change, change, *args, **how)

    def try_change(self, change, root, edit, target, old_options=(), options=()):
        """A row: edit(tree) changes a copy of root."""
        old = Built(self, self.build(root, "old.img", *old_options, *options)[0], root)
        tree = self.copy(root)
        edit(tree)
        fresh = Built(self, self.build(tree, "fresh.img")[0], tree)
        new = self.like(tree, old, "new.img", *options)
        self.row(change, old, fresh, new, target if callable(target) else lambda _: target)
        if new and new.pages() != fresh.pages():
            raise Wrong(f"{change}: other pages in place than in a fresh image")


def heading():
    print("| change | fresh | `--like` | new KiB | moved KiB | target | size | met |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |", flush=True)


# changes


def add_line(tree):
    with open(tree + TEXT, "a", encoding="utf-8") as f:
        f.write("# one more line\n")


def add_file(tree):
    """20 KB that compress as texts do, and are nowhere else."""
    rng = random.Random(20)
    words = ["".join(rng.choices("etaoinshrdlu", k=rng.randrange(2, 9))) for _ in range(800)]
    with open(tree + "/usr/share/new.txt", "w", encoding="ascii") as f:
        f.write(" ".join(rng.choices(words, k=8000))[:20000])


def remove_file(tree):
    os.unlink(tree + "/usr/lib/python3.11/turtle.py")


def change_mode(tree):
    os.chmod(tree + TEXT, 0o600)


def add_link(tree):
    os.link(tree + TEXT, tree + TEXT + ".link")


def add_equal(tree):
    shutil.copy2(tree + TEXT, tree + TEXT + ".equal")


def blocks_of(bench, path):
    """What a file takes, in erase blocks, and the four that the target allows."""
    def target(new):
        taken = sum(p.end - p.start for p in pieces.of_file(new.image, new.entries[os.fsencode(path)]))
        return -(-taken // bench.erase) + 4
    return target


def small_changes(bench, root, debs):
    """The first rows of the table."""
    reserve = ("--reserve", bench.reserve) if bench.can_like else ()
    bench.change("none", root, lambda _: None, 0)
    bench.change("none, OLD compressed by zlib -6", root, lambda _: None, 0, old_options=("-c", "zlib:6"))
    bench.change(f"a line added to {TEXT}", root, add_line, 4)
    bench.change("a new file of 20 KB", root, add_file, 8)
    bench.change(f"the same, with --reserve {bench.reserve}", root, add_file, 4, options=reserve)
    bench.change("a file removed", root, remove_file, 2)
    bench.change("a mode changed", root, change_mode, 2)
    bench.change("a hard link added", root, add_link, 2)
    bench.change(f"the same, with --reserve {bench.reserve}", root, add_link, 2, options=reserve)
    bench.change("an equal file added", root, add_equal, 2)
    if debs:
        archive, have = debs
        version, suite = next((v, s) for v, s in archive.offers(["bash"])["bash"].items() if v != have["bash"])
        bench.change(f"/bin/bash replaced by that of {suite}", root,
                     lambda tree: debian.replace(tree, archive.get("bash", have["bash"]), archive.get("bash", version), bench.scratch),
                     blocks_of(bench, "/bin/bash"))


# ten packages


def moved_target(bench, old, more=0):
    """1.25 times what is new or had to move, and six blocks."""
    def target(new):
        both = sum(pieces.new_and_moved(old.image, old.order, new.image, new.order))
        return int(1.25 * both / bench.erase + more + 6)
    return target


def chain(bench, root, debs, updates, reserve):
    archive, have = debs
    options = ("--reserve", reserve) if reserve and bench.can_like else ()
    tree = bench.copy(root)
    for u in updates:
        if u.old != have[u.package]:
            debian.replace(tree, archive.get(u.package, have[u.package]), archive.get(u.package, u.old), bench.scratch)
    old = Built(bench, bench.build(tree, "old.img", *options)[0], tree)
    first_fresh = old
    if options:
        first_fresh = Built(bench, bench.build(tree, "fresh.img")[0], tree)
    spare = old.size - first_fresh.size
    for n, u in enumerate(updates, 1):
        debian.replace(tree, archive.get(u.package, u.old), archive.get(u.package, u.new), bench.scratch)
        fresh = Built(bench, bench.build(tree, "fresh.img")[0], tree)
        new = bench.like(tree, old, f"step{n}.img", *options)
        last = 1.02 * fresh.size + spare if n == len(updates) else None
        before = first_fresh if new is None else old
        name = f"{n}. {u.package} {u.old} → {u.new} ({u.suite})"
        bench.row(name, before, fresh, new, moved_target(bench, old), last)
        first_fresh = old = new or fresh


# a profile


def make_profiles(bench, root):
    """Two profiles that differ in 5 % of their pages, and half of the budget for all of them."""
    names = [os.path.join(bench.scratch, x + ".csv") for x in ("before", "after")]
    summary, _ = budget.run(bench.tool, ["-q", "--flash-budget", "1G"], root)
    count = budget.make_profile("clusters", summary, names[0])
    rng = random.Random(5)
    unused = [(file["path"], s["file_page"] + k) for file in summary["files"] for s in file["segments"]
              if "w" not in s["flags"] for k in range(s["pages"]) if (file["path"], s["file_page"] + k) not in count]
    few = len(count) // 20
    gone = set(rng.sample(sorted(count), few))
    after = {page: n for page, n in count.items() if page not in gone}
    after.update((page, rng.choice(list(count.values()))) for page in rng.sample(sorted(unused), few))
    with open(names[1], "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows((path, page * PAGE, n) for (path, page), n in after.items())
    least, most = summary["budget"]["least_size"], summary["budget"]["most_size"]
    return names, least + (most - least) // 2


def new_profile(bench, root):
    (before, after), size = make_profiles(bench, root)
    limit = ("--flash-budget", str(size), "--profile")
    old = Built(bench, bench.build(root, "old.img", *limit, before)[0], root)
    fresh = Built(bench, bench.build(root, "fresh.img", *limit, after)[0], root)
    new = bench.like(root, old, "new.img", *limit, after)
    touched = sum(a != b for a, b in zip(old.pages().values(), new.pages().values())) if new else 0
    bench.row("a profile that differs in 5 % of its pages", old, fresh, new, moved_target(bench, old, touched))


# time


def times(bench, root, runs):
    """Of fresh builds and of those with --like, taking turns."""
    old, _ = bench.build(root, "old.img")
    tree = bench.copy(root)
    add_line(tree)
    kinds = {"fresh": ()}
    if bench.can_like:
        kinds["--like"] = ("--like", old)
    measured = {kind: [] for kind in kinds}
    for turn in range(runs + 1):
        for kind, options in kinds.items():
            result = bench.build(tree, "new.img", *options)[1]
            if turn:
                measured[kind].append(result)
    print("\n| a line added | wall s | CPU s | peak MB |")
    print("| --- | ---: | ---: | ---: |")
    for kind, results in measured.items():
        wall, cpu, peak = (statistics.median(x) for x in zip(*results))
        print(f"| {kind} | {wall:.2f} | {cpu:.2f} | {peak:.0f} |")


def open_archive(args):
    """The archive and the versions in the root."""
    cache = os.environ.get("CRX_CACHE") or os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "mkcramfs-xip")
    suites = [args.suite + x for x in ("", "-updates", "-security", "-backports")] + [args.next_suite]
    have = debian.packages_of(args.root)
    return debian.Archive(os.path.join(cache, "apt-update"), args.arch, suites), have


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root")
    parser.add_argument("--tool", default=os.path.join(TOP, "build/main/mkcramfs-xip/mkcramfs-xip"))
    parser.add_argument("--fsck", default=os.path.join(TOP, "build/main/cramfsck-xip/cramfsck-xip"))
    parser.add_argument("--erase-size", type=int, default=65536)
    parser.add_argument("--reserve", default="2%")
    parser.add_argument("--runs", type=int, default=3, help="timed builds of each kind, after one that is not timed")
    parser.add_argument("--arch", default="armhf", help="of the root")
    parser.add_argument("--suite", default="bookworm", help="of the root")
    parser.add_argument("--next-suite", default="trixie", help="for what the root's suites do not offer")
    parser.add_argument("--parts", default="small,packages,profile,time", help="what to do: %(default)s")
    args = parser.parse_args()
    parts = args.parts.split(",")
    with tempfile.TemporaryDirectory(prefix="crxupdate.") as scratch:
        bench = Bench(args, scratch)
        debs = open_archive(args)
        heading()
        if "small" in parts:
            small_changes(bench, args.root, debs)
        if "packages" in parts:
            updates = debian.plan(debs[1], debs[0].offers(list(debs[1])), 10, args.next_suite)
            bench.attempt("ten packages", chain, bench, args.root, debs, updates, None)
            print(f"| with --reserve {args.reserve} | | | | | | | |")
            bench.attempt("ten packages", chain, bench, args.root, debs, updates, args.reserve)
        if "profile" in parts:
            bench.attempt("a profile", new_profile, bench, args.root)
        if "time" in parts:
            times(bench, args.root, args.runs)
    sys.exit(bench.failed > 0)


if __name__ == "__main__":
    main()
