/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "place/layout/space.h"

#include <stdlib.h>

int crx_space_init(struct crx_space *s, uint64_t off, uint64_t len, uint64_t erase_len,
		   struct crx_err *err)
{
	*s = (struct crx_space){ .erase_len = erase_len, .nblocks = len / erase_len + 1 };
	s->dirty = crx_zalloc(s->nblocks, 1);
	if (!s->dirty || !crx_grow(&s->gap, &s->cap, 1, sizeof(*s->gap)))
		return crx_err_nomem(err, "laying out the image");
	s->gap[s->n++] = (struct crx_space_gap){ off, CRX_SPACE_END };
	return 0;
}

void crx_space_free(struct crx_space *s)
{
	free(s->gap);
	free(s->dirty);
	*s = (struct crx_space){ 0 };
}

/* The last gap that begins at off or before; s->n if none does. */
static size_t find_gap(const struct crx_space *s, uint64_t off)
{
	size_t lo = 0, hi = s->n, middle;

	while (lo < hi) {
		middle = lo + (hi - lo) / 2;
		if (s->gap[middle].off <= off)
			lo = middle + 1;
		else
			hi = middle;
	}
	return lo ? lo - 1 : s->n;
}

bool crx_space_is_free(const struct crx_space *s, uint64_t off, uint64_t len)
{
	size_t i = find_gap(s, off);

	return i < s->n && off + len <= s->gap[i].end;
}

int crx_space_take(struct crx_space *s, uint64_t off, uint64_t len, struct crx_err *err)
{
	size_t i = find_gap(s, off);
	struct crx_space_gap before, after;

	if (i == s->n || off + len > s->gap[i].end)
		return crx_err_set(err, CRX_EINTERNAL, 0, NULL, "%llu bytes at %llu are not free",
				   (unsigned long long)len, (unsigned long long)off);
	before = (struct crx_space_gap){ s->gap[i].off, off };
	after = (struct crx_space_gap){ off + len, s->gap[i].end };
	if (before.off == before.end && after.off == after.end) {
		memmove(&s->gap[i], &s->gap[i + 1], (--s->n - i) * sizeof(*s->gap));
	} else if (before.off == before.end) {
		s->gap[i] = after;
	} else if (after.off == after.end) {
		s->gap[i] = before;
	} else {
		if (!crx_grow(&s->gap, &s->cap, s->n + 1, sizeof(*s->gap)))
			return crx_err_nomem(err, "laying out the image");
		memmove(&s->gap[i + 1], &s->gap[i], (s->n++ - i) * sizeof(*s->gap));
		s->gap[i] = before;
		s->gap[i + 1] = after;
	}
	return 0;
}

int crx_space_give(struct crx_space *s, uint64_t off, uint64_t len, struct crx_err *err)
{
	size_t i = find_gap(s, off), next = i < s->n ? i + 1 : 0;
	bool before = i < s->n && s->gap[i].end == off;
	bool after = s->gap[next].off == off + len; /* the last gap has no end */

	if (before && after) {
		s->gap[i].end = s->gap[next].end;
		memmove(&s->gap[next], &s->gap[next + 1], (--s->n - next) * sizeof(*s->gap));
	} else if (before) {
		s->gap[i].end = off + len;
	} else if (after) {
		s->gap[next].off = off;
	} else {
		if (!crx_grow(&s->gap, &s->cap, s->n + 1, sizeof(*s->gap)))
			return crx_err_nomem(err, "laying out the image");
		memmove(&s->gap[next + 1], &s->gap[next], (s->n++ - next) * sizeof(*s->gap));
		s->gap[next] = (struct crx_space_gap){ off, off + len };
	}
	return 0;
}

uint64_t crx_space_count_free(const struct crx_space *s, uint64_t off, uint64_t len)
{
	uint64_t end = off + len, from, to, n = 0;
	size_t i = find_gap(s, off);

	for (i = i < s->n ? i : 0; i < s->n && s->gap[i].off < end; i++) {
		from = s->gap[i].off > off ? s->gap[i].off : off;
		to = s->gap[i].end < end ? s->gap[i].end : end;
		n += to > from ? to - from : 0;
	}
	return n;
}

void crx_space_soil(struct crx_space *s, uint64_t off, uint64_t len)
{
	uint64_t i;

	for (i = off / s->erase_len; i <= (off + len - 1) / s->erase_len; i++)
		if (i < s->nblocks)
			s->dirty[i] = 1;
}

static bool is_dirty(const struct crx_space *s, uint64_t block)
{
	return block < s->nblocks && s->dirty[block];
}

uint64_t crx_space_count_clean(const struct crx_space *s, uint64_t off, uint64_t len)
{
	uint64_t i, n = 0;

	for (i = off / s->erase_len; i <= (off + len - 1) / s->erase_len; i++)
		n += !is_dirty(s, i);
	return n;
}

struct search {
	const struct crx_space *s;
	uint64_t len, align, best, cost, gap_len;
	bool found;
};

static void try_place(struct search *x, uint64_t off, uint64_t end, uint64_t gap_len)
{
	bool roomy = x->len < x->s->erase_len;
	uint64_t cost;

	if (off + x->len > end)
		return;
	cost = crx_space_count_clean(x->s, off, x->len);
	if (x->found && cost > x->cost)
		return;
	if (x->found && cost == x->cost && (roomy ? gap_len <= x->gap_len : gap_len >= x->gap_len))
		return;
	x->best = off;
	x->cost = cost;
	x->gap_len = gap_len;
	x->found = true;
}

static void try_gap(struct search *x, const struct crx_space_gap *gap, uint64_t min, uint64_t max)
{
	const struct crx_space *s = x->s;
	uint64_t begin = crx_round_up(gap->off > min ? gap->off : min, x->align), i, len;
	uint64_t end = gap->end, last;

	if (begin > max || begin >= end || end - begin < x->len)
		return;
	if (end - x->len > max)
		end = max + x->len;
	/* the space at the end has no length, so that what is inside comes first */
	len = gap->end == CRX_SPACE_END ? 0 : gap->end - gap->off;
	if (gap->end == CRX_SPACE_END && x->len >= s->erase_len)
		len = CRX_SPACE_END;
	try_place(x, begin, end, len);
	if (gap->end == CRX_SPACE_END)
		return;
	last = (end - x->len) / x->align * x->align;
	try_place(x, last, end, len);
	/* where blocks that are written anyway begin */
	for (i = begin / s->erase_len + 1; i <= (end - 1) / s->erase_len && x->cost; i++)
		if (is_dirty(s, i) && !is_dirty(s, i - 1))
			try_place(x, crx_round_up(i * s->erase_len, x->align), end, len);
}

bool crx_space_find(const struct crx_space *s, uint64_t len, uint64_t align, uint64_t min,
		    uint64_t max, uint64_t *off)
{
	struct search x = { .s = s, .len = len, .align = align, .cost = UINT64_MAX };
	size_t i;

	for (i = 0; i < s->n; i++)
		try_gap(&x, &s->gap[i], min, max);
	*off = x.best;
	return x.found;
}
