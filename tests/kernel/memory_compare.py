#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What programs take without an MMU: predicted, and seen on the kernel.

memory_compare.py jobs NAME MAPS.JSON ORDER [xipstat]          jobs for memory_probe.c
memory_compare.py compare NAME LOG MAPS.JSON ORDER TREE DUMP   verdicts: "pass WHAT" or "fail WHAT"

NAME is start, for mappings and orders of programs that start, or free, for
programs that may not start because RAM is divided.
ORDER: programs that need blocks of a larger order are not started in "start".
TREE is the source of the image, DUMP the command that shows it like MAPS.JSON.
xipstat: it runs on this board.
"""
import json
import re
import subprocess
import sys
import tempfile

import fdpic_tree

SPLIT = (10, 8, 6, 5)  # orders
# programs to try when RAM is divided, and one that is started as often as possible
TRIED = ("/xip/small", "/xip/n15", "/xip/n16", "/xip/n17", "/xip/n32", "/xip/n64", "/xip/n128", "/xip/n512",
         "/xip/n1024", "/xip/n1024+1", "/xip/text", "/copied/large", "/ram/bss", "/xip/relocs")
TRIED_FDPIC = ("/fdpic/small", "/fdpic/stack", "/fdpic/n64", "/fdpic/n64+1", "/fdpic/n512", "/copied/fdpic-large",
               "/whole/pie")
FILLED = "/xip/n128"
LARGEST = 10  # order that the kernel has; more is refused at once
RATE = 11  # seconds: the kernel reports the order of a failure every 10 seconds at most
# of the text of the programs in a directory: why it is not in place
WHY = {"xip": (None,), "fdpic": (None,), "copied": ("compressed",), "ram": ("compressed, or flagged to be loaded to RAM",),
       "whole": ("segments must keep their distances: copied to RAM as a whole", "not FDPIC: copied to RAM as a whole")}
KEPT = ("/xip/text", "/xip/text", "/copied/large", "/copied/large", "/ram/bss")


def started_twice(maps, order):
    return [f["path"] for f in maps["files"] if f["ram"]["order"] <= order]


def start_jobs(maps, order, xipstat):
    if xipstat:
        for path in KEPT:
            yield "keep " + path
        yield "regions"
        yield "own /xipstat maps --json"
        yield "own /xipstat maps"
        yield "own /xipstat profile /mnt"
        yield "end"
    for path in started_twice(maps, order):
        yield "start " + path


def tried(paths):
    wanted = TRIED
    if any(path.startswith("/fdpic/") for path in paths):
        wanted += TRIED_FDPIC
    if not set(wanted) <= set(paths):
        sys.exit("not in the tree: " + " ".join(sorted(set(wanted) - set(paths))))
    return wanted


def free_jobs(maps):
    yield "fill " + FILLED
    for order in SPLIT:
        yield "split %d" % order
        if order == SPLIT[0]:
            yield "wait %d" % RATE
        for path in tried([f["path"] for f in maps["files"]]):
            yield "try " + path
        yield "join"


class Job:
    def __init__(self, words):
        self.words = words
        self.lines = {}

    def of(self, kind):
        return self.lines.get(kind, [])


def read_log(path):
    job, all_jobs = Job([]), []
    with open(path, errors="replace") as f:
        for line in f:
            kind, _, rest = line.rstrip("\r\n").partition(" ")
            if kind == "J":
                job = Job(rest.split())
                all_jobs.append(job)
            elif kind == "B" and " error" not in rest and rest != "image mounted 0":
                print("fail the probe says: " + rest)
            else:
                job.lines.setdefault(kind, []).append(rest)
    return all_jobs


class Verdicts:
    def __init__(self):
        self.failed = False

    def check(self, what, seen, expected):
        if seen == expected:
            print("pass " + what)
            return
        print("fail " + what)
        print("# is        %s" % (seen,))
        print("# should be %s" % (expected,))


LINE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (....) ([0-9a-f]+) (\S+) (\d+)")


class Region:
    """A line of /proc/PID/maps or /proc/maps."""

    def __init__(self, text, page):
        start, end, self.perms, off, _, inode = LINE.match(text).groups()
        self.start, self.end = int(start, 16), int(end, 16)
        self.key = (self.start, self.end, inode)
        self.pages = (self.end - self.start) // page
        self.inode, self.file_page = int(inode), int(off, 16) // page


class Board:
    """Where the flash is, and what the jobs say of the board."""
    traced = False
    flash = (0, 0)

    def __init__(self, maps):
        self.page = maps["page_size"]

    def in_flash(self, at):
        return self.flash[0] <= at < self.flash[1]


def seen_block(region, board, order):
    if board.in_flash(region.start):
        return ("flash", region.pages, region.inode, region.file_page, region.start)
    return ("RAM", region.pages, region.inode, region.file_page, order if board.traced else None)


def expected_block(block, f, board):
    segment = next((s for s in f["segments"] if block["mapped"] and s["index"] == block["segment"]), None)
    inode, file_page = (f["inode"], segment["file_page"]) if segment else (0, 0)
    if block["in_place"]:
        return ("flash", segment["pages"], inode, file_page, segment["address"])
    return ("RAM", block["pages"], inode, file_page, block["order"] if board.traced else None)


def compare_said(v, what, said, f, tree, regions, board):
    """The program itself says where the kernel has put its segments, and what they were."""
    if f["format"] != "fdpic":
        v.check(what + "has run", said, "x")
        return
    words = [int(w, 16) for w in said.split()]
    segments = [words[n:n + 4] for n in range(0, len(words) - 1, 4)]
    v.check(what + "its segments have the right bytes", [(vaddr, memsz, total) for vaddr, memsz, _, total in segments],
            fdpic_tree.segments(tree + f["path"]))
    v.check(what + "its pointers and data work", words[-1:], [42])
    place = [(at if board.in_flash(at) else "RAM", sum(r.start <= at and at + memsz <= r.end for r in regions))
             for _, memsz, at, _ in segments]
    v.check(what + "its segments are where they should be", place,
            [(s["address"] + vaddr % board.page if s["in_place"] else "RAM", 1)
             for s, (vaddr, _, _, _) in zip(f["segments"], segments)])


def compare_start(v, job, f, tree, board):
    path, page, orders = f["path"], board.page, {}
    for a in job.of("A"):
        frame, order = a.split()
        orders[int(frame, 16) * page] = int(order)
    v.check(path + ": in place, or why not", f["segments"][0]["meaning"] in WHY[path.split("/")[1]], True)
    v.check(path + ": both instances start", job.of("Y"), ["0", "0"])
    instance = [[], []]
    for line in job.of("P"):
        which, text = line.split(" ", 1)
        instance[int(which)].append(Region(text, page))
    expected = sorted(expected_block(b, f, board) for b in f["ram"]["blocks"])
    for n, regions in enumerate(instance):
        what = "mappings and orders" if board.traced else "mappings"
        v.check("%s: %s of instance %d" % (path, what, n + 1),
                sorted(seen_block(r, board, orders.get(r.start)) for r in regions), expected)
        compare_said(v, "%s: instance %d: " % (path, n + 1), job.of("V")[n][2:], f, tree, regions, board)
    # what the second one takes: regions of its own
    first = {r.key for r in instance[0]}
    own = sum(r.pages for r in instance[1] if r.key not in first)
    v.check(path + ": another instance", own, f["ram"]["another_instance"])
    known = {Region(r, page).key for r in job.of("R")}
    v.check(path + ": /proc/maps has the same regions", [r.key for i in instance for r in i if r.key not in known], [])


def compare_xipstat(v, job, files):
    """Text in flash is there once, and so is a copy of it; what is flat-loaded to RAM has no mapping of the file."""
    found = json.loads("\n".join(job.of("O")))
    v.check("xipstat: its exit status", job.of("X"), ["0"])
    seen, expected = [], []
    for p in found["processes"]:
        for m in p["mappings"]:
            seen.append((m["path"], m["pages"], m["flash"], m["ram"], m["copies"], m.get("address")))
    for path in KEPT:
        segment = files[path]["segments"][0]
        if path.startswith("/xip/"):
            expected.append((path, segment["pages"], segment["pages"], 0, 0, segment["address"]))
        elif path.startswith("/copied/"):
            expected.append((path, segment["pages"], 0, segment["pages"], 0, None))
    v.check("xipstat: mappings of running programs", sorted(seen, key=str), sorted(expected, key=str))
    v.check("xipstat: pages in flash, and copies of text, once each",
            (found["totals"]["flash"], found["totals"]["ram"]),
            (files["/xip/text"]["segments"][0]["pages"], files["/copied/large"]["segments"][0]["pages"]))


def compare_regions(v, job, found, board):
    """xipstat itself and its output buffers are regions more."""
    regions = [r for r in (Region(line, board.page) for line in job.of("R")) if not board.in_flash(r.start)]
    more = found["totals"]["regions"] - len(regions)
    v.check("xipstat: regions of all processes, and its own", 0 < more < 10, True)
    v.check("xipstat: the largest region", found["totals"]["largest_region"] >= max(r.pages for r in regions), True)
    v.check("xipstat: pages of all regions", found["totals"]["region_pages"] > sum(r.pages for r in regions), True)


class Dump:
    """Predictions for the free memory that the probe has recorded."""

    def __init__(self, command):
        self.command = command

    def predict(self, job):
        lines = [line.split(" ", 1) for line in job.of("F")]
        with tempfile.NamedTemporaryFile("w") as recorded:
            recorded.write("".join(text + "\n" for _, text in lines))
            recorded.flush()
            out = subprocess.run(self.command[:-1] + ["--buddyinfo", recorded.name, "--min-free", lines[0][0] + "K",
                                                      self.command[-1], job.words[1]], stdout=subprocess.PIPE, check=False)
        return json.loads(out.stdout)["files"][0]["ram"]


def said_order(job):
    """The order in the kernel's message about a failed allocation."""
    found = [re.search(r"page allocation failure: order:(\d+)", k) for k in job.of("K")]
    return [int(m.group(1)) for m in found if m]


