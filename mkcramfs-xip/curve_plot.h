/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of the plot. Coordinates are whole tenths of a pixel, and written
 * as such: no floating point, no locale. Internal to curve_*.c.
 */
#ifndef MKCRAMFS_XIP_CURVE_PLOT_H
#define MKCRAMFS_XIP_CURVE_PLOT_H

#include "cli/number.h"
#include "curve.h"

/* Pixels. The axes lie between the four margins. */
enum { WIDTH = 960, HEIGHT = 620, LEFT = 92, RIGHT = 920, TOP = 118, BOTTOM = 488 };

struct plot {
	FILE *out;
	const struct options *o;
	const struct crx_result *r;
	struct axis x, y;
	char a[CRX_CLI_NUMBER_MAX], b[CRX_CLI_NUMBER_MAX], c[CRX_CLI_NUMBER_MAX]; /* for numbers */
};

/* Where so many bytes of flash, or of RAM, are. */
uint64_t plot_x(const struct plot *p, uint64_t flash_len);
uint64_t plot_y(const struct plot *p, uint64_t ram_len);

/* An attribute. */
void plot_put_number(FILE *out, const char *name, uint64_t tenths);

/* Text of unknown origin, free of control characters already (crx_cli_quote). */
void plot_put_escaped(FILE *out, const char *s);

void plot_put_line(const struct plot *p, const char *class, uint64_t x1, uint64_t y1, uint64_t x2,
		   uint64_t y2);
void plot_put_dot(const struct plot *p, const char *class, uint64_t flash_len, uint64_t ram_len,
		  unsigned radius);
void plot_put_text(const struct plot *p, const char *class, const char *anchor, uint64_t x,
		   uint64_t y, const char *text);

/* Up to the '>': the text and its end are the caller's. */
void plot_open_text(const struct plot *p, const char *class, const char *anchor, uint64_t x,
		    uint64_t y);

/* A limit of flash, named above the axes in one of two rows; one of RAM. */
void plot_put_flash_limit(struct plot *p, const char *what, uint64_t len, unsigned row);
void plot_put_ram_limit(struct plot *p, uint64_t len);

/* This image, on a card. */
void plot_put_image(struct plot *p);

/* What can be had for each width of flash, where a pointer rests on it. */
void plot_put_strips(struct plot *p);

void plot_put_foot(struct plot *p);

#endif
