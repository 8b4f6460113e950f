#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Chains of updates: a tree changes again and again, and each image is built --like the one before.

After each change the image is read by a reader that shares no code with lib/, and compared with the
tree, with the image before, and with a fresh one.

CRX_STEPS=N         length of each chain (default 8)
and those of seeds.py, which has 12 seeds here. Needs MKCRAMFS_XIP and CRAMFSCK_XIP, and prints TAP.
"""
import json
import os
import random
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import pieces
import seeds
import tree_changes
from cramfs_reader import Image
from roundtrip import BACK_ENDS, FSCK, TOOL, Case, same_nodes
from seeds import command, load, want

CHECKER = os.environ["CRAMFSCK_XIP"]
PADDING = 16  # less than this is not worth being called free space
STEPS = int(os.environ.get("CRX_STEPS", "8"))


class Chain:
    """One seed: a tree that changes, and the options of all its images."""

    def __init__(self, seed, where):
        self.rng = random.Random(seed * 31337)
        self.case, self.where = Case(seed, where), where
        self.tree, self.page = self.case.tree, self.case.page
        r = self.rng
        self.erase = r.choice([4096, 16384, 65536, 131072])
        self.reserve = r.choice([0, 0, 4096, 20000, self.erase])
        self.max_waste = r.choice([None, None, 0, 5])
        self.wipe, self.recompress = r.random() < 0.3, r.random() < 0.15
        self.limit = self.case.form == "xip" and r.random() < 0.4
        self.update_options = ["--erase-size", str(self.erase)]
        if self.reserve:
            self.update_options += ["--reserve", str(self.reserve)]
        if self.max_waste is not None:
            self.update_options += ["--max-waste", str(self.max_waste)]
        self.update_options += ["--wipe"] * self.wipe + ["--recompress"] * self.recompress
        # Other compressors' blocks are kept, so the sizes differ with them. Stored ones are too large.
        self.back_ends = ["store"] if self.case.back_end == "store" else [x for x in BACK_ENDS if x != "store"]
        self.done, self.command = [], []

    def build(self, source, image, *more):
        """Another compressor each time: what OLD has compressed is good as it is."""
        options = self.case.options + ["-c", self.back_end] + list(more)
        self.command = ["step %d (%s):" % (len(self.done), ", ".join(self.done[-1])), TOOL] + options + [source, image]
        command(*self.command[1:])
        return None if "--dry-run" in more else load(image)

    def budget(self, source):
        """Some pages fit, and all of what --like may take beyond a fresh image."""
        if not self.limit:
            return []
        report = self.where + "/budget.json"
        self.build(source, self.where + "/none", "--dry-run", "--flash-budget", "1G", "--json", report)
        of = self.json(report)["budget"]
        least = of["least_size"] * 11 // 10 + self.reserve + 4 * self.page
        return ["--flash-budget", str(least + self.rng.randrange(max(of["most_size"] - of["least_size"], 1)))]

    @staticmethod
    def json(path):
        with open(path, encoding="utf-8", errors="surrogateescape") as f:
            return json.load(f)

    def write(self, name, rng):
        path = os.path.join(self.where, name)
        seeds.remove(path)
        self.tree.write(path, rng, not self.case.all_root)
        return path

    def run(self):
        w = self.where
        self.back_end, self.done = self.case.back_end, [["first"]]
        source = self.write("tree", self.rng)
        budget = self.budget(source)
        self.build(source, w + "/old.img", *budget, *self.reserve_option())
        self.right(w + "/old.img")
        for _ in range(STEPS):
            self.done.append(tree_changes.change(self.tree))
            self.step()
            os.rename(w + "/new.img", w + "/old.img")

    def reserve_option(self):
        return ["--reserve", str(self.reserve), "--erase-size", str(self.erase)] if self.reserve else []

    def step(self):
        w, r = self.where, self.rng
        self.back_end = r.choice(self.back_ends)
        source = self.write("tree", r)
        budget = self.budget(source)
        fresh = self.build(source, w + "/fresh.img", *budget, "--json", w + "/fresh.json")
        like = budget + self.update_options + ["--like"]
        new = self.build(source, w + "/new.img", *like, w + "/old.img", "-j", "1", "--json", w + "/new.json")
        self.again(new, like, bool(budget))
        image, order = self.right(w + "/new.img")
        old = Image(load(w + "/old.img"), self.page)
        self.compare(old, image, order)
        want(image.size <= 1.1 * len(fresh) + self.reserve + 4 * self.page, "%d bytes, a fresh image has %d", image.size, len(fresh))
        if not budget:
            pages = [self.json(w + "/%s.json" % x)["in_place"]["pages"] for x in ("fresh", "new")]
            want(pages[0] == pages[1], "%d pages in place in a fresh image, %d in this", *pages)

    def again(self, new, like, limited):
        """The chain again: a tree made in another order, other workers; and NEW like itself, unless
        a budget allows more pages in place now, since less is free inside."""
        w = self.where
        shutil.copy(w + "/old.img", w + "/n.img")
        other = self.write("other", random.Random(1))
        want(self.build(other, w + "/n.img", *like, w + "/n.img", "-j", "3") == new, "another image with three workers, OLD replaced")
        if not limited:
            want(self.build(other, w + "/n.img", *like, w + "/new.img") == new, "another image, like itself")

    def right(self, path):
        image = Image(load(path), self.page)
        entries = {e.path: e for e in image.walk()}
        same_nodes(image, entries, dict(self.tree.all()), self.case.all_root)
        for name, n in self.tree.all():
            if n.kind in "fl":
                want(image.content(entries[name]) == n.data, "%r has other contents", name)
        for name, target in self.tree.links.items():
            want(entries[name].data == entries[target].data, "%r and %r do not share a table", name, target)
        want(image.crc_is_right(), "crc")
        order = pieces.of_image(image, entries.values())
        want(image.size == len(image.data) and image.size % self.page == 0, "super.size %d, file %d", image.size, len(image.data))
        command(CHECKER, "-b", str(self.page), path)
        if FSCK and self.case.form == "classic" and not self.case.holes and self.case.insert is None:
            command(FSCK, "-b", str(self.page), path)
        return image, order

    def compare(self, old, image, order):
        """The blocks that differ are those reported; free space holds nothing old where it is rewritten."""
        blocks = pieces.differing_blocks(old, image, self.erase)
        report = self.json(self.where + "/new.json").get("update")
        if report:
            found = {"erase_size": self.erase, "blocks": -(-image.size // self.erase), "changed_blocks": len(blocks)}
            for name, value in found.items():
                want(report[name] == value, "%s: %r reported, %r found", name, report[name], value)
        differs, insert = set(blocks), self.case.insert
        for start, end in pieces.free(order, image.size):
            if end - start < PADDING:
                continue
            if insert is not None and start == image.super_off + 76:
                start += len(insert)
            for at in range(start, end):
                if self.wipe or at // self.erase * self.erase in differs:
                    want(image.data[at] in (0, 0xFF), "%d ... %d is free, but byte %d is %#x, in a block that is written", start, end, at, image.data[at])


if __name__ == "__main__":
    seeds.main(Chain, 12, lambda: "chains of %d steps" % STEPS)
