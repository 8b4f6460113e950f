#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Let each allocation of the programs' own code fail in turn, in process, with nomem.c.

memory.py PROGRAMS DIR [COMMAND...]     PROGRAMS: "…/nomem-"; COMMAND: only these
Needs MKCRAMFS_XIP, CRAMFSCK_XIP and DUMPCRAMFS_XIP, and prints TAP.
"""
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from commands import commands_for, make_inputs, prepare

PROGRAMS, WORK = sys.argv[1:3]
ONLY = sys.argv[3:]


def try_all(command):
    old, work = "%s/%s.old" % (WORK, command.name), "%s/%s" % (WORK, command.name)
    prepare(command, WORK + "/in", old)
    partial = [name for name in ("x", "json") if name in command.argv] + ["-"]
    stdin = open(WORK + "/in/" + command.stdin, "rb") if command.stdin else subprocess.DEVNULL
    env = dict(os.environ, TMPDIR=work + "/tmp", LC_ALL="C")
    p = subprocess.run([PROGRAMS + command.argv[0], old, work, partial[0], command.argv[0]] + command.arguments(),
                       env=env, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return p.returncode, p.stdout.decode("utf-8", "replace").strip()


def main():
    make_inputs(WORK + "/in")
    failed = failures = 0
    todo = commands_for(ONLY, WORK + "/in")
    with ThreadPoolExecutor(2) as pool:
        for i, (command, (status, said)) in enumerate(zip(todo, pool.map(try_all, todo)), 1):
            failed += status != 0
            failures += int(said) if not status else 0
            print("%s %d - %s: %s" % ("not ok" if status else "ok", i, command.name, " ".join(command.argv)))
            print("# " + (said + " allocations failed" if not status else said.replace("\n", "\n#   ")))
            sys.stdout.flush()
    print("# %d failures in all" % failures)
    print("1..%d" % len(todo))
    return 1 if failed else 0


sys.exit(main())
