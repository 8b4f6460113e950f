# SPDX-License-Identifier: GPL-2.0-or-later
"""dumpcramfs-xip report: its data compared with the other commands, and the page in
a real browser (Chromium with chromedriver): what is shown, clicked and typed.

CRX_KEEP names a directory that gets the pages, and a picture if a test fails.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback

from roots import HOSTILE, LONG_NAMES, PACKAGES, crowd_root, hostile_root, long_root, packages_root, usual_root
from webdriver import Browser, missing

MKCRAMFS, DUMP = os.environ["MKCRAMFS_XIP"], os.environ["DUMPCRAMFS_XIP"]
KEEP = os.environ.get("CRX_KEEP")
IN_CI = os.environ.get("CI", "") not in ("", "0", "false")
GROUPS = {"metadata": ["head", "directories"], "tables": ["tables"], "compressed": ["compressed", "headers"], "stored": ["stored"],
          "in_place": ["in_place"], "padding": ["tails", "padding"], "free": ["free"], "unknown": ["unknown"], "behind": ["behind"]}


class Failed(Exception):
    pass


def want(value, text, *args):
    if not value:
        raise Failed(text % args if args else text)


def same(a, b, what):
    want(a == b, "%s: %r, not %r", what, a, b)


def run(*cmd, status=0):
    p = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
    want(p.returncode == status, "%s: exit %d\n%s", cmd, p.returncode, p.stderr.decode(errors="replace"))
    return p


def escaped(name):
    """As crx_cli_put_path() shows it."""
    out = ""
    for c in name.decode("utf-8", "surrogateescape"):
        n = ord(c)
        if 0xdc80 <= n <= 0xdcff:
            out += "\\x%02x" % (n - 0xdc00)
        elif c in "\\\n\t":
            out += {"\\": "\\\\", "\n": "\\n", "\t": "\\t"}[c]
        elif n < 0x20 or 0x7f <= n < 0xa0 or n in (0x61c, 0x200e, 0x200f, 0xfeff) or 0x2028 <= n <= 0x202e or 0x2066 <= n <= 0x2069:
            out += "\\x%02x" % n if n < 0x80 else "\\u%04x" % n
        else:
            out += c
    return out


def commas(n):
    return "{:,}".format(n)


class Case:
    """An image, its page, and what the other commands say of it."""

    def __init__(self, scratch, name, root, *options):
        self.image, self.page = os.path.join(scratch, name + ".img"), os.path.join(scratch, name + ".html")
        run(MKCRAMFS, "--quiet", *options, root, self.image)
        run(DUMP, "report", "--html", self.page, self.image)
        if KEEP:
            shutil.copy(self.page, os.path.join(KEEP, name + ".html"))
        with open(self.page, "rb") as f:
            self.html = f.read()
        text = self.html.split(b'<script type="application/json" id="data">\n')[1].split(b"</script>")[0]
        self.data = json.loads(text.decode("utf-8"))
        self.list, self.layout, self.maps = (json.loads(run(DUMP, c, "--json", self.image).stdout) for c in ("list", "layout", "maps"))
        self.entries = self.list["entries"]


# --- without a browser ---

def test_data(case):
    d = case.data
    same(d["bytes"], case.layout["bytes"], "bytes by use")
    same(sum(d["pieces"][1::2]), case.layout["file_size"], "sum of the pieces")
    same(d["totals"], {k: case.maps["totals"][k] for k in ("files", "pages", "in_place")}, "totals of pages")
    same(d["page_size"], case.maps["page_size"], "page size")
    same(len(d["entries"]), len(case.entries), "number of entries")
    for a, b in zip(d["entries"], case.entries):
        for key in b:
            same(a.get(key), b[key], "%s of %r" % (key, b["path"]))
    same(len(d["maps"]), len(case.maps["files"]), "number of executables")
    for a, b in zip(d["maps"], case.maps["files"]):
        same(d["entries"][a["entry"]]["path"], b["path"], "path of an executable")
        same([a[k] for k in ("pages", "in_place", "role", "machine")], [b[k] for k in ("pages", "in_place", "role", "machine")], b["path"])
        same(len(a["segments"]), len(b["segments"]), "segments of " + b["path"])
        for s, t in zip(a["segments"], b["segments"]):
            same([s[k] for k in ("index", "flags", "file_page", "pages", "in_place", "reason")], [t[k] for k in ("index", "flags", "file_page", "pages", "in_place", "meaning")], b["path"])
            same(s["groups"], sum([[g["pages"], g["meaning"]] for g in t["groups"] if not g["in_place"]], []), "reasons of " + b["path"])


def test_owners(case):
    """Extents, each file's, come to the bytes that are in use; those of one use of each file to what list says."""
    d, at, owned = case.data, 0, bytearray(case.layout["file_size"])
    for e in d["entries"]:
        x = e.get("extents", [])
        for off, n in zip(x[::2], x[1::2]):
            owned[off:off + n] = b"\1" * n
        if e["type"] != "directory" and "image_bytes" in e and "same" not in e:
            same(sum(x[1::2]), e["image_bytes"], "extents of %r" % e["path"])
    uses = list(d["bytes"])
    for use, n in zip(d["pieces"][::2], d["pieces"][1::2]):
        got = sum(owned[at:at + n])
        same(got, 0 if uses[use] in ("head", "tails", "padding", "free", "unknown", "behind") else n, "owned bytes of a piece of %s at %d" % (uses[use], at))
        at += n


