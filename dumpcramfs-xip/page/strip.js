/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flash as rows of pixels on a canvas. A second canvas on top of it marks what is selected,
 * hovered or under the keyboard cursor.
 */
const strip = {
	canvas: $("strip"), marks: $("marks"), overview: $("overview"),
	from: 0, to: imageEnd, rows: 16, rowHeight: 18, gap: 5, gutter: 84, width: 0,
	only: -1, /* the kind selected in the legend */
	chosen: -1, hovered: -1, /* entries */
	cursor: 0, /* region */
	colour: [], /* of each group */
};
const SMALLEST = 4096; /* bytes that are visible at the largest zoom */

/* Each row begins at a multiple of this offset. */
strip.grain = (len) => len >= 64 * D.page_size * strip.rows ? D.page_size : 64;
strip.perRow = () => {
	const len = strip.to - strip.from, grain = strip.grain(len);
	return Math.ceil(len / strip.rows / grain) * grain;
};
strip.top = (row) => row * (strip.rowHeight + strip.gap);

function context(canvas, width, height) {
	const ratio = window.devicePixelRatio || 1, ctx = canvas.getContext("2d");
	const w = Math.round(width * ratio), h = Math.round(height * ratio);
	if (canvas.width !== w || canvas.height !== h) {
		canvas.width = w;
		canvas.height = h;
	}
	canvas.style.height = height + "px";
	ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
	ctx.clearRect(0, 0, width, height);
	return ctx;
}

/* The kind with the most bytes in from .. to, which begins in region i. */
const weight = new Float64Array(GROUPS.length);
function prevailing(i, from, to) {
	let best = regions[i].group;
	weight.fill(0);
	for (; i < regions.length && regions[i].off < to; i++)
		weight[regions[i].group] += Math.min(to, regions[i].end) - Math.max(from, regions[i].off);
	for (let g = 0; g < weight.length; g++)
		if (weight[g] > weight[best] || (g === strip.only && weight[g] > 0))
			best = g;
	return best;
}

/* Paints from .. to, or up to `end`, as one row; width pixels are for all of from .. to. */
function paintRow(ctx, x, y, width, height, from, to, end) {
	const scale = width / (to - from);
	let i = regionAt(from), px = 0, runStart = 0, run = -1;
	const flush = (until) => {
		if (run >= 0 && until > runStart) {
			ctx.globalAlpha = strip.only >= 0 && run !== strip.only ? 0.16 : 1;
			ctx.fillStyle = strip.colour[run];
			ctx.fillRect(x + runStart, y, until - runStart, height);
		}
	};
	const last = Math.min(width, Math.ceil((Math.min(to, end) - from) * scale));
	const step = 1 / (window.devicePixelRatio || 1);
	while (px < last) {
		const b0 = from + px / scale;
		while (i < regions.length - 1 && regions[i].end <= b0)
			i++;
		const whole = Math.floor((regions[i].end - from) * scale / step) * step;
		const next = whole > px ? Math.min(whole, last) : Math.min(px + step, last);
		const group = whole > px ? regions[i].group : prevailing(i, b0, from + next / scale);
		if (group !== run) {
			flush(px);
			run = group;
			runStart = px;
		}
		px = next;
	}
	flush(last);
	ctx.globalAlpha = 1;
	drawSeams(ctx, x, y, height, from, Math.min(to, end), scale);
	drawChanged(ctx, x, y + height, from, Math.min(to, end), scale);
}

/* Underlines the erase blocks that differ from the old image. */
function drawChanged(ctx, x, y, from, to, scale) {
	const changed = D.changed || [];
	ctx.fillStyle = strip.changed;
	for (let i = 0; i < changed.length; i += 2) {
		const a = Math.max(from, changed[i]), b = Math.min(to, changed[i] + changed[i + 1]);
		if (a < b)
			ctx.fillRect(x + (a - from) * scale, y - 3, Math.max(1, (b - a) * scale), 3);
	}
}

/* "differs from the old image", or what else is known of the byte at off. */
function changeAt(off) {
	const changed = D.changed;
	for (let i = 0; i < changed.length; i += 2)
		if (off >= changed[i] && off < changed[i] + changed[i + 1])
			return "in an erase block that differs";
	return "in an erase block that does not differ";
}

/* Separates adjacent files of the same kind, if both are wide enough. */
function drawSeams(ctx, x, y, height, from, to, scale) {
	ctx.fillStyle = strip.back;
	for (let i = regionAt(from) + 1; i < regions.length && regions[i].off < to; i++)
		if (regions[i].group === regions[i - 1].group && (regions[i].end - regions[i].off) * scale > 5 && (regions[i - 1].end - regions[i - 1].off) * scale > 5)
			ctx.fillRect(x + (regions[i].off - from) * scale - 0.5, y, 1, height);
}

