/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/layout/layout.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "format/rules.h"

static int allocate(struct crx_layout *l, const struct crx_tree *t, const struct crx_plan *p,
		    struct crx_err *err)
{
	l->dir_off = crx_zalloc(t->nnodes, sizeof(*l->dir_off));
	l->entry_off = crx_zalloc(t->nnodes, sizeof(*l->entry_off));
	l->table_off = crx_zalloc(p->ntables, sizeof(*l->table_off));
	l->record_off = crx_zalloc(p->nrecords, sizeof(*l->record_off));
	l->run_off = crx_zalloc(p->nruns, sizeof(*l->run_off));
	if (!l->dir_off || !l->entry_off || !l->table_off || !l->record_off || !l->run_off)
		return crx_err_nomem(err, "laying out the image");
	return 0;
}

static uint64_t place_head(struct crx_layout *l, const struct crx_layout_opts *o)
{
	uint64_t at = o->boot_pad ? CRX_BOOT_PAD_LEN : 0;

	l->super_off = at;
	at += CRX_SUPER_LEN;
	l->insert_off = at;
	l->insert_len = o->insert_len;
	at = crx_round_up(at + o->insert_len, 4);
	l->bytes.head = at;
	return at;
}

/* All directories, one directly after the other, in the order of the nodes. Returns where they end.
 * *last is the offset of the last entry. */
static uint64_t place_dirs(struct crx_layout *l, const struct crx_tree *t, uint64_t at,
			   uint64_t *last)
{
	uint64_t begin = at;
	size_t i, j;

	/* also if it is empty: cramfsck and fsck.cramfs refuse 0 */
	l->dir_off[t->root->index] = at;
	for (i = 0; i < t->nnodes; i++) {
		const struct crx_node *n = t->node[i];

		if (!S_ISDIR(n->mode) || !n->nchildren)
			continue;
		l->dir_off[i] = at;
		for (j = 0; j < n->nchildren; j++) {
			*last = at;
			l->entry_off[n->child[j]->index] = at;
			at += crx_tree_entry_len(n->child[j]);
		}
	}
	l->root_off = l->dir_off[t->root->index];
	l->dirs_end = at;
	l->bytes.dirs = at - begin;
	return at;
}

static uint64_t place_record(struct crx_layout *l, const struct crx_plan *p, size_t i, uint64_t at)
{
	const struct crx_record *r = &p->record[i];
	uint64_t aligned;

	if (r->direct) {
		aligned = crx_round_up(at, 4);
		l->bytes.headers += aligned - at + CRX_DIRECT_HDR_LEN;
		l->record_off[i] = aligned;
		at = aligned + CRX_DIRECT_HDR_LEN;
	} else {
		l->record_off[i] = at;
	}
	if (r->kind == CRX_KIND_STREAM)
		l->bytes.compressed += r->len;
	else
		l->bytes.stored += r->len;
	return at + r->len;
}

static uint64_t place_tables(struct crx_layout *l, const struct crx_plan *p, uint64_t at)
{
	uint64_t aligned, len;
	size_t t, i;

	for (t = 0; t < p->ntables; t++) {
		const struct crx_table *table = &p->table[t];

		aligned = crx_round_up(at, 4);
		l->bytes.padding += aligned - at;
		l->table_off[t] = aligned;
		len = (uint64_t)p->facts->file[table->file].nblks * CRX_BLKPTR_LEN;
		l->bytes.tables += len;
		at = aligned + len;
		for (i = table->first_record; i < (size_t)table->first_record + table->nrecords;
		     i++)
			at = place_record(l, p, i, at);
	}
	l->data_end = at;
	return at;
}

