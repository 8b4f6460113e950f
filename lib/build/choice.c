/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What goes in place: profile and budget, and what there is to tell of the
 * choice.
 */
#include "config.h"
#include "build/stages.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int crx_builder_trim(struct crx_builder *b, struct crx_err *err)
{
	int ret;

	if (!b->profile.nfiles)
		return 0;
	ret = crx_profile_heat(&b->profile, &b->tree, &b->facts, b->h->log, &b->heat, err);
	crx_profile_free(&b->profile);
	if (ret || crx_builder_weighs(b))
		return ret;
	crx_heat_trim(&b->heat, &b->facts, &b->wishes);
	return crx_wishes_settle(&b->wishes, err);
}

/* The image as it would be with these wishes. One that is too large has a size
 * all the same: it may be a step on the way to one that is not. */
static int measure(void *ctx, const struct crx_wishes *w, uint64_t *image_size, uint64_t *padding, struct crx_err *err)
{
	struct crx_offences far = { 0 };
	struct crx_layout layout = { 0 };
	struct crx_plan plan = { 0 };
	struct crx_err too_large = CRX_ERR_INIT;
	int ret = crx_builder_lay(ctx, w, &plan, &layout, &far, &too_large);

	*image_size = layout.image_size;
	*padding = (plan.nruns ? layout.runs_off : layout.image_size) - layout.data_end;
	crx_layout_free(&layout);
	crx_plan_free(&plan);
	crx_offences_free(&far);
	if (!ret || ret == CRX_ELIMIT)
		return 0;
	return crx_err_set(err, ret, too_large.sys_errno, too_large.path, "%s", too_large.text);
}

int crx_builder_choose(struct crx_builder *b, struct crx_err *err)
{
	struct crx_budget_measure m = { measure, b };
	struct crx_budget_opts o = {
		.flash_len = b->o->flash_budget,
		.ram_len = b->o->ram_goal,
		.dedupe = b->o->dedupe,
		.curve = b->o->want_curve,
	};

	return crx_budget_choose(&b->facts, &b->heat, &b->packed, &o, &m, &b->wishes, &b->budget, err);
}

/* What each table's pages in place take more than compressed. An equal block
 * that is still compressed for others saves nothing; of several in place the
 * first saves for all. */
int crx_builder_costs(const struct crx_builder *b, uint64_t *cost, struct crx_err *err)
{
	const struct crx_facts *f = &b->facts;
	uint8_t *claimed = crx_zalloc(f->nblks, 1);
	size_t i;
	uint32_t blk, rep, end;

	if (!claimed)
		return crx_err_nomem(err, "summing up");
	for (i = 0; i < b->plan.nrecords; i++)
		claimed[f->blk[b->plan.record[i].blk].same] = 1;
	for (i = 0; i < b->plan.nruns; i++) {
		const struct crx_run *r = &b->plan.run[i];

		blk = f->file[b->plan.table[r->table].file].first_blk + r->first_blk;
		for (end = blk + r->nblks; blk < end; blk++) {
			rep = f->blk[blk].same;
			cost[r->table] += f->page_size;
			if (!claimed[rep] && !f->blk[blk].zero && b->packed.slot[rep].len <= f->page_size)
				cost[r->table] -= b->packed.slot[rep].len;
			claimed[rep] = 1;
		}
	}
	free(claimed);
	return 0;
}

static void count_pages(const struct crx_builder *b, struct crx_build_result *r)
{
	size_t t, owner;
	uint32_t i;
	bool hot;

	for (t = 0; t < b->plan.ntables; t++) {
		owner = b->plan.table[t].file;
		r->in_place_files += b->plan.table[t].nruns > 0;
		for (i = 0; b->wishes.file[owner].ncands && i < b->facts.file[owner].nblks; i++) {
			if (!crx_wish_may_have(&b->wishes, owner, i))
				continue;
			hot = crx_heat_of(&b->heat, &b->facts, owner, i);
			r->candidate_pages++;
			r->hot_pages += hot;
			r->hot_in_place += hot && b->plan.block[b->facts.file[owner].first_blk + i].kind == CRX_KIND_RUN;
		}
	}
	for (t = 0; t < b->plan.nruns; t++)
		r->in_place_pages += b->plan.run[t].nblks;
	r->profiled = b->heat.given;
	r->ram_len = r->hot_in_place * b->facts.page_size;
}

/* From the slots where every page has one; otherwise from the sample that pack
 * tried. */
