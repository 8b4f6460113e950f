/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which row each byte of an image belongs to. The bytes that a row uses are those of its entries in
 * their directories, of its tables and of its blocks. Then, from the beginning of the file to its
 * end: bytes that one row uses are its own, bytes that several use are shared, and those that none
 * uses are the image's, except that a tail belongs to the run before it.
 */
#include "config.h"

#include <stdlib.h>

#include "base/mem.h"
#include "blocks.h"
#include "packages.h"

enum { EVENTS_MAX = 1 << 21, EVENTS_EACH = 8 /* one more for each 8 bytes of the image */ };

/* A sequence of bytes that a row uses begins or ends. */
struct event {
	uint64_t pos;
	uint32_t row;
	bool end;
};

struct count {
	struct packages *p;
	const struct view *v;
	struct event *event;
	size_t n, cap, max;
	struct packages_page *page;
	size_t npages, pages_cap;
	uint64_t blocks; /* that may still be examined */
	struct crx_err *err;
};

static int nomem(const struct count *c)
{
	return crx_err_nomem(c->err, "counting the bytes of packages");
}

static int use(struct count *c, uint32_t row, uint64_t off, uint64_t len)
{
	uint64_t size = c->v->img.len;

	if (off >= size || !len)
		return 0;
	if (len > size - off)
		len = size - off;
	if (c->n + 2 > c->max) {
		c->p->truncated = true;
		return 0;
	}
	if (!crx_grow(&c->event, &c->cap, c->n + 2, sizeof(*c->event)))
		return nomem(c);
	c->event[c->n++] = (struct event){ off, row, false };
	c->event[c->n++] = (struct event){ off + len, row, true };
	return 0;
}

static int use_page(struct count *c, uint32_t row, uint64_t off)
{
	if (!crx_grow(&c->page, &c->pages_cap, c->npages + 1, sizeof(*c->page)))
		return nomem(c);
	c->page[c->npages++] = (struct packages_page){ off, row };
	return 0;
}

/* The rows of all entries that have one table. */
struct owners {
	uint32_t *row;
	size_t n, cap;
};

static int add_owners(struct count *c, struct owners *o, const struct crx_entry *e)
{
	const struct packages_owner *first;
	size_t n = packages_of(c->p, e->index, &first), i;

	if (!crx_grow(&o->row, &o->cap, o->n + n, sizeof(*o->row)))
		return nomem(c);
	for (i = 0; i < n; i++)
		o->row[o->n++] = first[i].row;
	return 0;
}

static int by_row(const void *a, const void *b)
{
	return crx_compare(*(const uint32_t *)a, *(const uint32_t *)b);
}

static void sort_owners(struct owners *o)
{
	size_t i, n = 0;

	if (o->n)
		qsort(o->row, o->n, sizeof(*o->row), by_row);
	for (i = 0; i < o->n; i++)
		if (!n || o->row[n - 1] != o->row[i])
			o->row[n++] = o->row[i];
	o->n = n;
}

static int use_table(struct count *c, const struct crx_entry *e, const struct owners *o)
{
	const struct crx_image *img = &c->v->img;
	uint32_t n = block_count(img, e), i;
	uint64_t in_place = 0;
	struct block b;
	size_t k;
	int ret = 0;

	for (k = 0; k < o->n && !ret; k++)
		ret = use(c, o->row[k], e->de.inode.off, (uint64_t)n * CRX_BLKPTR_LEN);
	for (i = 0; i < n && !ret; i++) {
		if (!c->blocks || c->p->truncated) {
			c->p->truncated = true;
			break;
		}
		c->blocks--;
		block_find(img, e, i, &b);
		in_place += b.kind == BLOCK_IN_PLACE;
		for (k = 0; k < o->n && !ret && b.kind != BLOCK_HOLE && b.kind != BLOCK_BAD; k++) {
			ret = use(c, o->row[k], b.off, b.len);
			if (!ret && b.kind == BLOCK_IN_PLACE)
				ret = use_page(c, o->row[k], b.off);
		}
	}
	if (o->n)
		c->p->row[o->n == 1 ? o->row[0] : c->p->shared].pages += in_place;
	return ret;
}

static int by_table(const void *a, const void *b)
{
	const struct crx_entry *x = *(const struct crx_entry *const *)a;
	const struct crx_entry *y = *(const struct crx_entry *const *)b;
	int c = crx_compare(x->de.inode.off, y->de.inode.off);

	return c ? c : crx_compare(x->de.inode.size, y->de.inode.size);
}

