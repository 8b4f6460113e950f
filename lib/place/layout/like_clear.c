/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include "place/layout/like_steps.h"

/* Where a piece could go, and what must be moved out of its way. */
struct window {
	struct crx_like *k;
	uint64_t len, align;
	uint64_t max; /* the last place where it may begin, so that it ends within the limit */
	uint64_t off, cost; /* in bytes: of what is moved, and of clean blocks in the window */
	bool found;
};

/* Bytes of kept pieces between off and end that may be moved; *moved: of all these pieces. */
static uint64_t movable(const struct window *w, uint64_t off, uint64_t end, uint64_t *moved)
{
	const struct crx_like *k = w->k;
	uint64_t n = 0, from, to;
	size_t i;

	*moved = 0;
	for (i = crx_like_first_after(k, off); i < k->norder && k->order[i].off < end; i++) {
		uint64_t len = k->piece[k->order[i].index].len;

		if (!k->item[k->order[i].index].kept)
			continue;
		/* a larger one would need such a place itself; a table must follow the directories
		 */
		if (len >= w->len || k->order[i].off == k->seam)
			return 0;
		from = k->order[i].off > off ? k->order[i].off : off;
		to = k->order[i].end < end ? k->order[i].end : end;
		n += to - from;
		*moved += len;
	}
	return n;
}

static void try_window(struct window *w, uint64_t off)
{
	const struct crx_space *s = &w->k->space;
	uint64_t end = off + w->len, moved, cost;

	if (off < w->k->seam || off > w->max)
		return;
	if (movable(w, off, end, &moved) + crx_space_count_free(s, off, w->len) != w->len)
		return;
	cost = moved + crx_space_count_clean(s, off, w->len) * s->erase_len;
	if (w->found && cost >= w->cost)
		return;
	w->off = off;
	w->cost = cost;
	w->found = true;
}

static void find_window(struct window *w)
{
	const struct crx_space *s = &w->k->space;
	uint64_t end;
	size_t i;

	for (i = 0; i < s->n; i++) {
		end = s->gap[i].end < w->k->limit ? s->gap[i].end : w->k->limit;
		try_window(w, crx_round_up(s->gap[i].off, w->align));
		if (end >= w->len)
			try_window(w, (end - w->len) / w->align * w->align);
	}
}

static int clear_window(const struct window *w, struct crx_err *err)
{
	struct crx_like *k = w->k;
	struct crx_like_item *item;
	size_t i;
	int ret = 0;

	for (i = crx_like_first_after(k, w->off);
	     i < k->norder && k->order[i].off < w->off + w->len && !ret; i++) {
		item = &k->item[k->order[i].index];
		if (!item->kept)
			continue;
		ret = crx_space_give(&k->space, k->order[i].off, k->piece[k->order[i].index].len,
				     err);
		crx_like_evict(k, k->order[i].index);
		item->placed = false;
	}
	return ret;
}

int crx_like_clear(struct crx_like *k, size_t i, uint64_t max, uint64_t *off, bool *found,
		   struct crx_err *err)
{
	struct window w = { .k = k,
			    .len = k->piece[i].len,
			    .align = crx_layout_align(k->in, &k->piece[i]),
			    .max = max };

	find_window(&w);
	*off = w.off;
	*found = w.found;
	return w.found ? clear_window(&w, err) : 0;
}
