/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What there is to tell of each file, and of each rule.
 */
#include "config.h"
#include "build/stages.h"
#include "exec/mapping.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Bytes that hold "FILE:LINE". */
enum { PLACE_MAX = 4096 + 16 };

static void tell_block(const struct crx_builder *b, size_t t, uint32_t i, uint32_t word, struct crx_result_file *rf, uint64_t run_off)
{
	const struct crx_file_fact *file = &b->facts.file[b->plan.table[t].file];
	const struct crx_plan_block *pb = &b->plan.block[file->first_blk + i];
	struct crx_result_block rb = { .kind = "hole" };
	const struct crx_record *rec;

	switch (pb->kind) {
	case CRX_KIND_HOLE:
		rf->holes++;
		break;
	case CRX_KIND_RUN:
	case CRX_KIND_BEHIND:
		rb.len = crx_scan_block_len(&b->facts, file, i);
		rb.kind = pb->kind == CRX_KIND_RUN ? "in place" : "stored";
		rb.off = pb->kind == CRX_KIND_RUN ? run_off : (word & ~CRX_BLK_FLAGS) - rb.len;
		*(pb->kind == CRX_KIND_RUN ? &rf->in_place : &rf->stored) += 1;
		break;
	default:
		rec = &b->plan.record[pb->record];
		rb.kind = rec->kind == CRX_KIND_STREAM ? "compressed" : "stored";
		rb.off = b->layout.record_off[pb->record] + (rec->direct ? CRX_DIRECT_HDR_LEN : 0);
		rb.len = rec->len;
		rb.shared = rec->users > 1;
		*(rec->kind == CRX_KIND_STREAM ? &rf->compressed : &rf->stored) += 1;
	}
	if (rf->block)
		rf->block[rf->nblocks++] = rb;
}

static int tell_blocks(const struct crx_builder *b, size_t t, struct crx_result_file *rf, struct crx_err *err)
{
	const struct crx_file_fact *file = &b->facts.file[b->plan.table[t].file];
	uint32_t *words = crx_alloc(file->nblks, sizeof(*words)), i;

	if (b->o->want_blocks)
		rf->block = crx_zalloc(file->nblks, sizeof(*rf->block));
	if (!words || (b->o->want_blocks && !rf->block)) {
		free(words);
		return crx_err_nomem(err, "summing up");
	}
	crx_layout_pointers(&b->plan, &b->layout, t, words);
	for (i = 0; i < file->nblks; i++)
		tell_block(b, t, i, words[i], rf, (uint64_t)(words[i] & ~CRX_BLK_FLAGS) << CRX_BLK_DIRECT_SHIFT);
	free(words);
	return 0;
}

/* Pages of the mapping that are promised in place. */
static uint32_t promised(const struct crx_builder *b, size_t i, const struct crx_exec_mapping *m)
{
	uint32_t n = m->writable ? 0 : crx_plan_promise(&b->plan, i, m->first_pg, m->npg);

	return m->unit && n < m->npg ? 0 : n;
}

static int tell_segments(const struct crx_builder *b, size_t i, struct crx_result_file *rf, struct crx_err *err)
{
	const struct crx_exec *x = &b->facts.file[b->facts.file[i].link].exec;
	struct crx_exec_load load = crx_exec_load(x, b->facts.page_size, b->o->no_mmu);
	struct crx_exec_mapping m;
	size_t s;

	if (!x->nseg)
		return 0;
	rf->seg = crx_zalloc(x->nseg, sizeof(*rf->seg));
	if (!rf->seg)
		return crx_err_nomem(err, "summing up");
	for (s = 0; s < x->nseg; s++) {
		if (!crx_exec_mapping(&load, s, &m))
			continue;
		rf->seg[rf->nsegs++] = (struct crx_result_segment){
			.index = m.seg->index,
			.flags = m.seg->flags,
			.file_page = m.first_pg,
			.pages = m.npg,
			.in_place = promised(b, i, &m),
		};
	}
	return 0;
}

/* What rules, profile and plan say of file i. */
static int tell_wish(const struct crx_builder *b, size_t i, struct crx_result_file *rf, struct crx_err *err)
{
	const struct crx_file_wish *w = &b->wishes.file[i];
	const struct crx_rule *rule;
	char place[PLACE_MAX];
	uint32_t pg;

	rf->action = crx_action_name(w->action);
	if (w->skip)
		rf->skip = crx_skip_text(w->skip);
	for (pg = 0; w->ncands && pg < b->facts.file[i].nblks; pg++)
		rf->candidates += crx_wish_may_have(&b->wishes, i, pg);
	for (pg = 0; b->heat.given && pg < b->facts.file[i].nblks; pg++)
		rf->hot += crx_heat_of(&b->heat, &b->facts, i, pg) != 0;
	if (w->rule == CRX_NO_RULE)
		return 0;
	rule = &b->rules.rule[w->rule];
	rf->rule = crx_strdup(crx_rule_place(rule, place, sizeof(place)));
	rf->rule_text = crx_strdup(rule->text);
	return rf->rule && rf->rule_text ? 0 : crx_err_nomem(err, "summing up");
}

