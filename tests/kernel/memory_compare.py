#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What programs take without an MMU: predicted, and seen on the kernel.

memory_compare.py jobs NAME MAPS.JSON               jobs for memory_probe.c
memory_compare.py compare NAME LOG MAPS.JSON DUMP   verdicts: "pass WHAT" or "fail WHAT"

NAME is start, for mappings and orders of programs that start, or free, for
programs that may not start because RAM is divided.
DUMP is the command that shows an image like MAPS.JSON.
"""
import json
import re
import subprocess
import sys
import tempfile

SPLIT = (10, 8, 6, 5)  # orders
# programs to try when RAM is divided, and one that is started as often as possible
TRIED = ("/xip/small", "/xip/n15", "/xip/n16", "/xip/n17", "/xip/n32", "/xip/n64", "/xip/n128", "/xip/n512",
         "/xip/n1024", "/xip/n1024+1", "/xip/text", "/copied/large", "/ram/bss", "/xip/relocs")
FILLED = "/xip/n128"
LARGEST = 10  # order that the kernel has; more is refused at once
RATE = 11  # seconds: the kernel reports the order of a failure every 10 seconds at most


KEPT = ("/xip/text", "/xip/text", "/copied/large", "/copied/large", "/ram/bss")


def start_jobs(maps):
    for path in KEPT:
        yield "keep " + path
    yield "regions"
    yield "own /xipstat maps --json"
    yield "own /xipstat maps"
    yield "own /xipstat profile /mnt"
    yield "end"
    for f in maps["files"]:
        if not f["path"].startswith("/xip/n1024"):
            yield "start " + f["path"]


def free_jobs():
    yield "fill " + FILLED
    for order in SPLIT:
        yield "split %d" % order
        if order == SPLIT[0]:
            yield "wait %d" % RATE
        for path in TRIED:
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


def seen_block(region, flash, order):
    if flash[0] <= region.start < flash[1]:
        return ("flash", region.pages, region.inode, region.file_page)
    return ("RAM", region.pages, order, region.inode, region.file_page)


def expected_block(block, f, page):
    segment = next((s for s in f["segments"] if block["mapped"] and s["index"] == block["segment"]), None)
    inode, file_page = (f["inode"], segment["file_page"]) if segment else (0, 0)
    if block["in_place"]:
        return ("flash", segment["pages"], inode, file_page)
    return ("RAM", block["pages"], block["order"], inode, file_page)


def compare_start(v, job, f, flash, page):
    path = f["path"]
    orders = {}
    for a in job.of("A"):
        frame, order = a.split()
        orders[int(frame, 16) * page] = int(order)
    v.check(path + ": both instances start", job.of("Y"), ["0", "0"])
    instance = [[], []]
    for line in job.of("P"):
        which, text = line.split(" ", 1)
        instance[int(which)].append(Region(text, page))
    expected = sorted(expected_block(b, f, page) for b in f["ram"]["blocks"])
    for n, regions in enumerate(instance):
        v.check("%s: mappings and orders of instance %d" % (path, n + 1),
                sorted(seen_block(r, flash, orders.get(r.start)) for r in regions), expected)
    # what the second one takes: regions of its own
    first = {r.key for r in instance[0]}
    own = sum(r.pages for r in instance[1] if r.key not in first)
    v.check(path + ": another instance", own, f["ram"]["another_instance"])
    known = {Region(r, page).key for r in job.of("R")}
    v.check(path + ": /proc/maps has the same regions", [r.key for i in instance for r in i if r.key not in known], [])


def compare_xipstat(v, job, files, base, page):
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
            expected.append((path, segment["pages"], segment["pages"], 0, 0, base + segment["offset"]))
        elif path.startswith("/copied/"):
            expected.append((path, segment["pages"], 0, segment["pages"], 0, None))
    v.check("xipstat: mappings of running programs", sorted(seen, key=str), sorted(expected, key=str))
    v.check("xipstat: pages in flash, and copies of text, once each",
            (found["totals"]["flash"], found["totals"]["ram"]),
            (files["/xip/text"]["segments"][0]["pages"], files["/copied/large"]["segments"][0]["pages"]))


def compare_regions(v, job, found, flash, page):
    """xipstat itself and its output buffers are regions more."""
    regions = [r for r in (Region(line, page) for line in job.of("R")) if not flash[0] <= r.start < flash[1]]
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


def compare_try(v, order, job, ram):
    what = "no block of order %d: %s " % (order, job.words[1])
    started = job.of("Y") == ["0"]
    v.check(what + ("starts" if ram["fits"] else "does not start"), started, ram["fits"])
    if started or ram["fits"]:
        return
    lengths = [int(m.group(1)) for m in (re.search(r"Allocation of length (\d+) ", k) for k in job.of("K")) if m]
    block = ram["blocks"][ram["next_fails_at"]]
    v.check(what + "and says so with this length", lengths, [block["pages"] * 4096])
    failed = [a.split()[1] for a in job.of("A") if a.split()[0] == "0"]
    v.check(what + "and this order", failed, [str(block["order"])] if block["order"] <= LARGEST else [])
    if said_order(job):
        v.check(what + "which it reports", said_order(job), [block["order"]])


def compare(name, log, maps, command):
    v = Verdicts()
    files = {f["path"]: f for f in maps["files"]}
    dump = Dump(command)
    page = maps["page_size"]
    started, tried, orders, order = set(), 0, 0, 0
    for job in read_log(log):
        kind = job.words[0]
        if kind == "bank":
            base, size = (int(w, 0) for w in job.words[1:])
            flash = (base, base + size)
        elif kind == "start":
            compare_start(v, job, files[job.words[1]], flash, page)
            started.add(job.words[1])
        elif kind == "regions":
            regions = job
        elif kind == "own":
            if job.words[-1] == "--json":
                compare_xipstat(v, job, files, base, page)
                compare_regions(v, regions, json.loads("\n".join(job.of("O"))), flash, page)
            elif job.words[-1] == "maps":
                v.check("xipstat maps: its exit status", job.of("X"), ["0"])
            else:
                v.check("xipstat profile: there is none", (job.of("X"), job.of("O")),
                        (["8"], ["xipstat: without an MMU, the kernel does not say which pages were used"]))
        elif kind == "split":
            order = int(job.words[1])
        elif kind == "try":
            compare_try(v, order, job, dump.predict(job))
            orders += len(said_order(job))
            tried += 1
        elif kind == "fill":
            ram = dump.predict(job)
            # each process also takes some pages for the kernel
            v.check("instances of %s: %d at most" % (job.words[1], ram["instances"]),
                    ram["instances"] - 2 <= int(job.of("N")[0]) <= ram["instances"], True)
    if name == "start":
        v.check("all programs have been started", len(started), sum(not p.startswith("/xip/n1024") for p in files))
    else:
        v.check("all programs have been tried", tried, len(SPLIT) * len(TRIED))
        v.check("the kernel has reported the order of some failures", orders > 0, True)


def main():
    command, name, *args = sys.argv[1:]
    if command == "jobs":
        with open(args[0]) as f:
            maps = json.load(f)
        print("\n".join(start_jobs(maps) if name == "start" else free_jobs()))
    else:
        with open(args[1]) as f:
            compare(name, args[0], json.load(f), args[2:])


if __name__ == "__main__":
    main()
