/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "build/stages.h"

int crx_build_place(const struct crx_builder *b, const struct crx_wishes *w, struct crx_plan *plan,
		    struct crx_layout *layout, struct crx_offences *far, struct crx_err *err)
{
	struct crx_plan_opts o = { .ext = b->ext, .holes = b->holes, .dedupe = b->o->dedupe };
	struct crx_layout_opts lo = { .boot_pad = b->o->boot_pad, .insert_len = b->insert_len };
	int ret = crx_plan(&b->facts, w, &b->packed, &o, plan, err);

	return ret ? ret : crx_layout(&b->tree, plan, &lo, layout, far, err);
}
