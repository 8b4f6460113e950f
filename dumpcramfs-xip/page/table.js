/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of files. Only the visible rows are in the document.
 */
const missing = (e) => e.map ? e.map.pages - e.map.in_place : 0;

/* The reason of the first read-only page that is not in place. */
function why(e) {
	if (!e.map || !missing(e))
		return "";
	const s = e.map.segments.find((s) => !s.flags.includes("w") && s.reason);
	return s ? s.reason : "";
}

const dash = "–";
const COLUMNS = [
	{ key: "path", label: "Path", value: (e) => e.shown, cell: null },
	{ key: "type", label: "Kind", value: (e) => e.kind, cell: (e) => e.kind },
	{ key: "size", label: "Size", num: true, help: "bytes that read() returns", value: (e) => e.size, cell: (e) => e.major === undefined ? count(e.size) : e.major + "," + e.minor },
	{ key: "flash", label: "In flash", num: true, help: "bytes of the image: table and blocks; shared ones count for each file", value: (e) => e.image_bytes || 0, cell: (e) => e.image_bytes === undefined ? dash : count(e.image_bytes) },
	{ key: "place", label: "In place", num: true, help: "pages of read-only segments that the kernel maps directly from flash", value: (e) => e.map ? e.map.in_place : -1, cell: null },
	{ key: "ram", label: "To RAM", num: true, help: "pages of read-only segments that are copied to RAM", value: (e) => e.map ? missing(e) : -1, cell: (e) => e.map ? count(missing(e)) : dash },
	{ key: "why", label: "Reason", value: why, cell: why },
];
const FLASH = 3, PLACE = 4;
const KINDS = {
	all: () => true,
	exec: (e) => e.map,
	ram: (e) => missing(e) > 0,
	data: (e) => e.type === "file" && !e.map,
	link: (e) => e.type === "symlink",
	dir: (e) => e.type === "directory",
	special: (e) => !["file", "symlink", "directory"].includes(e.type),
};

const table = { shown: [], column: FLASH, down: true, height: 27, first: -1, last: -1, current: -1, all: false };
const byText = new Intl.Collator("en", { numeric: false }).compare;
const order = (a, b) => a < b ? -1 : a > b ? 1 : 0;

function placeCell(e) {
	if (!e.map)
		return [dash];
	return [count(e.map.in_place) + " of " + count(e.map.pages), meter(e.map.in_place, e.map.pages, "slim")];
}

function pathCell(e) {
	const cut = e.shown.lastIndexOf("/") + 1;
	return make("span", { class: "whole" }, make("span", { class: "dirs" }, e.shown.slice(0, cut)), make("span", { class: "base" }, e.shown.slice(cut)),
		e.target ? make("span", { class: "target" }, " → " + show(e.target)) : null);
}

const segmenter = Intl.Segmenter && new Intl.Segmenter();
const letters = (text) => segmenter ? [...segmenter.segment(text)].map((s) => s.segment) : [...text];

/* Hides the middle of a text, so that it takes `room` letters with its ellipsis. Returns the room
 * that is left. */
function hideMiddle(e, text, room) {
	const keep = Math.max(0, text.length <= room ? text.length : room - 1), head = Math.ceil(keep / 2), tail = text.length - keep + head;
	if (keep < text.length)
		e.replaceChildren(text.slice(0, head).join(""), make("span", { class: keep ? "middle" : "gone" }, text.slice(head, tail).join("")), text.slice(tail).join(""));
	return keep < text.length ? 0 : room - keep;
}

/* Shortens the paths that are wider than their cells: the target first, then the directories, then
 * the name. What is hidden stays in the document, so that it can be copied and found. */
function shorten() {
	const wide = (c) => c.e.scrollWidth > c.e.clientWidth;
	let cells = [...$("rows").querySelectorAll(".whole")].map((e) => ({ e })).filter(wide);
	for (const c of cells) {
		c.parts = [".base", ".dirs", ".target"].map((css) => c.e.querySelector(css)).filter(Boolean).map((e) => [e, letters(e.textContent)]);
		c.room = c.parts.reduce((n, p) => n + p[1].length, 0);
	}
	while (cells.length) {
		for (const c of cells)
			c.room = Math.min(c.room - 1, Math.floor(c.room * c.e.clientWidth / c.e.scrollWidth));
		for (const c of cells)
			c.parts.reduce((room, p) => hideMiddle(...p, room), c.room);
		cells = cells.filter((c) => c.room > 0 && wide(c));
	}
}

