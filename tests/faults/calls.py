#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Let each system call and each allocation of the programs fail in turn, with shim.c.

calls.py SHIM DIR [COMMAND...]     COMMAND: only these, by their names in commands.py
CRX_FAULTS=N                       only every Nth call
Needs MKCRAMFS_XIP, CRAMFSCK_XIP and DUMPCRAMFS_XIP, and prints TAP.

However a call fails, the exit status is one of those in the man page, a message names the program
and a path, an existing output is either as it was or complete, and no temporary file is left.
EINTR and short transfers make no difference at all.
"""
import errno
import hashlib
import os
import re
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from commands import OLD, TOOL, commands_for, make_inputs, prepare

SHIM, WORK = sys.argv[1:3]
ONLY = sys.argv[3:]
STRIDE = int(os.environ.get("CRX_FAULTS", 1))
MAX_SHOWN = 20

# What each call can fail with.
SAME = ("short", errno.EINTR)  # these must not change anything
FAULTS = {
    "malloc": (errno.ENOMEM,),
    "open": (errno.EIO, errno.EINTR, errno.EMFILE),
    "dup": (errno.EMFILE,),
    "read": (errno.EIO, errno.EINTR, "short"),
    "pread": (errno.EIO, errno.EINTR, "short"),
    "write": (errno.ENOSPC, errno.EINTR, "short"),
    "pwrite": (errno.ENOSPC, errno.EINTR, "short"),
    "flush": (errno.EIO, errno.ENOSPC),
    "lseek": (errno.EIO,),
    "rename": (errno.EIO, errno.EACCES),
    "fsync": (errno.EIO, errno.EINTR),
    "ftruncate": (errno.ENOSPC, errno.EINTR),
    "mmap": (errno.ENOMEM,),
    "fchmod": (errno.EIO, errno.EPERM),
    "fchown": (errno.EIO, errno.EPERM),
    "utimens": (errno.EIO, errno.EPERM),
    "readdir": (errno.EIO,),
    "close": (errno.EIO, errno.ENOSPC),
    "stat": (errno.EIO, errno.ENOMEM),
    "readlink": (errno.EIO, errno.ENOMEM),
    "make": (errno.EIO, errno.ENOSPC, errno.EACCES),
    "xattr": (errno.EIO, errno.ENOMEM),
}
# All calls from the Nth on fail.
ON = {"malloc": errno.ENOMEM, "write": "short", "pwrite": "short", "read": "short", "pread": "short"}


# --- one run ---

class Result:
    def __init__(self, status, out, err, files):
        self.status, self.out, self.err, self.files = status, out, err, files

    def same(self, other):
        return (self.status, self.out, self.files) == (other.status, other.out, other.files)


def describe(path):
    """A file, or a directory with all that is in it."""
    st = os.lstat(path)
    if stat.S_ISLNK(st.st_mode):
        return "link " + os.readlink(path)
    if stat.S_ISREG(st.st_mode):
        with open(path, "rb") as f:
            data = f.read()
        return "old" if data == OLD else "%o %s" % (st.st_mode, hashlib.sha256(data).hexdigest())
    if stat.S_ISDIR(st.st_mode):
        inside = sorted(os.listdir(path))
        return "%o %s" % (st.st_mode, [(n, describe(path + "/" + n)) for n in inside])
    return "%o %x" % (st.st_mode, st.st_rdev)


def run(command, where, fault=None, count=None):
    """Run it in the directory where, which is made anew."""
    prepare(command, WORK + "/in", where)
    env = dict(os.environ, LD_PRELOAD=SHIM, TMPDIR=where + "/tmp", LC_ALL="C")
    if fault:
        env["FAULT"] = fault
    if count:
        env["FAULT_COUNT"] = count
    stdin = open(WORK + "/in/" + command.stdin, "rb") if command.stdin else subprocess.DEVNULL
    argv = [TOOL[command.argv[0]]] + command.arguments()
    p = subprocess.run(argv, cwd=where, env=env, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if command.stdin:
        stdin.close()
    files = {n: describe(where + "/" + n) for n in os.listdir(where)}
    return Result(p.returncode, p.stdout, p.stderr.decode("utf-8", "replace"), files)


# --- what must hold ---

def judge(command, ref, before, got, kind, how):
    """Why this result is wrong, or None."""
    if got.status not in command.statuses:
        return "exit status %d" % got.status
    if got.files.get("tmp") != ref.files["tmp"] or set(got.files) - set(ref.files):
        return "a file is left"
    if how in SAME and not got.same(ref):
        return "it makes a difference"
    if got.same(ref):
        return None
    if got.status == 0:
        return "success, with another result"
    for name, is_now in got.files.items():
        if name != "x" and is_now not in (before.get(name), ref.files[name]):
            return "%s is neither old nor complete" % name
    return judge_message(command, got, kind, how)


def judge_message(command, got, kind, how):
    lines = [line for line in got.err.split("\n") if line.startswith(command.argv[0] + ": ")]
    said = "\n".join(lines)
    if kind == "malloc":
        if not re.search("out of memory|Cannot allocate memory|ended by a library", said):
            return "no message says that memory is short"
        return "a finding instead of an error" if got.status == 4 and "x" not in got.files else None
    if os.strerror(how) not in said and not (how == errno.ENOMEM and "out of memory" in said):
        return "no message says %r" % os.strerror(how)
    if not re.search(r"^[^:]+: [^:]+(:\d+)?: ", said, re.M):
        return "no message names a path"
    return None


# --- all calls ---

def counts_of(path):
    with open(path) as f:
        return {kind: int(n) for kind, n in (line.split() for line in f)}


def faults_of(counts):
    for kind, n in counts.items():
        for how in FAULTS[kind]:
            for at in range(1, n + 1, STRIDE):
                yield kind, how, "%s:%d:%s" % (kind, at, how)
        if kind in ON:
            for at in range(1, n + 1, STRIDE if ON[kind] != "short" else max(n, 1)):
                yield kind, ON[kind], "%s:%d+:%s" % (kind, at, ON[kind])


def try_all(command, pool):
    """Returns the number of runs, and what was wrong."""
    where = threading.local()

    def attempt(fault):
        if not hasattr(where, "dir"):
            where.dir = "%s/%s.%d" % (WORK, command.name, threading.get_ident())
        kind, how, text = fault
        got = run(command, where.dir, text)
        why = judge(command, ref, before, got, kind, how)
        return why and "%s: %s (exit %d): %s" % (text, why, got.status, got.err.strip()[-300:])

    here = WORK + "/" + command.name
    ref = run(command, here, count=WORK + "/count")
    again = run(command, here)
    before = {name: describe(WORK + "/in/" + copy_of) if copy_of else "old" for name, copy_of in command.old.items()}
    if not ref.same(again) or ref.status not in (command.status, 4 if 4 in command.statuses else command.status):
        return 0, ["without a fault: exit %d: %s" % (ref.status, ref.err)]
    todo = list(faults_of(counts_of(WORK + "/count")))
    return len(todo), [why for why in pool.map(attempt, todo) if why]


def main():
    make_inputs(WORK + "/in")
    failed = runs = 0
    todo = commands_for(ONLY, WORK + "/in")
    with ThreadPoolExecutor(2) as pool:
        for i, command in enumerate(todo, 1):
            n, wrong = try_all(command, pool)
            runs += n
            failed += bool(wrong)
            print("%s %d - %s: %s (%d faults)" % ("not ok" if wrong else "ok", i, command.name, " ".join(command.argv), n))
            for why in wrong[:MAX_SHOWN]:
                print("# " + why.replace("\n", "\n#   "))
            if len(wrong) > MAX_SHOWN:
                print("# and %d more" % (len(wrong) - MAX_SHOWN))
            sys.stdout.flush()
    print("# %d faults in all" % runs)
    print("1..%d" % len(todo))
    return 1 if failed else 0


sys.exit(main())
