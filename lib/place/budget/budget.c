/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/budget/budget.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "place/budget/search.h"

/* More than any image, and little enough to calculate with. */
#define FLASH_MAX (UINT64_C(1) << 40)

struct budget {
	const struct crx_budget_opts *o;
	struct crx_budget_model m;
	struct crx_knapsack k;      /* what can be added to the musts */
	struct crx_knapsack beside; /* to what is kept, which then fits */
	struct crx_budget_choice musts, kept, all, got;
	struct crx_budget *out;
};

/* Images are whole pages. */
static uint64_t whole_pages(const struct budget *b, uint64_t len)
{
	return len - len % b->m.f->page_size;
}

static uint64_t flash_limit(const struct budget *b)
{
	uint64_t len = b->o->flash_len;

	return whole_pages(b, len && len < FLASH_MAX ? len : FLASH_MAX);
}

static int measure_ends(struct budget *b, struct crx_err *err)
{
	int ret = crx_budget_measure_all(&b->m, &b->all, err);

	if (!ret)
		ret = crx_budget_measure(&b->m, &b->musts, err);
	b->out->least_size = b->musts.image_size;
	b->out->least_pages = b->musts.pages;
	b->out->most_size = b->all.image_size;
	b->out->ram_len_max = b->all.used_pages * b->m.f->page_size;
	return ret;
}

static int check_limits(const struct budget *b, struct crx_err *err)
{
	uint64_t size = b->musts.image_size, flash = b->o->flash_len;
	uint64_t most = b->out->ram_len_max, goal = b->o->ram_len;

	if (flash && size > flash && b->musts.pages)
		return crx_err_set(err, CRX_EBIG, 0, NULL,
				   "the image with nothing but what must be in place has %" PRIu64
				   " bytes, %" PRIu64 " more than the flash budget of %" PRIu64
				   "; take a larger one, or have less that must be (policy)",
				   size, size - flash, flash);
	if (flash && size > flash)
		return crx_err_set(err, CRX_EBIG, 0, NULL,
				   "the image with nothing in place has %" PRIu64 " bytes, %" PRIu64
				   " more than the flash budget of %" PRIu64
				   "; take a larger one, or leave files out (--exclude)",
				   size, size - flash, flash);
	if (goal > most)
		return crx_err_set(err, CRX_EBIG, 0, NULL,
				   "all candidates together save %" PRIu64 " bytes of RAM, %" PRIu64
				   " less than the goal of %" PRIu64
				   "; take a smaller one, or have more files in place (policy)",
				   most, goal - most, goal);
	return 0;
}

static int meet_goal(struct budget *b, struct crx_err *err)
{
	uint32_t page = b->m.f->page_size;
	uint64_t goal = b->o->ram_len / page + (b->o->ram_len % page != 0), len;
	struct crx_budget_search s = { .m = &b->m, .k = &b->k, .start = &b->musts };
	int ret = crx_budget_search_ram(&s, goal, &b->got, err);

	if (ret < 0)
		return ret;
	len = crx_budget_minus(b->musts.unpadded_len + s.bound, b->m.slack);
	b->out->gain = b->got.image_size;
	b->out->bound = whole_pages(b, len + page - 1);
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
	return 0;
}

/* Of each group, the largest option all of whose pages were in place before. */
static void take_kept(const struct crx_budget_model *m, uint32_t *option)
{
	size_t i;

	for (i = 0; i < m->ngroups; i++) {
		const struct crx_budget_group *g = &m->group[i];
		const uint8_t *kept = m->in->kept + crx_budget_first_blk(m, g);
		uint32_t pg = 0, opt;

		for (opt = 1; opt <= g->nopts; opt++) {
			uint32_t end = crx_budget_prefix_pg(m, g, opt);

			while (pg < end && (kept[pg] || !crx_budget_adds_page(m, g, pg)))
				pg++;
			if (pg < end)
				break;
			option[i] = opt;
		}
	}
}

/* What was in place before stays there if all of it fits; then nothing else can take its place. */
static int keep_what_fits(struct budget *b, struct crx_budget_search *s, struct crx_err *err)
{
	int ret;

	if (!b->m.in->kept)
		return 0;
	take_kept(&b->m, b->kept.option);
	ret = crx_budget_measure(&b->m, &b->kept, err);
	if (ret || b->kept.image_size > flash_limit(b))
		return ret;
	s->start = &b->kept;
	s->k = &b->beside;
	return crx_budget_fill_knapsack(&b->m, b->kept.option, &b->beside, err);
}

