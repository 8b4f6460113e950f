/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "result/parts.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "exec/mapping.h"

/* What is reported, in the order of its paths, and where each file of the facts is in it. */
struct listing {
	const struct crx_node **node;
	size_t n;
	size_t *of_file; /* for each of facts.file */
};

static struct crx_result_block describe_block(const struct crx_result_stages *s, size_t table,
					      uint32_t i, uint32_t word)
{
	const struct crx_file_fact *file = &s->facts->file[s->plan->table[table].file];
	const struct crx_plan_block *b = &s->plan->block[file->first_blk + i];
	struct crx_result_block out = { .kind = CRX_RESULT_HOLE };
	const struct crx_record *rec;

	switch (b->kind) {
	case CRX_KIND_HOLE:
		break;
	case CRX_KIND_RUN:
		out.kind = CRX_RESULT_IN_PLACE;
		out.len = crx_scan_block_len(s->facts, file, i);
		out.off = (uint64_t)(word & ~CRX_BLK_FLAGS) << CRX_BLK_DIRECT_SHIFT;
		break;
	case CRX_KIND_AFTER_RUN:
		out.kind = CRX_RESULT_STORED;
		out.len = crx_scan_block_len(s->facts, file, i);
		out.off = (word & ~CRX_BLK_FLAGS) - out.len;
		break;
	default:
		rec = &s->plan->record[b->record];
		out.kind = rec->kind == CRX_KIND_STREAM ? CRX_RESULT_COMPRESSED : CRX_RESULT_STORED;
		out.len = rec->len;
		out.off = s->layout->record_off[b->record] + (rec->direct ? CRX_DIRECT_HDR_LEN : 0);
		out.shared = rec->users > 1;
	}
	return out;
}

static int fill_blocks(const struct crx_result_stages *s, size_t table, struct crx_result_file *rf,
		       struct crx_err *err)
{
	uint32_t i, n = s->facts->file[s->plan->table[table].file].nblks;
	uint32_t *word = crx_alloc(n, sizeof(*word));

	if (s->want_blocks)
		rf->block = crx_zalloc(n, sizeof(*rf->block));
	if (!word || (s->want_blocks && !rf->block)) {
		free(word);
		return crx_err_nomem(err, "summing up");
	}
	crx_layout_pointers(s->plan, s->layout, table, word);
	for (i = 0; i < n; i++) {
		struct crx_result_block b = describe_block(s, table, i, word[i]);

		rf->blocks[b.kind]++;
		if (rf->block)
			rf->block[rf->nblocks++] = b;
	}
	free(word);
	return 0;
}

/* Pages of the mapping that are promised in place. */
static uint32_t promised(const struct crx_plan *p, size_t file, const struct crx_exec_mapping *m)
{
	uint32_t n = m->writable ? 0 : crx_plan_promised_pages(p, file, m->first_pg, m->npg);

	return m->unit && n < m->npg ? 0 : n;
}

/* The candidate that segment k of file i is, or a part of; NULL if it is none. */
static const struct crx_candidate *find_candidate(const struct crx_wishes *w, size_t i, size_t k)
{
	size_t j;

	for (j = 0; j < w->file[i].ncands; j++) {
		const struct crx_candidate *c = &w->cand[w->file[i].first_cand + j];

		if (c->seg == k || c->seg == CRX_WHOLE_FILE)
			return c;
	}
	return NULL;
}

static enum crx_result_why why_not(const struct crx_result_stages *s, size_t i, size_t k,
				   const struct crx_exec_mapping *m)
{
	const struct crx_file_wish *w = &s->wishes->file[i];
	const struct crx_candidate *c = find_candidate(s->wishes, i, k);

	if (promised(s->plan, i, m) == m->npg)
		return CRX_RESULT_WHY_NONE;
	if (m->writable)
		return CRX_RESULT_WHY_WRITABLE;
	if (w->skip && w->skip != CRX_SKIP_RULE)
		return CRX_RESULT_WHY_SKIPPED;
	if (!c)
		return w->rule == CRX_NO_RULE && !w->skip ? CRX_RESULT_WHY_TAIL
							  : CRX_RESULT_WHY_RULE;
	return c->chosen_pg < c->max_pg ? CRX_RESULT_WHY_CHOICE : CRX_RESULT_WHY_TAIL;
}

static int fill_segments(const struct crx_result_stages *s, size_t i, struct crx_result_file *rf,
			 struct crx_err *err)
{
	const struct crx_exec *x = &s->facts->file[s->facts->file[i].link].exec;
	struct crx_exec_load load = crx_exec_load(x, s->facts->page_size, s->no_mmu);
	struct crx_exec_mapping m;
	size_t k;