function rowOf(n) {
	const e = table.shown[n];
	const tr = make("tr", { id: "row-" + e.i, "aria-rowindex": n + 2, "aria-selected": e.i === strip.chosen ? "true" : "false", "data-entry": e.i });
	COLUMNS.forEach((c, k) => {
		const td = make("td", { class: "c-" + c.key + (c.num ? " num" : "") + (k ? "" : " path") });
		if (!k)
			td.append(pathCell(e));
		else if (k === PLACE)
			td.append(...placeCell(e));
		else
			td.textContent = c.cell(e);
		if ((!k || c.key === "why") && !table.all)
			td.title = td.textContent;
		tr.append(td);
	});
	return tr;
}

const space = (height) => make("tr", { class: "space", "aria-hidden": "true", style: { height: height + "px" } }, make("td"));

/* Renders the visible rows, and some before and after them. The box is as high as all
 * its rows, but never as high as the window. */
table.render = (force) => {
	const box = $("scroller"), n = table.shown.length;
	const first = table.all ? 0 : Math.max(0, Math.floor(box.scrollTop / table.height) - 12);
	const last = table.all ? n : Math.min(n, Math.ceil((box.scrollTop + window.innerHeight) / table.height) + 12);
	if (!force && first === table.first && last === table.last)
		return;
	table.first = first;
	table.last = last;
	const rows = [];
	if (first)
		rows.push(space(first * table.height));
	for (let i = first; i < last; i++)
		rows.push(rowOf(i));
	if (last < n)
		rows.push(space((n - last) * table.height));
	if (!n)
		rows.push(make("tr", null, make("td", { colspan: 3, class: "none" }, "Nothing matches.")));
	$("rows").replaceChildren(...rows);
	if (!table.all)
		shorten();
	$("table").setAttribute("aria-rowcount", n + 1);
	const current = table.shown[table.current];
	if (current && table.current >= first && table.current < last)
		$("table").setAttribute("aria-activedescendant", "row-" + current.i);
	else
		$("table").removeAttribute("aria-activedescendant");
};

/* Bytes of the image that belong to the entries; shared bytes count once. */
function unionOf(list) {
	const mine = new Set(list.map((e) => e.first));
	let at = 0, n = 0;
	for (const [from, to, entry] of spans) {
		if (to > at && mine.has(entry)) {
			n += to - Math.max(from, at);
			at = to;
		}
	}
	return n;
}

table.sums = () => {
	const files = new Map(table.shown.filter((e) => e.map).map((e) => [e.first, e.map.in_place]));
	const bytes = table.shown.reduce((n, e) => n + (e.type === "file" ? e.size : 0), 0);
	const pages = [...files.values()].reduce((n, p) => n + p, 0);
	return plural(table.shown.length, "entry", "entries") + ", " + size(bytes) + " in " + size(unionOf(table.shown)) + " of flash, " + plural(pages, "page") + " in place";
};

table.update = () => {
	const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean), kind = KINDS[$("kind").value];
	const c = COLUMNS[table.column], sign = table.down ? -1 : 1;
	table.shown = entries.filter((e) => kind(e) && packages.has(e) && words.every((w) => e.low.includes(w)));
	if (c.num)
		table.shown.sort((a, b) => sign * (c.value(a) - c.value(b)) || a.i - b.i);
	else if (c.key === "path")
		table.shown.sort((a, b) => sign * order(a.shown, b.shown));
	else
		table.shown.sort((a, b) => (!c.value(a) - !c.value(b)) || sign * byText(c.value(a), c.value(b)) || a.i - b.i);
	table.current = table.shown.findIndex((e) => e.i === strip.chosen);
	$("count").textContent = table.sums();
	table.render(true);
};

