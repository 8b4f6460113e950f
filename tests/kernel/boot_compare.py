#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Judge what a board printed that booted from an image: boot_run.sh says how.

boot_compare.py LOG MAPS.JSON ARCH

MAPS.JSON is of dumpcramfs-xip maps --base. ARCH is Debian's name, or "own" for
a root with own_init.c. Prints "pass TEXT", "fail TEXT" and "note TEXT" lines.
"""
import hashlib
import json
import re
import sys

import stat_compare
import target

NOTES = 12
# what the kernel warns of because of its configuration; the last ones on malta, whose boot console
# also speaks before "quiet" is read
EXPECTED = [
    "Kernel memory protection not selected by kernel config.",
    "This architecture does not have kernel memory protection.",
    "process '/sbin/init' started with executable stack",
    "CPU frequency ",
]


def numbers(last):
    return b"".join(b"%d\n" % n for n in range(1, last + 1))


# these were running when xipstat maps looked; their text is in flash, and that of libraries
PROGRAMS = ["busybox", "openssl", "program"]
LIBRARIES = ["plugin.so", "libstdc++.so", "libc.so", "libcrypto.so"]
OWN_PROGRAMS = ["init", "program"]
OWN_LIBRARIES = ["plugin.so", "libstdc++.so", "libc.so"]


def expected(own):
    """{task: lines}"""
    md5 = lambda data: hashlib.md5(data).hexdigest()
    sha = lambda data: hashlib.sha256(data).hexdigest()
    program = [
        "caught the bottom, 0 left", "caught outer of stoi", "the plugin refuses 0: too few corners",
        "triangle has 3 corners", "polygon has 4 corners",
        "threads: 8000, own 1 1 501 1000 1501 2001 2497 2998 3501", "a thread threw the bottom"]
    if own:
        return {"program": program, "after": ["end"]}
    return {
        "applets": [
            "20100", md5(numbers(5000)) + "  -", "etc/boot/run", "etc/boot/setup", "1", "1",
            "the root is read-only", sha(bytes(102400)) + "  -", "42", "Thu Jan  1 00:00:00 UTC 1970"],
        "digests": ["SHA2-256(stdin)= " + sha(numbers(9999)), md5(numbers(9999)) + " *stdin"],
        "ciphers": ["there is something", md5(numbers(999)) + "  -"],
        "keys": ["RSA key ok", "subject=CN = test", "/tmp/cert: OK"],
        "program": program,
        "after": ["end", "SHA2-256(/tmp/b)= " + sha(b"end\n"), "end"],
    }


def read(path):
    """({task: (lines, status)}, the kernel's log, did it end, the rest)"""
    tasks, log, rest, at, ended = {}, [], [], None, False
    with open(path, encoding="utf-8", errors="replace", newline="\n") as f:
        for line in f:
            line = line.rstrip("\r\n")
            if line.startswith("T ") and at is None:
                at = tasks.setdefault(line[2:], [[], None])
            elif line.startswith("X ") and at is not None:
                at[1] = int(line[2:])
                at = None
            elif at is not None:
                at[0].append(line)
            elif line.startswith("K "):
                log.append(line[2:])
            elif line == "END":
                ended = True
            elif line.strip() and tasks and not (ended and line.startswith("reboot: ")):
                rest.append(line)
    return tasks, log, ended, rest


def verdict(what, faults):
    print(("fail " if faults else "pass ") + what)
    for f in faults[:NOTES]:
        print("note   " + f[:300])
    if len(faults) > NOTES:
        print("note   ... and %d more" % (len(faults) - NOTES))


def task_faults(got, want):
    if got is None:
        return ["it did not begin"]
    lines, status = got
    faults = ["exit status %s" % status] if status != 0 else []
    if len(lines) != len(want):
        faults += ["%d lines, should be %d" % (len(lines), len(want))] + lines
    return faults + ["is '%s', should be '%s'" % (a, b) for a, b in zip(lines, want) if b is not None and a != b]


def judge_maps(got, dump, programs, libraries):
    with open(dump, encoding="utf-8", errors="surrogateescape") as f:
        files = {entry["path"]: entry for entry in json.load(f)["files"]}
    shown = json.loads("\n".join(got[0])) if got and got[1] == 0 else {"processes": []}
    names, wrong, frames, compared, seen = set(), [], set(), 0, set()
    for process in shown["processes"]:
        names.add(process["name"])
        for mapping in process["mappings"]:
            if mapping["path"] not in files:
                wrong.append("dumpcramfs-xip does not know a program %s" % mapping["path"])
                continue
            compared += stat_compare.compare_mapping(files[mapping["path"]], mapping, wrong, frames)
            if "x" in mapping["perms"] and mapping["flash"] == mapping["pages"]:
                seen.add(mapping["path"])
    verdict("the programs that should run do", [p for p in programs if p not in names])
    verdict("their segments are in flash, where dumpcramfs-xip maps says (%d mappings of %d processes, %d pages; all text of %d files)" % (
        compared, len(shown["processes"]), len(frames), len(seen)), wrong or ([] if frames else ["nothing is in flash"]))
    for what in programs + libraries:
        verdict("all text of %s is in flash" % what, [] if any(what in path.rsplit("/", 1)[-1] for path in seen) else sorted(seen))


def judge_log(log):
    """<N>TEXT: facility * 8 + level; 4 is a warning"""
    faults = []
    for line in log:
        m = re.match(r"<(\d+)>", line)
        if m and int(m[1]) < 8 and int(m[1]) & 7 <= 4 and not any(e in line for e in EXPECTED):
            faults.append(line)
    verdict("the kernel warns of nothing (%d lines)" % len(log), faults or ([] if log else ["no log"]))


def main():
    stat_compare.PAGE = target.P
    tasks, log, ended, rest = read(sys.argv[1])
    own = sys.argv[3] == "own"
    for name, want in expected(own).items():
        verdict("%s: the output is right (%d lines)" % (name, len(want)), task_faults(tasks.get(name), want))
    judge_maps(tasks.get("maps"), sys.argv[2], OWN_PROGRAMS if own else PROGRAMS, OWN_LIBRARIES if own else LIBRARIES)
    judge_log(log)
    verdict("it comes to its end", [] if ended else ["no END"])
    verdict("nothing else speaks on the console", rest)


if __name__ == "__main__":
    main()