static int count_cost(const struct crx_builder *b, struct crx_build_result *r, struct crx_err *err)
{
	const struct crx_packed *k = &b->packed;
	uint64_t bytes = r->in_place_pages * b->facts.page_size, compressed = 0, *cost;
	size_t t;
	int ret;

	if (crx_builder_weighs(b) || b->o->want_costs) {
		cost = crx_zalloc(b->plan.ntables, sizeof(*cost));
		ret = cost ? crx_builder_costs(b, cost, err) : crx_err_nomem(err, "summing up");
		for (t = 0; t < b->plan.ntables && !ret; t++)
			r->in_place_cost += cost[t];
		free(cost);
		return ret;
	}
	if (k->sample_pages)
		compressed = (uint64_t)((double)k->sample_bytes / (double)k->sample_pages * (double)r->in_place_pages + 0.5);
	r->in_place_cost = bytes > compressed ? bytes - compressed : 0;
	r->in_place_cost_estimated = k->sample_stride > 1;
	return 0;
}

static int copy_skips(const struct crx_builder *b, struct crx_build_result *r, struct crx_err *err)
{
	int s;

	r->skip = crx_zalloc(CRX_SKIP_KINDS, sizeof(*r->skip));
	if (!r->skip)
		return crx_err_nomem(err, "summing up");
	for (s = 1; s < CRX_SKIP_KINDS; s++)
		if (b->wishes.skipped[s])
			r->skip[r->nskips++] = (struct crx_result_skip){ crx_skip_text((enum crx_skip)s), b->wishes.skipped[s] };
	return 0;
}

static int name_machines(const struct crx_builder *b, struct crx_build_result *r, struct crx_err *err)
{
	enum { EACH = 40 };
	size_t i, len = 0, cap = b->wishes.nabis * EACH + 1;
	char name[EACH - 2];

	r->machines = crx_zalloc(cap, 1);
	if (!r->machines)
		return crx_err_nomem(err, "summing up");
	for (i = 0; i < b->wishes.nabis; i++)
		len += (size_t)snprintf(r->machines + len, cap - len, "%s%s", i ? ", " : "", crx_exec_abi_name(&b->wishes.abi[i], name, sizeof(name)));
	return 0;
}

static int tell_missed(const struct crx_builder *b, struct crx_build_result *r, struct crx_err *err)
{
	size_t i;

	r->budget.missed = crx_zalloc(b->budget.nmissed, sizeof(*r->budget.missed));
	if (!r->budget.missed)
		return crx_err_nomem(err, "summing up");
	for (i = 0; i < b->budget.nmissed; i++) {
		const struct crx_budget_step *s = &b->budget.missed[i];
		const struct crx_candidate *c = &b->wishes.cand[s->cand];
		const struct crx_exec *x = &b->facts.file[b->facts.file[c->file].link].exec;
		struct crx_result_step *out = &r->budget.missed[i];

		*out = (struct crx_result_step){
			.path = crx_tree_path_dup(b->facts.file[c->file].node),
			.segment = c->seg == CRX_WHOLE_FILE ? -1 : (int64_t)x->seg[c->seg].index,
			.first_pg = s->first_pg,
			.pages = s->npg,
			.ram_len = s->ram_pages * b->facts.page_size,
			.flash_len = s->flash_len,
		};
		r->budget.nmissed++;
		if (!out->path)
			return crx_err_nomem(err, "summing up");
	}
	return 0;
}

static int tell_budget(const struct crx_builder *b, struct crx_build_result *r, struct crx_err *err)
{
	const struct crx_budget *g = &b->budget;
	size_t i;

	if (!crx_builder_weighs(b))
		return 0;
	r->budget.used = b->o->flash_budget || b->o->ram_goal;
	r->budget.flash_len = b->o->flash_budget;
	r->budget.ram_len = b->o->ram_goal;
	r->budget.least_size = g->least_size;
	r->budget.most_size = g->most_size;
	r->budget.ram_len_max = g->ram_len_max;
	r->budget.gap = g->gap;
	r->budget.next_len = CRX_BUDGET_NEXT_LEN;
	r->budget.next_ram_len = g->next_ram_len;
	r->budget.next_pages = g->next_pages;
	r->point = crx_zalloc(g->npoints, sizeof(*r->point));
	if (!r->point)
		return crx_err_nomem(err, "summing up");
	for (i = 0; i < g->npoints; i++)
		r->point[r->npoints++] = (struct crx_result_point){ g->point[i].image_size, g->point[i].ram_len, g->point[i].pages };
	return tell_missed(b, r, err);
}

int crx_builder_tell_choice(const struct crx_builder *b, struct crx_build_result *r, struct crx_err *err)
{
	int ret;

	count_pages(b, r);
	if (r->ram_len < b->o->ram_goal)
		return crx_err_set(err, CRX_EBIG, 0, NULL, "the choice saves %" PRIu64 " bytes of RAM, less than the goal of %" PRIu64 " (--ram-goal), since rules of equal files differ; give them one rule, or take a smaller goal",
				   r->ram_len, b->o->ram_goal);
	ret = count_cost(b, r, err);
	if (!ret)
		ret = copy_skips(b, r, err);
	if (!ret)
		ret = name_machines(b, r, err);
	return ret ? ret : tell_budget(b, r, err);
}