table.sortBy = (k) => {
	table.down = table.column === k ? !table.down : !!COLUMNS[k].num;
	table.column = k;
	table.heads();
	$("scroller").scrollTop = 0;
	table.update();
};

table.heads = () => {
	[...$("heads").children].forEach((th, k) => {
		const on = k === table.column;
		th.setAttribute("aria-sort", on ? (table.down ? "descending" : "ascending") : "none");
		th.querySelector(".arrow").textContent = on ? (table.down ? "▾" : "▴") : "";
	});
};

/* Scrolls to row n; the caller renders. */
table.reveal = (n) => {
	const box = $("scroller"), head = $("heads").offsetHeight, y = n * table.height;
	if (y < box.scrollTop)
		box.scrollTop = y;
	else if (y + table.height > box.scrollTop + box.clientHeight - head)
		box.scrollTop = y + table.height - box.clientHeight + head;
};

/* Shows the row of an entry that was selected elsewhere, and resets the filter if it hides it. */
table.show = (entry) => {
	let n = table.shown.findIndex((e) => e.i === entry);
	if (entry >= 0 && n < 0) {
		$("search").value = "";
		$("kind").value = "all";
		packages.choose(-1);
		n = table.shown.findIndex((e) => e.i === entry);
	}
	table.current = n;
	if (n >= 0)
		table.reveal(n);
	table.render(true);
};

table.step = (to) => {
	if (!table.shown.length)
		return;
	table.current = Math.max(0, Math.min(table.shown.length - 1, to));
	table.reveal(table.current);
	choose(table.shown[table.current].i, "table");
};

table.start = () => {
	const page = () => Math.max(1, Math.floor($("scroller").clientHeight / table.height) - 2);
	const keys = {
		ArrowDown: () => table.step(table.current + 1),
		ArrowUp: () => table.step(table.current < 0 ? 0 : table.current - 1),
		PageDown: () => table.step(table.current + page()),
		PageUp: () => table.step(table.current - page()),
		Home: () => table.step(0),
		End: () => table.step(table.shown.length - 1),
		Enter: () => strip.canvas.focus(),
		Escape: () => choose(-1, "table"),
	};
	COLUMNS.forEach((c, k) => {
		const b = make("button", { type: "button", onclick: () => table.sortBy(k) }, make("span", { class: "arrow", "aria-hidden": "true" }), c.label);
		if (c.help)
			b.title = c.help;
		$("heads").append(make("th", { scope: "col", class: "c-" + c.key + (c.num ? " num" : "") }, b));
	});
	table.heads();
	$("table").classList.toggle("nowhy", !entries.some(why));
	let wait = 0;
	$("search").addEventListener("input", () => {
		clearTimeout(wait);
		wait = setTimeout(() => { $("scroller").scrollTop = 0; table.update(); }, 120);
	});
	$("kind").addEventListener("change", () => { $("scroller").scrollTop = 0; table.update(); });
	$("scroller").addEventListener("scroll", () => table.render(false), { passive: true });
	let selected = ""; /* a click that selects text, to copy it, is not for the row */
	$("rows").addEventListener("pointerdown", () => { selected = String(getSelection()); });
	$("rows").addEventListener("click", (ev) => {
		const tr = ev.target.closest("tr[data-entry]");
		if (tr && (getSelection().isCollapsed || String(getSelection()) === selected))
			choose(Number(tr.dataset.entry), "table");
	});
	/* Only text: the styles would hide the middle of names where they are pasted. */
	$("rows").addEventListener("copy", (ev) => {
		ev.clipboardData.setData("text/plain", String(getSelection()));
		ev.preventDefault();
	});
	$("rows").addEventListener("pointerover", (ev) => {
		const tr = ev.target.closest("tr[data-entry]");
		strip.hover(tr ? Number(tr.dataset.entry) : -1);
	});
	$("rows").addEventListener("pointerleave", () => strip.hover(-1));
	$("table").addEventListener("keydown", (ev) => {
		if (ev.target === $("table") && keys[ev.key] && !ev.ctrlKey && !ev.metaKey && !ev.altKey) {
			ev.preventDefault();
			keys[ev.key]();
		}
	});
	new ResizeObserver(() => table.render(true)).observe($("scroller"));
	table.update();
};
