/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a kernel would look for each block of a scene, against where its bytes
 * were placed. Follows cramfs_read_folio() of Linux, and shares nothing with
 * lib/place/layout/pointers.c.
 */
#ifndef CRX_TESTS_PLAN_ORACLE_H
#define CRX_TESTS_PLAN_ORACLE_H

#include "plan_scene.h"

/* A piece of the image that holds the bytes of one block, or of none. */
struct piece {
	uint64_t start, end; /* of the block's own bytes */
	uint64_t header;     /* start, or where its 16-bit length is */
	uint32_t blk;        /* whose bytes, or CRX_NO_BLOCK */
	bool raw;            /* as they are; otherwise a zlib stream */
	uint32_t zeros;      /* that may follow */
};

struct oracle {
	struct piece *piece;
	size_t n;
};

static inline void oracle_add(struct oracle *o, struct piece p)
{
	if (p.end > p.start)
		o->piece[o->n++] = p;
}

static inline int oracle_by_start(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return x->header < y->header ? -1 : x->header > y->header;
}

/* What is where: every record and every run, as write serialises them. */
static inline void oracle_lay(struct oracle *o, const struct scene *s)
{
	const struct crx_plan *p = &s->plan;
	const struct crx_layout *l = &s->layout;
	const struct crx_file_fact *file;
	uint64_t at, len;
	size_t i;
	uint32_t b, end;

	o->n = 0;
	o->piece = calloc(p->nrecords + p->ntables + s->facts.nblks + s->tree.nnodes + 1,
			  sizeof(*o->piece));
	assert_non_null(o->piece);
	oracle_add(o, (struct piece){ 0, l->bytes.head, 0, CRX_NO_BLOCK, false, 0 });
	for (i = 0; i < s->tree.nnodes; i++) {
		at = l->dir_off[i];
		if (at && s->tree.node[i]->nchildren)
			oracle_add(o, (struct piece){ at, at + crx_tree_dir_len(s->tree.node[i]),
						      at, CRX_NO_BLOCK, false, 0 });
	}
	for (i = 0; i < p->ntables; i++) {
		at = l->table_off[i];
		oracle_add(o, (struct piece){
				      at, at + 4 * (uint64_t)s->facts.file[p->table[i].file].nblks,
				      at, CRX_NO_BLOCK, false, 0 });
	}
	for (i = 0; i < p->nrecords; i++) {
		const struct crx_record *r = &p->record[i];

		at = l->record_off[i] + (r->direct ? 2 : 0);
		oracle_add(o, (struct piece){ at, at + r->len, l->record_off[i], r->blk,
					      r->kind == CRX_KIND_STORED, 0 });
	}
	for (i = 0; i < p->nruns; i++) {
		const struct crx_run *r = &p->run[i];

		file = &s->facts.file[p->table[r->table].file];
		at = l->run_off[i];
		end = file->first_blk + r->first_blk + r->nblks + r->nafter;
		for (b = file->first_blk + r->first_blk; b < end; b++) {
			if (p->block[b].kind == CRX_KIND_HOLE)
				continue;
			len = crx_scan_block_len(&s->facts, file, b - file->first_blk);
			oracle_add(o, (struct piece){ at, at + len, at, b, true, 0 });
			at += len;
		}
		/* the rest of the last page is the run's */
		if (o->n && at % s->page)
			o->piece[o->n - 1].zeros = s->page - (uint32_t)(at % s->page);
	}
	qsort(o->piece, o->n, sizeof(*o->piece), oracle_by_start);
}

static inline const struct piece *oracle_at(const struct oracle *o, uint64_t off)
{
	size_t lo = 0, hi = o->n, mid;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (o->piece[mid].header < off)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < o->n && o->piece[lo].header == off ? &o->piece[lo] : NULL;
}

/* The 16-bit length that the kernel reads at off. */
static inline uint32_t oracle_length(const struct oracle *o, uint64_t off)
{
	const struct piece *p = oracle_at(o, off);

	if (!p || p->start != off + 2)
		fail_msg("a direct pointer to %llu, where there is no length",
			 (unsigned long long)off);
	assert_true(p->end - p->start <= 65535);
	return (uint32_t)(p->end - p->start);
}

/* The end of what the pointer before names. */
static inline uint64_t oracle_end(const struct oracle *o, const struct scene *s, uint32_t word)
{
	uint64_t at = (uint64_t)(word & 0x3fffffff);

	if (!(word & 0x40000000))
		return at;
	at *= 4;
	return word & 0x80000000 ? at + s->page : at + 2 + oracle_length(o, at);
}