def test_packages(case):
    d, wanted = case.data["packages"], json.loads(run(DUMP, "packages", "--json", case.image).stdout)
    for key in d:
        same(d[key], wanted[key], key)
    same([p["name"] for p in d["packages"]], PACKAGES, "packages")
    for e in case.data["entries"]:
        for i in e.get("packages", []):
            want(e["path"].startswith(("/bin", "/etc", "/lib")), "%r is not in %s", e["path"], PACKAGES[i])
    owners = {e["path"]: e.get("packages") for e in case.data["entries"]}
    same([owners[p] for p in ("/bin/program", "/etc/text", "/etc", "/lib/second", "/etc/noise", "/")], [[0], [0, 1], [0, 1], [3], None, None], "owners")
    for key in ("image_bytes", "pages"):
        rows = d["packages"] + [d[k] for k in ("no_package", "shared", "image")]
        same(sum(r[key] for r in rows), d["total"][key], "sum of " + key)
    same(d["total"]["image_bytes"], case.layout["file_size"], "bytes")


def test_safe(case):
    text = case.html.split(b'id="data">\n')[1]
    body = text[:text.index(b"</script>")]
    want(not re.search(rb"[<>&]|\xe2\x80[\xa8\xa9]", body), "markup within the data")
    same(case.html.count(b"</script>"), 2, "ends of scripts")
    want(not re.search(rb"(?i)https?://|src=|@import|url\(", case.html.replace(body, b"")), "something from elsewhere")


def test_command(case, scratch):
    out = run(DUMP, "report", "--html", "-", case.image).stdout
    want(out == case.html, "standard output and a file differ")
    elsewhere = os.path.join(scratch, "elsewhere")
    os.makedirs(elsewhere, exist_ok=True)
    shutil.copy(case.image, elsewhere)
    os.utime(os.path.join(elsewhere, os.path.basename(case.image)), (1, 1))
    out = run("env", "TZ=Asia/Tokyo", "LC_ALL=C.UTF-8", DUMP, "report", "--html=-", os.path.join(elsewhere, os.path.basename(case.image))).stdout
    want(out == case.html, "the page depends on time, place or locale")
    with open(case.image, "rb") as f:
        before = f.read()
    run(DUMP, "report", "--html", case.image, case.image, status=16)
    with open(case.image, "rb") as f:
        want(f.read() == before, "the image was overwritten")
    want(b"--html" in run(DUMP, "report", case.image, status=16).stderr, "no word of --html")
    run(DUMP, "report", "--html", os.path.join(scratch, "no", "such"), case.image, status=8)
    run(DUMP, "report", "--html", os.path.join(scratch, "x.html"), os.path.join(scratch, "no.img"), status=8)
    want(not os.path.exists(os.path.join(scratch, "x.html")), "a page of no image")
    if os.path.exists("/dev/full"):
        run(DUMP, "report", "--html", "/dev/full", case.image, status=8)


# --- in the browser ---

