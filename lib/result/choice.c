/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is in place, and how that was chosen.
 */
#include "config.h"
#include "result/parts.h"

#include <string.h>

static void count_pages(const struct crx_result_stages *s, struct crx_result_in_place *in)
{
	const struct crx_facts *f = s->facts;
	const struct crx_plan *p = s->plan;
	size_t t;

	for (t = 0; t < p->ntables; t++) {
		uint32_t i, owner = p->table[t].file;
		const struct crx_file_fact *file = &f->file[owner];

		in->files += p->table[t].nruns > 0;
		for (i = 0; s->wishes->file[owner].ncands && i < file->nblks; i++) {
			bool hot = crx_heat_of(s->heat, f, owner, i);

			if (!crx_wish_may_be_in_place(s->wishes, owner, i))
				continue;
			in->candidates++;
			in->hot_pages += hot;
			in->hot_in_place +=
				hot && p->block[file->first_blk + i].kind == CRX_KIND_RUN;
		}
	}
	for (t = 0; t < p->nruns; t++)
		in->pages += p->run[t].nblks;
	in->profiled = s->heat->given;
	in->ram_len = in->hot_in_place * f->page_size;
}

/* From the slots where every page has one, otherwise from the sample that pack compressed. */
static void count_cost(const struct crx_result_stages *s, const uint64_t *cost,
		       struct crx_result_in_place *in)
{
	const struct crx_packed *k = s->packed;
	uint64_t bytes = in->pages * s->facts->page_size, compressed = 0;
	size_t t;

	if (s->all_packed) {
		for (t = 0; t < s->plan->ntables; t++)
			in->cost += cost[t];
		return;
	}
	if (!k->sample_stride)
		return;
	if (k->sample_pages)
		compressed = (uint64_t)((double)k->sample_bytes / (double)k->sample_pages *
						(double)in->pages +
					0.5);
	in->cost = bytes > compressed ? bytes - compressed : 0;
	in->cost_estimated = k->sample_stride > 1;
}

static int copy_machines(const struct crx_wishes *w, struct crx_result *r, struct crx_err *err)
{
	size_t i;

	r->machine = crx_alloc(w->nabis, sizeof(*r->machine));
	if (!r->machine)
		return crx_err_nomem(err, "summing up");
	for (i = 0; i < w->nabis; i++)
		r->machine[r->nmachines++] = w->abi[i];
	return 0;
}

static int copy_missed(const struct crx_result_stages *s, struct crx_result_budget *out,
		       struct crx_err *err)
{
	const struct crx_facts *f = s->facts;
	size_t i;

	out->missed = crx_zalloc(s->budget->nmissed, sizeof(*out->missed));
	if (!out->missed)
		return crx_err_nomem(err, "summing up");
	for (i = 0; i < s->budget->nmissed; i++) {
		const struct crx_budget_step *step = &s->budget->missed[i];
		const struct crx_candidate *c = &s->wishes->cand[step->cand];
		const struct crx_exec *x = &f->file[f->file[c->file].link].exec;
		bool whole = c->seg == CRX_WHOLE_FILE;

		out->missed[out->nmissed++] = (struct crx_result_step){
			.path = crx_tree_path_dup(f->file[c->file].node),
			.segment = whole ? -1 : (int64_t)x->seg[c->seg].index,
			.first_pg = step->first_pg,
			.pages = step->npg,
			.ram_len = step->ram_pages * f->page_size,
			.flash_len = step->flash_len,
		};
		if (!out->missed[i].path)
			return crx_err_nomem(err, "summing up");
	}
	return 0;
}

static int copy_budget(const struct crx_result_stages *s, struct crx_result *r, struct crx_err *err)
{
	const struct crx_budget *b = s->budget;
	size_t i;

	r->budget = (struct crx_result_budget){
		.least_size = b->least_size,
		.most_size = b->most_size,
		.ram_len_max = b->ram_len_max,
		.gap = b->gap,
		.next_len = CRX_BUDGET_NEXT_LEN,
		.next_ram_len = b->next_ram_len,
		.next_pages = b->next_pages,
	};
	r->point = crx_zalloc(b->npoints, sizeof(*r->point));
	if (!r->point)
		return crx_err_nomem(err, "summing up");
	for (i = 0; i < b->npoints; i++)
		r->point[r->npoints++] =
			(struct crx_result_point){ b->point[i].image_size, b->point[i].ram_len,
						   b->point[i].pages };
	return copy_missed(s, &r->budget, err);
}

int crx_result_fill_choice(const struct crx_result_stages *s, const uint64_t *cost,
			   struct crx_result *r, struct crx_err *err)
{
	int ret;

	count_pages(s, &r->in_place);
	count_cost(s, cost, &r->in_place);
	memcpy(r->skipped, s->wishes->skipped, sizeof(r->skipped));
	ret = copy_machines(s->wishes, r, err);
	return ret || !s->budget ? ret : copy_budget(s, r, err);
}
