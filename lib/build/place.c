/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "build/stages.h"

static uint64_t reserve(const struct crx_builder *b, uint64_t size)
{
	return b->o->update.reserve_len + size / 100 * b->o->update.reserve_percent;
}

struct placed {
	struct crx_plan *plan;
	struct crx_layout *layout;
	struct crx_offences *far;
};

static int make_plan(const struct crx_builder *b, const struct crx_wishes *w,
		     const struct crx_old *old, struct crx_plan *out, struct crx_err *err)
{
	const struct crx_plan_opts o = {
		.ext = b->ext, .holes = b->holes, .dedupe = b->o->dedupe, .old = old
	};

	return crx_plan(&b->facts, w, &b->packed, &o, out, err);
}

static struct crx_layout_opts layout_opts(const struct crx_builder *b)
{
	return (struct crx_layout_opts){ .boot_pad = b->o->boot_pad, .insert_len = b->insert_len };
}

/* A first image; without the reserve, unless that is asked for. */
static int place_fresh(const struct crx_builder *b, const struct crx_wishes *w, bool reserved,
		       const struct placed *out, struct crx_err *err)
{
	struct crx_layout_opts lo = layout_opts(b);
	int ret = make_plan(b, w, NULL, out->plan, err);

	if (ret)
		return ret;
	ret = crx_layout(&b->tree, out->plan, &lo, out->layout, out->far, err);
	lo.reserve = reserve(b, out->layout->image_size);
	if (ret || out->far->count || !reserved || !lo.reserve)
		return ret;
	crx_layout_free(out->layout);
	return crx_layout(&b->tree, out->plan, &lo, out->layout, out->far, err);
}

/* One around what the old image has, of at most max_size bytes, if possible. */
static int place_like(const struct crx_builder *b, const struct crx_wishes *w, uint64_t max_size,
		      const struct placed *out, struct crx_err *err)
{
	struct crx_layout_opts lo = layout_opts(b);
	int ret = make_plan(b, w, &b->old.values, out->plan, err);

	lo.old = &b->old.values;
	lo.erase_len = b->o->update.erase_len;
	lo.max_size = max_size;
	return ret ? ret : crx_layout(&b->tree, out->plan, &lo, out->layout, out->far, err);
}

static void discard(const struct placed *p)
{
	crx_layout_free(p->layout);
	crx_plan_free(p->plan);
}

static uint64_t largest(const struct crx_builder *b, uint64_t fresh_size)
{
	return crx_round_up(fresh_size + fresh_size / 100 * b->o->update.max_waste +
				    reserve(b, fresh_size),
			    b->o->page_size);
}

/* Whatever the old image is like, the new one is not much larger than a first one would be. */
static int place_around_old(const struct crx_builder *b, const struct crx_wishes *w,
			    const struct placed *out, struct crx_err *err)
{
	struct crx_err fresh_err = CRX_ERR_INIT, like_err = CRX_ERR_INIT;
	struct crx_offences far = { 0 };
	struct crx_layout layout = { 0 };
	struct crx_plan plan = { 0 };
	const struct placed like = { &plan, &layout, &far };
	size_t listed = out->far->listed, count = out->far->count;
	int ret, fresh = place_fresh(b, w, false, out, &fresh_err);
	uint64_t size = out->layout->image_size;

	if (fresh && fresh != CRX_ELIMIT) {
		*err = fresh_err;
		return fresh;
	}
	ret = place_like(b, w, largest(b, size), &like, &like_err);
	if (!ret && !far.count && layout.image_size <= largest(b, size)) {
		discard(out);
		*out->plan = plan;
		*out->layout = layout;
		out->far->listed = listed;
		out->far->count = count;
	} else {
		discard(&like);
		if (!ret || ret == CRX_ELIMIT) {
			ret = fresh;
			like_err = fresh_err;
		}
		if (ret)
			*err = like_err;
	}
	crx_offences_free(&far);
	out->layout->fresh_size = size;
	return ret;
}

int crx_build_place(const struct crx_builder *b, const struct crx_wishes *w, struct crx_plan *plan,
		    struct crx_layout *layout, struct crx_offences *far, struct crx_err *err)
{
	const struct placed out = { plan, layout, far };

	return b->o->update.like ? place_around_old(b, w, &out, err)
				 : place_fresh(b, w, true, &out, err);
}
