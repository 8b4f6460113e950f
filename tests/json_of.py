#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a JSON file says, for shell tests.

json_of.py FILE EXPRESSION    prints what a Python expression comes to, in which
                              j is the JSON, file(PATH) an element of j["files"],
                              and in_place(PATH) how many of its blocks are in place

None is printed as null, a list with spaces between its elements.
"""
import json
import sys


def text(value):
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (list, tuple)):
        return " ".join(text(v) for v in value)
    return str(value)


with open(sys.argv[1], encoding="utf-8", errors="surrogateescape") as f:
    j = json.load(f)


def file(path):
    return next(e for e in j["files"] if e["path"] == path)


def in_place(path):
    return file(path)["blocks"]["in_place"]


print(text(eval(sys.argv[2])))
