/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of the plot. Coordinates are integers, in tenths of a pixel, so that no floating point
 * or locale is involved. Internal to curve_*.c.
 */
#ifndef MKCRAMFS_XIP_CURVE_PLOT_H
#define MKCRAMFS_XIP_CURVE_PLOT_H

#include "cli/number.h"
#include "curve.h"

/* Pixels. The axes are within LEFT, RIGHT, TOP and BOTTOM. */
enum { WIDTH = 960, HEIGHT = 620, LEFT = 92, RIGHT = 920, TOP = 118, BOTTOM = 488 };

struct plot {
	FILE *out;
	const struct options *o;
	const struct crx_result *r;
	struct axis x, y;
	char a[CRX_CLI_NUMBER_MAX], b[CRX_CLI_NUMBER_MAX], c[CRX_CLI_NUMBER_MAX]; /* for numbers */
};

/* The coordinate of a number of bytes of flash, or of RAM. */
uint64_t plot_x(const struct plot *p, uint64_t flash_len);
uint64_t plot_y(const struct plot *p, uint64_t ram_len);

/* Writes an attribute. */
void plot_put_number(FILE *out, const char *name, uint64_t tenths);

/* Escapes text for XML. crx_cli_quote() must have removed control characters. */
void plot_put_escaped(FILE *out, const char *s);

void plot_put_line(const struct plot *p, const char *class, uint64_t x1, uint64_t y1, uint64_t x2,
		   uint64_t y2);
void plot_put_dot(const struct plot *p, const char *class, uint64_t flash_len, uint64_t ram_len,
		  unsigned radius);
void plot_put_text(const struct plot *p, const char *class, const char *anchor, uint64_t x,
		   uint64_t y, const char *text);

/* Writes up to the '>'; the caller writes the text and the closing tag. */
void plot_open_text(const struct plot *p, const char *class, const char *anchor, uint64_t x,
		    uint64_t y);

/* A limit of flash, with a label above the axes in one of two rows; a limit of RAM. */
void plot_put_flash_limit(struct plot *p, const char *what, uint64_t len, unsigned row);
void plot_put_ram_limit(struct plot *p, uint64_t len);

/* The point of this image, and a card with its numbers. */
void plot_put_image(struct plot *p);

/* Vertical strips with tooltips: how much RAM that much flash saves. */
void plot_put_strips(struct plot *p);

void plot_put_foot(struct plot *p);

#endif
