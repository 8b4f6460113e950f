/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diff: compares both trees, one pair of directories at a time.
 */
#include "config.h"

#include "diff.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "erase.h"
#include "read/order.h"

enum { BYTES_LEAST = 64 << 20, BYTES_EACH = 16 };

struct pair {
	const struct crx_entry *a, *b;
};

struct queue {
	struct pair *pair;
	size_t n, cap;
};

/* a or b is NULL if the path is in one image only. */
static int report_change(struct diff *f, const struct crx_entry *a, const struct crx_entry *b,
			 struct crx_err *err)
{
	struct change c = { .a = a, .b = b };
	int ret = 0;

	if (a && b)
		ret = diff_entry(f, a, b, &c, err);
	if (!ret && !change_is_empty(&c)) {
		f->d->differ = true;
		f->nadded += !a;
		f->nremoved += !b;
		diff_put_change(f, &c);
	}
	change_free(&c);
	return ret;
}

static int push(struct queue *q, const struct crx_entry *a, const struct crx_entry *b,
		struct crx_err *err)
{
	if (!crx_grow(&q->pair, &q->cap, q->n + 1, sizeof(*q->pair)))
		return crx_err_nomem(err, "comparing directories");
	q->pair[q->n++] = (struct pair){ a, b };
	return 0;
}

/* a and b: the children of p.a and p.b, sorted by name. */
static int compare_children(struct diff *f, struct queue *q, struct pair p,
			    const struct crx_entry **a, const struct crx_entry **b,
			    struct crx_err *err)
{
	size_t i = 0, k = 0, na = p.a->nchildren, nb = p.b->nchildren;
	int c, ret = 0;

	while ((i < na || k < nb) && !ret) {
		c = i == na ? 1 : k == nb ? -1 : crx_entry_compare_names(a[i], b[k]);
		ret = report_change(f, c <= 0 ? a[i] : NULL, c >= 0 ? b[k] : NULL, err);
		if (!ret && !c && S_ISDIR(a[i]->de.inode.mode) && S_ISDIR(b[k]->de.inode.mode))
			ret = push(q, a[i], b[k], err);
		i += c <= 0;
		k += c >= 0;
	}
	return ret;
}

static int compare_dirs(struct diff *f, struct queue *q, struct pair p, struct crx_err *err)
{
	const struct crx_entry **a, **b = NULL;
	int ret = crx_entry_sort(&f->d->view[0].list, p.a, &a, err);

	if (!ret)
		ret = crx_entry_sort(&f->d->view[1].list, p.b, &b, err);
	if (!ret)
		ret = compare_children(f, q, p, a, b, err);
	free(a);
	free(b);
	return ret;
}

static int compare_trees(struct diff *f, struct crx_err *err)
{
	const struct crx_entry *a = &f->d->view[0].list.entry[0], *b = &f->d->view[1].list.entry[0];
	struct queue q = { 0 };
	size_t i;
	int ret = report_change(f, a, b, err);

	if (!ret)
		ret = push(&q, a, b, err);
	for (i = 0; i < q.n && !ret; i++)
		ret = compare_dirs(f, &q, q.pair[i], err);
	free(q.pair);
	return ret;
}

/* What has changed in flash and RAM, after all else. With conditions, they alone decide about the
 * exit status. */
static int compare_costs(struct diff *f, struct crx_err *err)
{
	struct dump *d = f->d;
	struct crx_gate_pair pair = {
		&f->gate[0],
		&f->gate[1],
		&d->o->fail_if,
		d->view[1].path,
	};
	int i, ret = 0;

	for (i = 0; i < 2 && !ret; i++) {
		ret = crx_gate_image(&d->view[i].img, &d->view[i].list, &f->gate[i], err);
		if (!ret && f->gate[i].incomplete)
			dump_incomplete(d, d->view[i].path,
					"is damaged: not all pages in place can be counted");
	}
	if (ret)
		return ret;
	diff_put_end(f, &pair);
	if (pair.conditions->n)
		d->differ = crx_gate_report(&pair, d->log) > 0;
	return 0;
}

int command_diff(struct dump *d, struct crx_err *err)
{
	struct diff f = { .d = d, .json = { .out = d->out }, .blocks = BLOCKS_BUDGET / 2 };
	int ret;

	if (d->o->erase_len)
		return erase_diff(d, err);
	f.bytes = BYTES_LEAST + BYTES_EACH * (d->view[0].img.len + d->view[1].img.len);
	f.page[0] = crx_alloc(d->view[0].img.page_size, 1);
	f.page[1] = crx_alloc(d->view[1].img.page_size, 1);
	if (!f.page[0] || !f.page[1]) {
		ret = crx_err_nomem(err, "comparing");
	} else {
		d->differ = diff_put_begin(&f);
		ret = compare_trees(&f, err);
	}
	if (!ret)
		ret = compare_costs(&f, err);
	if (!ret && f.truncated)
		dump_incomplete(d, NULL,
				"more blocks than an image of this size can hold: not all were "
				"compared");
	crx_gate_free(&f.gate[0]);
	crx_gate_free(&f.gate[1]);
	free(f.page[0]);
	free(f.page[1]);
	return ret;
}
