#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Options that no test gives to the program.

used.py VARIABLE TABLE DIR

TABLE has lines such as "-b, --block-size SIZE | 4096". An option is used when a
command of a script in DIR gives it to the program: to $VARIABLE, which the tests
call it by, or to a shell function that passes its arguments on to it. So
`[ -s file ]` does not count as a use of -s. Prints what is not used.
"""
import glob
import os
import re
import sys

FUNCTION = re.compile(r"^(\w+)\(\) [{(].*?^[})]", re.M | re.S)


def callers(text, known):
    """The functions of a script that run one of the known commands with their arguments."""
    bodies = {m.group(1): m.group(0) for m in FUNCTION.finditer(text)}
    found = set(known)
    while True:
        words = "|".join(re.escape(w) for w in found)
        more = {name for name, body in bodies.items()
                if re.search(r"(?<![\w-])(%s)(?![\w-]).*[\"{ ]\$[@*{\d]" % words, body.split("\n", 1)[-1] if "\n" in body else body[len(name):])}
        if more <= found:
            return found
        found |= more


def given(script, known):
    """All that the commands of a script give to one of the known commands."""
    words = "|".join(re.escape(w) for w in callers(script, known))
    script = script.replace("\\\n", " ")
    loops = {}
    for line in script.split("\n"):
        loop = re.match(r"\s*for (\w+) in (.*); do", line)
        if loop:
            loops[loop.group(1)] = loop.group(2)
        for part in re.split(r"\|\||&&|;|\|", line):
            m = re.search(r"(?<![\w-])(?:%s)(?![\w-])(.*)" % words, part)
            if m and not re.match(r"\s*#", part):
                yield m.group(1)
                yield from (loops[v] for v in re.findall(r"\$\{?(\w+)", m.group(1)) if v in loops)


def main(variable, table, folder):
    with open(os.path.join(folder, "setup.sh"), encoding="utf-8") as f:
        shared = f.read()
    known = callers(shared, {"$" + variable})
    arguments = []
    for path in glob.glob(os.path.join(glob.escape(folder), "*.sh")):
        with open(path, encoding="utf-8", errors="surrogateescape") as f:
            arguments += given(f.read(), known)
    everything = "\n".join(arguments)
    unused = []
    with open(table, encoding="utf-8") as f:
        for line in f:
            names = re.findall(r"(?<![\w-])(--?[\w-]+)", line.split(" | ")[0])
            wanted = "|".join((n if n.startswith("--") else n + r"(?:[\w./-]*)") for n in names)
            if not re.search(r"(?:^|[ '\"])(?:%s)(?:[ ='\"\[)]|$)" % wanted, everything, re.M):
                unused.append(names[-1])
    print("\n".join(unused), end="\n" if unused else "")
    return 1 if unused else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
