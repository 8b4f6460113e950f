#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Which room may include which, and what its names begin with.

rooms.py TOP             reports what breaks a rule in the tree at TOP
rooms.py TOP --edges     prints the arrows between rooms and groups, for the diagram

The rules are those of TOP/doc/architecture.md and are written nowhere else:
the table of rooms (order, public headers, nouns, limits), the table of
third-party headers, and the diagram.
"""
import collections
import glob
import os
import re
import sys

PROGRAMS = ("mkcramfs-xip", "cramfsck-xip", "dumpcramfs-xip", "cramfs-xip-fuse")
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)', re.M)
COMMENT = re.compile(r"/\*.*?\*/", re.S)
STRING = re.compile(r'"(?:\\.|[^"\\\n])*"')
DECLARED = re.compile(r"^[a-z][\w \t*]*?\**\b(crx_\w+)\(", re.M)
DEFINED = re.compile(r"^[a-z][^;{}=#]*?\b(crx_\w+)\([^;{}]*\)\s*\{", re.M)


class Room:
    def __init__(self, path, headers, nouns, limits):
        self.path = path
        self.name = os.path.basename(path)
        self.headers = headers
        self.nouns = nouns
        self.limits = limits
        self.group = path.split("/")[1] if path.startswith("lib/") else self.name


def words(cell):
    return re.findall(r"[\w./-]+", cell.replace("`", " "))


def table(text, first_heading):
    """The rows of the table whose first column has this heading."""
    rows = []
    inside = False
    for line in text.splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        cells = [c.strip() for c in line.strip("|").split("|")]
        if cells[0] == first_heading:
            inside = True
        elif inside and not set(cells[0]) <= set("- :"):
            rows.append(cells)
    return rows


def read_rooms(text):
    rooms = []
    for cells in table(text, "room"):
        path = words(cells[0])[0].rstrip("/")
        rooms.append(Room(path, set(words(cells[2])), words(cells[3]), cells[4]))
    return rooms


def code_of(path):
    with open(path, encoding="utf-8") as f:
        return COMMENT.sub(" ", f.read())


def sources(top, path):
    return sorted(glob.glob(os.path.join(glob.escape(top), path, "*.[ch]")))


def limited(room, target, header):
    """Do the limits of the room forbid this header of another room?"""
    kind, _, rest = room.limits.partition(" ")
    named = {target, target + "/" + header} & set(words(rest))
    return kind == "only" and not named or kind == "not" and bool(named)


def judge_include(rooms, room, header, file):
    """What is wrong with `#include "header"` in a file of this room, or None."""
    if header == "config.h":
        return None
    where, _, name = header.rpartition("/")
    if not where:
        own = os.path.exists(os.path.join(os.path.dirname(file), name))
        return None if room.name in PROGRAMS and own else 'includes "%s", which is not in its folder' % header
    if ".." in where.split("/"):
        return 'includes "%s" by way of another folder' % header
    if name == "common.h":
        return 'includes "%s": no common.h' % header
    target = next((r for r in rooms if r.path == "lib/" + where), None)
    if target is None:
        return 'includes "%s": lib/%s is not a room of doc/architecture.md' % (header, where)
    if target is room:
        return None
    if rooms.index(target) > rooms.index(room):
        return 'includes "%s": %s comes after %s' % (header, target.name, room.name)
    if name not in target.headers:
        return 'includes "%s", which is private to %s' % (header, target.name)
    if limited(room, target.name, name):
        return 'includes "%s": %s may not' % (header, room.name)
    return None


def includes(top, rooms, foreign):
    """Problems of all includes, and the arrows (room, room)."""
    problems, edges = [], set()
    for room in rooms:
        for file in sources(top, room.path):
            short = os.path.relpath(file, top)
            for kind, header in INCLUDE.findall(code_of(file)):
                owner = next((o for h, o in foreign.items() if header == h or h.endswith("/") and header.startswith(h)), room.name)
                if owner != room.name:
                    problems.append("%s: includes <%s>, which belongs to %s" % (short, header, owner))
                if kind == "<":
                    continue
                wrong = judge_include(rooms, room, header, file)
                if wrong:
                    problems.append("%s: %s" % (short, wrong))
                target = next((r for r in rooms if r.path == "lib/" + header.rpartition("/")[0]), None)
                if target and target is not room:
                    edges.add((room, target))
    return problems, edges


def folders(top, rooms):
    """Folders of lib/ that the table lacks, and rooms that are not there."""
    known = {r.path for r in rooms}
    there = {os.path.relpath(os.path.dirname(f), top) for f in glob.glob(os.path.join(glob.escape(top), "lib/**/*.[ch]"), recursive=True)}
    for path in sorted(there - known):
        yield "%s: not a room of doc/architecture.md" % path
    for room in rooms:
        if not sources(top, room.path):
            yield "doc/architecture.md: %s has no files" % room.path
        for header in sorted(room.headers):
            if not os.path.exists(os.path.join(top, room.path, header)):
                yield "doc/architecture.md: %s has no header %s" % (room.path, header)


def names(top, rooms):
    """Exported names that do not begin with their room or one of its nouns."""
    owner = {}
    for room in rooms:
        for noun in room.nouns:
            if noun in owner:
                yield "doc/architecture.md: %s and %s both have the noun %s" % (owner[noun], room.name, noun)
            owner[noun] = room.name
    for room in rooms:
        if not room.path.startswith("lib/"):
            continue
        allowed = [room.name] + room.nouns
        for file in sources(top, room.path):
            if not file.endswith(".h"):
                continue
            for name in DECLARED.findall(code_of(file)):
                if not any(name == "crx_" + a or name.startswith("crx_%s_" % a) for a in allowed):
                    yield "%s: %s() begins with no noun of %s" % (os.path.relpath(file, top), name, room.name)


def circles(top, rooms):
    """Files of one room that call each other both ways, perhaps through others."""
    for room in rooms:
        code = {f: STRING.sub('""', code_of(f)) for f in sources(top, room.path) if f.endswith(".c")}
        home = {name: f for f, text in code.items() for name in DEFINED.findall(text)}
        calls = {f: {home[n] for n in set(re.findall(r"(?<!struct )\bcrx_\w+", text)) if home.get(n, f) != f} for f, text in code.items()}

        def reach(f):
            seen, todo = set(), [f]
            while todo:
                for g in calls[todo.pop()] - seen:
                    seen.add(g)
                    todo.append(g)
            return seen
        reached = {f: reach(f) for f in code}
        circle = sorted(os.path.basename(f) for f in code if f in reached[f])
        if circle:
            yield "%s: these files form a circle: %s" % (room.path, " ".join(circle))


def drawn(text):
    """The arrows of the diagram: `a --> b` in its mermaid block."""
    block = re.search(r"```mermaid\n(.*?)```", text, re.S)
    return {(a, b) for a, b in re.findall(r"^\s*(\w+) --> (\w+)\s*$", block.group(1) if block else "", re.M)}


def group_edges(edges):
    return {(a.group, b.group) for a, b in edges if a.group != b.group and b.group != "base" and a.group not in PROGRAMS}


def diagram(text, edges):
    """The diagram shows includes between groups: each arrow is one, and each one is an arrow or follows from them."""
    arrows, real = drawn(text), group_edges(edges)
    after = collections.defaultdict(set)
    for a, b in arrows:
        after[a].add(b)

    def follows(a, b):
        todo, seen = [a], set()
        while todo:
            for c in after[todo.pop()] - seen:
                seen.add(c)
                todo.append(c)
        return b in seen
    for a, b in sorted(arrows - real):
        yield "doc/architecture.md: the diagram has %s --> %s, which no include shows" % (a, b)
    for a, b in sorted(real):
        if not follows(a, b):
            yield "doc/architecture.md: the diagram lacks %s --> %s" % (a, b)


def alone(top, foreign):
    """xipstat is built by itself, for the target: its own folder and the C library."""
    for file in sources(top, "tools/xipstat"):
        for kind, header in INCLUDE.findall(code_of(file)):
            if kind == '"' and not os.path.exists(os.path.join(top, "tools/xipstat", header)):
                yield "tools/xipstat/%s: %s is not in its folder" % (os.path.basename(file), header)
            elif any(header == h or h.endswith("/") and header.startswith(h) for h in foreign):
                yield "tools/xipstat/%s: <%s> is not part of the C library" % (os.path.basename(file), header)


def main(top, show_edges=False):
    with open(os.path.join(top, "doc/architecture.md"), encoding="utf-8") as f:
        text = f.read()
    rooms = read_rooms(text)
    foreign = {h: words(cells[1])[0] for cells in table(text, "third-party header") for h in words(cells[0])}
    if not rooms or not foreign:
        print("doc/architecture.md: a table is missing")
        return 1
    problems, edges = includes(top, rooms, foreign)
    if show_edges:
        print("\n".join("%s --> %s" % e for e in sorted(group_edges(edges))))
        return 0
    for found in (folders(top, rooms), names(top, rooms), circles(top, rooms), diagram(text, edges), alone(top, foreign)):
        problems += found
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], "--edges" in sys.argv[2:]))
