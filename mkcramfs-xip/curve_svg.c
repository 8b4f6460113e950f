/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "curve_plot.h"

#include <inttypes.h>

#include "cli/text.h"

/* The most steps between ticks. */
enum { X_STEPS = 10, Y_STEPS = 8 };

/* The least distance between points, in tenths of a pixel; and the most points drawn as dots. */
enum { APART = 4, DOTS_MOST = 150 };

/* The plot spans at least so many bytes of flash, and of RAM. */
#define LEAST_SPAN UINT64_C(16384)

/* The colours of dumpcramfs-xip's page. No custom properties: some SVG viewers do not support them.
 */
static const char STYLE[] =
	"<style>\n"
	"svg{color-scheme:light dark}\n"
	"text{font:13px system-ui,-apple-system,\"Segoe UI\",\"DejaVu "
	"Sans\",sans-serif;fill:#5b6672}\n"
	".title,.name,.strong{fill:#1d2329}.title{font-size:20px;font-weight:600}.strong{font-"
	"weight:600}.dim{fill:#5b6672}\n"
	".bg{fill:#fff}.card{fill:#fff;stroke:#98a4b0;stroke-opacity:.6}.grid{stroke:#e6eaee}.axis{"
	"stroke:#98a4b0;fill:none}\n"
	".area{fill:#00805f;fill-opacity:.13}.curve{fill:none;stroke:#00805f;stroke-width:2.5;"
	"stroke-linejoin:round}.end{fill:#fff;stroke:#00805f;stroke-width:2.5}.dot{fill:#00805f}\n"
	".image{fill:#c2410c;stroke:#fff;stroke-width:2}.guide{stroke:#c2410c;stroke-dasharray:2 "
	"4}\n"
	".limit{stroke:#0b62a8;stroke-width:1.5;stroke-dasharray:7 4}.what{fill:#0b62a8}\n"
	".s rect{fill:#1d2329;opacity:0}.s circle{fill:#00805f;opacity:0}.s:hover "
	"rect{opacity:.07}.s:hover circle{opacity:1}\n"
	"@media (prefers-color-scheme:dark){\n"
	"text,.dim{fill:#98a4b0}.title,.name,.strong{fill:#e3e8ed}\n"
	".bg{fill:#14181c}.card{fill:#14181c;stroke:#5b6672}.grid{stroke:#262d34}.axis{stroke:#"
	"5b6672}\n"
	".area{fill:#19b58a}.curve{stroke:#19b58a}.end{fill:#14181c;stroke:#19b58a}.dot{fill:#"
	"19b58a}\n"
	".image{fill:#ff9a5c;stroke:#14181c}.guide{stroke:#ff9a5c}.limit{stroke:#6db8f2}.what{fill:"
	"#6db8f2}\n"
	".s rect{fill:#e3e8ed}.s circle{fill:#19b58a}}\n"
	"</style>\n";

static void put_head(struct plot *p)
{
	const struct crx_build_opts *b = &p->o->build;
	char quoted[64];

	fprintf(p->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 "
		"0 %d %d\" role=\"img\" aria-labelledby=\"title about\">\n",
		WIDTH, HEIGHT, WIDTH, HEIGHT);
	fputs("<title id=\"title\">RAM saved by size of flash</title>\n<desc id=\"about\">",
	      p->out);
	fprintf(p->out,
		"From %s of flash at least to %s with everything in place, which saves %s of "
		"RAM. This image: %s, which ",
		crx_cli_size_text(p->r->point[0].image_size, p->a),
		crx_cli_size_text(p->r->point[p->r->npoints - 1].image_size, p->b),
		crx_cli_size_text(p->r->point[p->r->npoints - 1].ram_len, p->c),
		crx_cli_size_text(p->r->image_size, quoted));
	fprintf(p->out, "saves %s.</desc>\n%s<rect class=\"bg\" width=\"%d\" height=\"%d\"/>\n",
		crx_cli_size_text(p->r->in_place.ram_len, p->a), STYLE, WIDTH, HEIGHT);
	plot_put_text(p, "title", "start", LEFT * 10, 420, "RAM saved by size of flash");
	plot_open_text(p, "name", "start", LEFT * 10, 660);
	plot_put_escaped(p->out, crx_cli_quote(b->source, quoted, sizeof(quoted)));
	fprintf(p->out, "<tspan class=\"dim\">, pages of %" PRIu32 " KiB. %s</tspan></text>\n",
		b->page_size / 1024,
		p->r->in_place.profiled
			? "RAM counts the pages in place that the profile lists as used."
			: "RAM counts all pages in place, as if each were used.");
}

