/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/source.h"

static bool is_excluded(void *ctx, const struct crx_node *n)
{
	(void)ctx;
	return n->file == CRX_EXCLUDED;
}

void crx_source_prune(struct crx_tree *t)
{
	crx_tree_prune_all(t, is_excluded, NULL);
}
