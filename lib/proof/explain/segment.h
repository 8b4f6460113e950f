/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One segment. Private to lib/proof/explain.
 */
#ifndef CRX_EXPLAIN_SEGMENT_H
#define CRX_EXPLAIN_SEGMENT_H

#include "proof/explain/explain.h"

/* What keeps all pages of a file out of place. */
enum crx_explain_bar crx_explain_file_bar(const struct crx_image *img, const struct crx_exec *x,
					  const struct crx_explain_opts *o);

/* Segment i of f->exec; fills in all of *out. bar: from crx_explain_file_bar. */
void crx_explain_segment(const struct crx_image *img, const struct crx_explain_file *f, size_t i,
			 const struct crx_explain_opts *o, enum crx_explain_bar bar,
			 struct crx_explain_segment *out);

#endif