static int use_tables(struct count *c)
{
	const struct crx_listing *l = &c->v->list;
	const struct crx_entry **e = crx_alloc(l->n, sizeof(*e));
	struct owners o = { 0 };
	size_t i, n = 0;
	int ret = 0;

	if (!e)
		return nomem(c);
	for (i = 0; i < l->n; i++)
		if (has_blocks(&l->entry[i]))
			e[n++] = &l->entry[i];
	if (n)
		qsort(e, n, sizeof(*e), by_table);
	for (i = 0; i < n && !ret; i++) {
		ret = add_owners(c, &o, e[i]);
		if (ret || (i + 1 < n && !by_table(&e[i], &e[i + 1])))
			continue;
		sort_owners(&o);
		ret = use_table(c, e[i], &o);
		o.n = 0;
	}
	free(o.row);
	free(e);
	return ret;
}

/* The entries themselves: an inode and a name, in a multiple of 4 bytes. */
static int use_entries(struct count *c)
{
	const struct packages *p = c->p;
	size_t i;
	int ret = 0;

	for (i = 0; i < p->nowners && !ret; i++) {
		const struct crx_entry *e = &c->v->list.entry[p->owner[i].entry];

		ret = use(c, p->owner[i].row, e->de.off,
			  CRX_INODE_LEN + crx_round_up(e->de.name_len, 4));
	}
	return ret;
}

static int by_pos(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	int c = crx_compare(x->pos, y->pos);

	if (!c)
		c = crx_compare(x->row, y->row);
	return c ? c : crx_compare(x->end, y->end);
}

/* The rows that use the byte at a position. */
struct sweep {
	struct {
		uint32_t n;     /* events of this row that have begun and not ended */
		uint64_t began; /* where n was 0 last */
		uint64_t used;  /* bytes until then */
	} * row;
	size_t nrows; /* with n > 0 */
	uint32_t sum; /* their indexes, combined by XOR: if nrows is 1, the index */
};

static void apply(struct sweep *s, const struct event *e)
{
	bool was = s->row[e->row].n > 0, is;

	s->row[e->row].n = e->end ? s->row[e->row].n - 1 : s->row[e->row].n + 1;
	is = s->row[e->row].n > 0;
	if (was == is)
		return;
	s->sum ^= e->row;
	if (is) {
		s->nrows++;
		s->row[e->row].began = e->pos;
	} else {
		s->nrows--;
		s->row[e->row].used += e->pos - s->row[e->row].began;
	}
}

/* Each byte has one use (extents.h), and one row. */
static void add_bytes(struct packages *p, const struct pieces *pieces, const struct count *c,
		      struct sweep *s)
{
	size_t i, k = 0;
	uint64_t at = 0, end, to;
	uint32_t row, last = p->image;

	for (i = 0; i < pieces->n; i++) {
		const struct piece *piece = &pieces->piece[i];

		for (end = piece->off + piece->len; at < end; at = to) {
			while (k < c->n && c->event[k].pos <= at)
				apply(s, &c->event[k++]);
			to = k < c->n && c->event[k].pos < end ? c->event[k].pos : end;
			row = s->nrows == 1 ? s->sum : s->nrows ? p->shared : p->image;
			if (!s->nrows && piece->use == USE_TAILS)
				row = last;
			p->row[row].bytes[piece->use] += to - at;
			if (s->nrows == 1)
				p->row[row].shared -= to - at; /* for now: see below */
			if (piece->use == USE_IN_PLACE)
				last = row;
		}
	}
	while (k < c->n)
		apply(s, &c->event[k++]);
	/* what it uses, without what is its own */
	for (i = 0; i < p->none + (size_t)1; i++)
		p->row[i].shared += s->row[i].used;
}

static int count_bytes(struct count *c)
{
	struct packages *p = c->p;
	struct sweep s = { .row = crx_zalloc(p->nrows, sizeof(*s.row)) };
	struct pieces pieces;
	size_t i, k;
	int ret;

	if (!s.row)
		return nomem(c);
	ret = pieces_find(c->v, &pieces, c->err);
	if (!ret) {
		p->truncated = p->truncated || pieces.truncated;
		if (c->n)
			qsort(c->event, c->n, sizeof(*c->event), by_pos);
		add_bytes(p, &pieces, c, &s);
		pieces_free(&pieces);
	}
	for (i = 0; i < p->nrows; i++)
		for (k = 0; k < USES; k++)
			p->row[i].total += p->row[i].bytes[k];
	free(s.row);
	return ret;
}

int packages_count(struct packages *p, const struct view *v, struct crx_err *err)
{
	struct count c = { .p = p, .v = v, .blocks = BLOCKS_BUDGET, .err = err };
	int ret;

	c.max = (size_t)(EVENTS_MAX + v->img.len / EVENTS_EACH);
	ret = use_entries(&c);
	if (!ret)
		ret = use_tables(&c);
	if (!ret)
		ret = count_bytes(&c);
	if (!ret)
		ret = packages_cost(p, &v->img, c.page, c.npages, err);
	free(c.event);
	free(c.page);
	return ret;
}