def compare_try(v, order, job, ram, board):
    what = "no block of order %d: %s " % (order, job.words[1])
    started = job.of("Y") == ["0"]
    v.check(what + ("starts" if ram["fits"] else "does not start"), started, ram["fits"])
    if started or ram["fits"]:
        return
    lengths = [int(m.group(1)) for m in (re.search(r"Allocation of length (\d+) ", k) for k in job.of("K")) if m]
    block = ram["blocks"][ram["next_fails_at"]]
    v.check(what + "and says so with this length", lengths, [block["pages"] * board.page])
    failed = [a.split()[1] for a in job.of("A") if a.split()[0] == "0"]
    if board.traced:
        v.check(what + "and this order", failed, [str(block["order"])] if block["order"] <= LARGEST else [])
    if said_order(job):
        v.check(what + "which it reports", said_order(job), [block["order"]])


def compare_own(v, job, regions, files, board):
    if job.words[-1] == "--json":
        compare_xipstat(v, job, files)
        compare_regions(v, regions, json.loads("\n".join(job.of("O"))), board)
    elif job.words[-1] == "maps":
        v.check("xipstat maps: its exit status", job.of("X"), ["0"])
    else:
        v.check("xipstat profile: there is none", (job.of("X"), job.of("O")),
                (["8"], ["xipstat: without an MMU, the kernel does not say which pages were used"]))


