/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One segment. Private to lib/proof/explain.
 */
#ifndef CRX_EXPLAIN_SEGMENT_H
#define CRX_EXPLAIN_SEGMENT_H

#include "proof/explain/explain.h"

/* Segment i of f->exec, for which load was made. Fills in all of *out. */
void crx_explain_segment(const struct crx_image *img, const struct crx_explain_file *f,
			 const struct crx_exec_load *load, size_t i,
			 const struct crx_explain_opts *o, struct crx_explain_segment *out);

#endif
