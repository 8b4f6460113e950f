/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "format/rules.h"
#include "place/layout/parts.h"

static void add(struct crx_layout *l, enum crx_piece_kind kind, size_t index, uint32_t n,
		uint64_t len)
{
	l->piece[l->npieces++] =
		(struct crx_piece){ .kind = kind, .index = (uint32_t)index, .n = n, .len = len };
}

static void add_dirs(const struct crx_tree *t, struct crx_layout *l)
{
	size_t i;

	for (i = 0; i < t->nnodes; i++)
		if (S_ISDIR(t->node[i]->mode) && t->node[i]->nchildren)
			add(l, CRX_PIECE_DIR, i, 0, crx_tree_dir_len(t->node[i]));
}

/* Records from *i on, up to end or the next one that can be moved alone. Adds up their bytes. */
static uint32_t chain(const struct crx_plan *p, size_t *i, size_t end, uint64_t *len)
{
	size_t first = *i;

	do {
		*len += p->record[*i].len + (p->record[*i].direct ? CRX_DIRECT_HDR_LEN : 0);
		++*i;
	} while (*i < end && !p->record[*i].direct && !p->record[*i].first_of_table);
	return (uint32_t)(*i - first);
}

static void add_chains(const struct crx_plan *p, struct crx_layout *l, size_t i, size_t end)
{
	size_t first;
	uint64_t len;
	uint32_t n;

	while (i < end) {
		first = i;
		len = 0;
		n = chain(p, &i, end, &len);
		add(l, CRX_PIECE_RECORDS, first, n, len);
	}
}

static void add_table(const struct crx_plan *p, struct crx_layout *l, size_t table)
{
	const struct crx_table *t = &p->table[table];
	uint64_t len = (uint64_t)p->facts->file[t->file].nblks * CRX_BLKPTR_LEN;
	size_t i = t->first_record, end = i + t->nrecords;
	uint32_t n = 0;

	if (t->nrecords && !p->record[i].direct)
		n = chain(p, &i, end, &len);
	add(l, CRX_PIECE_TABLE, table, n, len);
	if (!t->kept)
		add_chains(p, l, i, end);
}

/* Kept records that do not follow a kept table. */
static void add_kept_chains(const struct crx_plan *p, struct crx_layout *l)
{
	uint64_t len = 0;
	size_t i, from;

	for (i = 0; i < p->nkept_records;) {
		if (p->record[i].first_of_table) {
			chain(p, &i, p->nkept_records, &len);
			continue;
		}
		from = i;
		chain(p, &i, p->nkept_records, &len);
		add_chains(p, l, from, i);
	}
}

/* A run and the blocks directly after it, with the zeros that fill the last page. */
static uint64_t run_len(const struct crx_plan *p, const struct crx_run *r)
{
	const struct crx_file_fact *file = &p->facts->file[p->table[r->table].file];
	uint64_t len = 0;
	uint32_t i;

	for (i = r->first_blk; i < r->first_blk + r->nblks + r->nafter; i++)
		if (p->block[file->first_blk + i].kind != CRX_KIND_HOLE)
			len += crx_scan_block_len(p->facts, file, i);
	return len + crx_format_tail_zeros(len, p->facts->page_size);
}

int crx_layout_pieces(const struct crx_layout_input *in, struct crx_layout *l, struct crx_err *err)
{
	const struct crx_plan *p = in->p;
	/* twice: free space between all of them */
	size_t n = 2 * (in->t->nnodes + p->ntables + p->nrecords + p->nruns) + 2, i;

	l->piece = crx_alloc(n, sizeof(*l->piece));
	if (!l->piece)
		return crx_err_nomem(err, "laying out the image");
	add_dirs(in->t, l);
	for (i = 0; i < p->ntables; i++)
		add_table(p, l, i);
	add_kept_chains(p, l);
	for (i = 0; i < p->nruns; i++)
		add(l, CRX_PIECE_RUN, i, 0, run_len(p, &p->run[i]));
	return 0;
}

uint32_t crx_layout_align(const struct crx_layout_input *in, const struct crx_piece *p)
{
	return p->kind == CRX_PIECE_RUN ? in->p->facts->page_size : 4;
}