/* A run and the blocks directly after it, with the zeros that fill the last page. */
static uint64_t place_run(struct crx_layout *l, const struct crx_plan *p, const struct crx_run *r,
			  uint64_t at)
{
	const struct crx_file_fact *file = &p->facts->file[p->table[r->table].file];
	uint64_t content = 0, zeros;
	uint32_t i;

	for (i = r->first_blk; i < r->first_blk + r->nblks + r->nafter; i++)
		if (p->block[file->first_blk + i].kind != CRX_KIND_HOLE)
			content += crx_scan_block_len(p->facts, file, i);
	zeros = crx_format_tail_zeros(content, p->facts->page_size);
	l->bytes.in_place += content;
	l->bytes.tails += zeros;
	return at + content + zeros;
}

static uint64_t place_runs(struct crx_layout *l, const struct crx_plan *p, uint64_t at)
{
	uint32_t pad;
	size_t i;

	l->runs_off = at;
	if (!p->nruns)
		return at;
	/* only before the first run, because every run is whole pages long */
	pad = crx_format_run_padding(at, p->facts->page_size);
	l->bytes.padding += pad;
	at += pad;
	l->runs_off = at;
	for (i = 0; i < p->nruns; i++) {
		l->run_off[i] = at;
		at = place_run(l, p, &p->run[i], at);
	}
	return at;
}

static void count_blocks_and_files(struct crx_layout *l, const struct crx_tree *t,
				   const struct crx_plan *p)
{
	size_t i;

	for (i = 0; i < p->ntables; i++)
		l->blocks += p->facts->file[p->table[i].file].nblks;
	l->files = (uint32_t)t->nnodes; /* directory entries and the root */
}

/* Do all offsets fit into their fields? */
static int check_limits(const struct crx_layout *l, const struct crx_plan *p,
			struct crx_offences *far, struct crx_err *err)
{
	const char *remedy = "make the tree smaller, as with --exclude";
	size_t i;

	if (l->dirs_end > CRX_INODE_OFF_MAX)
		return crx_err_set(err, CRX_ELIMIT, 0, NULL,
				   "the directories end at %" PRIu64
				   " bytes, but cramfs needs them below 256 MiB (%s)",
				   l->dirs_end, remedy);
	for (i = 0; i < p->ntables; i++)
		if (l->table_off[i] > CRX_INODE_OFF_MAX)
			crx_offend(far, p->facts->file[p->table[i].file].node,
				   "its data would begin at %" PRIu64
				   " bytes of the image, but cramfs reaches only data below 256 "
				   "MiB (%s)",
				   l->table_off[i], remedy);
	if (l->data_end > CRX_PLAIN_OFF_MAX)
		return crx_err_set(err, CRX_ELIMIT, 0, NULL,
				   "the compressed data end at %" PRIu64
				   " bytes, but cramfs needs them below 1 GiB (%s)",
				   l->data_end, remedy);
	if (l->image_size > (p->nruns ? CRX_PLAIN_OFF_MAX : CRX_DIRECT_OFF_MAX))
		return crx_err_set(err, CRX_ELIMIT, 0, NULL,
				   "the image would have %" PRIu64
				   " bytes, but the limit is 1 GiB (%s)",
				   l->image_size, remedy);
	return 0;
}

int crx_layout(const struct crx_tree *t, const struct crx_plan *p, const struct crx_layout_opts *o,
	       struct crx_layout *out, struct crx_offences *far, struct crx_err *err)
{
	uint64_t at, last = 0;
	int ret;

	*out = (struct crx_layout){ 0 };
	ret = allocate(out, t, p, err);
	if (ret < 0)
		return ret;
	at = place_head(out, o);
	at = place_dirs(out, t, at, &last);
	at = place_tables(out, p, at);
	at = place_runs(out, p, at);
	out->image_size = crx_format_image_size(at, last, p->facts->page_size);
	out->bytes.padding += out->image_size - at;
	count_blocks_and_files(out, t, p);
	return check_limits(out, p, far, err);
}

void crx_layout_free(struct crx_layout *l)
{
	free(l->dir_off);
	free(l->entry_off);
	free(l->table_off);
	free(l->record_off);
	free(l->run_off);
	*l = (struct crx_layout){ 0 };
}
