/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The details of the selected file.
 */
const SPOTS = 40; /* positions listed */

function modeText(e) {
	const letter = { file: "-", directory: "d", symlink: "l", char: "c", block: "b", fifo: "p", socket: "s" }[e.type] || "?";
	const rwx = [..."rwxrwxrwx"].map((c, k) => e.mode & (0o400 >> k) ? c : "-");
	[[2, 0o4000, "s"], [5, 0o2000, "s"], [8, 0o1000, "t"]].forEach(([k, bit, c]) => {
		if (e.mode & bit)
			rwx[k] = rwx[k] === "x" ? c : c.toUpperCase();
	});
	return letter + rwx.join("");
}

function blocksPart(e) {
	const b = e.blocks, kinds = [["in_place", b.in_place, "in place"], ["compressed", b.compressed, "compressed"], ["stored", b.stored, "stored"], ["padding", b.hole, "holes"], ["unknown", b.bad, "bad"]].filter((k) => k[1]);
	const all = kinds.reduce((n, k) => n + k[1], 0);
	return [make("h3", null, plural(all, "block") + " of " + size(D.page_size)),
		make("div", { class: "stack", "aria-hidden": "true" }, ...kinds.map((k) => make("i", { style: { width: 100 * k[1] / all + "%", background: "var(--" + k[0] + ")" } }))),
		make("div", { class: "keys" }, ...kinds.map((k) => make("span", null, make("i", { class: "swatch", style: { background: "var(--" + k[0] + ")" } }), count(k[1]) + " " + k[2])))];
}

function segmentsPart(m) {
	const head = make("tr", null, ...["Segment", "File page", "Pages", "In place"].map((t, k) => make("th", { scope: "col", class: k ? "num" : "" }, t)));
	const rows = [];
	for (const s of m.segments) {
		rows.push(make("tr", null, make("td", null, s.index + "  " + s.flags), ...[s.file_page, s.pages, s.in_place].map((n) => make("td", { class: "num" }, count(n)))));
		const rest = [];
		for (let k = 0; k < s.groups.length; k += 2)
			rest.push(plural(s.groups[k], "page") + " in RAM: " + s.groups[k + 1]);
		if (rest.length)
			rows.push(make("tr", { class: "why" }, make("td", { colspan: 4 }, rest.join("; "))));
	}
	return [make("h3", null, "Mapped segments" + (m.loadable ? "" : " (not loadable)")), make("table", null, make("thead", null, head), make("tbody", null, ...rows))];
}

function spotsPart(extents) {
	const list = make("div", { class: "spots" });
	for (let k = 0; k < extents.length && k < 2 * SPOTS; k += 2) {
		const off = extents[k], len = extents[k + 1];
		list.append(make("button", { type: "button", onclick: () => { strip.cursor = regionAt(off); strip.zoom(off - len * 0.25, off + len * 1.25); } },
			swatch(prevailing(regionAt(off), off, off + len)), hex(off) + "  " + size(len)));
	}
	const more = extents.length / 2 - SPOTS;
	return [make("h3", null, "Position in flash (click to zoom)"), list, more > 0 ? make("p", { class: "dim" }, "and " + count(more) + " more") : null];
}

/* While no file is selected: why pages are copied to RAM. */
function overview() {
	const parts = [], reasons = new Map();
	for (const m of D.maps)
		for (const s of m.segments)
			for (let k = 0; k < s.groups.length; k += 2)
				reasons.set(s.groups[k + 1], (reasons.get(s.groups[k + 1]) || 0) + s.groups[k]);
	if (reasons.size) {
		const rows = [...reasons].sort((a, b) => b[1] - a[1]).map(([text, n]) => make("tr", null, make("td", { class: "num" }, count(n)), make("td", null, text)));
		parts.push(make("h3", null, "Pages copied to RAM, by reason"), make("table", { class: "reasons" }, make("tbody", null, ...rows)));
	}
	return parts;
}

function details(entry) {
	const box = $("details");
	box.classList.toggle("empty", entry < 0);
	if (entry < 0) {
		box.replaceChildren(make("p", { class: "dim" }, "Select a file in the flash above or in the table."), ...overview());
		return;
	}
	const e = entries[entry], rows = [];
	const row = (name, value) => rows.push(make("dt", null, name), make("dd", null, value));
	row("Kind", e.map ? e.map.machine + " " + e.map.role : e.type);
	if (e.target !== undefined)
		row("Target", e.target === null ? "cannot be read" : show(e.target));
	row("Mode", modeText(e) + ", uid " + e.uid + ", gid " + e.gid);
	if (e.major !== undefined)
		row("Device", e.major + "," + e.minor);
	else
		row("Size", plural(e.size, "byte"));
	if (e.image_bytes !== undefined)
		row("In flash", plural(e.image_bytes, "byte") + (e.size ? ", " + percent(e.image_bytes, e.size) : ""));
	if (D.packages && e.path !== "/")
		row("Package", packages.names(e));
	if (e.map)
		row("In place", count(e.map.in_place) + " of " + plural(e.map.pages, "page"));
	const same = names.get(e.first).filter((o) => o !== e);
	if (same.length)
		row("Same as", same.slice(0, 8).map((o) => o.shown).join(", ") + (same.length > 8 ? " and " + count(same.length - 8) + " more" : ""));
	const parts = [make("h2", null, e.shown), make("dl", null, ...rows)];
	if (e.blocks)
		parts.push(...blocksPart(e));
	if (e.map)
		parts.push(...segmentsPart(e.map));
	if (extentsOf(e).length)
		parts.push(...spotsPart(extentsOf(e)));
	box.replaceChildren(...parts.filter(Boolean));
}
