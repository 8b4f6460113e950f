/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The marks on the plot: limits, this image, tooltips, and the legend below.
 */
#include "config.h"

#include "curve_plot.h"

#include <inttypes.h>

/* Pixels; each strip has 6. */
enum { STRIPS = 138, LABEL_ROOM = 170, CARD_WIDTH = 196, CARD_HEIGHT = 48 };

void plot_put_flash_limit(struct plot *p, const char *what, uint64_t len, unsigned row)
{
	uint64_t x = plot_x(p, len);
	const char *anchor = x < (LEFT + LABEL_ROOM / 2) * 10    ? "start"
			     : x > (RIGHT - LABEL_ROOM / 2) * 10 ? "end"
								 : "middle";

	if (!len || len > p->x.hi || len < p->x.lo)
		return;
	plot_put_line(p, "limit", x, TOP * 10 - 60 - row * 170, x, BOTTOM * 10);
	plot_open_text(p, "what", anchor, x, TOP * 10 - 110 - row * 170);
	fprintf(p->out, "%s %s</text>\n", what, crx_cli_size_text(len, p->a));
}

void plot_put_ram_limit(struct plot *p, uint64_t len)
{
	uint64_t y = plot_y(p, len);

	if (!len || len > p->y.hi)
		return;
	plot_put_line(p, "limit", LEFT * 10, y, RIGHT * 10, y);
	plot_open_text(p, "what", "start", LEFT * 10 + 100, y - 70);
	fprintf(p->out, "RAM goal %s</text>\n", crx_cli_size_text(len, p->a));
}

/* Is the curve above y at x, and so everywhere after x? It never descends. Tenths of pixels. */
static bool under_curve(const struct plot *p, uint64_t x, uint64_t y)
{
	uint64_t len = (RIGHT - LEFT) * 10,
		 flash_len = p->x.lo + (p->x.hi - p->x.lo) * (x - LEFT * 10) / len;
	const struct crx_result_point *best = curve_best(p->r, flash_len);

	return best && plot_y(p, best->ram_len) + 60 < y;
}

/* The upper left corner of the card for the point at x, y: as near as possible to it, and below the
 * curve if there is room. */
static void place_card(const struct plot *p, uint64_t x, uint64_t y, uint64_t *card_x,
		       uint64_t *card_y)
{
	const uint64_t right_most = (RIGHT - CARD_WIDTH - 6) * 10,
		       lowest = (BOTTOM - CARD_HEIGHT - 8) * 10, gap = 140;

	*card_x = x + gap;
	*card_y = y + gap < lowest ? y + gap : lowest;
	while (*card_x < right_most && !under_curve(p, *card_x, *card_y))
		*card_x += 50;
	if (*card_x <= right_most)
		return;
	*card_x = x - gap - CARD_WIDTH * 10 < right_most ? x - gap - CARD_WIDTH * 10 : right_most;
	while (*card_y < lowest && !under_curve(p, *card_x, *card_y))
		*card_y += 50;
}

void plot_put_image(struct plot *p)
{
	uint64_t x = plot_x(p, p->r->image_size), y = plot_y(p, p->r->in_place.ram_len), card_x,
		 card_y;

	plot_put_line(p, "guide", x, y, x, BOTTOM * 10);
	plot_put_line(p, "guide", LEFT * 10, y, x, y);
	plot_put_dot(p, "image", p->r->image_size, p->r->in_place.ram_len, 7);
	place_card(p, x, y, &card_x, &card_y);
	fputs("<rect class=\"card\" rx=\"6\"", p->out);
	plot_put_number(p->out, "x", card_x);
	plot_put_number(p->out, "y", card_y);
	fprintf(p->out, " width=\"%d\" height=\"%d\"/>\n", CARD_WIDTH, CARD_HEIGHT);
	plot_open_text(p, "strong", "start", card_x + 120, card_y + 200);
	fprintf(p->out, "saves %s of RAM</text>\n",
		crx_cli_size_text(p->r->in_place.ram_len, p->a));
	plot_open_text(p, "", "start", card_x + 120, card_y + 380);
	fprintf(p->out, "in %s of flash</text>\n", crx_cli_size_text(p->r->image_size, p->a));
}

void plot_put_strips(struct plot *p)
{
	const uint64_t width = (RIGHT - LEFT) * 10 / STRIPS;
	const struct crx_result_point image = { p->r->image_size, p->r->in_place.ram_len,
						p->r->in_place.pages },
				      *best;
	uint64_t flash_len;
	unsigned i;

	for (i = 0; i < STRIPS; i++) {
		flash_len = p->x.lo + (p->x.hi - p->x.lo) * (2 * i + 1) / (2 * STRIPS);
		best = curve_best(p->r, flash_len);
		if (best && p->r->image_size <= flash_len && p->r->in_place.ram_len > best->ram_len)
			best = &image;
		fputs("<g class=\"s\"><rect", p->out);
		plot_put_number(p->out, "x", LEFT * 10 + i * width);
		plot_put_number(p->out, "width", width);
		fprintf(p->out, " y=\"%d\" height=\"%d\"/>", TOP, BOTTOM - TOP);
		if (best) {
			plot_put_dot(p, "", flash_len, best->ram_len, 4);
			fprintf(p->out, "<title>%s of flash: at least %s of RAM saved, with ",
				crx_cli_size_text(flash_len, p->a),
				crx_cli_size_text(best->ram_len, p->b));
			fprintf(p->out, "%s page%s in place</title></g>\n",
				crx_cli_count_text(best->pages, p->a), crx_plural(best->pages));
		} else {
			fprintf(p->out,
				"<title>%s of flash: too little (at least %s)</title></g>\n",
				crx_cli_size_text(flash_len, p->a),
				crx_cli_size_text(p->r->point[0].image_size, p->b));
		}
	}
}

void plot_put_foot(struct plot *p)
{
	const struct crx_result_point *first = &p->r->point[0],
				      *last = &p->r->point[p->r->npoints - 1];

	fprintf(p->out, "<circle class=\"image\" cx=\"%d\" cy=\"%d\" r=\"6\"/>", LEFT + 6,
		HEIGHT - 46);
	plot_open_text(p, "", "start", LEFT * 10 + 200, HEIGHT * 10 - 415);
	fprintf(p->out, "this image: %s page%s in place</text>\n",
		crx_cli_count_text(p->r->in_place.pages, p->a), crx_plural(p->r->in_place.pages));
	fprintf(p->out, "<circle class=\"end\" cx=\"%d\" cy=\"%d\" r=\"4\"/>", LEFT + 6,
		HEIGHT - 22);
	plot_open_text(p, "", "start", LEFT * 10 + 200, HEIGHT * 10 - 175);
	fprintf(p->out, "from %s, the smallest image, to %s with ",
		crx_cli_size_text(first->image_size, p->a),
		crx_cli_size_text(last->image_size, p->b));
	fprintf(p->out, "%s page%s in place, which saves %s</text>\n",
		crx_cli_count_text(last->pages, p->a), crx_plural(last->pages),
		crx_cli_size_text(last->ram_len, p->b));
}
