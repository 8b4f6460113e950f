/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "build_stages.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static uint64_t run_pages(const struct crx_plan *p, const struct crx_run *r)
{
	const struct crx_file_fact *file = &p->facts->file[p->table[r->table].file];
	uint64_t n = r->nblks;
	uint32_t i;

	for (i = r->first_blk + r->nblks; i < r->first_blk + r->nblks + r->nbehind; i++)
		n += p->block[file->first_blk + i].kind != CRX_KIND_HOLE;
	return n;
}

uint64_t crx_builder_table_bytes(const struct crx_builder *b, size_t t)
{
	const struct crx_table *table = &b->plan.table[t];
	uint64_t n = (uint64_t)b->facts.file[table->file].nblks * CRX_BLKPTR_LEN;
	size_t i;

	for (i = table->first_record; i < (size_t)table->first_record + table->nrecords; i++)
		n += b->plan.record[i].len + (b->plan.record[i].direct ? CRX_DIRECT_HDR_LEN : 0);
	for (i = table->first_run; i < (size_t)table->first_run + table->nruns; i++)
		n += run_pages(&b->plan, &b->plan.run[i]) * b->facts.page_size;
	return n;
}

static void count_entries(const struct crx_builder *b, struct crx_build_result *r)
{
	size_t i;

	for (i = 1; i < b->tree.nnodes; i++) {
		const struct crx_node *n = b->tree.node[i];

		switch (n->mode & S_IFMT) {
		case S_IFDIR:
			r->dirs++;
			break;
		case S_IFREG:
			r->files++;
			break;
		case S_IFLNK:
			r->symlinks++;
			break;
		case S_IFCHR:
		case S_IFBLK:
			r->devices++;
			break;
		default:
			r->others++;
		}
		r->content_bytes += n->size;
	}
}

static void count_sharing(const struct crx_builder *b, struct crx_build_result *r)
{
	size_t i;

	for (i = 0; i < b->facts.nfiles; i++) {
		if (crx_plan_owner(&b->plan, i) == i)
			continue;
		r->shared_tables++;
		r->shared_table_bytes += b->facts.file[i].node->size;
	}
	for (i = 0; i < b->plan.nrecords; i++) {
		const struct crx_record *rec = &b->plan.record[i];

		if (rec->users < 2)
			continue;
		r->shared_blocks += rec->users - 1;
		r->shared_block_bytes += (uint64_t)(rec->users - 1) * rec->len;
	}
}

/*
 * Pages in place are not compressed, so what they would take is told from the
 * sample that pack tried.
 */
