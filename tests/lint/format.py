#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The layout of files: .editorconfig, and at most six parameters for a function.

format.py TOP    reports what breaks a rule in the tree at TOP

clang-format knows the rest of a C file's layout; format.sh asks it.
"""
import fnmatch
import os
import re
import sys

FOLDERS = ("lib", "mkcramfs-xip", "cramfsck-xip", "dumpcramfs-xip", "cramfs-xip-fuse", "tools", "tests", "contrib", "doc", "man", "m4")
PARAMETERS_MAX = 6
COMMENT = re.compile(r"/\*.*?\*/", re.S)
FUNCTION = re.compile(r"^[a-z][^;{}=#()]*\b(\w+)\(([^;{}]*?)\)\s*(?:\w+(?:\([\d, ]*\))?\s*)*[;{]", re.M)


def sections(path):
    """[(pattern, {property: value})] of an .editorconfig, in order."""
    found = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            line = line.strip()
            if line.startswith("["):
                found.append((line[1:-1], {}))
            elif "=" in line and not line.startswith("#") and found:
                key, value = line.split("=", 1)
                found[-1][1][key.strip()] = value.strip()
    return found


def patterns(glob):
    """"*.{c,h}" stands for two patterns of fnmatch."""
    m = re.search(r"\{([^}]*)\}", glob)
    return [glob[:m.start()] + word + glob[m.end():] for word in m.group(1).split(",")] if m else [glob]


def properties(config, name):
    merged = {}
    for glob, values in config:
        if any(fnmatch.fnmatch(name, p) for p in patterns(glob)):
            merged.update(values)
    return merged


def judge(data, rules, here_documents):
    """(line, problem) for what the bytes of a file do against its rules. The
    indentation of a shell script with here-documents is not judged."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        yield 1, "is not UTF-8"
        return
    if rules.get("end_of_line") == "lf" and "\r" in text:
        yield text[:text.index("\r")].count("\n") + 1, "has a carriage return"
    if rules.get("insert_final_newline") == "true" and text and not text.endswith("\n"):
        yield text.count("\n") + 1, "does not end in a newline"
    for n, line in enumerate(text.splitlines(), 1):
        if rules.get("trim_trailing_whitespace") == "true" and line != line.rstrip():
            yield n, "ends in white space"
        if "max_line_length" in rules and len(line.expandtabs(8)) > int(rules["max_line_length"]):
            yield n, "has %d columns" % len(line.expandtabs(8))
        indent = line[:len(line) - len(line.lstrip())]
        if here_documents:
            continue
        if rules.get("indent_style") == "space" and "\t" in indent:
            yield n, "is indented with a tab"
        if rules.get("indent_style") == "tab" and (" \t" in indent or " " * int(rules["tab_width"]) in indent):
            yield n, "is indented with spaces"


def parameters(text):
    """Names and numbers of parameters of the functions that have too many."""
    text = COMMENT.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)
    for m in FUNCTION.finditer(text):
        inner = re.sub(r"\([^()]*\)", "", m.group(2))
        count = inner.count(",") + 1
        if count > PARAMETERS_MAX and not m.group(1).isupper() and "..." not in inner:
            yield text[:m.start()].count("\n") + 1, "%s() has %d parameters" % (m.group(1), count)


def files(top):
    for folder in FOLDERS:
        for where, dirs, names in os.walk(os.path.join(top, folder)):
            dirs[:] = sorted(d for d in dirs if d not in (".deps", "__pycache__", "target", "autom4te.cache"))
            for name in sorted(names):
                if name.endswith((".c", ".h", ".sh", ".py", ".am", ".js", ".css", ".html")):
                    yield os.path.join(where, name)


def main(top):
    config = sections(os.path.join(top, ".editorconfig"))
    bad = False
    for path in files(top):
        with open(path, "rb") as f:
            data = f.read()
        found = list(judge(data, properties(config, os.path.basename(path)), path.endswith(".sh")))
        if path.endswith((".c", ".h")) and not os.path.relpath(path, top).startswith("tests"):
            found += parameters(data.decode("utf-8", "replace"))
        for line, what in sorted(found):
            print("%s:%d: %s" % (os.path.relpath(path, top), line, what))
            bad = True
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
