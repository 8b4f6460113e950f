/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/source.h"

static bool is_excluded(void *ctx CRX_UNUSED, const struct crx_node *n)
{
	return n->file == CRX_EXCLUDED;
}

void crx_source_prune(struct crx_tree *t)
{
	crx_tree_prune_all(t, is_excluded, NULL);
}
