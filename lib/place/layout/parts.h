/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of layout. Private to it.
 */
#ifndef CRX_LAYOUT_PARTS_H
#define CRX_LAYOUT_PARTS_H

#include "place/layout/layout.h"

/* What is being laid out. */
struct crx_layout_input {
	const struct crx_tree *t;
	const struct crx_plan *p;
	const struct crx_layout_opts *o;
};

/* pieces.c: all pieces, in the order of a fresh image: directories, tables each with its records,
 * runs. Without free space. off is 0. */
int crx_layout_pieces(const struct crx_layout_input *in, struct crx_layout *l, struct crx_err *err)
	CRX_MUST_CHECK;

/* pieces.c: what its offset must be a multiple of. */
uint32_t crx_layout_align(const struct crx_layout_input *in, const struct crx_piece *p);

/* fresh.c: one piece after the other. Returns where the last one ends. */
uint64_t crx_layout_fresh(const struct crx_layout_input *in, struct crx_layout *l);

/* like.c: around what the old image has. Sorts the pieces. Without the space for it, all pieces
 * are placed as in a fresh image. */
int crx_layout_like(const struct crx_layout_input *in, struct crx_layout *l, uint64_t *end,
		    struct crx_err *err) CRX_MUST_CHECK;

#endif
