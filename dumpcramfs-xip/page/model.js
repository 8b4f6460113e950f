/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The data of the page: entries, the owners of bytes, and regions. A region is a sequence of bytes
 * of one kind and one file.
 */
const $ = (id) => document.getElementById(id);
const D = JSON.parse($("data").textContent);

/* Kinds of bytes, each with a colour; uses are those of `layout`. */
const GROUPS = [
	{ key: "metadata", label: "Metadata", uses: ["head", "directories"], help: "superblock, boot pad, inserted file, directories" },
	{ key: "tables", label: "Tables", uses: ["tables"], help: "block pointers" },
	{ key: "compressed", label: "Compressed", uses: ["compressed", "headers"], help: "decompressed into RAM when it is read" },
	{ key: "stored", label: "Stored", uses: ["stored"], help: "not compressed, but cannot be mapped in place" },
	{ key: "in_place", label: "In place", uses: ["in_place"], help: "pages that the kernel can map directly from flash" },
	{ key: "padding", label: "Padding", uses: ["tails", "padding"], help: "zeros that nothing points to" },
	{ key: "free", label: "Free", uses: ["free"], help: "other bytes that nothing points to: space for updates" },
	{ key: "unknown", label: "Unknown", uses: ["unknown"], help: "other bytes in the last page of a program" },
	{ key: "behind", label: "After the image", uses: ["behind"], help: "bytes of the file after the size in the superblock" },
];
const USES = Object.keys(D.bytes);
const GROUP_OF = USES.map((use) => GROUPS.findIndex((g) => g.uses.includes(use)));
const IN_PLACE = GROUPS.findIndex((g) => g.key === "in_place");
GROUPS.forEach((g) => { g.bytes = g.uses.reduce((n, use) => n + D.bytes[use], 0); });

/* --- text --- */

const count = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
const hex = (n) => "0x" + n.toString(16).padStart(8, "0");
const plural = (n, one, many) => count(n) + " " + (n === 1 ? one : many || one + "s");
function size(n) {
	const unit = ["KiB", "MiB", "GiB", "TiB"];
	let i = -1;
	if (n < 1024)
		return plural(n, "byte");
	do {
		n /= 1024;
		i++;
	} while (n >= 1023.95 && i < unit.length - 1);
	return n.toFixed(1) + " " + unit[i];
}
const percent = (part, whole) => whole ? (100 * part / whole).toFixed(1) + " %" : "-";

/* Escapes paths as the programs do on a terminal: every character that is invisible or reorders
 * text. Bytes that are not UTF-8 are the surrogates DC80 .. DCFF in the data. */
function show(text) {
	return text.replace(/[\\\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (c) => {
		const n = c.charCodeAt(0);
		if (c.length > 1)
			return c;
		if (c === "\\")
			return "\\\\";
		if (c === "\n" || c === "\t")
			return c === "\n" ? "\\n" : "\\t";
		if (n >= 0xdc80 && n <= 0xdcff)
			return "\\x" + (n - 0xdc00).toString(16);
		return n < 0x80 ? "\\x" + n.toString(16).padStart(2, "0") : "\\u" + n.toString(16).padStart(4, "0");
	});
}

/* An element with text or children; never markup. */
function make(tag, props, ...children) {
	const e = document.createElement(tag);
	for (const [k, v] of Object.entries(props || {})) {
		if (k === "class")
			e.className = v;
		else if (k === "style")
			Object.assign(e.style, v);
		else if (k.startsWith("on"))
			e.addEventListener(k.slice(2), v);
		else
			e.setAttribute(k, v);
	}
	e.append(...children.filter((c) => c !== null && c !== undefined));
	return e;
}
const swatch = (group) => make("i", { class: "swatch", style: { background: "var(--" + GROUPS[group].key + ")" } });
const meter = (part, whole, extra) => make("div", { class: "meter " + (extra || ""), "aria-hidden": "true" },
	make("i", { style: { width: whole ? 100 * part / whole + "%" : "0" } }));

/* --- entries --- */

const entries = D.entries;
const names = new Map(); /* from the first entry of a table to all entries that have this table */
entries.forEach((e, i) => {
	e.i = i;
	e.first = e.same === undefined ? i : e.same;
	e.shown = show(e.path);
	e.low = e.shown.toLowerCase();
	e.kind = e.type === "symlink" ? "link" : e.type === "directory" ? "dir" : e.type;
	if (!names.has(e.first))
		names.set(e.first, []);
	names.get(e.first).push(e);
});
for (const m of D.maps) {
	for (const e of names.get(entries[m.entry].first)) {
		e.map = m;
		e.kind = m.role;
	}
}
const extentsOf = (e) => entries[e.first].extents || [];

/* --- owners of bytes --- */

const spans = []; /* [from, to, entry], every extent of every file */
for (const e of entries)
	for (let k = 0; e.extents && k < e.extents.length; k += 2)
		spans.push([e.extents[k], e.extents[k] + e.extents[k + 1], e.i]);
spans.sort((a, b) => a[0] - b[0] || a[2] - b[2]);

function ownersAt(off) {
	const found = new Set();
	for (const s of spans) {
		if (s[0] > off)
			break;
		if (off < s[1])
			names.get(s[2]).forEach((e) => found.add(e));
	}
	return [...found];
}

/* --- regions --- */

const regions = []; /* { off, end, group, use, owner } */
let imageEnd = 0;
(() => {
	const flat = [];
	let at = 0, k = 0, off = 0;
	for (const [from, to, entry] of spans) {
		if (to > at)
			flat.push([Math.max(from, at), to, entry]);
		at = Math.max(at, to);
	}
	for (let p = 0; p < D.pieces.length; p += 2) {
		const use = D.pieces[p], group = GROUP_OF[use], end = off + D.pieces[p + 1];
		while (off < end) {
			while (k < flat.length && flat[k][1] <= off)
				k++;
			const mine = k < flat.length && flat[k][0] <= off;
			const to = Math.min(end, k < flat.length ? flat[k][mine ? 1 : 0] : end);
			const owner = mine ? flat[k][2] : -1, last = regions[regions.length - 1];
			if (last && last.group === group && last.owner === owner && (owner >= 0 || last.use === use))
				last.end = to;
			else
				regions.push({ off, end: to, group, use, owner });
			off = to;
		}
	}
	imageEnd = off;
})();

function regionAt(off) {
	let a = 0, b = regions.length - 1;
	while (a < b) {
		const m = (a + b + 1) >> 1;
		if (regions[m].off <= off)
			a = m;
		else
			b = m - 1;
	}
	return a;
}