static int fill_flash(struct budget *b, struct crx_err *err)
{
	struct crx_budget_search s = { .m = &b->m, .k = &b->k, .start = &b->musts };
	int ret = keep_what_fits(b, &s, err);
	uint64_t bound;

	if (!ret)
		ret = crx_budget_search_flash(&s, flash_limit(b), &b->got, err);
	bound = s.start->gain + s.bound;
	/* where units overlap, the knapsack may have counted a page twice */
	if (bound > b->all.gain)
		bound = b->all.gain;
	b->out->gain = b->got.gain;
	b->out->bound = bound;
	b->out->gap = bound ? (double)(bound - b->got.gain) / (double)bound : 0;
	return ret;
}

/*
 * What a budget that is CRX_BUDGET_NEXT_LEN larger would save. With a profile,
 * that may be fewer pages that were used more often. Then, by how much this
 * choice could grow.
 */
static int report_next(struct budget *b, const struct crx_knapsack *beyond, struct crx_err *err)
{
	uint64_t size = b->o->ram_len ? b->got.image_size : flash_limit(b);
	uint64_t limit = whole_pages(b, size) + CRX_BUDGET_NEXT_LEN;
	struct crx_budget_search s = { .m = &b->m, .k = &b->k, .start = &b->musts };
	struct crx_budget_choice next;
	int ret;

	ret = crx_budget_choice_init(&next, &b->m, err);
	if (!ret)
		ret = crx_budget_search_flash(&s, limit, &next, err);
	if (!ret && next.used_pages <= b->got.used_pages) {
		s.k = beyond;
		s.start = &b->got;
		ret = crx_budget_search_flash(&s, limit, &next, err);
	}
	b->out->next_ram_len =
		crx_budget_minus(next.used_pages, b->got.used_pages) * b->m.f->page_size;
	b->out->next_pages = crx_budget_minus(next.pages, b->got.pages);
	crx_budget_choice_free(&next);
	return ret;
}

static int report_beyond(struct budget *b, struct crx_err *err)
{
	struct crx_knapsack beyond;
	int ret = crx_budget_fill_knapsack(&b->m, b->got.option, &beyond, err);

	if (!ret)
		ret = report_next(b, &beyond, err);
	if (!ret)
		crx_budget_report_missed(&b->m, &beyond, &b->got, b->out);
	crx_knapsack_free(&beyond);
	return ret;
}

static int init_choices(struct budget *b, struct crx_err *err)
{
	int ret = crx_budget_choice_init(&b->musts, &b->m, err);

	if (!ret)
		ret = crx_budget_choice_init(&b->kept, &b->m, err);
	if (!ret)
		ret = crx_budget_choice_init(&b->all, &b->m, err);
	return ret ? ret : crx_budget_choice_init(&b->got, &b->m, err);
}

static int choose(struct budget *b, struct crx_err *err)
{
	int ret = crx_budget_model_init(&b->m, err);

	if (!ret)
		ret = init_choices(b, err);
	if (!ret)
		ret = crx_budget_fill_knapsack(&b->m, b->musts.option, &b->k, err);
	if (!ret)
		ret = measure_ends(b, err);
	if (!ret)
		ret = check_limits(b, err);
	if (!ret)
		ret = b->o->ram_len ? meet_goal(b, err) : fill_flash(b, err);
	if (!ret && (b->o->ram_len || b->o->flash_len))
		ret = report_beyond(b, err);
	if (!ret && b->o->curve)
		ret = crx_budget_report_curve(&b->m, &b->k, &b->musts, &b->all, b->out, err);
	b->out->image_size = b->got.image_size;
	b->out->pages = b->got.pages;
	b->out->ram_len = b->got.used_pages * b->m.f->page_size;
	/* the wishes are those of the last choice measured */
	return ret ? ret : crx_budget_apply(&b->m, b->got.option, err);
}

int crx_budget_choose(const struct crx_budget_input *in, const struct crx_budget_opts *o,
		      struct crx_wishes *w, struct crx_budget *out, struct crx_err *err)
{
	struct budget b = {
		.o = o,
		.out = out,
		.m = { .f = in->facts,
		       .in = in,
		       .w = w,
		       .dedupe = o->dedupe,
		       .count_pages = o->ram_len > 0 },
	};
	int ret;

	*out = (struct crx_budget){ 0 };
	ret = choose(&b, err);
	crx_knapsack_free(&b.k);
	crx_knapsack_free(&b.beside);
	crx_budget_choice_free(&b.musts);
	crx_budget_choice_free(&b.kept);
	crx_budget_choice_free(&b.all);
	crx_budget_choice_free(&b.got);
	crx_budget_model_free(&b.m);
	return ret;
}

void crx_budget_free(struct crx_budget *b)
{
	free(b->point);
	*b = (struct crx_budget){ 0 };
}
