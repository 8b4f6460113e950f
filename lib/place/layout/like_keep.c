/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "place/layout/like_steps.h"

/* Where the old image has the piece, and whether that is where it may stay. */
static struct crx_like_item old_place(const struct crx_like *k, const struct crx_piece *p)
{
	const struct crx_plan *plan = k->in->p;
	struct crx_like_item out = { 0 };

	switch (p->kind) {
	case CRX_PIECE_DIR:
		out.old_off = k->in->o->old->node[p->index].dir_off;
		break;
	case CRX_PIECE_TABLE:
		out.old_off = plan->table[p->index].old_off;
		out.kept = plan->table[p->index].kept;
		break;
	case CRX_PIECE_RECORDS:
		out.old_off = plan->record[p->index].old_off;
		out.kept = p->index < plan->nkept_records;
		break;
	default:
		out.old_off = plan->run[p->index].old_off;
		out.kept = plan->table[plan->run[p->index].table].kept;
	}
	if (out.old_off < k->begin)
		out = (struct crx_like_item){ 0 };
	return out;
}

static int by_off(const void *a, const void *b)
{
	const struct crx_like_kept *x = a, *y = b;
	int c = crx_compare(x->off, y->off);

	return c ? c : crx_compare(x->index, y->index);
}

/* Where pages are larger than those of the old image, the end of a run may overlap what follows. */
static void sort_kept(struct crx_like *k)
{
	size_t i, n;
	uint64_t off, end = 0;

	k->norder = 0;
	for (i = 0; i < k->n; i++) {
		off = k->item[i].old_off;
		if (k->item[i].kept)
			k->order[k->norder++] =
				(struct crx_like_kept){ off, off + k->piece[i].len, (uint32_t)i };
	}
	if (k->norder)
		qsort(k->order, k->norder, sizeof(*k->order), by_off);
	for (i = n = 0; i < k->norder; i++) {
		if (k->order[i].off < end) {
			crx_like_evict(k, k->order[i].index);
			continue;
		}
		end = k->order[i].end;
		k->order[n++] = k->order[i];
	}
	k->norder = n;
}

size_t crx_like_first_after(const struct crx_like *k, uint64_t off)
{
	size_t lo = 0, hi = k->norder, middle;

	while (lo < hi) {
		middle = lo + (hi - lo) / 2;
		if (k->order[middle].end <= off)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo;
}

uint64_t crx_like_overlapping(struct crx_like *k, uint64_t off, uint64_t end, bool evict)
{
	uint64_t len = 0;
	size_t i;

	for (i = crx_like_first_after(k, off); i < k->norder && k->order[i].off < end; i++) {
		if (!k->item[k->order[i].index].kept)
			continue;
		len += k->piece[k->order[i].index].len;
		if (evict)
			crx_like_evict(k, k->order[i].index);
	}
	return len;
}

/*
 * A run that has grown, or that has other pages at its end, stays where its pages are if what is
 * there can be moved more cheaply than these.
 */
static void make_room(struct crx_like *k, bool limited)
{
	const struct crx_plan *p = k->in->p;
	uint64_t off, end, same;
	size_t i;

	for (i = 0; i < k->n; i++) {
		off = k->item[i].old_off;
		end = off + k->piece[i].len;
		if (k->piece[i].kind != CRX_PIECE_RUN || k->item[i].kept || !off)
			continue;
		if (limited && end > k->in->o->max_size) {
			k->item[i].old_off = 0;
			continue;
		}
		same = (uint64_t)p->run[k->piece[i].index].old_pg * p->facts->page_size;
		if (crx_like_overlapping(k, off, end, false) <= same)
			crx_like_overlapping(k, off, end, true);
		else
			k->item[i].old_off = 0;
	}
}

/* An erase block that can be emptied. */
struct victim {
	uint64_t block, free, moved; /* bytes: free in it, and of all that is in it */
};

static int by_price(const void *a, const void *b)
{
	const struct victim *x = a, *y = b;
	int c = crx_compare(y->free * x->moved, x->free * y->moved);

	return c ? c : crx_compare(y->block, x->block);
}

static size_t list_victims(const struct crx_like *k, struct victim *v)
{
	uint64_t len = k->in->o->erase_len, b, begin, end, used;
	uint64_t last = k->norder ? k->order[k->norder - 1].end : 0;
	size_t n = 0, i;

	for (b = 0; b * len < last; b++) {
		v[n] = (struct victim){ .block = b };
		used = 0;
		for (i = crx_like_first_after(k, b * len);
		     i < k->norder && k->order[i].off < (b + 1) * len; i++) {
			if (!k->item[k->order[i].index].kept)
				continue;
			begin = k->order[i].off > b * len ? k->order[i].off : b * len;
			end = k->order[i].end < (b + 1) * len ? k->order[i].end : (b + 1) * len;
			used += end - begin;
			v[n].moved += k->order[i].end - k->order[i].off;
		}
		v[n].free = len - used;
		n += v[n].free && v[n].moved;
	}
	return n;
}

static int empty_blocks(struct crx_like *k, uint64_t most, struct crx_err *err)
{
	uint64_t len = k->in->o->erase_len, last = k->norder ? k->order[k->norder - 1].end : 0;
	struct victim *v = crx_alloc(last / len + 1, sizeof(*v));
	size_t i, n;

	if (!v)
		return crx_err_nomem(err, "laying out the image");
	n = list_victims(k, v);
	if (n)
		qsort(v, n, sizeof(*v), by_price);
	for (i = 0; i < n && i < most; i++)
		crx_like_overlapping(k, v[i].block * len, (v[i].block + 1) * len, true);
	free(v);
	return 0;
}

int crx_like_keep(struct crx_like *k, bool limited, uint64_t most, bool *any, struct crx_err *err)
{
	uint64_t root = k->ndirs ? k->piece[0].len : 0, end;
	size_t i;
	int ret = 0;

	for (i = 0; i < k->n; i++)
		k->item[i] = old_place(k, &k->piece[i]);
	sort_kept(k);
	*any = false;
	end = k->norder ? k->order[k->norder - 1].end : 0;
	if (most / 2 > end / k->in->o->erase_len + 1)
		return 0;
	crx_like_overlapping(k, k->begin, k->begin + root, true);
	if (limited)
		crx_like_overlapping(k, k->in->o->max_size, CRX_SPACE_END, true);
	if (most)
		ret = empty_blocks(k, most, err);
	make_room(k, limited);
	for (i = 0; i < k->n; i++)
		*any |= k->item[i].kept ||
			(k->piece[i].kind == CRX_PIECE_RUN && k->item[i].old_off);
	return ret;
}