/* Block i of table t is found where its bytes lie. */
static inline void oracle_block(const struct oracle *o, const struct scene *s, size_t t,
				const uint32_t *word, uint32_t i)
{
	const struct crx_file_fact *file = &s->facts.file[s->plan.table[t].file];
	uint32_t b = file->first_blk + i, own = crx_scan_block_len(&s->facts, file, i);
	bool raw = word[i] & 0x80000000, direct = word[i] & 0x40000000;
	uint64_t low = word[i] & 0x3fffffff, start, len;
	const struct piece *p;

	if (direct && raw) {
		start = low * 4;
		len = i + 1 == file->nblks ? file->node->size % s->page : s->page;
	} else if (direct) {
		start = low * 4 + 2;
		len = oracle_length(o, low * 4);
	} else {
		start = i ? oracle_end(o, s, word[i - 1])
			  : s->layout.table_off[t] + 4 * (uint64_t)file->nblks;
		assert_true(low >= start);
		len = low - start;
	}
	if (!len) {
		assert_true(s->facts.blk[b].zero && s->holes);
		return;
	}
	assert_true(len <= 2 * s->page && (!raw || len <= s->page));
	p = oracle_at(o, direct && !raw ? start - 2 : start);
	if (!p || p->start != start || p->end != start + len || p->blk == CRX_NO_BLOCK)
		fail_msg("file %u, block %u, word %#x: read from %llu, %llu bytes, where no block "
			 "lies",
			 s->plan.table[t].file, i, word[i], (unsigned long long)start,
			 (unsigned long long)len);
	assert_int_equal(p->raw, raw);
	assert_memory_equal(&s->facts.blk[p->blk].hash, &s->facts.blk[b].hash,
			    sizeof(struct crx_hash));
	assert_true(!raw || len == own);
}

/* Pieces do not overlap, only padding is between them, or space for updates, and the counts of
 * layout are right. */
static inline void oracle_spaces(const struct oracle *o, const struct scene *s)
{
	const struct crx_layout *l = &s->layout;
	bool free = s->lo.old || s->lo.reserve;
	uint64_t at = 0, gaps = 0, tails = 0;
	size_t i;

	for (i = 0; i < o->n; i++) {
		const struct piece *p = &o->piece[i];

		assert_true(p->header >= at);
		if (p->header == l->runs_off && s->plan.nruns)
			assert_true(free || p->header - at < s->page);
		else
			assert_true(free || p->header - at < 4);
		gaps += p->start - at;
		at = p->end + p->zeros;
		tails += p->zeros;
	}
	assert_true(l->image_size >= at && l->image_size % s->page == 0);
	gaps += l->image_size - at;
	assert_int_equal(tails, l->bytes.tails);
	assert_int_equal(gaps, l->bytes.padding + l->bytes.headers + l->bytes.free);
	assert_int_equal(l->bytes.head + l->bytes.dirs + l->bytes.tables + l->bytes.compressed +
				 l->bytes.stored + l->bytes.headers + l->bytes.in_place +
				 l->bytes.tails + l->bytes.padding + l->bytes.free,
			 l->image_size);
}

/* Runs: page-aligned, back to back, of one table each, what was wished for and nothing else. */
static inline void oracle_runs(const struct scene *s)
{
	const struct crx_plan *p = &s->plan;
	const struct crx_file_fact *file;
	size_t i, t;
	uint32_t k;
	bool wished, exact, zero;

	for (i = 0; i < p->nruns; i++) {
		assert_int_equal(s->layout.run_off[i] % s->page, 0);
		if (!i && !s->lo.old)
			assert_int_equal(s->layout.run_off[i], s->layout.runs_off);
		assert_true(p->run[i].nblks > 0);
	}
	for (t = 0; t < p->ntables; t++) {
		file = &s->facts.file[p->table[t].file];
		for (k = 0; k < file->nblks; k++) {
			wished = s->wish[p->table[t].file] && s->wish[p->table[t].file][k] == '#';
			exact = k + 1 == file->nblks && file->node->size % s->page == 0;
			zero = s->facts.blk[file->first_blk + k].zero;
			assert_int_equal(p->block[file->first_blk + k].kind == CRX_KIND_RUN,
					 wished && !exact);
			/* what the old image stores stays, zeros as well */
			if (p->table[t].store && p->table[t].kept)
				continue;
			if (p->table[t].store)
				assert_int_equal(p->block[file->first_blk + k].kind,
						 zero && s->holes ? CRX_KIND_HOLE
								  : CRX_KIND_STORED);
			if (zero && s->holes && !(wished && !exact))
				assert_int_equal(p->block[file->first_blk + k].kind, CRX_KIND_HOLE);
		}
	}
}

/* The whole of a scene that has been laid out. */
static inline void oracle_check(const struct scene *s)
{
	const struct crx_file_fact *file;
	uint32_t *word, i;
	struct oracle o;
	size_t t;

	oracle_lay(&o, s);
	oracle_spaces(&o, s);
	oracle_runs(s);
	for (t = 0; t < s->plan.ntables; t++) {
		file = &s->facts.file[s->plan.table[t].file];
		word = calloc(file->nblks, sizeof(*word));
		assert_non_null(word);
		crx_layout_pointers(&s->plan, &s->layout, t, word);
		for (i = 0; i < file->nblks; i++) {
			oracle_block(&o, s, t, word, i);
			assert_true(s->ext || !(word[i] & 0xc0000000));
		}
		free(word);
	}
	free(o.piece);
}

/* Bytes of all but the rounding up of the whole. */
static inline uint64_t oracle_bytes(const struct scene *s)
{
	const struct crx_layout *l = &s->layout;

	return l->data_end + l->bytes.in_place + l->bytes.tails;
}

#endif