static int tell_file(const struct crx_builder *b, const struct crx_node *n, const uint64_t *cost, struct crx_result_file *rf, struct crx_err *err)
{
	size_t i = n->file, t;
	int ret;

	*rf = (struct crx_result_file){ .type = S_ISLNK(n->mode) ? 'l' : 'f', .mode = n->mode & 07777, .uid = n->uid, .gid = n->gid, .size = n->size, .action = crx_action_name(CRX_ACTION_COMPRESS) };
	rf->path = crx_tree_path_dup(n);
	if (!rf->path)
		return crx_err_nomem(err, "summing up");
	if (i == CRX_NO_FILE)
		return 0;
	t = b->plan.table_of[i];
	if (b->plan.table[t].file != i) {
		rf->same_as = crx_tree_path_dup(b->facts.file[b->plan.table[t].file].node);
		if (!rf->same_as)
			return crx_err_nomem(err, "summing up");
	} else {
		rf->image_bytes = crx_builder_table_bytes(b, t);
		rf->cost = cost[t];
	}
	ret = tell_wish(b, i, rf, err);
	if (!ret)
		ret = tell_blocks(b, t, rf, err);
	return ret ? ret : tell_segments(b, i, rf, err);
}

/* Regular files and links, empty ones too, in the order of their paths. */
static int walk(const struct crx_builder *b, const uint64_t *cost, struct crx_build_result *r, struct crx_err *err)
{
	const struct crx_node *n = b->tree.root, *up;
	size_t *at = crx_zalloc(b->tree.nnodes, sizeof(*at));
	int ret = 0;

	r->file = crx_zalloc(r->files + r->symlinks, sizeof(*r->file));
	if (!at || !r->file) {
		free(at);
		return crx_err_nomem(err, "summing up");
	}
	while (n && !ret) {
		if (at[n->index] < n->nchildren) {
			up = n;
			n = n->child[at[up->index]++];
			if (S_ISREG(n->mode) || S_ISLNK(n->mode))
				ret = tell_file(b, n, cost, &r->file[r->nfiles++], err);
		} else {
			n = n->parent;
		}
	}
	free(at);
	return ret;
}

/* Costs where every page has a slot, else none. */
static int find_costs(const struct crx_builder *b, uint64_t **cost, struct crx_err *err)
{
	*cost = crx_zalloc(b->plan.ntables, sizeof(**cost));
	if (!*cost)
		return crx_err_nomem(err, "summing up");
	return crx_builder_weighs(b) || b->o->want_costs ? crx_builder_costs(b, *cost, err) : 0;
}

int crx_builder_tell_files(const struct crx_builder *b, struct crx_build_result *r, struct crx_err *err)
{
	uint64_t *cost;
	int ret = find_costs(b, &cost, err);

	if (!ret)
		ret = walk(b, cost, r, err);
	free(cost);
	return ret;
}

/* Pages and bytes by the rule that decided about the first file of each table. */
static void count_by_rule(const struct crx_builder *b, const uint64_t *cost, struct crx_build_result *r)
{
	const struct crx_plan *p = &b->plan;
	uint32_t rule;
	size_t i;

	for (i = 0; i < b->facts.nfiles; i++) {
		rule = b->wishes.file[i].rule;
		if (rule != CRX_NO_RULE && b->facts.file[i].link == i)
			r->rule[rule].decides++;
	}
	for (i = 0; i < p->ntables; i++) {
		rule = b->wishes.file[p->table[i].file].rule;
		if (rule != CRX_NO_RULE)
			r->rule[rule].cost += cost[i];
	}
	for (i = 0; i < p->nruns; i++) {
		rule = b->wishes.file[p->table[p->run[i].table].file].rule;
		if (rule != CRX_NO_RULE)
			r->rule[rule].pages += p->run[i].nblks;
	}
}

int crx_builder_tell_rules(const struct crx_builder *b, struct crx_build_result *r, struct crx_err *err)
{
	char place[PLACE_MAX];
	uint64_t *cost;
	size_t i;
	int ret = find_costs(b, &cost, err);

	r->rule = crx_zalloc(b->rules.nrules, sizeof(*r->rule));
	if (!r->rule)
		ret = crx_err_nomem(err, "summing up");
	for (i = 0; i < b->rules.nrules && !ret; i++) {
		r->rule[r->nrules++] = (struct crx_result_rule){
			.place = crx_strdup(crx_rule_place(&b->rules.rule[i], place, sizeof(place))),
			.text = crx_strdup(b->rules.rule[i].text),
			.matches = b->wishes.hits[i],
		};
		if (!r->rule[i].place || !r->rule[i].text)
			ret = crx_err_nomem(err, "summing up");
	}
	if (!ret)
		count_by_rule(b, cost, r);
	free(cost);
	return ret;
}