def compare(name, log, maps, most, tree, command):
    v = Verdicts()
    files = {f["path"]: f for f in maps["files"]}
    dump = Dump(command)
    board = Board(maps)
    started, tries, orders, order = set(), 0, 0, 0
    for job in read_log(log):
        kind = job.words[0] if job.words else ""
        if kind == "trace":
            board.traced = True
        elif kind == "bank":
            base, size = (int(w, 0) for w in job.words[1:])
            board.flash = (base, base + size)
        elif kind == "start":
            compare_start(v, job, files[job.words[1]], tree, board)
            started.add(job.words[1])
        elif kind == "regions":
            regions = job
        elif kind == "own":
            compare_own(v, job, regions, files, board)
        elif kind == "split":
            order = int(job.words[1])
        elif kind == "try":
            compare_try(v, order, job, dump.predict(job), board)
            orders += len(said_order(job))
            tries += 1
        elif kind == "fill":
            ram = dump.predict(job)
            # each process also takes some pages for the kernel
            v.check("instances of %s: %d at most" % (job.words[1], ram["instances"]),
                    ram["instances"] - 2 <= int(job.of("N")[0]) <= ram["instances"], True)
    if name == "start":
        v.check("all programs have been started", sorted(started), started_twice(maps, most))
    else:
        v.check("all programs have been tried", tries, len(SPLIT) * len(tried(files)))
        v.check("the kernel has reported the order of some failures", orders > 0, True)


def main():
    command, name, *args = sys.argv[1:]
    if command == "jobs":
        with open(args[0]) as f:
            maps = json.load(f)
        print("\n".join(start_jobs(maps, int(args[1]), args[2:]) if name == "start" else free_jobs(maps)))
    else:
        with open(args[1]) as f:
            compare(name, args[0], json.load(f), int(args[2]), args[3], args[4:])


if __name__ == "__main__":
    main()
