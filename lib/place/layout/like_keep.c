/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "place/layout/like_steps.h"

/* Where the old image has the piece, unless it would end after the limit there; may it stay? */
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
	if (out.old_off < k->begin || out.old_off + p->len > k->limit)
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
static void make_room(struct crx_like *k)
{
	const struct crx_plan *p = k->in->p;
	uint64_t off, end, same;
	size_t i;

	for (i = 0; i < k->n; i++) {
		off = k->item[i].old_off;
		end = off + k->piece[i].len;
		if (k->piece[i].kind != CRX_PIECE_RUN || k->item[i].kept || !off)
			continue;
		same = (uint64_t)p->run[k->piece[i].index].old_pg * p->facts->page_size;
		if (crx_like_overlapping(k, off, end, false) <= same)
			crx_like_overlapping(k, off, end, true);
		else
			k->item[i].old_off = 0;
	}
}

bool crx_like_keep(struct crx_like *k)
{
	uint64_t root = k->ndirs ? k->piece[0].len : 0;
	bool any = false;
	size_t i;

	for (i = 0; i < k->n; i++)
		k->item[i] = old_place(k, &k->piece[i]);
	sort_kept(k);
	crx_like_overlapping(k, k->begin, k->begin + root, true);
	make_room(k);
	for (i = 0; i < k->n; i++)
		any |= k->item[i].kept || (k->piece[i].kind == CRX_PIECE_RUN && k->item[i].old_off);
	return any;
}
