/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <string.h>

#include "gate/gate.h"

int64_t crx_gate_value(const struct crx_gate_image *g, enum crx_gate_measure m)
{
	if (m == CRX_GATE_SIZE)
		return g->size;
	if (m == CRX_GATE_PAGES)
		return g->pages;
	if (g->page_size && g->pages > CRX_GATE_MAX / g->page_size)
		return CRX_GATE_MAX;
	return g->pages * g->page_size;
}

/* One path of both images. */
struct walk {
	const struct crx_gate_pair *p;
	size_t i, k;
};

/* The next path. If only one image has it, the file of the other one is NULL. */
static bool next_file(struct walk *w, const struct crx_gate_file **old,
		      const struct crx_gate_file **now)
{
	const struct crx_gate_image *a = w->p->old, *b = w->p->now;
	int c;

	if (w->i == a->n && w->k == b->n)
		return false;
	c = w->i == a->n ? 1 : w->k == b->n ? -1 : strcmp(a->file[w->i].path, b->file[w->k].path);
	*old = c <= 0 ? &a->file[w->i++] : NULL;
	*now = c >= 0 ? &b->file[w->k++] : NULL;
	return true;
}

static bool next_change(struct walk *w, enum crx_gate_measure m, struct crx_gate_change *out)
{
	const struct crx_gate_file *old, *now;
	bool pages = m == CRX_GATE_FILE_PAGES;

	if (!next_file(w, &old, &now))
		return false;
	*out = (struct crx_gate_change){ .added = !old, .removed = !now };
	if (old) {
		out->path = old->path;
		out->old = pages ? old->pages : old->size;
	}
	if (now) {
		out->path = now->path;
		out->now = pages ? now->pages : now->size;
	}
	return true;
}

static bool holds(const struct crx_gate_condition *c, const struct crx_gate_change *v)
{
	int64_t value = v->now, limit = c->limit;

	if (c->kind == CRX_GATE_VALUE && v->removed)
		return false;
	if (c->kind == CRX_GATE_PERCENT && (v->added || v->removed))
		return false;
	if (c->kind != CRX_GATE_VALUE)
		value -= v->old;
	if (c->kind == CRX_GATE_PERCENT) {
		value *= 10000;
		limit *= v->old;
	}
	return c->above ? value > limit : value < limit;
}

size_t crx_gate_check(const struct crx_gate_pair *p, const struct crx_gate_condition *c,
		      crx_gate_fn *fn, void *ctx)
{
	struct walk w = { .p = p };
	struct crx_gate_change v = { .path = NULL };
	size_t n = 0;

	if (c->measure != CRX_GATE_FILE && c->measure != CRX_GATE_FILE_PAGES) {
		v.old = crx_gate_value(p->old, c->measure);
		v.now = crx_gate_value(p->now, c->measure);
		if (!holds(c, &v))
			return 0;
		if (fn)
			fn(ctx, &v);
		return 1;
	}
	while (next_change(&w, c->measure, &v)) {
		if (!holds(c, &v))
			continue;
		n++;
		if (fn)
			fn(ctx, &v);
	}
	return n;
}

static int64_t growth(const struct crx_gate_change *v)
{
	return v->now - v->old;
}

/* Of those that grew equally, the first paths stay. */
static void keep_grown(struct crx_gate_files *out, const struct crx_gate_change *v)
{
	size_t at = out->ngrown;

	while (at && growth(&out->grown[at - 1]) < growth(v))
		at--;
	if (at == CRX_GATE_GROWN_MAX)
		return;
	out->ngrown += out->ngrown < CRX_GATE_GROWN_MAX;
	memmove(&out->grown[at + 1], &out->grown[at], (out->ngrown - at - 1) * sizeof(*v));
	out->grown[at] = *v;
}

void crx_gate_compare_files(const struct crx_gate_pair *p, struct crx_gate_files *out)
{
	struct walk w = { .p = p };
	struct crx_gate_change v;

	*out = (struct crx_gate_files){ .added = 0 };
	while (next_change(&w, CRX_GATE_FILE, &v)) {
		out->added += v.added;
		out->removed += v.removed;
		out->larger += !v.added && v.now > v.old;
		out->smaller += !v.removed && v.now < v.old;
		if (v.now > v.old)
			keep_grown(out, &v);
	}
}