strip.draw = () => {
	const style = getComputedStyle(document.documentElement), box = $("strip-box").clientWidth;
	strip.colour = GROUPS.map((g) => style.getPropertyValue("--" + g.key).trim());
	strip.back = style.getPropertyValue("--panel").trim();
	strip.changed = style.getPropertyValue("--changed").trim();
	strip.front = style.getPropertyValue("--text").trim();
	strip.gutter = box < 560 ? 0 : 84;
	strip.rows = box < 560 ? 20 : 16;
	strip.rowHeight = box < 560 ? 12 : 18;
	strip.gap = box < 560 ? 3 : 5;
	strip.width = box - strip.gutter;
	const height = strip.top(strip.rows) - strip.gap, ctx = context(strip.canvas, box, height), perRow = strip.perRow();
	ctx.font = "11px " + style.getPropertyValue("--mono");
	ctx.textBaseline = "middle";
	for (let r = 0; r < strip.rows; r++) {
		const from = strip.from + r * perRow;
		if (from >= strip.to)
			break;
		if (strip.gutter) {
			ctx.fillStyle = style.getPropertyValue("--dim").trim();
			ctx.fillText(hex(from), 0, strip.top(r) + strip.rowHeight / 2 + 1);
		}
		paintRow(ctx, strip.gutter, strip.top(r), strip.width, strip.rowHeight, from, from + perRow, strip.to);
	}
	Object.assign(strip.canvas.dataset, { from: strip.from, to: strip.to, rows: strip.rows, perRow, gutter: strip.gutter, pitch: strip.rowHeight + strip.gap });
	strip.drawOverview(box);
	strip.drawMarks();
	strip.describeCursor();
};

strip.drawOverview = (box) => {
	const ctx = context(strip.overview, box, 12), w = strip.width;
	paintRow(ctx, strip.gutter, 2, w, 8, 0, imageEnd, imageEnd);
	const a = strip.gutter + strip.from * w / imageEnd, b = strip.gutter + strip.to * w / imageEnd;
	if (strip.from > 0 || strip.to < imageEnd) {
		ctx.fillStyle = strip.back;
		ctx.globalAlpha = 0.6;
		ctx.fillRect(strip.gutter, 2, a - strip.gutter, 8);
		ctx.fillRect(b, 2, strip.gutter + w - b, 8);
		ctx.globalAlpha = 1;
		ctx.strokeStyle = strip.front;
		ctx.lineWidth = 2;
		ctx.strokeRect(Math.max(1, a), 1, Math.max(3, b - a), 10);
	}
	$("window").textContent = strip.from > 0 || strip.to < imageEnd ? hex(strip.from) + " – " + hex(strip.to) + ", " + size(strip.to - strip.from) + " of " + size(imageEnd) : size(imageEnd);
};

/* Calls f(x, y, width, from, to) for the part of from .. to in each row. */
function onRows(from, to, f) {
	const perRow = strip.perRow(), scale = strip.width / perRow;
	from = Math.max(from, strip.from);
	to = Math.min(to, strip.to);
	while (from < to) {
		const row = Math.floor((from - strip.from) / perRow), start = strip.from + row * perRow, end = Math.min(to, start + perRow);
		f(strip.gutter + (from - start) * scale, strip.top(row), (end - from) * scale, from, end);
		from = end;
	}
}

function outline(ctx, from, to, width) {
	ctx.lineWidth = width;
	onRows(from, to, (x, y, w) => {
		const thin = Math.max(w, 2);
		ctx.strokeStyle = strip.back;
		ctx.strokeRect(x - 1.5 - width, y - 1.5 - width, thin + 3 + 2 * width, strip.rowHeight + 3 + 2 * width);
		ctx.strokeStyle = strip.front;
		ctx.strokeRect(x - 1, y - 1, thin + 2, strip.rowHeight + 2);
	});
}

/* Shows the extents of a file in their colours, and pales everything else. */
function highlight(ctx, extents) {
	ctx.globalAlpha = 0.72;
	ctx.fillStyle = strip.back;
	ctx.fillRect(strip.gutter, 0, strip.width, strip.top(strip.rows));
	ctx.globalAlpha = 1;
	for (let k = 0; k < extents.length; k += 2) {
		const to = extents[k] + extents[k + 1];
		for (let i = regionAt(extents[k]); i < regions.length && regions[i].off < to; i++) {
			ctx.fillStyle = strip.colour[regions[i].group];
			onRows(Math.max(extents[k], regions[i].off), Math.min(to, regions[i].end), (x, y, w) => ctx.fillRect(x, y, Math.max(w, 1.5), strip.rowHeight));
		}
		outline(ctx, extents[k], to, 1);
	}
}

