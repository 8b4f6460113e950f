/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "curve_plot.h"

#include <inttypes.h>
#include <string.h>

#include "cli/text.h"

void plot_put_number(FILE *out, const char *name, uint64_t tenths)
{
	fprintf(out, " %s=\"%" PRIu64 ".%" PRIu64 "\"", name, tenths / 10, tenths % 10);
}

uint64_t plot_x(const struct plot *p, uint64_t flash_len)
{
	return LEFT * 10 + axis_place(&p->x, flash_len, (RIGHT - LEFT) * 10);
}

uint64_t plot_y(const struct plot *p, uint64_t ram_len)
{
	return BOTTOM * 10 - axis_place(&p->y, ram_len, (BOTTOM - TOP) * 10);
}

/* XML does not allow U+FFFE and U+FFFF, not even escaped. */
void plot_put_escaped(FILE *out, const char *s)
{
	size_t len = strlen(s), i, n;
	uint32_t c = 0;

	for (i = 0; i < len; i += n) {
		n = crx_cli_utf8(s + i, len - i, &c);
		if (!n || c < 0x20 || c == 0xfffe || c == 0xffff) {
			fputc('?', out);
			n += !n;
		} else if (c == '<' || c == '>' || c == '&' || c == '"') {
			fprintf(out, "&#%u;", (unsigned)c);
		} else {
			fwrite(s + i, 1, n, out);
		}
	}
}

void plot_put_line(const struct plot *p, const char *class, uint64_t x1, uint64_t y1, uint64_t x2,
		   uint64_t y2)
{
	fprintf(p->out, "<line class=\"%s\"", class);
	plot_put_number(p->out, "x1", x1);
	plot_put_number(p->out, "y1", y1);
	plot_put_number(p->out, "x2", x2);
	plot_put_number(p->out, "y2", y2);
	fputs("/>\n", p->out);
}

void plot_open_text(const struct plot *p, const char *class, const char *anchor, uint64_t x,
		    uint64_t y)
{
	fprintf(p->out, "<text class=\"%s\" text-anchor=\"%s\"", class, anchor);
	plot_put_number(p->out, "x", x);
	plot_put_number(p->out, "y", y);
	fputc('>', p->out);
}

void plot_put_text(const struct plot *p, const char *class, const char *anchor, uint64_t x,
		   uint64_t y, const char *text)
{
	plot_open_text(p, class, anchor, x, y);
	fprintf(p->out, "%s</text>\n", text);
}

void plot_put_dot(const struct plot *p, const char *class, uint64_t flash_len, uint64_t ram_len,
		  unsigned radius)
{
	fprintf(p->out, "<circle class=\"%s\"", class);
	plot_put_number(p->out, "cx", plot_x(p, flash_len));
	plot_put_number(p->out, "cy", plot_y(p, ram_len));
	fprintf(p->out, " r=\"%u\"/>\n", radius);
}