	if (!x->nseg)
		return 0;
	rf->seg = crx_zalloc(x->nseg, sizeof(*rf->seg));
	if (!rf->seg)
		return crx_err_nomem(err, "summing up");
	for (k = 0; k < x->nseg; k++) {
		if (!crx_exec_mapping(&load, k, &m))
			continue;
		rf->seg[rf->nsegs++] = (struct crx_result_segment){
			.index = m.seg->index,
			.flags = m.seg->flags,
			.file_page = m.first_pg,
			.pages = m.npg,
			.in_place = promised(s->plan, i, &m),
			.why = why_not(s, i, k, &m),
		};
	}
	return 0;
}

/* What rules and profiles say of file i. */
static void fill_wish(const struct crx_result_stages *s, size_t i, struct crx_result_file *rf)
{
	const struct crx_file_wish *w = &s->wishes->file[i];
	uint32_t pg, nblks = s->facts->file[i].nblks;

	rf->action = w->action;
	rf->skip = w->skip;
	if (w->rule != CRX_NO_RULE)
		rf->rule = w->rule;
	for (pg = 0; w->ncands && pg < nblks; pg++)
		rf->candidates += crx_wish_may_be_in_place(s->wishes, i, pg);
	for (pg = 0; s->heat->given && pg < nblks; pg++)
		rf->hot += crx_heat_of(s->heat, s->facts, i, pg) != 0;
}

/* Of a file or a link that has contents. */
static int fill_contents(const struct crx_result_stages *s, size_t i, const uint64_t *cost,
			 const struct listing *l, struct crx_result_file *rf, struct crx_err *err)
{
	size_t table = s->plan->table_of[i], owner = crx_plan_owner(s->plan, i);
	int ret;

	if (owner == i) {
		rf->image_bytes = s->plan->table[table].bytes;
		rf->cost = cost[table];
	} else {
		rf->same_as = l->of_file[owner];
	}
	fill_wish(s, i, rf);
	ret = fill_blocks(s, table, rf, err);
	return ret ? ret : fill_segments(s, i, rf, err);
}

/* The node after n in depth-first order, or NULL. */
static const struct crx_node *next_node(const struct crx_tree *t, const struct crx_node *n)
{
	if (n->nchildren)
		return n->child[0];
	for (; n->parent; n = n->parent)
		if (n != n->parent->child[n->parent->nchildren - 1])
			return t->node[n->index + 1]; /* siblings are adjacent */
	return NULL;
}

/* All entries, empty files too. */
static int list_files(const struct crx_tree *t, struct listing *l, struct crx_err *err)
{
	const struct crx_node *n;

	l->node = crx_alloc(t->nnodes, sizeof(*l->node));
	l->of_file = crx_alloc(t->nfiles, sizeof(*l->of_file));
	if (!l->node || !l->of_file)
		return crx_err_nomem(err, "summing up");
	for (n = t->root; n; n = next_node(t, n)) {
		if (n->file != CRX_NO_FILE)
			l->of_file[n->file] = l->n;
		if (n->parent)
			l->node[l->n++] = n;
	}
	return 0;
}

int crx_result_fill_files(const struct crx_result_stages *s, const uint64_t *cost,
			  struct crx_result *r, struct crx_err *err)
{
	struct listing l = { 0 };
	size_t i;
	int ret = list_files(s->tree, &l, err);

	if (!ret) {
		r->file = crx_zalloc(l.n, sizeof(*r->file));
		if (!r->file)
			ret = crx_err_nomem(err, "summing up");
	}
	for (i = 0; i < l.n && !ret; i++) {
		const struct crx_node *n = l.node[i];

		r->file[r->nfiles++] = (struct crx_result_file){
			.path = crx_tree_path_dup(n),
			.mode = n->mode,
			.uid = n->uid,
			.gid = n->gid,
			.size = n->size,
			.dev_major = n->dev_major,
			.dev_minor = n->dev_minor,
			.action = CRX_ACTION_COMPRESS,
			.rule = CRX_RESULT_NONE,
			.same_as = CRX_RESULT_NONE,
		};
		if (!r->file[i].path)
			ret = crx_err_nomem(err, "summing up");
		else if (n->file != CRX_NO_FILE)
			ret = fill_contents(s, n->file, cost, &l, &r->file[i], err);
	}
	free(l.node);
	free(l.of_file);
	return ret;
}