/* For printing, the marks are drawn on the strip itself: there, clearing a canvas would also clear
 * the one below it. */
strip.drawMarks = () => {
	const ctx = table.all ? strip.canvas.getContext("2d") : context(strip.marks, strip.gutter + strip.width, strip.top(strip.rows) - strip.gap);
	if (strip.chosen >= 0)
		highlight(ctx, extentsOf(entries[strip.chosen]));
	if (table.all)
		return;
	if (strip.hovered >= 0 && strip.hovered !== strip.chosen) {
		const extents = extentsOf(entries[strip.hovered]);
		for (let k = 0; k < extents.length; k += 2)
			outline(ctx, extents[k], extents[k] + extents[k + 1], 1);
	}
	if (document.activeElement === strip.canvas)
		outline(ctx, regions[strip.cursor].off, regions[strip.cursor].end, 2);
};

/* --- positions and zoom --- */

strip.offsetAt = (x, y) => {
	const row = Math.floor(y / (strip.rowHeight + strip.gap));
	if (x < strip.gutter || x >= strip.gutter + strip.width || row < 0 || row >= strip.rows)
		return -1;
	const off = Math.floor(strip.from + row * strip.perRow() + (x - strip.gutter) / strip.width * strip.perRow());
	return off < strip.to ? off : -1;
};

/* The region visible at an offset: if several share a pixel, the one that sets its colour. */
strip.visibleRegion = (off) => {
	const i = regionAt(off), to = off + strip.perRow() / strip.width, group = prevailing(i, off, to);
	for (let k = i; k < regions.length && regions[k].off < to; k++)
		if (regions[k].group === group)
			return k;
	return i;
};

strip.zoom = (from, to) => {
	const len = Math.min(imageEnd, Math.max(SMALLEST, to - from));
	const grain = strip.grain(len);
	from = Math.min(Math.max(0, (from + to - len) / 2), imageEnd - len);
	strip.from = Math.floor(from / grain) * grain;
	strip.to = Math.min(imageEnd, Math.ceil((from + len) / grain) * grain);
	strip.draw();
};

strip.zoomBy = (factor, around) => {
	const len = (strip.to - strip.from) * factor;
	const share = (around - strip.from) / (strip.to - strip.from);
	strip.zoom(around - len * share, around + len * (1 - share));
};

/* What the zoom buttons zoom around: the region at the cursor if it is visible, or the middle. */
strip.focus = () => {
	const r = regions[strip.cursor];
	return r.end > strip.from && r.off < strip.to && strip.cursor ? Math.max(strip.from, r.off) : (strip.from + strip.to) / 2;
};

strip.reveal = (off) => {
	const len = strip.to - strip.from;
	if (off < strip.from || off >= strip.to)
		strip.zoom(off - len / 2, off + len / 2);
};

/* --- descriptions --- */

function describe(i) {
	const r = regions[i], use = GROUPS[r.group].label.toLowerCase(), len = r.end - r.off;
	const unowned = { head: "Superblock", directories: "Directories", tails: "Tail of a page", padding: "Padding", free: "Free space", unknown: "Unknown bytes", behind: "After the image" };
	const title = r.owner >= 0 ? entries[r.owner].shown : unowned[USES[r.use]] || GROUPS[r.group].label;
	return { title, lines: [use + ", " + size(len) + (r.group === IN_PLACE ? ", " + plural(Math.ceil(len / D.page_size), "page") : ""), hex(r.off) + " – " + hex(r.end)] };
}

strip.describeCursor = () => {
	const d = describe(strip.cursor), c = strip.canvas;
	c.setAttribute("aria-valuemin", 0);
	c.setAttribute("aria-valuemax", imageEnd);
	c.setAttribute("aria-valuenow", regions[strip.cursor].off);
	c.setAttribute("aria-valuetext", d.title + ", " + d.lines.join(", "));
};

