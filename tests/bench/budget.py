#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare --flash-budget and --ram-goal of two builds of mkcramfs-xip; see doc/budget.md.

    budget.py OLD NEW ROOT

Both build images of ROOT in memory (--dry-run) for many budgets between the least image and
that with everything in place, without a profile and with made-up ones, which are the same in
each run. Prints Markdown, a line for each profile:

lost      what the new build's choice is worth less: the sum of the profile's counts of pages in
          place (without a profile, the RAM saved); with --goals, by how much its image is larger.
          In per cent: average, and worst of all budgets. Negative: it is better.
RAM lost  the same of the RAM saved, which is not what a choice is made by, given a profile
gap       how far from the best possible the builds say they can be, at most: average and worst,
          and how many of the budgets have more than half a per cent
CPU       seconds of user time, the medians
"""
import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import tempfile

KINDS = ("none", "even", "skewed", "once", "clusters", "few")


def run(tool, options, root):
    """The JSON summary of one run, and its user time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    command = [tool, "--quiet", "-X", "--dry-run", "--json", "-"] + options + [root, "no.img"]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return json.loads(text), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def clusters(rng, pages, first, between, length):
    """Pages in groups, as programs use them; the first group is at the beginning."""
    page = 0 if first else int(rng.expovariate(1 / between))
    while page < pages:
        end = min(pages, page + 1 + int(rng.expovariate(1 / length)))
        yield from range(page, end)
        page = end + int(rng.expovariate(1 / between))


def counts_of(kind, rng, path, pages):
    """page -> count for one segment."""
    if kind == "even":
        return {p: rng.randint(1, 100) for p in range(pages) if rng.random() < 0.3}
    if kind == "skewed":
        return {p: int(rng.paretovariate(1)) for p in range(pages) if rng.random() < 0.25}
    if kind == "once":
        return {p: 1 for p in range(pages) if rng.random() < 0.3}
    if kind == "few":
        used = clusters(rng, pages, True, 20, 5) if rng.random() < 0.08 else ()
        return {p: rng.randint(1, 10) for p in used}
    # two of five programs ran, and all libraries; what several processes use counts for each
    library = ".so" in os.path.basename(path)
    if not library and rng.random() > 0.4:
        return {}
    processes = rng.choice((1, 2, 5, 10, 40) if library else (1, 1, 1, 2, 3, 5, 20))
    return {p: processes if p < 3 else max(1, int(processes * rng.random()))
            for p in clusters(rng, pages, True, 8, 4)}


def make_profile(kind, summary, name):
    """Writes a profile, and returns (path, file page) -> count."""
    rng = random.Random(kind)
    count = {}
    for file in summary["files"]:
        for segment in file["segments"]:
            if "w" not in segment["flags"]:
                for page, n in counts_of(kind, rng, file["path"], segment["pages"]).items():
                    count[file["path"], segment["file_page"] + page] = n
    size = summary["image"]["page_size"]
    with open(name, "w", encoding="utf-8") as out:
        for (path, page), n in count.items():
            out.write(f"{path},{page * size},{n}\n")
    return count


def worth(summary, count):
    """Of the choice: the counts of pages in place."""
    if not count:
        return summary["in_place"]["ram_bytes"]
    pages = {(file["path"], segment["file_page"] + page) for file in summary["files"]
             for segment in file["segments"] for page in range(segment["in_place"])}
    return sum(n for page, n in count.items() if page in pages)


def percent(old, new):
    return 100 * (old - new) / old if old else 0


def compare(args, options, count):
    ends, _ = run(args.old, options + ["--flash-budget", "1G"], args.root)
    least, most = ends["budget"]["least_size"], ends["budget"]["most_size"]
    ram = ends["budget"]["most_ram_bytes"]
    rows = []
    for i in range(1, args.budgets + 1):
        if args.goals:
            limit = ["--ram-goal", str(ram * i // (args.budgets + 1))]
        else:
            limit = ["--flash-budget", str(least + (most - least) * i // (args.budgets + 1))]
        rows.append([run(tool, options + limit, args.root) for tool in (args.old, args.new)])
    size = [[r["image"]["size"] for r, _ in row] for row in rows]
    lost = [percent(worth(a, count), worth(b, count)) for (a, _), (b, _) in rows]
    if args.goals:
        lost = [-percent(a, b) for a, b in size]
    elif any(r["image"]["size"] > r["budget"]["flash_bytes"] for row in rows for r, _ in row):
        raise SystemExit("an image is larger than its budget")
    ram_lost = [percent(*(r["in_place"]["ram_bytes"] for r, _ in row)) for row in rows]
    cells = [f"{statistics.mean(x):.3f} ({max(x):.2f})" for x in (lost, ram_lost)]
    for which in (0, 1):
        gaps = [row[which][0]["budget"]["gap_ppm"] / 1e4 for row in rows]
        cells.append(f"{statistics.mean(gaps):.3f} ({max(gaps):.2f}), {sum(g > 0.5 for g in gaps)}")
    cells += [f"{statistics.median(row[which][1] for row in rows):.2f}" for which in (0, 1)]
    return cells


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("root")
    parser.add_argument("--budgets", type=int, default=50)
    parser.add_argument("--goals", action="store_true", help="compare --ram-goal instead")
    parser.add_argument("--kinds", default=",".join(KINDS), help="profiles, of %(default)s")
    parser.add_argument("--options", default="", help="for both, such as '-b 16K -j1'")
    args = parser.parse_args()
    print("| profile | lost % | RAM lost % | old gap % | new gap % | old CPU | new CPU |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as scratch:
        everything, _ = run(args.old, args.options.split(), args.root)
        for kind in args.kinds.split(","):
            options, count = args.options.split(), {}
            if kind != "none":
                name = os.path.join(scratch, kind + ".csv")
                count = make_profile(kind, everything, name)
                options += ["--profile", name]
            print("|", " | ".join([kind] + compare(args, options, count)), "|", flush=True)


if __name__ == "__main__":
    main()
