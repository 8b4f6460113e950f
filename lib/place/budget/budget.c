/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/budget/budget.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "place/budget/model.h"

/* More than any image, and little enough to calculate with. */
#define FLASH_MAX (UINT64_C(1) << 40)

struct budget {
	const struct crx_budget_opts *o;
	struct crx_budget_model m;
	struct crx_mckp est;
	uint32_t *choice, *other;
	struct crx_budget_outcome base, all, got;
	struct crx_budget *out;
};

/* Images are whole pages. */
static uint64_t whole_pages(const struct budget *b, uint64_t len)
{
	return len - len % b->m.f->page_size;
}

static uint64_t gap(uint64_t more, uint64_t less)
{
	return more > less ? more - less : 0;
}

static int look_at_ends(struct budget *b, struct crx_err *err)
{
	int ret = crx_budget_apply_all(&b->m, err);

	if (!ret)
		ret = crx_budget_look(&b->m, &b->all, err);
	if (!ret)
		ret = crx_budget_try(&b->m, NULL, &b->base, err);
	b->out->least_size = b->base.image_size;
	b->out->most_size = b->all.image_size;
	b->out->ram_len_max = b->all.hot * b->m.f->page_size;
	return ret;
}

static int check(const struct budget *b, struct crx_err *err)
{
	const struct crx_budget_opts *o = b->o;
	uint64_t size = b->base.image_size;

	if (o->flash_len && size > o->flash_len)
		return crx_err_set(err, CRX_EBIG, 0, NULL,
				   "the image with nothing %sin place has %" PRIu64
				   " bytes, %" PRIu64 " more than the flash budget of %" PRIu64
				   "; %s",
				   b->base.pages ? "but what must be " : "", size,
				   size - o->flash_len, o->flash_len,
				   b->base.pages
					   ? "take a larger one, or have less that must be (policy)"
					   : "take a larger one, or leave files out (--exclude)");
	if (o->ram_len > b->out->ram_len_max)
		return crx_err_set(err, CRX_EBIG, 0, NULL,
				   "all candidates together save %" PRIu64 " bytes of RAM, %" PRIu64
				   " less than the goal of %" PRIu64
				   "; take a smaller one, or have more files in place (policy)",
				   b->out->ram_len_max, o->ram_len - b->out->ram_len_max,
				   o->ram_len);
	return 0;
}

/* What no choice can beat, by costs that are never more than the truth: the
 * best of all choices at those costs where that is proven, else the relaxation. */
static int find_bound(const struct budget *b, bool inverse, uint64_t limit, uint64_t *out,
		      struct crx_err *err)
{
	uint32_t *choice = crx_alloc(b->m.ngroups, sizeof(*choice));
	struct crx_knapsack_result r = { 0 };
	struct crx_mckp low = { 0 };
	int ret;

	if (!choice)
		return crx_err_nomem(err, "weighing choices");
	ret = crx_mckp_init(&low, b->m.low_group, b->m.ngroups, inverse, err);
	if (!ret && inverse && limit > low.top_gain)
		limit = low.top_gain;
	if (!ret)
		ret = crx_mckp_solve(&low, limit, choice, &r, err);
	*out = r.bound;
	crx_mckp_free(&low);
	free(choice);
	return ret;
}

/* The least flash for the goal. */
static int reach_goal(struct budget *b, struct crx_err *err)
{
	uint32_t page = b->m.f->page_size;
	uint64_t goal = b->o->ram_len / page + (b->o->ram_len % page != 0), least = 0;
	int ret;

	ret = crx_budget_reach(&b->m, &b->base, goal, b->choice, &b->got, err);
	if (!ret && goal > b->base.hot)
		ret = find_bound(b, true, goal - b->base.hot, &least, err);
	if (ret < 0)
		return ret;
	/* whole pages again, up */
	least = gap(b->base.used + least, b->m.low_extra);
	b->out->gain = b->got.image_size;
	b->out->bound = whole_pages(b, least + page - 1);
	if (b->out->bound > b->out->gain)
		b->out->bound = b->out->gain;
	b->out->gap =
		b->out->bound ? (double)(b->out->gain - b->out->bound) / (double)b->out->bound : 1;
	if (b->o->flash_len && b->got.image_size > b->o->flash_len)
		return crx_err_set(err, CRX_EBIG, 0, NULL,
				   "to save %" PRIu64 " bytes of RAM the image needs %" PRIu64
				   " bytes, %" PRIu64 " more than the flash budget of %" PRIu64
				   "; take a larger one, or a smaller goal",
				   b->o->ram_len, b->got.image_size,
				   b->got.image_size - b->o->flash_len, b->o->flash_len);
	return ret;
}

