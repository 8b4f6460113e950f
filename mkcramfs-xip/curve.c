/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The axes and points of the budget curve, and its CSV. Integers only, so that a curve is the same
 * on every machine.
 */
#include "config.h"

#include "curve.h"

#include <inttypes.h>

#define KIB UINT64_C(1024)
#define MIB (KIB * 1024)

/* Larger than any flash for cramfs, and small enough that nothing below overflows. */
#define VALUE_MAX (UINT64_C(1) << 40)

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t axis_tick(const struct axis *a, uint64_t n)
{
	return n * a->step * a->unit / 1000;
}

void axis_fit(struct axis *a, uint64_t lo, uint64_t hi, unsigned max_steps)
{
	static const unsigned round[] = { 1, 2, 5 };
	uint64_t ten = 1;
	unsigned i = 0;

	lo = smaller(lo, VALUE_MAX);
	hi = smaller(hi, VALUE_MAX);
	*a = (struct axis){ .unit = hi < MIB ? KIB : MIB, .unit_name = hi < MIB ? "KiB" : "MiB" };
	for (;;) {
		a->step = round[i] * ten;
		a->first = lo * 1000 / a->unit / a->step;
		a->last = hi * 1000 / a->unit / a->step;
		if (axis_tick(a, a->last) < hi || a->last == a->first)
			a->last++;
		if (a->last - a->first <= max_steps)
			break;
		if (++i == sizeof(round) / sizeof(round[0])) {
			i = 0;
			ten *= 10;
		}
	}
	a->lo = axis_tick(a, a->first);
	a->hi = axis_tick(a, a->last);
}

const char *axis_label(const struct axis *a, uint64_t n, char buf[AXIS_LABEL_MAX])
{
	uint64_t thousandths = n * a->step, whole = thousandths / 1000, rest = thousandths % 1000;

	if (a->step % 1000 == 0)
		snprintf(buf, AXIS_LABEL_MAX, "%" PRIu64, whole);
	else if (a->step % 100 == 0)
		snprintf(buf, AXIS_LABEL_MAX, "%" PRIu64 ".%" PRIu64, whole, rest / 100);
	else if (a->step % 10 == 0)
		snprintf(buf, AXIS_LABEL_MAX, "%" PRIu64 ".%02" PRIu64, whole, rest / 10);
	else
		snprintf(buf, AXIS_LABEL_MAX, "%" PRIu64 ".%03" PRIu64, whole, rest);
	return buf;
}

uint64_t axis_place(const struct axis *a, uint64_t value, uint32_t len)
{
	if (value <= a->lo)
		return 0;
	return (smaller(value, a->hi) - a->lo) * len / (a->hi - a->lo);
}

const struct crx_result_point *curve_best(const struct crx_result *r, uint64_t flash_len)
{
	const struct crx_result_point *best = NULL;
	size_t lo = 0, hi = r->npoints;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->point[mid].image_size > flash_len) {
			hi = mid;
		} else {
			best = &r->point[mid];
			lo = mid + 1;
		}
	}
	return best;
}

void curve_put_csv(FILE *out, const struct crx_result *r)
{
	size_t i;

	fputs("image_bytes,ram_saved_bytes,pages_in_place\n", out);
	for (i = 0; i < r->npoints; i++)
		fprintf(out, "%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", r->point[i].image_size,
			r->point[i].ram_len, r->point[i].pages);
}
