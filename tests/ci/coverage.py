#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Print which lines and branches of lib/ a build with --coverage has run.

    coverage.py SOURCE BUILD           a table of rooms, the files with the most
                                       branches not taken, and the totals
    coverage.py SOURCE BUILD FILE...   the branches of these files that were not taken

SOURCE and BUILD are the top directories. Reads what gcov makes of the counts. A
line with LCOV_EXCL_BR_LINE (lcov's marker) has no branches.
"""
import json
import os
import subprocess
import sys

WORST = 20


def objects(build):
    """The .gcno of all objects of lib/: one that no test ran has no counts."""
    for folder, _, names in os.walk(os.path.join(build, "lib")):
        yield from (os.path.join(folder, n) for n in sorted(names) if n.endswith(".gcno"))


def units(build):
    """What gcov reports of each object: a dict for each source file."""
    gcov = os.environ.get("GCOV", "gcov")
    made = subprocess.run(
        [gcov, "--json-format", "--branch-probabilities", "--stdout", *objects(build)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    if made.returncode:
        print("gcov cannot read all counts; these are too low", file=sys.stderr)
    for text in made.stdout.splitlines():
        report = json.loads(text)
        for unit in report["files"]:
            yield os.path.join(report["current_working_directory"], unit["file"]), unit["lines"]


def counts(source, build):
    """{path: {line: (how often it ran, [how often each branch was taken])}}

    A header, and a function that was compiled in two objects, is counted once.
    """
    files = {}
    for path, lines in units(build):
        path = os.path.relpath(os.path.realpath(path), os.path.realpath(source))
        if not path.startswith("lib/"):
            continue
        seen = files.setdefault(path, {})
        for line in lines:
            ran, taken = seen.get(line["line_number"], (0, []))
            more = [b["count"] for b in line["branches"]]
            if len(more) == len(taken):
                more = [a + b for a, b in zip(more, taken)]
            seen[line["line_number"]] = (ran + line["count"], more or taken)
    for path, seen in files.items():
        with open(os.path.join(source, path), encoding="utf-8") as f:
            for number, text in enumerate(f, 1):
                if "LCOV_EXCL_BR_LINE" in text and number in seen:
                    seen[number] = (seen[number][0], [])
    return files


def total(files):
    """(lines that ran, lines, branches taken, branches)"""
    lines = [line for seen in files for line in seen.values()]
    branches = [n for _, taken in lines for n in taken]
    return (sum(ran > 0 for ran, _ in lines), len(lines),
            sum(n > 0 for n in branches), len(branches))


def percent(part, whole):
    return f"{100 * part / whole:6.1f} %" if whole else "       -"


def row(name, sums):
    ran, lines, taken, branches = sums
    return (f"{name:<24} {percent(ran, lines)} {ran:6}/{lines:<6}"
            f" {percent(taken, branches)} {taken:6}/{branches}")


def table(files):
    rooms = {}
    for path, seen in files.items():
        rooms.setdefault(os.path.dirname(path), []).append(seen)
    print("room                       lines                  branches")
    for room in sorted(rooms):
        print(row(room, total(rooms[room])))
    print("\nbranches not taken, file")
    left = {path: sums[3] - sums[2] for path, sums in
            ((path, total([seen])) for path, seen in files.items())}
    for path in sorted(left, key=lambda p: (-left[p], p))[:WORST]:
        if left[path]:
            print(f"{left[path]:4} {path}")
    print()
    ran, lines, taken, branches = total(files.values())
    print(f"lines of lib/: {percent(ran, lines).strip()} ({ran} of {lines})")
    print(f"branches of lib/: {percent(taken, branches).strip()} ({taken} of {branches})")


def show(source, files, path):
    with open(os.path.join(source, path), encoding="utf-8") as f:
        text = f.read().splitlines()
    for number, (ran, taken) in sorted(files[path].items()):
        if not all(taken) or not ran:
            print(f"{path}:{number}: {' '.join(map(str, taken)) or 'not run'}: "
                  f"{text[number - 1].strip()}")


def main():
    source, build, *paths = sys.argv[1:]
    files = counts(source, build)
    for path in paths:
        if path not in files:
            sys.exit(f"{sys.argv[0]}: {path}: nothing is known of it (give the path from SOURCE)")
        show(source, files, path)
    if not paths:
        table(files)


if __name__ == "__main__":
    main()
