#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Databases of packages for tests/cli/packages.sh, and what is to be reported of them.

packages.py dpkg|dpkg-parts|opkg|apk|sqlite|ndb|list|pkgdata ROOT <FILES
    writes a database to ROOT
packages.py program FILE LIKE
    writes a program that is mapped to its end, within a page, for the machine of another
packages.py check IMAGE JSON <FILES
    compares the JSON of `packages` with what a reader that shares no code finds: prints
    "pass WHAT" or "fail WHAT" for each thing

FILES has a line for each path of a package: PACKAGE VERSION PATH, with tabs between them. A path
in FILES is that of the entry in the image; the databases may name another that leads there.
"""
import json
import os
import sqlite3
import stat
import struct
import sys
import zlib

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests/roundtrip"))
import elf_file  # noqa: E402
from cramfs_reader import Image  # noqa: E402

PAGE = 4096


def read_files():
    """{(package, version): [path, ...]}"""
    packages = {}
    for line in sys.stdin:
        name, version, path = line.rstrip("\n").split("\t")
        packages.setdefault((name, version), []).append(path)
    return packages


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb" if isinstance(data, bytes) else "w") as f:
        f.write(data)


def unmerged(path):
    """As a package names it that was made before /usr was merged."""
    return path[len("/usr"):] if path.startswith("/usr/bin/") else path


def program(path, like):
    with open(like, "rb") as f:
        head = f.read(20)
    bits, order = 32 * head[4], "<>"[head[5] - 1]
    body = bytearray(i * i // 7 & 0xff for i in range(2 * PAGE + 100))
    segments = [(0, 0x10000, len(body), len(body), elf_file.R | elf_file.X)]
    write(path, bytes(elf_file.make(bits, order, struct.unpack(order + "H", head[18:])[0], elf_file.ET_EXEC, segments, body)))


# --- databases ---

def dpkg(root, packages):
    status, at = "", root + "/var/lib/dpkg/"
    for (name, version), paths in packages.items():
        moved = [p.replace("/b.txt", "/diverted") for p in paths]
        write(at + "info/%s:armhf.list" % name, "/.\n" + "".join(unmerged(p) + "\n" for p in moved))
        status += "Package: %s\nStatus: install ok installed\nArchitecture: armhf\nVersion: %s\nDescription: x\n Version: 9\n\n" % (name, version)
    write(at + "status", status)
    write(at + "diversions", "/usr/share/diverted\n/usr/share/b.txt\n:\n")


def dpkg_parts(root, packages):
    for (name, version), paths in packages.items():
        write(root + "/var/lib/dpkg/status.d/" + name, "Package: %s\nVersion: %s\n" % (name, version))
        write(root + "/var/lib/dpkg/status.d/%s.md5sums" % name, "".join("%032x  %s\n" % (0, p[1:]) for p in paths))


def opkg(root, packages):
    status = ""
    for (name, version), paths in packages.items():
        write(root + "/usr/lib/opkg/info/%s.list" % name, "".join(unmerged(p) + "\t0100755\n" for p in paths))
        status += "Package: %s\nVersion: %s\nStatus: install user installed\n\n" % (name, version)
    write(root + "/usr/lib/opkg/status", status)


def apk(root, packages):
    text = ""
    for (name, version), paths in packages.items():
        text += "C:Q1xx\nP:%s\nV:%s\nA:armv7\n" % (name, version)
        for path in paths:
            text += "F:%s\n" % path[1:] if path.endswith(("/usr", "/bin", "/share", "/etc")) else "F:%s\nR:%s\na:0:0:755\n" % (os.path.dirname(path)[1:], os.path.basename(path))
        text += "\n"
    write(root + "/lib/apk/db/installed", text)


def rpm_header(name, version, paths):
    dirs = sorted({os.path.dirname(p).rstrip("/") + "/" for p in paths})
    zero = lambda texts: b"".join(t.encode() + b"\0" for t in texts)
    tags = [
        (1000, 6, 1, zero([name])), (1001, 6, 1, zero([version.split("-")[0]])), (1002, 6, 1, zero([version.split("-")[1]])),
        (1004, 9, 1, zero(["x" * 3000])), (1029, 1, len(paths), bytes(len(paths))),
    ]
    if paths:
        tags += [(1117, 8, len(paths), zero(os.path.basename(p) for p in paths)), (1118, 8, len(dirs), zero(dirs))]
    index, data = b"", b""
    for tag, kind, count, value in tags:
        index += struct.pack(">4I", tag, kind, len(data), count)
        data += value
    data += bytes(-len(data) % 4)
    index += struct.pack(">4I", 1116, 4, len(data), len(paths))
    data += b"".join(struct.pack(">I", dirs.index(os.path.dirname(p).rstrip("/") + "/")) for p in paths)
    return struct.pack(">2I", len(tags) + 1, len(data)) + index + data


def sqlite(root, packages):
    path = root + "/usr/lib/sysimage/rpm/rpmdb.sqlite"
    write(path, b"")
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
    db.execute("CREATE TABLE 'Name' (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)")
    for (name, version), paths in packages.items():
        db.execute("INSERT INTO 'Packages' (blob) VALUES (?)", (rpm_header(name, version, paths),))
    for i in range(100):  # so that the tree has more than one page
        db.execute("INSERT INTO 'Packages' (blob) VALUES (?)", (rpm_header("gpg-pubkey", "%d-1" % i, []),))
    db.execute("DELETE FROM 'Packages' WHERE hnum > 50")
    db.commit()
    db.close()


def ndb(root, packages):
    slots, blobs, at = [], b"", 4096 // 16
    for i, ((name, version), paths) in enumerate(packages.items(), 1):
        h = rpm_header(name, version, paths)
        blob = b"BlbS" + struct.pack("<3I", i, 1, len(h)) + h
        blob += bytes(-(len(blob) + 12) % 16) + b"tail" * 3
        slots.append(b"Slot" + struct.pack("<3I", i, at, len(blob) // 16))
        blobs += blob
        at += len(blob) // 16
    slots += [b"Slot" + bytes(12)] * (254 - len(slots))
    write(root + "/var/lib/rpm/Packages.db", b"RpmP" + struct.pack("<3I", 0, 1, 1) + bytes(16) + b"".join(slots) + blobs)


def file_list(root, packages):
    write(root + "/packages-file-list.txt", "".join("%s,.%s\n" % (name, p) for (name, _), paths in packages.items() for p in paths))


def pkgdata(root, packages):
    """libfoo1 is the name of a package that the recipe calls foo, as with debian.bbclass."""
    for (name, _), paths in packages.items():
        escaped = json.dumps({p: 1 for p in paths}).replace("\\", "\\\\")
        write(root + "/pkgdata/runtime/recipe-" + name, "PN: %s\nPKG:recipe-%s: %s\nFILES_INFO:recipe-%s: %s\nPKGSIZE:x: 1\n" % (name, name, name, name, escaped))
        os.makedirs(root + "/pkgdata/runtime-reverse", exist_ok=True)
        os.symlink("../runtime/recipe-" + name, root + "/pkgdata/runtime-reverse/" + name)
    write(root + "/image.manifest", "".join("%s cortexa7 %s\n" % p for p in packages))


# --- the answers ---

def say(right, what):
    print("pass" if right else "fail", what)


def same(got, wanted, what):
    say(got == wanted, what if got == wanted else "%s: %r, not %r" % (what, got, wanted))


def owners_of(image, packages):
    """{path: set of packages}, [(bytes, set of packages)], {table: (set, pages in place, length of the tail)}"""
    owners, ends, tables, index = {}, {0: [], len(image.data): []}, {}, {}
    for who, paths in packages.items():
        for path in paths:
            index.setdefault(path, set()).add(who)
    for e in image.walk():
        path = e.path.decode("utf-8", "surrogateescape")
        if path == "/":
            continue
        mine = index.get(path, {None})
        owners[path] = mine
        ranges, pages, tail = [(e.off, e.off + 12 + (len(os.path.basename(e.path)) + 3) // 4 * 4)], [], 0
        if not stat.S_ISDIR(e.mode) and e.size:
            ranges.append((e.data, e.data + 4 * image.nblks(e)))
            for i in range(image.nblks(e)):
                b = image.block(e, i)
                n = b.len or (PAGE if b.direct and b.raw else 0)
                if n:
                    ranges.append((b.start if b.header is None else b.header, b.start + n))
                if b.direct and b.raw and b.start % PAGE == 0:
                    pages.append(b.start)
                    tail = PAGE - n
            tables.setdefault(e.data, (set(), pages, tail))[0].update(mine)
        for a, b in ranges:
            for who in mine:
                ends.setdefault(a, []).append((who, 1))
                ends.setdefault(b, []).append((who, -1))
    users, count, last = [], {}, 0
    for at in sorted(ends):
        users.append((at - last, {who for who, n in count.items() if n}))
        for who, n in ends[at]:
            count[who] = count.get(who, 0) + n
        last = at
    return owners, users, tables


def cost_of(image, start):
    page = image.data[start:start + PAGE]
    return PAGE - (len(zlib.compress(page, 9)) if any(page) else 0)


def check(image_path, json_path, packages):
    with open(image_path, "rb") as f:
        image = Image(f.read(), PAGE)
    with open(json_path) as f:
        d = json.load(f)
    owners, users, tables = owners_of(image, packages)
    rows = {(p["name"], p["version"]): p for p in d["packages"]}
    if any(p["version"] for p in d["packages"]):
        same(sorted(rows), sorted(packages), "packages and versions")
    else:
        rows = {next(k for k in packages if k[0] == name): row for (name, _), row in rows.items()}
        same(sorted(rows), sorted(packages), "packages")
    rows[None], others = d["no_package"], [d["no_package"], d["shared"], d["image"]]
    for who, row in rows.items():
        name = who[0] if who else "no package"
        # the zeros after the end of a program are its own, and nothing points to them
        tails = sum(t[2] for t in tables.values() if t[0] == {who})
        same(row["bytes"].get("tails", 0), tails, name + ": tails")
        same(row["image_bytes"], tails + sum(n for n, u in users if u == {who}), name + ": bytes")
        same(row["pages"], sum(len(t[1]) for t in tables.values() if t[0] == {who}), name + ": pages")
        same(row["ram_bytes"], PAGE * row["pages"], name + ": RAM saved")
        same(row["entries"], sum(who in o for o in owners.values()), name + ": entries")
        pages = {}
        for t in tables.values():
            for start in t[1]:
                pages.setdefault(start, set()).update(t[0])
        cost = sum(cost_of(image, start) for start, mine in pages.items() if mine == {who})
        say(abs(row["cost_bytes"] - cost) <= 0.05 * cost, "%s: cost %d, by zlib %d" % (name, row["cost_bytes"], cost))
        if who:
            same(row["shared_bytes"], sum(n for n, u in users if who in u and len(u) > 1), name + ": shared bytes")
            same(row["missing"], sum(p not in owners for p in packages[who] if p != "/"), name + ": missing paths")
    same(d["shared"]["image_bytes"], sum(n for n, u in users if len(u) > 1), "shared bytes")
    same(d["shared"]["pages"], sum(len(t[1]) for t in tables.values() if len(t[0]) > 1), "shared pages")
    same(d["shared"]["entries"], sum(len(o) > 1 for o in owners.values()), "shared entries")
    for r in d["packages"] + others + [d["total"]]:
        if r["image_bytes"] != sum(r["bytes"].values()):
            say(False, "bytes by use of %r" % r)
    same(d["total"]["image_bytes"], len(image.data), "the sum is the image")
    for key in ("image_bytes", "pages", "cost_bytes", "ram_bytes"):
        same(sum(r[key] for r in d["packages"] + others), d["total"][key], "the rows come to the total: " + key)


def main():
    if sys.argv[1] == "program":
        return program(*sys.argv[2:])
    packages = read_files()
    if sys.argv[1] == "check":
        check(sys.argv[2], sys.argv[3], packages)
    else:
        {"dpkg": dpkg, "dpkg-parts": dpkg_parts, "opkg": opkg, "apk": apk, "sqlite": sqlite, "ndb": ndb, "list": file_list, "pkgdata": pkgdata}[sys.argv[1]](sys.argv[2], packages)


main()
