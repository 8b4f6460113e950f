# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs a test for each of several seeds and prints TAP.

CRX_SEEDS=N         number of seeds
CRX_FIRST_SEED=N    the first seed (default 1)
CRX_KEEP=DIR        keep the files of a failed seed in DIR/SEED
"""
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import traceback

ROOT = os.geteuid() == 0


class Failed(Exception):
    pass


def want(ok, text, *args):
    if not ok:
        raise Failed(text % args if args else text)


def find_tool(name):
    """A program of util-linux, or None."""
    return shutil.which(name, path=os.environ.get("PATH", "") + ":/sbin:/usr/sbin")


def can_make_devices():
    if not ROOT:
        return False
    with tempfile.TemporaryDirectory() as d:
        try:
            os.mknod(d + "/c", stat.S_IFCHR | 0o600, os.makedev(1, 3))
        except OSError:
            return False
    return True


DEVICES = can_make_devices()


def command(*cmd, **how):
    """What a command prints. A failure if it does not exit with 0, or does not end."""
    try:
        p = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, **how)
    except subprocess.TimeoutExpired:
        raise Failed("does not end: " + " ".join(cmd)) from None
    want(p.returncode == 0, "exit %d: %s\n%s", p.returncode, " ".join(cmd), p.stdout.decode(errors="replace"))
    return p.stdout


def load(path):
    with open(path, "rb") as f:
        return f.read()


def remove(where):
    """A directory of a test's own, whatever the modes in it."""
    for d, dirs, _ in os.walk(where):
        for name in dirs:
            if not os.path.islink(os.path.join(d, name)):
                os.chmod(os.path.join(d, name), 0o700)
    shutil.rmtree(where, ignore_errors=True)


def not_copied(d, names):
    kinds = (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK)
    return [n for n in names if stat.S_IFMT(os.lstat(os.path.join(d, n)).st_mode) not in kinds]


def try_seed(case_class, seed, scratch):
    """None, or what failed."""
    where = os.path.join(scratch, str(seed))
    os.mkdir(where)
    case = None
    try:
        case = case_class(seed, where)
        case.run()
        return None
    except Exception as e:
        text = str(e) if isinstance(e, Failed) else traceback.format_exc()
        words = getattr(case, "command", [])
        keep = os.environ.get("CRX_KEEP")
        if keep:
            shutil.copytree(where, os.path.join(keep, str(seed)), symlinks=True, ignore=not_copied)
        return " ".join(repr(x) if not x.isprintable() or " " in x else x for x in words) + "\n" + text
    finally:
        remove(where)


def main(case_class, count, last):
    """Tries case_class(seed, where).run() for each seed; last() gives the text of one more point."""
    first, count = int(os.environ.get("CRX_FIRST_SEED", "1")), int(os.environ.get("CRX_SEEDS", str(count)))
    failed = 0
    with tempfile.TemporaryDirectory() as scratch:
        for n, seed in enumerate(range(first, first + count), 1):
            text = try_seed(case_class, seed, scratch)
            failed += text is not None
            print("%sok %d - seed %d" % ("not " if text else "", n, seed), flush=True)
            for line in (text or "").split("\n") if text else []:
                print("# " + line)
    # each failure is one of the seed above
    print("ok %d - %s" % (count + 1, last()))
    print("1..%d" % (count + 1))
    sys.exit(failed > 0)