/* The most gain in the flash, or with no limit all that is hot. */
static int fit_flash(struct budget *b, struct crx_err *err)
{
	uint64_t limit = whole_pages(b, b->o->flash_len && b->o->flash_len < FLASH_MAX
						? b->o->flash_len
						: FLASH_MAX),
		 bound = 0;
	int ret;

	ret = crx_budget_fit(&b->m, &b->est, &b->base, limit, b->choice, &b->got, err);
	if (!ret)
		ret = find_bound(b, false, limit - b->base.used + b->m.low_extra, &bound, err);
	b->out->bound = b->base.gain + bound;
	b->out->gain = b->got.gain;
	/* where all is in place, the bound may have counted a page twice */
	if (b->out->bound < b->out->gain || b->out->bound > b->all.gain)
		b->out->bound = b->out->bound < b->out->gain ? b->out->gain : b->all.gain;
	b->out->gap =
		b->out->bound ? (double)(b->out->bound - b->out->gain) / (double)b->out->bound : 0;
	return ret;
}

static int look_beyond(struct budget *b, struct crx_err *err)
{
	uint64_t size = b->o->ram_len                 ? b->got.image_size
			: b->o->flash_len < FLASH_MAX ? b->o->flash_len
						      : FLASH_MAX;
	uint64_t limit = whole_pages(b, size) + CRX_BUDGET_NEXT_LEN;
	struct crx_budget_outcome o;
	int ret;

	ret = crx_budget_fit(&b->m, &b->est, &b->base, limit, b->other, &o, err);
	/* pages that are used more are not more pages: then, what the choice would grow by */
	if (!ret && o.hot <= b->got.hot) {
		memcpy(b->other, b->choice, b->m.ngroups * sizeof(*b->other));
		o = b->got;
		ret = crx_budget_extend(&b->m, limit, b->other, &o, err);
	}
	if (ret < 0)
		return ret;
	b->out->next_ram_len = gap(o.hot, b->got.hot) * b->m.f->page_size;
	b->out->next_pages = gap(o.pages, b->got.pages);
	return crx_budget_tell_missed(&b->m, &b->est, b->choice, b->out, err);
}

static int choose(struct budget *b, struct crx_err *err)
{
	int ret;

	ret = crx_budget_model(&b->m, err);
	if (!ret)
		ret = crx_mckp_init(&b->est, b->m.est_group, b->m.ngroups, false, err);
	if (!ret)
		ret = look_at_ends(b, err);
	if (!ret)
		ret = check(b, err);
	if (ret < 0)
		return ret;
	b->choice = crx_zalloc(b->m.ngroups, sizeof(*b->choice));
	b->other = crx_zalloc(b->m.ngroups, sizeof(*b->other));
	if (!b->choice || !b->other)
		return crx_err_nomem(err, "weighing choices");
	ret = b->o->ram_len ? reach_goal(b, err) : fit_flash(b, err);
	if (!ret && (b->o->ram_len || b->o->flash_len))
		ret = look_beyond(b, err);
	if (!ret && b->o->curve)
		ret = crx_budget_tell_curve(&b->m, &b->est, &b->base, &b->all, b->out, err);
	b->out->image_size = b->got.image_size;
	b->out->ram_len = b->got.hot * b->m.f->page_size;
	/* and so it is left */
	return ret ? ret : crx_budget_apply(&b->m, b->choice, err);
}

int crx_budget_choose(const struct crx_facts *f, const struct crx_heat *heat,
		      const struct crx_packed *slots, const struct crx_budget_opts *o,
		      const struct crx_budget_measure *m, struct crx_wishes *w,
		      struct crx_budget *out, struct crx_err *err)
{
	struct budget b = {
		.o = o,
		.out = out,
		.m = { .f = f,
		       .heat = heat,
		       .slots = slots,
		       .measure = m,
		       .w = w,
		       .dedupe = o->dedupe,
		       .count_hot = o->ram_len > 0 },
	};
	int ret;

	*out = (struct crx_budget){ 0 };
	ret = choose(&b, err);
	crx_mckp_free(&b.est);
	crx_budget_model_free(&b.m);
	free(b.choice);
	free(b.other);
	return ret;
}

void crx_budget_free(struct crx_budget *b)
{
	free(b->point);
	*b = (struct crx_budget){ 0 };
}
