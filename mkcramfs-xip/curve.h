/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RAM saved against flash taken (--budget-curve), as numbers and as a plot.
 */
#ifndef MKCRAMFS_XIP_CURVE_H
#define MKCRAMFS_XIP_CURVE_H

#include "options.h"

/* A heading and a line for each point. */
void curve_put_csv(FILE *out, const struct crx_result *r);

/* A plot as a single SVG file, without scripts or fonts. */
void curve_put_svg(FILE *out, const struct options *o, const struct crx_result *r);

/* The point that saves the most RAM in flash_len bytes of flash; NULL if the smallest image does
 * not fit. */
const struct crx_result_point *curve_best(const struct crx_result *r, uint64_t flash_len);

/*
 * An axis from a round value to a round value, in bytes. Ticks are multiples
 * of 1, 2 or 5 times a power of ten, down to thousandths, of the unit.
 */
struct axis {
	uint64_t unit;         /* bytes: 1024 or 1024^2 */
	const char *unit_name; /* "KiB", "MiB" */
	uint64_t step;         /* from tick to tick, in thousandths of the unit */
	uint64_t first, last;  /* ticks: multiples of step */
	uint64_t lo, hi;       /* bytes: where first and last are */
};

/* Chooses an axis that includes lo and hi, with at most max_steps (2 or more) steps. */
void axis_fit(struct axis *a, uint64_t lo, uint64_t hi, unsigned max_steps);

/* Where tick n is, in bytes. */
uint64_t axis_tick(const struct axis *a, uint64_t n);

/* The label of tick n: "12", "12.5". Returns buf. */
enum { AXIS_LABEL_MAX = 48 };
const char *axis_label(const struct axis *a, uint64_t n, char buf[AXIS_LABEL_MAX]);

/* The position of a value on an axis of length len; 0 or len if it is beyond an end. */
uint64_t axis_place(const struct axis *a, uint64_t value, uint32_t len);

#endif
