/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which pages go in place, by profile and budget.
 */
#include "config.h"
#include "build/stages.h"

int crx_build_apply_profile(struct crx_builder *b, struct crx_err *err)
{
	int ret;

	if (!b->profile.nfiles)
		return 0;
	ret = crx_profile_heat(&b->profile, &b->tree, &b->facts, b->h->log, &b->heat, err);
	crx_profile_free(&b->profile);
	if (ret || crx_build_weighs_pages(b))
		return ret;
	crx_heat_choose(&b->heat, &b->facts, &b->wishes);
	return crx_wishes_update_ranges(&b->wishes, err);
}

/* What pages in place need not pay for: padding before the first run, or at the end. */
static uint64_t padding_of(const struct crx_layout *l, bool runs)
{
	uint64_t end = runs ? l->runs_off : l->image_size, at = l->data_end;
	size_t i;

	for (i = 0; i < l->npieces; i++)
		if (l->piece[i].kind == CRX_PIECE_FREE && l->piece[i].off >= at)
			at = l->piece[i].off + l->piece[i].len;
	return at < end ? end - at : 0;
}

/* The size of the image with these wishes. An image that is too large is measured
 * too: smaller ones may follow from it. */
static int measure(void *ctx, const struct crx_wishes *w, uint64_t *image_size, uint64_t *padding,
		   struct crx_err *err)
{
	struct crx_offences far = { 0 };
	struct crx_layout layout = { 0 };
	struct crx_plan plan = { 0 };
	struct crx_err too_large = CRX_ERR_INIT;
	int ret = crx_build_place(ctx, w, &plan, &layout, &far, &too_large);

	*image_size = layout.image_size;
	*padding = padding_of(&layout, plan.nruns != 0);
	crx_layout_free(&layout);
	crx_plan_free(&plan);
	crx_offences_free(&far);
	if (!ret || ret == CRX_ELIMIT)
		return 0;
	return crx_err_set(err, ret, too_large.sys_errno, too_large.path, "%s", too_large.text);
}

int crx_build_weigh(struct crx_builder *b, const struct crx_budget_opts *o, struct crx_budget *out,
		    struct crx_err *err)
{
	const struct crx_budget_input in = {
		.facts = &b->facts,
		.heat = &b->heat,
		.slots = &b->packed,
		.kept = b->in_place_before,
		.measure = { measure, b },
	};

	return crx_budget_choose(&in, o, &b->wishes, out, err);
}

int crx_build_choose_pages(struct crx_builder *b, struct crx_err *err)
{
	const struct crx_budget_opts o = {
		.flash_len = b->o->flash_budget,
		.ram_len = b->o->ram_goal,
		.dedupe = b->o->dedupe,
		.curve = b->o->want_curve,
	};

	return crx_build_weigh(b, &o, &b->budget, err);
}
