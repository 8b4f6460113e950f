/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/source.h"

static bool left_out(void *ctx, const struct crx_node *n)
{
	(void)ctx;
	return n->file == CRX_LEFT_OUT;
}

void crx_source_leave_out(struct crx_tree *t)
{
	crx_tree_prune_all(t, left_out, NULL);
}