static void put_axes(const struct plot *p)
{
	char label[AXIS_LABEL_MAX];
	uint64_t n, at;

	for (n = p->y.first; n <= p->y.last; n++) {
		at = plot_y(p, axis_tick(&p->y, n));
		plot_put_line(p, "grid", LEFT * 10, at, RIGHT * 10, at);
		plot_put_text(p, "tick", "end", LEFT * 10 - 120, at + 45,
			      axis_label(&p->y, n, label));
	}
	for (n = p->x.first; n <= p->x.last; n++) {
		at = plot_x(p, axis_tick(&p->x, n));
		plot_put_line(p, "grid", at, TOP * 10, at, BOTTOM * 10);
		plot_put_text(p, "tick", "middle", at, BOTTOM * 10 + 220,
			      axis_label(&p->x, n, label));
	}
	fprintf(p->out, "<path class=\"axis\" d=\"M%d %dV%dH%d\"/>\n", LEFT, TOP, BOTTOM, RIGHT);
	fprintf(p->out,
		"<text class=\"name\" text-anchor=\"middle\" x=\"%d\" y=\"%d\">Flash: size of the "
		"image (%s)</text>\n",
		(LEFT + RIGHT) / 2, BOTTOM + 48, p->x.unit_name);
	fprintf(p->out,
		"<text class=\"name\" text-anchor=\"middle\" transform=\"translate(34 "
		"%d)rotate(-90)\">RAM saved (%s)</text>\n",
		(TOP + BOTTOM) / 2, p->y.unit_name);
}

/*
 * A line from point to point: images between two points are near it. Points too close to be seen
 * separately are left out.
 */
static void put_path(const struct plot *p)
{
	uint64_t x = plot_x(p, p->r->point[0].image_size), y = plot_y(p, p->r->point[0].ram_len),
		 nx, ny;
	size_t i;

	fprintf(p->out, "M%" PRIu64 ".%" PRIu64 " %d.0V%" PRIu64 ".%" PRIu64, x / 10, x % 10,
		BOTTOM, y / 10, y % 10);
	for (i = 1; i < p->r->npoints; i++) {
		nx = plot_x(p, p->r->point[i].image_size);
		ny = plot_y(p, p->r->point[i].ram_len);
		if (nx - x < APART && y - ny < APART && i + 1 < p->r->npoints)
			continue;
		fprintf(p->out, "L%" PRIu64 ".%" PRIu64 " %" PRIu64 ".%" PRIu64, nx / 10, nx % 10,
			ny / 10, ny % 10);
		x = nx;
		y = ny;
	}
	fprintf(p->out, "H%d.0", RIGHT);
}

static void put_curve(const struct plot *p)
{
	const struct crx_result_point *first = &p->r->point[0],
				      *last = &p->r->point[p->r->npoints - 1];
	size_t i;

	fputs("<path class=\"area\" d=\"", p->out);
	put_path(p);
	fprintf(p->out, "V%d.0Z\"/>\n<path class=\"curve\" d=\"", BOTTOM);
	put_path(p);
	fputs("\"/>\n", p->out);
	for (i = 1; i + 1 < p->r->npoints && p->r->npoints <= DOTS_MOST; i++)
		plot_put_dot(p, "dot", p->r->point[i].image_size, p->r->point[i].ram_len, 3);
	plot_put_dot(p, "end", first->image_size, first->ram_len, 4);
	plot_put_dot(p, "end", last->image_size, last->ram_len, 4);
}

/* Extends the axis to a limit, unless that is so far away that it would squeeze the curve. */
static uint64_t extend_to_limit(uint64_t limit, uint64_t hi, uint64_t span)
{
	return limit > hi && limit - hi <= span / 3 ? limit : hi;
}

static void fit_axes(struct plot *p)
{
	const struct crx_build_opts *b = &p->o->build;
	uint64_t lo = p->r->point[0].image_size, hi = p->r->point[p->r->npoints - 1].image_size;
	uint64_t ram = p->r->point[p->r->npoints - 1].ram_len, span;

	if (hi - lo < LEAST_SPAN)
		hi = lo + LEAST_SPAN;
	span = hi - lo;
	hi = extend_to_limit(b->flash_budget, hi, span);
	hi = extend_to_limit(b->max_size, hi, span);
	axis_fit(&p->x, lo, hi, X_STEPS);
	axis_fit(&p->y, 0, ram < LEAST_SPAN ? LEAST_SPAN : ram + ram / 32, Y_STEPS);
}

void curve_put_svg(FILE *out, const struct options *o, const struct crx_result *r)
{
	struct plot p = { .out = out, .o = o, .r = r };

	if (!r->npoints) {
		fputs("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"320\" height=\"40\"><text "
		      "x=\"10\" y=\"25\">No page can be in place</text></svg>\n",
		      out);
		return;
	}
	fit_axes(&p);
	put_head(&p);
	put_axes(&p);
	put_curve(&p);
	plot_put_flash_limit(&p, "flash budget", o->build.flash_budget, 0);
	if (o->build.max_size != o->build.flash_budget)
		plot_put_flash_limit(&p, "--max-size", o->build.max_size,
				     o->build.flash_budget != 0);
	plot_put_ram_limit(&p, o->build.ram_goal);
	plot_put_image(&p);
	plot_put_strips(&p);
	plot_put_foot(&p);
	fputs("</svg>\n", out);
}
