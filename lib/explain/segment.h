/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One segment. For lib/explain itself.
 */
#ifndef CRX_EXPLAIN_SEGMENT_H
#define CRX_EXPLAIN_SEGMENT_H

#include "explain/explain.h"

/* Bars all pages of a file: NULL, or why. */
const char *crx_explain_bar(const struct crx_image *img, const struct crx_exec *x, const struct crx_explain_opts *o);

/* Segment i of f->exec; all fields of *out. bar: from crx_explain_bar. */
void crx_explain_segment(const struct crx_image *img, const struct crx_explain_file *f, size_t i, const struct crx_explain_opts *o, const char *bar, struct crx_explain_segment *out);

#endif