strip.showTip = (i, x, y) => {
	const d = describe(i), r = regions[i], tip = $("tip");
	tip.replaceChildren(make("b", null, d.title), make("span", null, swatch(r.group), d.lines[0]), make("span", null, d.lines[1]));
	if (D.changed)
		tip.append(make("span", { class: "change" }, changeAt(r.off)));
	if (r.owner >= 0) {
		const e = entries[r.owner], others = ownersAt(r.off).length - 1;
		if (e.map)
			tip.append(make("span", null, "file: " + count(e.map.in_place) + " of " + plural(e.map.pages, "page") + " in place"));
		if (others > 0)
			tip.append(make("span", null, "shared with " + plural(others, "other file")));
	}
	tip.hidden = false;
	const w = tip.offsetWidth, h = tip.offsetHeight;
	tip.style.left = Math.max(8, Math.min(x + 14, document.documentElement.clientWidth - w - 8)) + "px";
	tip.style.top = (y + 18 + h > window.innerHeight ? Math.max(4, y - h - 12) : y + 18) + "px";
};

strip.tipAtCursor = () => {
	const box = strip.canvas.getBoundingClientRect();
	let at = null;
	onRows(regions[strip.cursor].off, regions[strip.cursor].end, (x, y) => { at = at || [box.left + x, box.top + y + strip.rowHeight / 2]; });
	if (at)
		strip.showTip(strip.cursor, at[0], at[1]);
};

strip.hover = (entry) => {
	if (strip.hovered !== entry) {
		strip.hovered = entry;
		strip.drawMarks();
	}
};

strip.goTo = (i) => {
	strip.cursor = Math.max(0, Math.min(regions.length - 1, i));
	strip.reveal(regions[strip.cursor].off);
	strip.drawMarks();
	strip.describeCursor();
	strip.tipAtCursor();
};

/* One row up or down; if that is in the same region, the next region. */
strip.rowStep = (sign) => {
	const here = strip.cursor, off = Math.min(imageEnd - 1, Math.max(0, regions[here].off + sign * strip.perRow())), i = regionAt(off);
	strip.goTo(i === here ? here + sign : i);
};

strip.keys = {
	ArrowRight: () => strip.goTo(strip.cursor + 1),
	ArrowLeft: () => strip.goTo(strip.cursor - 1),
	ArrowDown: () => strip.rowStep(1),
	ArrowUp: () => strip.rowStep(-1),
	Home: () => strip.goTo(0),
	End: () => strip.goTo(regions.length - 1),
	Enter: () => choose(regions[strip.cursor].owner, "strip"),
	" ": () => choose(regions[strip.cursor].owner, "strip"),
	"+": () => { strip.zoomBy(1 / 4, strip.focus()); strip.tipAtCursor(); },
	"-": () => { strip.zoomBy(4, strip.focus()); strip.tipAtCursor(); },
	"0": () => { strip.zoom(0, imageEnd); strip.tipAtCursor(); },
	Escape: () => { $("tip").hidden = true; choose(-1, "strip"); },
};
strip.keys["="] = strip.keys["+"];

strip.start = () => {
	const c = strip.canvas, at = (ev) => strip.offsetAt(ev.offsetX, ev.offsetY);
	c.addEventListener("pointermove", (ev) => {
		const off = at(ev);
		if (off < 0) {
			$("tip").hidden = true;
			strip.hover(-1);
			return;
		}
		const i = strip.visibleRegion(off);
		strip.hover(regions[i].owner);
		strip.showTip(i, ev.clientX, ev.clientY);
	});
	c.addEventListener("pointerleave", () => { $("tip").hidden = true; strip.hover(-1); });
	c.addEventListener("click", (ev) => {
		const off = at(ev);
		if (off < 0)
			return;
		strip.cursor = strip.visibleRegion(off);
		strip.describeCursor();
		choose(regions[strip.cursor].owner, "strip");
	});
	c.addEventListener("dblclick", (ev) => { if (at(ev) >= 0) strip.zoomBy(1 / 4, at(ev)); });
	c.addEventListener("keydown", (ev) => {
		if (strip.keys[ev.key] && !ev.ctrlKey && !ev.metaKey && !ev.altKey) {
			ev.preventDefault();
			strip.keys[ev.key]();
		}
	});
	c.addEventListener("focus", () => { strip.drawMarks(); });
	c.addEventListener("blur", () => { $("tip").hidden = true; strip.drawMarks(); });
	strip.overview.addEventListener("click", (ev) => {
		const off = (ev.offsetX - strip.gutter) / strip.width * imageEnd, len = strip.to - strip.from;
		strip.zoom(off - len / 2, off + len / 2);
	});
	$("zoom-in").addEventListener("click", () => strip.zoomBy(1 / 4, strip.focus()));
	$("zoom-out").addEventListener("click", () => strip.zoomBy(4, strip.focus()));
	$("zoom-all").addEventListener("click", () => strip.zoom(0, imageEnd));
	let wait = 0;
	new ResizeObserver(() => { cancelAnimationFrame(wait); wait = requestAnimationFrame(strip.draw); }).observe($("strip-box"));
};
