/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of packages, if the report has any. A click shows the files of one.
 */
const packages = { chosen: -1, rows: [] };

packages.start = () => {
	const P = D.packages;
	if (!P)
		return;
	const n = P.packages.length;
	const rows = P.packages.map((p, i) => ({ ...p, i })).filter((p) => p.entries).sort((a, b) => b.image_bytes - a.image_bytes || a.i - b.i);
	rows.push({ ...P.no_package, i: n, name: "no package", help: "files that no package has" });
	rows.push({ ...P.shared, i: n + 1, name: "shared", help: "used by two or more packages, or by a package and a file of none" });
	rows.push({ ...P.image, name: "image", help: "belongs to no file: superblock, padding, free space" });
	rows.push({ ...P.total, name: "total", help: "the size of the file" });
	const number = (value) => make("td", { class: "num" }, value === undefined ? dash : count(value));
	for (const p of rows) {
		const name = p.i === undefined ? make("span", { title: p.help }, p.name) :
			make("button", { type: "button", "aria-pressed": "false", title: p.help || "Show its files", onclick: () => packages.choose(packages.chosen === p.i ? -1 : p.i) }, show(p.name));
		packages.rows.push([p.i, name]);
		$("package-rows").append(make("tr", { class: p.i < n ? "" : "other" }, make("td", null, name, p.version ? make("span", { class: "dim" }, " " + show(p.version)) : null),
			number(p.image_bytes), number(p.shared_bytes), number(p.pages), number(p.cost_bytes), number(p.ram_bytes), make("td", null, packages.bar(p, P.total.image_bytes))));
	}
	const missing = P.packages.reduce((sum, p) => sum + p.missing, 0);
	$("packages").hidden = false;
	$("package-count").textContent = plural(rows.length - 4, "package") + (P.databases.length ? ", by " + P.databases.map((d) => d.format).join(", ") : "") +
		(missing ? ", " + plural(missing, "path") + " not in the image" : "");
};

/* What the bytes are used for, in proportion to the image. */
packages.bar = (p, whole) => make("div", { class: "stack", "aria-hidden": "true" }, ...GROUPS.map((g) => {
	const bytes = g.uses.reduce((n, use) => n + (p.bytes[use] || 0), 0);
	return bytes ? make("i", { style: { width: 100 * bytes / whole + "%", background: "var(--" + g.key + ")" } }) : null;
}));

packages.choose = (i) => {
	packages.chosen = i;
	for (const [k, button] of packages.rows)
		if (k !== undefined)
			button.setAttribute("aria-pressed", k === i ? "true" : "false");
	$("scroller").scrollTop = 0;
	table.update();
};

/* Is the entry one of the package that was chosen, of none, or of several? */
packages.has = (e) => {
	const n = D.packages ? D.packages.packages.length : 0, mine = e.packages || [];
	if (packages.chosen < 0)
		return true;
	if (packages.chosen === n)
		return !mine.length && e.path !== "/";
	return packages.chosen > n ? mine.length > 1 : mine.includes(packages.chosen);
};

packages.names = (e) => (e.packages || []).map((i) => show(D.packages.packages[i].name)).join(", ") || "none";