static void count_in_place(const struct crx_builder *b, struct crx_build_result *r)
{
	const struct crx_packed *k = &b->packed;
	uint64_t bytes, compressed = 0;
	size_t t, i;

	for (t = 0; t < b->plan.ntables; t++) {
		const struct crx_file_wish *w = &b->wishes.file[b->plan.table[t].file];

		for (i = 0; i < w->nranges; i++)
			r->candidate_pages += w->range[i].npg;
		r->in_place_files += b->plan.table[t].nruns > 0;
	}
	for (i = 0; i < b->plan.nruns; i++)
		r->in_place_pages += b->plan.run[i].nblks;
	bytes = r->in_place_pages * b->facts.page_size;
	if (k->sample_pages)
		compressed = (uint64_t)((double)k->sample_bytes / (double)k->sample_pages * (double)r->in_place_pages + 0.5);
	r->in_place_cost = bytes > compressed ? bytes - compressed : 0;
	r->in_place_cost_estimated = k->sample_stride > 1;
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

static int tell_segments(const struct crx_builder *b, size_t i, struct crx_result_file *rf, struct crx_err *err)
{
	const struct crx_exec *x = &b->facts.file[b->facts.file[i].link].exec;
	uint32_t first, n;
	size_t s;

	if (x->kind != CRX_EXEC_ELF || !x->nseg || (x->type != ET_EXEC && x->type != ET_DYN))
		return 0;
	rf->seg = crx_zalloc(x->nseg, sizeof(*rf->seg));
	if (!rf->seg)
		return crx_err_nomem(err, "summing up");
	for (s = 0; s < x->nseg; s++) {
		if (!crx_exec_pages(&x->seg[s], b->facts.page_size, &first, &n))
			continue;
		rf->seg[rf->nsegs++] = (struct crx_result_segment){
			.index = x->seg[s].index,
			.flags = x->seg[s].flags,
			.file_page = first,
			.pages = n,
			.in_place = x->seg[s].flags & PF_W ? 0 : crx_plan_promise(&b->plan, i, first, n),
		};
	}
	return 0;
}

static int tell_file(const struct crx_builder *b, const struct crx_node *n, struct crx_result_file *rf, struct crx_err *err)
{
	const struct crx_file_wish *w;
	size_t i = n->file, t, k;
	int ret;

	*rf = (struct crx_result_file){ .type = S_ISLNK(n->mode) ? 'l' : 'f', .mode = n->mode & 07777, .uid = n->uid, .gid = n->gid, .size = n->size };
	rf->path = crx_tree_path_dup(n);
	if (!rf->path)
		return crx_err_nomem(err, "summing up");
	if (i == CRX_NO_FILE)
		return 0;
	t = b->plan.table_of[i];
	w = &b->wishes.file[i];
	for (k = 0; k < w->nranges; k++)
		rf->candidates += w->range[k].npg;
	if (w->skip)
		rf->skip = crx_skip_text(w->skip);
	if (b->plan.table[t].file != i) {
		rf->same_as = crx_tree_path_dup(b->facts.file[b->plan.table[t].file].node);
		if (!rf->same_as)
			return crx_err_nomem(err, "summing up");
	} else {
		rf->image_bytes = crx_builder_table_bytes(b, t);
	}
	ret = tell_blocks(b, t, rf, err);
	return ret ? ret : tell_segments(b, i, rf, err);
}

/* Regular files and links, empty ones too, in the order of their paths. */
static int tell_files(const struct crx_builder *b, struct crx_build_result *r, struct crx_err *err)
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
				ret = tell_file(b, n, &r->file[r->nfiles++], err);
		} else {
			n = n->parent;
		}
	}
	free(at);
	return ret;
}

int crx_builder_result(const struct crx_builder *b, struct crx_build_result *r, struct crx_err *err)
{
	const struct crx_layout *l = &b->layout;
	int ret;

	count_entries(b, r);
	count_sharing(b, r);
	count_in_place(b, r);
	r->image_size = l->image_size;
	r->file_size = b->o->pad_to ? b->o->pad_to : l->image_size;
	r->edition = b->o->edition;
	r->blocks = l->blocks;
	r->nodes = l->files;
	r->bytes.head = l->bytes.head;
	r->bytes.dirs = l->bytes.dirs;
	r->bytes.tables = l->bytes.tables;
	r->bytes.compressed = l->bytes.compressed;
	r->bytes.stored = l->bytes.stored;
	r->bytes.headers = l->bytes.headers;
	r->bytes.in_place = l->bytes.in_place;
	r->bytes.tails = l->bytes.tails;
	r->bytes.padding = l->bytes.padding;
	r->comp_name = b->comp.backend->name;
	r->comp_level = b->comp.level;
	r->squashed = b->squashed;
	ret = copy_skips(b, r, err);
	if (!ret)
		ret = name_machines(b, r, err);
	if (!ret && b->o->want_files)
		ret = tell_files(b, r, err);
	return ret;
}

void crx_build_result_free(struct crx_build_result *r)
{
	size_t i;

	for (i = 0; r->file && i < r->nfiles; i++) {
		free(r->file[i].path);
		free(r->file[i].same_as);
		free(r->file[i].seg);
		free(r->file[i].block);
	}
	free(r->file);
	free(r->skip);
	free(r->machines);
	*r = (struct crx_build_result){ 0 };
}
