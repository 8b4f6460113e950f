#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare mkcramfs-xip with other tools in one run; see doc/field-notes.md.

Runs alternate, so that a busy moment of the machine affects all of them, and
medians are shown. Compare ratios, not the times of different machines or runs.
Prints Markdown.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


def measure(command):
    """Wall seconds, CPU seconds and peak memory in MB of one run."""
    begin = time.monotonic()
    null = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1, 2)]
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(pid, 0)
    wall = time.monotonic() - begin
    os.close(null)
    if status:
        raise SystemExit(f"failed ({os.waitstatus_to_exitcode(status)}): {' '.join(command)}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6


def medians(runs):
    return [statistics.median(column) for column in zip(*runs)]


def pages_in_place(image, blocks=None):
    command = [sys.executable, os.path.join(HERE, "image.py"), image]
    return int(subprocess.run(command + ([blocks] if blocks else []), check=True, stdout=subprocess.PIPE).stdout)


def compare(args, scratch):
    ours = [args.tool, "-q", "--quiet"]
    commands = {
        "mkcramfs-xip -X": ours + ["-X"],
        "mkcramfs-xip -X --no-verify": ours + ["-X", "--no-verify"],
        "mkcramfs-xip -X -j1": ours + ["-X", "-j1"],
        "mkcramfs-xip": ours,
    }
    if args.mkfs:
        commands["mkfs.cramfs"] = [args.mkfs]
    if args.mkcramfs:
        commands["mkcramfs -X -X"] = [args.mkcramfs, "-X", "-X", "-q"]
    runs = {name: [] for name in commands}
    bare = []
    images = {name: os.path.join(scratch, f"image{i}") for i, name in enumerate(commands)}
    for turn in range(args.runs + 1):
        for name, command in commands.items():
            if os.path.exists(images[name]):
                os.unlink(images[name])
            result = measure(command + [args.root, images[name]])
            if turn:  # the first warms the page cache
                runs[name].append(result)
        if not turn:
            floor = Floor(scratch, images["mkcramfs-xip -X"])
        elif floor.built:
            bare.append(floor.seconds())
    rows = {name: medians(r) for name, r in runs.items()}
    base = rows["mkcramfs-xip -X"]
    print("| | wall s | ratio | CPU s | peak MB | image MB | pages in place |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, (wall, cpu, peak) in rows.items():
        size = os.path.getsize(images[name]) / 1e6
        pages = pages_in_place(images[name])
        print(f"| {name} | {wall:.2f} | {wall / base[0]:.2f} | {cpu:.2f} | {peak:.0f} | {size:.2f} | {pages} |")
    if bare:
        ratio = statistics.median(run[1] / least for run, least in zip(runs["mkcramfs-xip -X -j1"], bare))
        print(f"\nlibdeflate -9 alone takes {statistics.median(bare):.2f} s for the blocks that are not in place.")
        print(f"mkcramfs-xip -X -j1 takes {ratio:.2f} times that in all.")
    print()


class Floor:
    """Bare libdeflate over the blocks that our image holds compressed, on one thread."""

    def __init__(self, scratch, image):
        self.program, self.blocks = os.path.join(scratch, "floor"), os.path.join(scratch, "blocks")
        source = os.path.join(HERE, "libdeflate-floor.c")
        command = [os.environ.get("CC", "cc"), "-O2", "-o", self.program, source, "-ldeflate"]
        self.built = not subprocess.run(command, check=False).returncode
        if not self.built:
            print("libdeflate-floor does not build here: no comparison with bare libdeflate\n")
        pages_in_place(image, self.blocks)

    def seconds(self):
        done = subprocess.run([self.program, "9", self.blocks], check=True, stdout=subprocess.PIPE, text=True)
        return float(done.stdout.split()[0])


def small_files(args, scratch):
    """Time by number of files: a line if it is linear."""
    print("| small files | wall s | microseconds a file | peak MB |")
    print("| ---: | ---: | ---: | ---: |")
    root, image = os.path.join(scratch, "small"), os.path.join(scratch, "small.img")
    made = 0
    for count in (5000, 10000, 20000):
        for i in range(made, count):
            directory = os.path.join(root, f"d{i % 100}")
            os.makedirs(directory, exist_ok=True)
            with open(os.path.join(directory, f"file{i}"), "wb") as f:
                f.write(b"%d: a small file\n" % i * (1 + i % 50))
        made = count
        runs = [measure([args.tool, "-q", "--quiet", "-X", root, image]) for _ in range(args.runs)]
        wall, _, peak = medians(runs)
        print(f"| {count} | {wall:.2f} | {wall / count * 1e6:.0f} | {peak:.0f} |")
    print()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("root", help="directory to make images of (tests/sample-root.sh makes one)")
    parser.add_argument("--tool", default=os.path.join(TOP, "build/main/mkcramfs-xip/mkcramfs-xip"), help="mkcramfs-xip")
    parser.add_argument("--mkcramfs", help="another mkcramfs with -X -X (cramfs-tools)")
    parser.add_argument("--mkfs", default=shutil.which("mkfs.cramfs", path=os.environ["PATH"] + ":/sbin:/usr/sbin"), help="util-linux's mkfs.cramfs")
    parser.add_argument("--runs", type=int, default=5, help="runs of each (default 5)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crxbench.") as scratch:
        compare(args, scratch)
        small_files(args, scratch)


if __name__ == "__main__":
    main()
