#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare what the boots of the xipstat test showed with what it should be.

stat_compare.py facts BOOT.LOG              what xipstat relies on
stat_compare.py profile BOOT.LOG USED.CSV   writes the profile that was recorded
stat_compare.py maps BOOT.LOG MAPS.JSON     compares xipstat maps with dumpcramfs-xip maps
stat_compare.py cached MAPS.JSON            jobs: which pages in place are also in RAM
stat_compare.py saved NONE.LOG USED.LOG NONE.JSON USED.JSON
                                            RAM, without and with pages in place

Prints "pass WHAT", "fail WHAT", and other lines that explain.
"""
import csv
import json
import sys

PAGE = 4096


def check(ok, what, *why):
    print("pass" if ok else "fail", what)
    if not ok:
        for line in why:
            print("  ", line)


def equal(got, want, what):
    check(got == want, what, "is:        %s" % (got,), "should be: %s" % (want,))


class Job:
    """One job, and what it has printed."""

    def __init__(self, words):
        self.words = words
        self.lines = []

    def kind(self, letter):
        return [line[2:] for line in self.lines if line[:2] == letter + " "]

    def out(self):
        return self.kind("O")

    def err(self):
        return "\n".join(self.kind("W"))

    def status(self):
        return int(self.kind("X")[-1])


def read_jobs(path):
    jobs = []
    with open(path, encoding="utf-8", errors="surrogateescape", newline="\n") as f:
        for line in f:
            line = line.rstrip("\r\n")
            if line.startswith("J "):
                jobs.append(Job(line[2:].split(" ")))
            elif jobs:
                jobs[-1].lines.append(line)
    return jobs


def of_image(jobs, how, name):
    """The jobs between this mount and the next."""
    found, on = [], False
    for job in jobs:
        if job.words[0] in ("mtd", "mtdblock", "loop"):
            on = job.words[:2] == [how, name]
        if on:
            found.append(job)
    return found


def the(jobs, *words):
    return [job for job in jobs if job.words[: len(words)] == list(words)]


# ---- facts ----

# Pages in RAM after each step of stat_pages.c. The file's last page is 'last'.
ON_MTD = """
fresh
touch 5 9
in-order 5 9 20-23
pread 5 9 20-23 30 40-41
read-on 0-1 5 9 20-23 30 40-41
willneed 0-1 5 9 20-23 30 40-41
sequential 0-1 5 9 20-23 30 40-41 60 63
populate 0-1 5 9 20-23 30 40-41 56-57 60 63
exec 0-1 5 9 20-23 30 40-41 56-57 60 63 70
write 0-1 5 9 20-23 30 40-41 56-57 60 63 70 75
other-user 0-last
dontneed
last 3 7 last
"""

DIRECT = """
mixed-untouched - r--p - flash flash flash flash
direct pf r--p physical - - - -
direct-shared pf r--s - - - - -
mixed-child - r--p - flash flash flash flash
mixed-dropped - r--p - ram - flash flash
mixed-none - ---p - flash
direct-cut pf r--p physical - - -
direct-written pf rw-p physical -
"""


def pages_of(jobs):
    return {line.split()[0]: line.split()[1:] for job in the(jobs, "pages") for line in job.kind("T")}


def csv_of(job):
    rows = list(csv.reader(job.out()))
    return [tuple(row) for row in rows]


def facts_of_pages(jobs):
    mtd = pages_of(of_image(jobs, "mtd", "plain"))
    last = mtd.get("last", ["?"])[-1]
    want = {}
    for line in ON_MTD.split("\n"):
        if line:
            word = line.split()
            want[word[0]] = [w.replace("last", last) for w in word[1:]]
    for step, pages in want.items():
        equal(mtd.get(step), pages, "MTD: pages in RAM are those that were touched: %s" % step)
    equal(pages_of(of_image(jobs, "mtdblock", "plain")), mtd, "/dev/mtdblockN as source is the MTD: the same pages")
    block = pages_of(of_image(jobs, "mtdblock", "v1"))
    check(block.get("fresh") == [] and block.get("touch", ["5"])[0].startswith("0-"),
          "a block device reads ahead", "after touching 5 and 9: %s" % block.get("touch"))
    return last


def facts_of_profile(jobs, last):
    on_mtd = of_image(jobs, "mtd", "plain")
    profile = the(on_mtd, "own", "xipstat", "profile")
    rows = [("path", "offset", "count")]
    # both names have one table, and so one inode
    for name in ('/a,"b"', "/numbers"):
        rows += [(name, str(PAGE * page), "1") for page in (3, 7, int(last))]
    equal(csv_of(profile[0]), rows, "xipstat profile: those pages, under each name of the inode")
    equal(profile[0].status(), 0, "xipstat profile: exit status")
    equal(profile[0].err(), "", "xipstat profile: nothing is in place, nothing was reclaimed, and nothing is said")
    equal((profile[1].out(), profile[1].status()), ([], 0), "xipstat profile -o: nothing on standard output")
    block = the(of_image(jobs, "mtdblock", "plain"), "own", "xipstat", "profile")[0]
    equal((csv_of(block), block.status()), (rows, 0), "/dev/mtdblockN that is the MTD: the same profile")
    refused = the(of_image(jobs, "mtdblock", "v1"), "own", "xipstat", "profile")
    check(refused[0].status() == 8 and not refused[0].out() and "reads ahead" in refused[0].err(),
          "/dev/mtdblockN that is the block device: refused", refused[0].err())
    check(refused[1].status() == 0 and len(refused[1].out()) > 1 and "warning" in refused[1].err(), "unless forced", refused[1].err())
    loop = of_image(jobs, "loop", "plain")
    refused = the(loop, "own", "xipstat", "profile")[0]
    check(refused.status() == 8 and "mounted from a block device" in refused.err(), "a loop device: refused", refused.err())
    equal(the(loop, "own", "xipstat", "maps")[0].status(), 0, "xipstat maps: nothing mapped is not an error")


def facts_of_direct(read):
    jobs = of_image(read, "mtd", "direct")
    got = {line.split()[0]: line.split()[1:] for job in the(jobs, "direct") for line in job.kind("T")}
    for line in DIRECT.split("\n"):
        if line:
            word = line.split()
            equal(got.get(word[0]), word[1:], "pages in place, as /proc shows them: %s" % word[0])
    profile = the(jobs, "own", "xipstat", "profile")
    check(profile[0].status() == 0 and "already in place, such as those of /mnt/program," in profile[0].err(),
          "xipstat profile: warns of pages that are in place", profile[0].err())
    # (the program was mapped by stat_direct, and one of its pages dropped and touched again)
    pages = [int(row[1]) // PAGE for row in csv_of(profile[0])[1:]]
    check(all(page not in pages for page in range(1, 8)), "xipstat profile: which it leaves out", pages)
    check(profile[1].status() == 8 and "not a cramfs file system" in profile[1].err(), "xipstat profile: another file system is refused", profile[1].err())
    behind = the(of_image(read, "mtd", "behind"), "own", "xipstat", "profile")[0]
    check(behind.status() == 0 and "already in place, such as those of /mnt/program," in behind.err(),
          "xipstat profile: also where a file does not begin with them", behind.err())


def facts(log):
    jobs = read_jobs(log)
    steps = [line for job in jobs for line in job.kind("B") if not line.endswith(" 0")]
    # an image of version 1 is refused as an MTD, and then taken as a block device
    equal(steps, ["v1 mount 2"], "small images: all are mounted, and unmounted")
    last = facts_of_pages(jobs)
    facts_of_profile(jobs, last)
    facts_of_direct(jobs)


# ---- maps ----

def find_segment(entry, mapping):
    """The segment that a mapping without PROT_WRITE begins with, or None."""
    for s in entry["segments"]:
        if "w" in s["flags"] or s["flags"] != mapping["perms"][:3]:
            continue
        if mapping["file_page"] is None and s.get("address") == mapping["address"]:
            return s
        if mapping["file_page"] is not None and s["file_page"] == mapping["file_page"]:
            return s
    return None


def compare_mapping(entry, mapping, wrong, frames):
    perms = mapping["perms"]
    what = "%s %s page %s: " % (mapping["path"], perms, mapping["file_page"])
    s = None if "w" in perms or perms.startswith("---") else find_segment(entry, mapping)
    if s is None:
        # data, what RELRO made of it, and gaps
        if mapping["flash"]:
            wrong.append(what + "%d pages in flash, of no segment that may" % mapping["flash"])
        return 0
    if (mapping["pages"], mapping["flash"]) != (s["pages"], s["in_place"]):
        wrong.append(what + "%d of %d pages in flash, dumpcramfs-xip says %d of %d" % (mapping["flash"], mapping["pages"], s["in_place"], s["pages"]))
    if s["in_place"] and mapping.get("address") != s["address"]:
        wrong.append(what + "at %s, dumpcramfs-xip says %s" % (mapping.get("address"), s["address"]))
    if mapping["direct"] == s["mixed"] and s["in_place"]:
        wrong.append(what + "direct: %s, dumpcramfs-xip says mixed: %s" % (mapping["direct"], s["mixed"]))
    if mapping["flash"] + mapping["ram"] > mapping["pages"]:
        wrong.append(what + "more pages than there are")
    frames.update(range(s.get("address", 0) // PAGE, s.get("address", 0) // PAGE + s["in_place"]))
    return 1


def maps(log, dump):
    jobs = read_jobs(log)
    text, js = the(jobs, "own", "xipstat", "maps")
    check(text.status() == 0 and js.status() == 0, "xipstat maps: exit status", text.err(), js.err())
    shown = json.loads("\n".join(js.out()))
    with open(dump, encoding="utf-8", errors="surrogateescape") as f:
        files = {entry["path"]: entry for entry in json.load(f)["files"]}
    wrong, frames, compared = [], set(), 0
    for process in shown["processes"]:
        for mapping in process["mappings"]:
            if mapping["path"] not in files:
                wrong.append("dumpcramfs-xip does not know a program %s" % mapping["path"])
                continue
            compared += compare_mapping(files[mapping["path"]], mapping, wrong, frames)
        for key in ("pages", "flash", "ram", "copies"):
            if process[key] != sum(m[key] for m in process["mappings"]):
                wrong.append("process %d: %s is not the sum" % (process["pid"], key))
    names = [p["name"] for p in shown["processes"]]
    equal(sorted(names), ["bash", "busybox", "busybox", "openssl"], "xipstat maps: the processes that run")
    check(compared > 10, "xipstat maps: their mappings", compared)
    check(not wrong, "xipstat maps: pages in flash, and where, are those of dumpcramfs-xip maps", *wrong[:20])
    equal(shown["totals"]["flash"], len(frames), "xipstat maps: in total each page in flash counts once")
    totals = shown["totals"]
    check(0 < totals["copies"] <= totals["ram"] <= sum(p["ram"] for p in shown["processes"]), "xipstat maps: and each page in RAM", totals)
    compare_text(text.out(), shown)
    print("%d mappings of %d processes: %d distinct pages in flash, %d in RAM" % (compared, len(names), totals["flash"], totals["ram"]))


def compare_text(lines, shown):
    want = [[m[k] for k in ("pages", "flash", "ram", "copies")] for p in shown["processes"] for m in p["mappings"]]
    got = [[int(w) for w in line.split()[:4]] for line in lines if line.startswith("  ") and "-" in line and "0x" in line or " -  " in line]
    equal(got, want, "xipstat maps: the text has the numbers of the JSON")


# ---- profile and RAM ----

def profile(log, out):
    job = the(read_jobs(log), "own", "xipstat", "profile")[0]
    check(job.status() == 0 and len(job.out()) > 100, "xipstat profile: of a real root", job.err())
    check(not any(row[0].startswith("/tmp/") for row in csv_of(job)), "xipstat profile: other file systems are left out")
    with open(out, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as f:
        f.writelines(line + "\n" for line in job.out())
    print("%d pages of %d files" % (len(job.out()) - 1, len({row[0] for row in csv_of(job)[1:]})))


def memory(jobs):
    """Pages used between "before" and "after", by key of /proc/meminfo."""
    at = {name: dict(line.split() for line in the(jobs, "memory", name)[0].kind("I")) for name in ("before", "after")}
    return {key: int(at["after"][key]) - int(at["before"][key]) for key in at["before"]}


def cached(dump):
    """Jobs: which pages in place are in RAM as well."""
    with open(dump, encoding="utf-8", errors="surrogateescape") as f:
        for entry in json.load(f)["files"]:
            pages = set()
            for s in entry["segments"]:
                pages.update(range(s["file_page"], s["file_page"] + s["in_place"]))
            for first in sorted(page for page in pages if page - 1 not in pages):
                count = next(n for n in range(1, len(pages) + 1) if first + n not in pages)
                print("cached", entry["path"], first, count)


def near(got, want, percent):
    return abs(got - want) * 100 <= percent * want


def same_work(none, used):
    for jobs, what in ((none, "without"), (used, "with")):
        bad = [" ".join(j.words[1:3]) + ": " + j.err() for j in jobs if j.words[0] in ("run", "keep") and j.status()]
        check(not bad, "RAM: the work is done %s pages in place" % what, *bad)
    # these two print times and keys
    results = [[j for j in the(jobs, "run") if "speed" not in j.words and "req" not in j.words] for jobs in (none, used)]
    other = [" ".join(a.words[1:4]) for a, b in zip(*results) if a.out() != b.out() or not (a.out() or "genpkey" in a.words)]
    check(not other, "RAM: with the same results", *other)


def saved(none_log, used_log, none_json, used_json):
    none, used = read_jobs(none_log), read_jobs(used_log)
    same_work(none, used)
    sizes = []
    for name in (none_json, used_json):
        with open(name, encoding="utf-8", errors="surrogateescape") as f:
            shown = json.load(f)
        sizes.append(shown["image"]["size"])
    place = shown["in_place"]
    predicted = place["ram_bytes"] // PAGE
    without, with_ = memory(none), memory(used)
    less = {key: without[key] - with_[key] for key in without}
    less["MemFree"], less["MemAvailable"] = -less["MemFree"], -less["MemAvailable"]
    doubles = sum(int(line) for job in the(used, "cached") for line in job.kind("C"))

    print("%d pages in place, of which %d are used; %d KiB of flash more" % (place["pages"], place["hot_in_place"], (sizes[1] - sizes[0]) // 1024))
    print("RAM saved, in pages: %d predicted; %d measured by MemFree, %d by Cached" % (predicted, less["MemFree"], less["Cached"]))
    print("%d pages in place are in RAM as well: they were read, or hold data" % doubles)
    print("less in use: " + ", ".join("%s %d" % (key, less[key]) for key in ("Mapped", "MemAvailable", "AnonPages", "PageTables", "Slab")))
    check(place["profiled"] and 200 < place["hot_in_place"] <= place["pages"], "RAM: an image by a profile", place)
    check(near(less["MemFree"], predicted, 5), "RAM: what is free agrees with the prediction within 5 %", less["MemFree"], predicted)
    check(near(less["Cached"], predicted, 5), "RAM: what caches hold agrees with the prediction within 5 %", less["Cached"], predicted)
    check(abs(less["Cached"] + doubles - predicted) <= 2, "RAM: what differs was read", less["Cached"], doubles, predicted)
    check(0 < doubles < 0.05 * predicted, "RAM: which is little", doubles)


if __name__ == "__main__":
    {"facts": facts, "maps": maps, "profile": profile, "cached": cached, "saved": saved}[sys.argv[1]](*sys.argv[2:])