class Page:
    def __init__(self, browser, case):
        self.b, self.case = browser, case
        browser.open(case.page)

    def rows(self):
        return self.b.js("[...document.querySelectorAll('#rows tr[data-entry]')].map(r => [...r.cells].map(c => c.textContent))")

    def text(self, css):
        return self.b.js("document.querySelector(args[0]).textContent", css)

    def attr(self, css, name):
        return self.b.js("document.querySelector(args[0]).getAttribute(args[1])", css, name)

    def head(self, label):
        """The button of a column."""
        return "th.c-%s button" % label

    def resize(self, width):
        self.b.devtools("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)

    def no_sideways(self):
        got = self.b.js("[document.documentElement.scrollWidth, document.documentElement.clientWidth, document.getElementById('scroller').scrollWidth, document.getElementById('scroller').clientWidth]")
        want(got[0] <= got[1] and got[2] <= got[3], "%d pixels on %d, the table %d on %d", *got)

    def count(self):
        return int(self.text("#count").split()[0].replace(",", ""))

    def search(self, text):
        self.b.js("document.getElementById('search').value = ''")
        self.b.type("#search", text or " \b")
        self.b.js("document.getElementById('search').dispatchEvent(new Event('input'))")
        self.b.wait("new Promise(done => setTimeout(() => done(true), 200))")

    def place(self, off):
        """Where a byte is in the window."""
        self.b.js("document.getElementById('strip').scrollIntoView({ block: 'center' })")
        return self.b.js("""(() => { const c = document.getElementById('strip'), d = c.dataset, r = c.getBoundingClientRect(), n = args[0] - d.from, row = Math.floor(n / d.perRow);
            return [r.left + Number(d.gutter) + (n - row * d.perRow) / d.perRow * (r.width - d.gutter), r.top + row * d.pitch + 6]; })()""", off)

    def extents(self, path):
        e = next(e for e in self.case.data["entries"] if e["path"] == path)
        x = e["extents"]
        return list(zip(x[::2], x[1::2]))

    def run_of(self, path):
        """The longest stretch of a file: its middle."""
        off, n = max(self.extents(path), key=lambda x: x[1])
        return off + n // 2

    def chosen(self):
        return self.b.js("(() => { const r = document.querySelector('#rows tr[aria-selected=true]'); return r && r.cells[0].textContent; })()")


def test_totals(p):
    d, text = p.case.data, p.text("#totals")
    for n in (d["totals"]["in_place"], d["totals"]["pages"], p.case.layout["size"], sum(e["size"] for e in p.case.entries if e["type"] == "file") and len([e for e in p.case.entries if e["type"] == "file"])):
        want(commas(n) in text, "%s is not in the totals: %s", commas(n), text)
    shown = p.b.js("Object.fromEntries([...document.querySelectorAll('#legend button')].map(b => [b.dataset.group, Number(b.dataset.bytes)]))")
    wanted = {g: sum(p.case.layout["bytes"][u] for u in uses) for g, uses in GROUPS.items()}
    same(shown, {g: n for g, n in wanted.items() if n}, "legend")
    want(os.path.basename(p.case.image) in p.text("h1"), "title")
    same(p.b.js("performance.getEntriesByType('resource').length"), 0, "things fetched")


def test_table(p):
    rows = {r[0].split(" → ")[0]: r for r in p.rows()}
    maps = {f["path"]: f for f in p.case.maps["files"]}
    same(len(rows), len(p.case.entries), "rows")
    for e in p.case.entries:
        r = rows[e["path"]]
        if e["type"] not in ("char", "block"):
            same(r[2], commas(e["size"]), "size of " + e["path"])
        same(r[3], commas(e["image_bytes"]) if "image_bytes" in e else "–", "flash of " + e["path"])
        if e["path"] in maps:
            m = maps[e["path"]]
            same(r[4], "%s of %s" % (commas(m["in_place"]), commas(m["pages"])), "pages of " + e["path"])
            same(r[5], commas(m["pages"] - m["in_place"]), "pages to RAM of " + e["path"])
    same(rows["/lib/third/program-again"][4], rows["/bin/program"][4], "pages of an equal file")


def test_sorting(p):
    same(p.attr("th.c-flash", "aria-sort"), "descending", "the order at first")
    flash = [int(r[3].replace(",", "").replace("–", "0")) for r in p.rows()]
    same(flash, sorted(flash, reverse=True), "rows at first")
    value = {
        "size": lambda r: int(r[2].replace(",", "")), "flash": lambda r: int(r[3].replace(",", "").replace("–", "0")),
        "path": lambda r: r[0].split(" → ")[0], "type": lambda r: r[1],
    }
    for column in ("size", "flash", "type", "path"):
        p.b.click(p.head(column))
        down = column in ("size", "flash")
        for turn in (down, not down):
            same(p.attr("th.c-" + column, "aria-sort"), "descending" if turn else "ascending", "aria-sort of " + column)
            got = [value[column](r) for r in p.rows()]
            same(got, sorted(got, reverse=turn), "rows by %s" % column)
            if turn == down:
                p.b.click(p.head(column))
        same(p.b.js("document.querySelectorAll('th[aria-sort=none]').length"), 6, "columns that do not sort")
    p.b.click(p.head("path"))
    p.b.click(p.head("place"))
    best = max(f["in_place"] for f in p.case.maps["files"])
    want(p.rows()[0][4].startswith(commas(best) + " of"), "most pages in place come first: %r", p.rows()[0])


def test_search(p):
    for text in ("program", "ETC tw", "o", "no such name"):
        p.search(text)
        wanted = [e["path"] for e in p.case.entries if all(w in e["path"].lower() for w in text.lower().split())]
        same(sorted(r[0].split(" → ")[0] for r in p.rows()), sorted(wanted), "search for " + text)
        same(p.count(), len(wanted), "count")
    want("Nothing matches" in p.text("#rows"), "nothing is said to match")
    p.search("")
    same(p.count(), len(p.case.entries), "all again")
    kinds = {"link": lambda e: e["type"] == "symlink", "dir": lambda e: e["type"] == "directory", "special": lambda e: e["type"] == "fifo"}
    for kind, which in kinds.items():
        p.b.click("#kind option[value=%s]" % kind)
        same(p.count(), len([e for e in p.case.entries if which(e)]), "entries of kind " + kind)
    p.b.click("#kind option[value=all]")


def test_height(p):
    """The table is as high as its rows, at most 70 % of the window."""
    height = "document.getElementById('scroller').clientHeight"
    full = p.b.js(height)
    want(full <= 0.7 * p.b.js("innerHeight"), "%d high", full)
    for text in ("file-42", "file-000", "file-0007", "no such name"):
        p.search(text)
        rows, head = p.b.js("[document.getElementById('rows').offsetHeight, document.getElementById('heads').offsetHeight]")
        same(p.b.js(height), min(full, head + rows), "height of %d rows" % p.count())
        want(p.count() == 0 or rows == 27 * p.count(), "%d rows are %d high", p.count(), rows)
    p.search("")
    same(p.b.js(height), full, "height of all rows")
    bottom = p.b.js("Math.max(...[...document.querySelectorAll('#rows tr[data-entry]')].map(r => r.getBoundingClientRect().bottom)) - document.getElementById('scroller').getBoundingClientRect().bottom")
    want(bottom >= 0, "no rows at the end of the table")


def test_hover(p):
    x, y = p.place(p.run_of("/bin/program"))
    p.b.mouse(x, y)
    want(p.b.wait("!document.getElementById('tip').hidden"), "no tooltip")
    tip, m = p.text("#tip"), p.case.maps["files"][0]
    for text in (m["path"], "in place", "%s of %s pages" % (commas(m["in_place"]), commas(m["pages"])), "shared with 1 other file"):
        want(text in tip, "%r is not in the tooltip %r", text, tip)
    box = p.b.js("(() => { const r = document.getElementById('tip').getBoundingClientRect(); return [r.left >= 0, r.right <= innerWidth, r.top >= 0, r.bottom <= innerHeight]; })()")
    want(all(box), "the tooltip is cut")
    p.b.mouse(*p.place(p.run_of("/etc/noise")))
    want("/etc/noise" in p.text("#tip") and "stored" in p.text("#tip"), "tooltip %r", p.text("#tip"))
    p.b.mouse(3, 3)
    want(p.b.wait("document.getElementById('tip').hidden"), "the tooltip stays")


def test_click(p):
    p.search("noise")
    p.b.mouse(*p.place(p.run_of("/bin/program")), "click")
    same(p.chosen(), "/bin/program", "the row chosen")
    want(p.b.js("(() => { const r = document.querySelector('#rows tr[aria-selected=true]').getBoundingClientRect(), s = document.getElementById('scroller').getBoundingClientRect(); return r.top >= s.top && r.bottom <= s.bottom + 1; })()"), "the row is not in sight")
    details = p.text("#details")
    e, m = next(e for e in p.case.entries if e["path"] == "/bin/program"), p.case.maps["files"][0]
    for text in ("/bin/program", commas(e["size"]) + " bytes", commas(e["image_bytes"]) + " bytes", "/lib/third/program-again", commas(e["blocks"]["in_place"]) + " in place"):
        want(text in details, "%r is not in the details", text)
    for s in m["segments"]:
        want(not s["meaning"] or s["meaning"] in details, "reason %r is not in the details", s["meaning"])
    pixels = marks(p)
    p.search("noise")
    p.b.click("#rows tr[data-entry]:nth-child(1)")
    same(p.chosen(), "/etc/noise", "the row clicked")
    want(marks(p) != pixels, "the strip shows another file")
    p.b.mouse(*p.place(p.run_of("/etc/text")), "click")
    p.b.click("#details .spots button")
    want(int(p.attr("#strip", "data-to")) - int(p.attr("#strip", "data-from")) < p.case.layout["size"], "a place of a file zooms")
    p.b.click("#zoom-all")


def marks(p, canvas="marks"):
    return p.b.js("document.getElementById(args[0]).toDataURL()", canvas)


def test_keyboard(p):
    focus = "(document.activeElement.id || document.activeElement.parentNode.className || document.activeElement.dataset.group || '')"
    p.b.js("(document.activeElement.blur(), document.getElementById('theme').focus())")
    order = []
    for _ in range(40):
        order.append(p.b.js(focus))
        p.b.keys("Tab")
        if p.b.js(focus) == "table":
            break
    order.append(p.b.js(focus))
    spots = [order.index(x) for x in ("theme", "zoom-out", "zoom-in", "zoom-all", "strip", "kind", "search", "table")]
    same(spots, sorted(spots), "the order of focus")
    want(p.b.js("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus is not seen")
    p.b.keys("Tab")
    want("c-path" in p.b.js(focus), "headers come behind the table: %s", p.b.js(focus))
    p.b.keys("Tab")
    p.b.keys("Tab")
    p.b.keys("Enter")
    same(p.attr("th.c-size", "aria-sort"), "descending", "sorting by key")
    p.b.js("document.getElementById('table').focus()")
    for keys, row in ((["Home"], 0), (["Down", "Down"], 2), (["Up"], 1), (["End"], len(p.case.entries) - 1), (["PageUp", "Home"], 0)):
        p.b.keys(*keys)
        same(int(p.attr("#rows tr[aria-selected=true]", "aria-rowindex")) - 2, row, "row after %s" % keys)
    same(p.attr("#table", "aria-activedescendant"), p.attr("#rows tr[aria-selected=true]", "id"), "aria-activedescendant")
    p.b.keys("Escape")
    same(p.chosen(), None, "row after Escape")
    p.b.click(p.head("path"))


def test_strip_keys(p):
    p.b.js("document.getElementById('strip').focus()")
    now = lambda: int(p.attr("#strip", "aria-valuenow"))
    p.b.keys("Home")
    same(now(), 0, "Home")
    want("Superblock" in p.attr("#strip", "aria-valuetext"), "text of the superblock")
    seen = [0]
    for _ in range(5):
        p.b.keys("Right")
        seen.append(now())
    same(seen, sorted(set(seen)), "places of Right")
    p.b.keys("Left")
    same(now(), seen[-2], "Left")
    p.b.keys("Down")
    want(now() > seen[-2], "Down")
    p.b.keys("End")
    last = now()
    want(p.case.layout["file_size"] - last < p.case.layout["file_size"] // 2, "End")
    while "in place" not in p.attr("#strip", "aria-valuetext"):
        p.b.keys("Left")
    want(not p.b.js("document.getElementById('tip').hidden") and p.text("#tip b") in p.attr("#strip", "aria-valuetext"), "no tooltip at the cursor")
    p.b.keys("Enter")
    want(p.chosen() and p.chosen() in p.attr("#strip", "aria-valuetext"), "Enter chooses %r", p.chosen())
    p.b.keys("Escape")
    same(p.chosen(), None, "Escape")
    whole = marks(p, "strip")
    for key, more in (("+", False), ("+", False), ("-", True)):
        before = int(p.attr("#strip", "data-to")) - int(p.attr("#strip", "data-from"))
        p.b.keys(key)
        after = int(p.attr("#strip", "data-to")) - int(p.attr("#strip", "data-from"))
        want(after > before if more else after < before, "%s: %d bytes, then %d", key, before, after)
        want(int(p.attr("#strip", "data-from")) <= now() < int(p.attr("#strip", "data-to")), "the cursor is out of sight")
    want(marks(p, "strip") != whole, "a zoomed strip looks the same")
    p.b.keys("0")
    want(marks(p, "strip") == whole, "0 shows all again")


def test_legend(p):
    whole = marks(p, "strip")
    p.b.click("#legend button[data-group=compressed]")
    same(p.attr("#legend button[data-group=compressed]", "aria-pressed"), "true", "pressed")
    want(marks(p, "strip") != whole, "the strip looks the same")
    p.b.click("#legend button[data-group=compressed]")
    want(marks(p, "strip") == whole, "and back")


def pixel(p, off):
    """The colour that the strip has at a byte, and that of each kind."""
    return p.b.js("""(() => { const c = document.getElementById('strip'), d = c.dataset, n = args[0] - d.from, row = Math.floor(n / d.perRow), s = c.width / c.clientWidth;
        const x = Number(d.gutter) + (n - row * d.perRow) / d.perRow * (c.clientWidth - d.gutter);
        const hex = (a) => '#' + [...a.slice(0, 3)].map(v => v.toString(16).padStart(2, '0')).join('');
        return hex(c.getContext('2d').getImageData(x * s, (row * d.pitch + 6) * s, 1, 1).data); })()""", off)


def test_colours(p):
    colour = lambda name: p.b.js("getComputedStyle(document.documentElement).getPropertyValue(args[0]).trim()", name)
    back = lambda: p.b.js("getComputedStyle(document.body).backgroundColor")
    places = (("/bin/program", "--in_place"), ("/etc/noise", "--stored"), ("/etc/text", "--compressed"))
    seen = set()
    for scheme in ("light", "dark"):
        p.b.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        want(p.b.wait("document.documentElement.dataset.theme === args[0]", scheme), "the system's %s is not taken", scheme)
        seen.add(back())
        for path, name in places:
            same(pixel(p, p.run_of(path)), colour(name), "colour of %s in %s" % (path, scheme))
    same(len(seen), 2, "backgrounds")
    p.b.click("#theme")
    same(p.b.js("document.documentElement.dataset.theme"), "light", "the reader's choice")
    p.b.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
    p.b.click("#theme")
    same(p.b.js("document.documentElement.dataset.theme"), "dark", "the reader's choice")
    same(pixel(p, p.run_of("/bin/program")), colour("--in_place"), "colour of a page in place")
    p.b.click("#theme")


def test_widths(p):
    for width in (320, 360, 480, 700, 1000, 1400, 2560):
        p.resize(width)
        want(p.b.wait("document.getElementById('strip').width > 0 && Math.abs(document.getElementById('strip').clientWidth - document.getElementById('strip').width) < 2"), "the strip does not follow at %d", width)
        p.no_sideways()
        p.b.mouse(*p.place(p.run_of("/bin/program")))
        want("/bin/program" in p.text("#tip"), "tooltip at %d", width)
    p.b.devtools("Emulation.clearDeviceMetricsOverride")


def test_narrow(p):
    """No sideways scrolling, whatever is chosen, zoomed or searched for."""
    for width in (320, 768, 1400):
        p.resize(width)
        p.b.open(p.case.page)
        for n in range(4):
            p.b.js("document.querySelectorAll('#rows tr[data-entry]')[args[0]].click()", n)
            p.b.js("document.getElementById('zoom-in').click()")
            p.no_sideways()
        p.b.mouse(*p.place(int(p.attr("#strip", "data-from")) + int(p.attr("#strip", "data-per-row")) // 2))
        want(not p.b.js("document.getElementById('tip').hidden"), "no tooltip")
        p.search("no such name")
        p.no_sideways()
    p.b.devtools("Emulation.clearDeviceMetricsOverride")


def test_names(p):
    """Long names lack their middle, but only for the eye."""
    seen = """[...document.querySelectorAll('#rows .c-path')].map(td => {
        const hidden = [...td.querySelectorAll('.middle, .gone')].map(e => e.textContent), e = td.querySelector('.whole'), base = td.querySelector('.base').cloneNode(true);
        base.querySelectorAll('.middle').forEach(m => m.textContent = '…');
        getSelection().selectAllChildren(td);
        return { whole: td.textContent, title: td.title, copy: getSelection().toString(), over: e.scrollWidth - e.clientWidth, left: td.clientWidth - 16 - e.clientWidth, base: base.textContent, hidden }; })"""
    endings = {"/" + name: name.split(".", 1)[-1] for name in LONG_NAMES}
    for width in (320, 768, 1400):
        p.resize(width)
        p.b.open(p.case.page)
        p.b.wait("document.querySelector('#rows .middle')")
        rows = p.b.js(seen)
        for r in rows:
            same((r["title"], r["copy"]), (r["whole"], r["whole"]), "title and copy at %d" % width)
            want(r["over"] <= 0, "%s is cut at %d", r["whole"], width)
            want(not r["hidden"] or r["left"] < 30, "%s leaves %s pixels at %d", r["whole"], r["left"], width)
        shown = {r["whole"]: r["base"] for r in rows}
        for path, ending in endings.items():
            want(shown[path].endswith(ending), "%s shows %s at %d", path, shown[path], width)
            want("…" not in shown[path] or path.split("/")[-1].startswith(shown[path].split("…")[0]), "%s shows %s", path, shown[path])
        for n in (0, 1):
            want("…" in shown["/" + LONG_NAMES[n]], "%s fits", LONG_NAMES[n])
        want("\u0301" not in [r["base"].split("…")[-1][:1] for r in rows], "a letter without its accent")
    p.resize(1000)
    p.b.wait("innerWidth === 1000")
    wide = p.b.js(seen)
    p.resize(320)
    want(p.b.wait("[...document.querySelectorAll('.whole')].every(e => e.scrollWidth <= e.clientWidth)"), "names do not follow the width")
    want(p.b.js(seen) != wide, "names are as long at 320 as at 1000")
    p.b.devtools("Emulation.clearDeviceMetricsOverride")
    p.b.js("window.dispatchEvent(new Event('beforeprint'))")
    same(p.b.js("document.querySelectorAll('.middle, .gone').length"), 0, "names that are shortened on paper")
    p.b.js("window.dispatchEvent(new Event('afterprint'))")


def test_selecting(p):
    """Text that is selected with the mouse stays selected, and the row is not chosen; a click chooses it."""
    path = "/" + LONG_NAMES[0]
    box = p.b.js("""(() => { const r = [...document.querySelectorAll('#rows .whole')].find(e => e.textContent === args[0]); r.scrollIntoView({ block: 'center' });
        const b = r.getBoundingClientRect(); return [b.left + 1, b.top + b.height / 2, b.right - 1]; })()""", path)
    p.b.drag(box[0], box[1], box[2], box[1])
    same(p.b.js("getSelection().toString()"), LONG_NAMES[0], "selected")
    copied = p.b.js("""(() => { let got; document.addEventListener('copy', ev => { got = [...ev.clipboardData.types].map(t => [t, ev.clipboardData.getData(t)]); }, { once: true });
        document.execCommand('copy'); return got; })()""")
    same(copied, [["text/plain", LONG_NAMES[0]]], "copied")
    same(p.chosen(), None, "row chosen by selecting text")
    p.b.mouse(box[0], box[1], "click")
    same(p.chosen(), path, "row clicked")
    same(p.text("#details h2"), path, "name in the details")


def test_no_script(p):
    p.b.devtools("Emulation.setScriptExecutionDisabled", value=True)
    try:
        p.b.open(p.case.page)
        want("needs JavaScript" in p.b.seen("body"), "no message: %s", p.b.seen("body"))
        want("Flash" not in p.b.seen("body"), "empty boxes: %s", p.b.seen("body"))
    finally:
        p.b.devtools("Emulation.setScriptExecutionDisabled", value=False)


def test_to_ram(p):
    """A classic image: nothing is in place, and the table says why."""
    p.b.click("#kind option[value=ram]")
    reasons = {f["path"]: next(s["meaning"] for s in f["segments"] if "w" not in s["flags"] and s["meaning"]) for f in p.case.maps["files"]}
    rows = {r[0]: r for r in p.rows()}
    for path, reason in reasons.items():
        same(rows[path][6], reason, "reason of " + path)
    want(p.case.data["totals"]["in_place"] == 0 and reasons, "the image has no such files")
    summary = p.text("#details")
    groups = [g for f in p.case.maps["files"] for s in f["segments"] for g in s["groups"] if not g["in_place"]]
    for reason in {g["meaning"] for g in groups}:
        n = sum(g["pages"] for g in groups if g["meaning"] == reason)
        want(commas(n) + reason in summary, "the sum of %r is not in %r", reason, summary)


def test_hostile(p):
    p.b.js("window.dispatchEvent(new Event('beforeprint'))")  # all rows
    shown = p.b.js("document.querySelectorAll('#rows img, #rows script, #rows b, #rows u, #details img, main script, iframe, main [onerror]').length")
    same(shown, 0, "elements that a name made")
    same(p.b.js("document.querySelectorAll('script').length"), 2, "scripts")
    rows = p.rows()
    for name in HOSTILE:
        want(any(r[0] == "/" + escaped(name) for r in rows), "no row shows %r", escaped(name))
        want(any(r[0].endswith(" → " + escaped(name)) for r in rows), "no link shows %r", escaped(name))
    count = len(rows)
    for i in range(count):
        p.b.js("document.querySelectorAll('#rows tr[data-entry]')[args[0]].click()", i)
        same(p.text("#details h2"), rows[i][0].split(" → ")[0], "title of the details")
    p.b.js("document.getElementById('strip').focus()")
    p.b.keys("Home")
    for _ in range(15):
        p.b.keys("Right")
    want("<u>program" in p.case.html.decode().replace("\\u003c", "<").replace("\\u003e", ">"), "the name in the data")
    p.search("<img src=x")
    want(p.rows() and p.rows()[0][0].find("<img") >= 0, "searching for markup")
    want("owned" not in p.b.js("document.title"), "a name ran")
    same(p.b.js("document.querySelectorAll('#tip *:not(b, span, i), #totals img').length"), 0, "elements in the tooltip")
    want("</script><b>&" in p.text("#about"), "the name of the image: %s", p.text("#about"))


def test_packages_table(p):
    d = p.case.data["packages"]
    rows = p.b.js("[...document.querySelectorAll('#package-rows tr')].map(r => [...r.cells].map(c => c.textContent))")
    packages = sorted((x for x in d["packages"] if x["entries"]), key=lambda x: -x["image_bytes"])
    same([r[0] for r in rows], ["%s %s" % (x["name"], x["version"]) for x in packages] + ["no package", "shared", "image", "total"], "rows")
    for r, x in zip(rows, packages + [d[k] for k in ("no_package", "shared", "image", "total")]):
        same(r[1:6], [commas(x["image_bytes"]), commas(x["shared_bytes"]) if "shared_bytes" in x else "–", commas(x["pages"]), commas(x["cost_bytes"]), commas(x["ram_bytes"])], r[0])
    want("3 packages, by apk, 3 paths not in the image" == p.text("#package-count"), p.text("#package-count"))
    same(p.b.js("document.querySelectorAll('#packages img, #packages script, #packages b').length"), 0, "elements that a name made")
    button = "#package-rows tr:nth-child(%d) button"
    names = [r[0] for r in rows]
    for name, wanted in (("tools 1.0", lambda o: 0 in o), ("no package", lambda o: not o), ("shared", lambda o: len(o) > 1)):
        p.b.click(button % (names.index(name) + 1))
        same(p.attr(button % (names.index(name) + 1), "aria-pressed"), "true", name)
        paths = [e["path"] for e in p.case.data["entries"] if e["path"] != "/" and wanted(e.get("packages", []))]
        same(sorted(r[0].split(" → ")[0] for r in p.rows()), sorted(paths), "files of " + name)
    p.b.click(button % (names.index("tools 1.0") + 1))
    p.b.mouse(*p.place(p.run_of("/etc/noise")), "click")
    same(p.chosen(), "/etc/noise", "a file of no package, chosen in the strip")
    same(p.count(), len(p.case.entries), "all files again")
    want("Packagenone" in p.text("#details"), "its package: %s", p.text("#details"))
    for width in (320, 700, 1400):
        p.resize(width)
        p.no_sideways()


def test_crowd(p):
    n = len(p.case.entries)
    want(n > 5000 and p.count() == n, "%d entries, %d counted", n, p.count())
    want(len(p.rows()) < 120, "%d rows in the document", len(p.rows()))
    p.b.click(p.head("path"))
    p.b.js("document.getElementById('scroller').scrollTop = 1e9")
    want(p.b.wait("document.querySelector('#rows').textContent.includes('/srv/49/file-4999')"), "the last row is not there")
    p.b.click(p.head("flash"))
    top = max(p.case.entries, key=lambda e: e.get("image_bytes", 0))
    same(p.rows()[0][3], commas(top["image_bytes"]), "the largest")
    p.search("file-42 49")
    same(p.count(), len([e for e in p.case.entries if "file-42" in e["path"] and "49" in e["path"]]), "found")
    p.search("")
    path = "/srv/07/file-0007"
    x, y = p.place(p.extents(path)[-1][0])
    p.b.mouse(x, y, "double")
    p.b.mouse(*p.place(p.run_of(path)), "double")
    for _ in range(6):
        p.b.js("document.getElementById('strip').focus()")
        p.b.keys("+")
    p.b.mouse(*p.place(p.run_of(path)), "click")
    same(p.chosen(), path, "a small file, from the strip")
    p.b.js("window.dispatchEvent(new Event('beforeprint'))")
    same(len(p.rows()), n, "rows on paper")
    p.b.js("window.dispatchEvent(new Event('afterprint'))")
    want(len(p.rows()) < 120, "rows behind printing")


class Tap:
    def __init__(self):
        self.n = self.failed = 0

    def test(self, what, f, *args, browser=None):
        self.n += 1
        try:
            f(*args)
            if browser:
                said = browser.complaints()
                want(not said, "the browser complains: %s", said)
            print("ok %d - %s" % (self.n, what), flush=True)
        except Exception as e:
            self.failed += 1
            print("not ok %d - %s" % (self.n, what), flush=True)
            for line in (str(e) if isinstance(e, Failed) else traceback.format_exc()).split("\n"):
                print("# " + line)
            if browser and KEEP:
                browser.picture(os.path.join(KEEP, "failed-%d.png" % self.n))

    def skip(self, why):
        self.n += 1
        if IN_CI:
            self.failed += 1
            print("not ok %d - the page in a browser: %s is missing, which CI must have" % (self.n, why))
        else:
            print("ok %d - # SKIP THE PAGE WAS NOT LOOKED AT: %s is missing" % (self.n, why))

    def done(self):
        print("1..%d" % self.n)
        return self.failed > 0


def in_browser(tap, scratch, cases):
    browser = Browser(scratch)
    try:
        for what, name, f in (
                ("totals and legend are those of maps and layout", "usual", test_totals), ("the table has the numbers of list and maps", "usual", test_table),
                ("sorting", "usual", test_sorting), ("searching and choosing a kind", "usual", test_search), ("hovering", "usual", test_hover),
                ("clicking the strip shows the row, and the reverse", "usual", test_click), ("the keyboard: focus, headers, rows", "usual", test_keyboard),
                ("the keyboard: the strip", "usual", test_strip_keys), ("the legend singles out a kind", "usual", test_legend),
                ("dark and light", "usual", test_colours), ("widths from 320 to 2560", "usual", test_widths),
                ("no sideways scrolling: usual names", "usual", test_narrow), ("no sideways scrolling: long names", "long", test_narrow),
                ("long names are shortened in the middle", "long", test_names), ("selecting a name to copy it", "long", test_selecting), ("without JavaScript", "usual", test_no_script),
                ("why pages go to RAM", "classic", test_to_ram), ("packages, and the files of one", "packages", test_packages_table), ("hostile names are text", "hostile", test_hostile), ("5,000 files", "crowd", test_crowd),
                ("the table is as high as its rows", "crowd", test_height)):
            tap.test(what, lambda: f(Page(browser, cases[name])), browser=browser)
    finally:
        browser.close()


def main():
    tap, cases = Tap(), {}
    with tempfile.TemporaryDirectory() as scratch:
        for name, fill, options in (("usual", usual_root, ["-X"]), ("classic", usual_root, []), ("hostile", hostile_root, ["-X", "-n", "</script><b>&"]), ("crowd", crowd_root, ["-X"]), ("packages", packages_root, ["-X"]), ("long", long_root, ["-X"])):
            root = os.path.join(scratch, "root-" + name)
            os.mkdir(root)
            fill(root)
            cases[name] = Case(scratch, name, root, *options)
        for name, case in cases.items():
            tap.test("%s: data equal those of list, layout and maps" % name, test_data, case)
            tap.test("%s: every byte has its file" % name, test_owners, case)
            tap.test("%s: no markup in the data, nothing from elsewhere" % name, test_safe, case)
        tap.test("packages: data equal those of packages", test_packages, cases["packages"])
        tap.test("the same page every time; files that cannot be written", test_command, cases["usual"], scratch)
        if missing():
            tap.skip(missing())
        else:
            in_browser(tap, scratch, cases)
    return tap.done()


sys.exit(main())
