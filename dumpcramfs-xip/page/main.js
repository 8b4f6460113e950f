/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The head of the page, the theme, and the selection of a file.
 */
function choose(entry, by) {
	const again = strip.chosen === entry;
	strip.chosen = entry;
	if (by === "table" && entry >= 0 && extentsOf(entries[entry]).length && !again) {
		strip.cursor = regionAt(extentsOf(entries[entry])[0]);
		strip.describeCursor();
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
	tile("Contents", size(contents), plural(files.length, "file") + ", " + plural(entries.length, "entry", "entries") + "; the image is " + percent(D.size, contents) + " of that size");
	tile("Pages mapped in place", count(t.in_place) + " of " + count(t.pages), percent(t.in_place, t.pages) + " of the read-only pages of " + plural(t.files, "program or library", "programs and libraries"), meter(t.in_place, t.pages));
	tile("RAM saved", size(t.in_place * D.page_size), "if every page in place is used");
	tile("Shared", size(D.shared), "saved by sharing equal blocks, not counting " + plural(entries.filter((e) => e.same !== undefined && e.type === "file").length, "equal file"));
	if (D.changed)
		tile("Erase blocks", count(D.changed_blocks) + " of " + count(D.erase_blocks), "of " + size(D.erase_size) + " differ from the old image: underlined in the strip");
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

/* The theme of the system, until the reader chooses one. */
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
	"“" + show(D.name) + "”", "edition " + D.edition, "crc 0x" + D.crc.toString(16).padStart(8, "0")].concat(D.mmu ? [] : ["for a kernel without an MMU"]).join(", ");
$("generator").textContent = "Made by " + D.generator + ". This page loads nothing from the network.";
$("incomplete").hidden = !D.incomplete;
totals();
legend();
details(-1);
strip.start();
theme.start();
packages.start();
table.start();
