/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is on top, the theme, and who is told when a file is chosen.
 */
function choose(entry, by) {
	const again = strip.chosen === entry;
	strip.chosen = entry;
	if (by === "table" && entry >= 0 && extentsOf(entries[entry]).length && !again) {
		strip.cursor = regionAt(extentsOf(entries[entry])[0]);
		strip.tell();
	}
	strip.drawMarks();
	details(entry);
	if (by === "strip")
		table.show(entry);
	else {
		table.current = table.shown.findIndex((e) => e.i === entry);
		table.render(true);
	}
}

function tile(name, value, note, bar) {
	$("totals").append(make("div", null, make("dt", null, name), make("dd", null, value), bar ? make("dd", null, bar) : null, make("dd", { class: "note" }, note)));
}

function totals() {
	const t = D.totals, files = entries.filter((e) => e.type === "file"), contents = files.reduce((n, e) => n + e.size, 0);
	const over = GROUPS.filter((g) => ["metadata", "tables", "padding"].includes(g.key)).reduce((n, g) => n + g.bytes, 0);
	tile("Image", size(D.size), plural(D.size, "byte"));
	tile("Contents", size(contents), plural(files.length, "file") + ", " + count(entries.length) + " entries; the image has " + percent(D.size, contents));
	tile("Pages mapped in place", count(t.in_place) + " of " + count(t.pages), percent(t.in_place, t.pages) + " of what " + plural(t.files, "program or library", "programs and libraries") + " map read-only", meter(t.in_place, t.pages));
	tile("RAM saved", size(t.in_place * D.page_size), "if all of it runs");
	tile("Shared", size(D.shared), "more without sharing of equal blocks; " + plural(entries.filter((e) => e.same !== undefined && e.type === "file").length, "equal file") + " besides");
	tile("Overhead", size(over), percent(over, D.file_size) + ": metadata, tables, padding");
}

function legend() {
	GROUPS.forEach((g, k) => {
		if (!g.bytes)
			return;
		const b = make("button", { type: "button", "aria-pressed": "false", title: g.help + ": " + plural(g.bytes, "byte"), "data-group": g.key, "data-bytes": g.bytes },
			swatch(k), make("b", null, g.label), make("span", { class: "dim" }, size(g.bytes), make("span", { class: "part" }, ", " + percent(g.bytes, D.file_size))));
		b.addEventListener("click", () => {
			strip.only = strip.only === k ? -1 : k;
			for (const o of $("legend").children)
				o.setAttribute("aria-pressed", o === b && strip.only === k ? "true" : "false");
			strip.draw();
		});
		$("legend").append(b);
	});
}

/* The system's choice, until the reader makes one of his own. */
const theme = {
	dark: window.matchMedia("(prefers-color-scheme: dark)"),
	own: null,
	set(name) {
		document.documentElement.dataset.theme = name;
		$("theme").textContent = name === "dark" ? "Light" : "Dark";
		$("theme").setAttribute("aria-label", "Change to " + (name === "dark" ? "light" : "dark") + " colours");
		strip.draw();
	},
	now: () => theme.own || (theme.dark.matches ? "dark" : "light"),
	start() {
		theme.dark.addEventListener("change", () => theme.set(theme.now()));
		$("theme").addEventListener("click", () => {
			theme.own = theme.now() === "dark" ? "light" : "dark";
			theme.set(theme.own);
		});
		theme.set(theme.now());
	},
};

/* On paper: light, and all rows. */
window.addEventListener("beforeprint", () => {
	table.all = true;
	table.render(true);
	theme.set("light");
});
window.addEventListener("afterprint", () => {
	table.all = false;
	table.render(true);
	theme.set(theme.now());
});

$("title").textContent = show(D.file);
document.title = show(D.file) + " – cramfs";
$("about").textContent = [D.extended ? "cramfs with extended block pointers" : "classic cramfs", D.endian + "-endian", D.page_size / 1024 + " KiB pages",
	"“" + show(D.name) + "”", "edition " + D.edition, "crc 0x" + D.crc.toString(16).padStart(8, "0")].concat(D.mmu ? [] : ["mapped without an MMU"]).join(", ");
$("generator").textContent = "Made by " + D.generator + ". This page loads nothing from anywhere.";
$("incomplete").hidden = !D.incomplete;
totals();
legend();
details(-1);
strip.start();
theme.start();
table.start();
