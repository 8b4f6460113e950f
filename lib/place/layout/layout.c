/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/layout/layout.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "format/rules.h"
#include "place/layout/parts.h"

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

static void place_head(struct crx_layout *l, const struct crx_layout_opts *o)
{
	uint64_t at = o->boot_pad ? CRX_BOOT_PAD_LEN : 0;

	l->super_off = at;
	at += CRX_SUPER_LEN;
	l->insert_off = at;
	l->insert_len = o->insert_len;
	l->bytes.head = crx_round_up(at + o->insert_len, 4);
}

/* The entries of a directory. *last is the offset of the last entry of the image. */
static void set_dir(struct crx_layout *l, const struct crx_node *dir, uint64_t at, uint64_t *last)
{
	size_t i;

	l->dir_off[dir->index] = at;
	for (i = 0; i < dir->nchildren; i++) {
		*last = at > *last ? at : *last;
		l->entry_off[dir->child[i]->index] = at;
		at += crx_tree_entry_len(dir->child[i]);
	}
	l->dirs_end = at > l->dirs_end ? at : l->dirs_end;
}

static void set_records(struct crx_layout *l, const struct crx_plan *p, size_t first, uint32_t n,
			uint64_t at)
{
	const struct crx_record *r;
	size_t i;

	for (i = first; i < first + n; i++) {
		r = &p->record[i];
		l->record_off[i] = at;
		if (r->direct) {
			at += CRX_DIRECT_HDR_LEN;
			l->bytes.headers += CRX_DIRECT_HDR_LEN;
		}
		at += r->len;
		if (r->kind == CRX_KIND_STREAM)
			l->bytes.compressed += r->len;
		else
			l->bytes.stored += r->len;
	}
	l->data_end = at > l->data_end ? at : l->data_end;
}

static void set_table(struct crx_layout *l, const struct crx_plan *p, const struct crx_piece *piece)
{
	const struct crx_table *t = &p->table[piece->index];
	uint64_t len = (uint64_t)p->facts->file[t->file].nblks * CRX_BLKPTR_LEN;

	l->table_off[piece->index] = piece->off;
	l->bytes.tables += len;
	set_records(l, p, t->first_record, piece->n, piece->off + len);
}

static void set_run(struct crx_layout *l, const struct crx_plan *p, const struct crx_piece *piece)
{
	const struct crx_run *r = &p->run[piece->index];
	const struct crx_file_fact *file = &p->facts->file[p->table[r->table].file];
	uint64_t content = 0;
	uint32_t i;

	l->run_off[piece->index] = piece->off;
	for (i = r->first_blk; i < r->first_blk + r->nblks + r->nafter; i++)
		if (p->block[file->first_blk + i].kind != CRX_KIND_HOLE)
			content += crx_scan_block_len(p->facts, file, i);
	l->bytes.in_place += content;
	l->bytes.tails += piece->len - content;
	if (!l->runs_off)
		l->runs_off = piece->off;
}

static void set_piece(struct crx_layout *l, const struct crx_tree *t, const struct crx_plan *p,
		      const struct crx_piece *piece, uint64_t *last)
{
	switch (piece->kind) {
	case CRX_PIECE_DIR:
		set_dir(l, t->node[piece->index], piece->off, last);
		l->bytes.dirs += piece->len;
		break;
	case CRX_PIECE_TABLE:
		set_table(l, p, piece);
		break;
	case CRX_PIECE_RECORDS:
		set_records(l, p, piece->index, piece->n, piece->off);
		break;
	case CRX_PIECE_RUN:
		set_run(l, p, piece);
		break;
	default:
		l->bytes.free += piece->len;
	}
}

/* Everything that follows from the places of the pieces. at: where the last one ends. */
static void set_offsets(struct crx_layout *l, const struct crx_tree *t, const struct crx_plan *p,
			uint64_t at)
{
	uint64_t last = 0, end = l->bytes.head;
	const struct crx_piece *piece;
	size_t i;

	/* also if it is empty: cramfsck and fsck.cramfs refuse 0 */
	l->root_off = l->dir_off[t->root->index] = end;
	l->dirs_end = l->data_end = end;
	for (i = 0; i < l->npieces; i++) {
		piece = &l->piece[i];
		if (piece->kind == CRX_PIECE_RECORDS)
			l->bytes.headers += piece->off - end;
		else
			l->bytes.padding += piece->off - end;
		set_piece(l, t, p, piece, &last);
		end = piece->off + piece->len;
	}
	if (l->data_end < l->dirs_end)
		l->data_end = l->dirs_end;
	if (!l->runs_off)
		l->runs_off = l->data_end;
	l->image_size = crx_format_image_size(at, last, p->facts->page_size);
	l->bytes.padding += l->image_size - at;
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
	const struct crx_layout_input in = { t, p, o };
	uint64_t at = 0;
	int ret;

	*out = (struct crx_layout){ 0 };
	ret = allocate(out, t, p, err);
	if (!ret)
		ret = crx_layout_pieces(&in, out, err);
	if (ret < 0)
		return ret;
	place_head(out, o);
	if (!o->old)
		at = crx_layout_fresh(&in, out);
	else
		ret = crx_layout_like(&in, out, &at, err);
	if (ret < 0)
		return ret;
	set_offsets(out, t, p, at);
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
	free(l->piece);
	*l = (struct crx_layout){ 0 };
}
