/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The data of the report. It depends on the image only, not on time or place.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "blocks.h"
#include "erase.h"
#include "extents.h"
#include "inode.h"
#include "packages.h"
#include "report.h"

enum { REPORT_VERSION = 1 };

struct report {
	struct dump *d;
	struct crx_cli_json json;
	struct crx_err *err;
	/* For each entry of the listing: its index in the report, and the entry that comes first in
	 * the report of those with the same table (the entry itself, if it has no table). */
	uint32_t *number, *first;
	struct packages packages;
	uint64_t budget;  /* blocks that may still be counted */
	uint64_t extents; /* blocks that may still be located */
	bool truncated;
};

struct table_user {
	uint32_t off, size; /* of the table */
	uint32_t number, index;
};

static int by_table(const void *a, const void *b)
{
	const struct table_user *x = a, *y = b;
	int c = crx_compare(x->off, y->off);

	if (!c)
		c = crx_compare(x->size, y->size);
	return c ? c : crx_compare(x->number, y->number);
}

/* The report has the order of the list command. */
static int number_entries(struct report *r)
{
	const struct crx_listing *l = &r->d->view->list;
	struct table_user *all = crx_alloc(l->n, sizeof(*all));
	const struct crx_entry *e;
	uint32_t number = 0;
	size_t i, n = 0;

	r->number = crx_zalloc(l->n, sizeof(*r->number));
	r->first = crx_zalloc(l->n, sizeof(*r->first));
	if (!all || !r->number || !r->first) {
		free(all);
		return crx_err_nomem(r->err, "ordering the entries");
	}
	for (e = l->entry; e; e = entry_next(l, l->entry, e)) {
		r->number[e->index] = number;
		r->first[e->index] = e->index;
		if (has_blocks(e))
			all[n++] = (struct table_user){ e->de.inode.off, e->de.inode.size, number,
							e->index };
		number++;
	}
	qsort(all, n, sizeof(*all), by_table);
	for (i = 1; i < n; i++)
		if (all[i].off == all[i - 1].off && all[i].size == all[i - 1].size)
			r->first[all[i].index] = r->first[all[i - 1].index];
	free(all);
	return 0;
}

/* Does an entry before e have the same table? */
static bool shares_table(const struct report *r, const struct crx_entry *e)
{
	return r->first[e->index] != e->index;
}

struct extent {
	uint64_t off, len;
};

static void put_extent(struct report *r, struct extent *s)
{
	if (s->len) {
		crx_cli_json_uint(&r->json, NULL, s->off);
		crx_cli_json_uint(&r->json, NULL, s->len);
	}
}

static void add_extent(struct report *r, struct extent *s, uint64_t off, uint64_t len)
{
	if (!len)
		return;
	if (s->len && s->off + s->len == off) {
		s->len += len;
		return;
	}
	put_extent(r, s);
	*s = (struct extent){ off, len };
}

/* [offset, length, ...] of table and blocks, in the order of the file's blocks. */
static void put_extents(struct report *r, const struct crx_entry *e)
{
	const struct crx_image *img = &r->d->view->img;
	uint32_t n = block_count(img, e), i;
	struct extent s = { 0, 0 };
	struct block b;

	if (n > r->extents) {
		r->truncated = true;
		return;
	}
	r->extents -= n;
	crx_cli_json_open(&r->json, "extents", '[', true);
	add_extent(r, &s, e->de.inode.off, (uint64_t)n * CRX_BLKPTR_LEN);
	for (i = 0; i < n; i++) {
		block_find(img, e, i, &b);
		if (b.kind != BLOCK_HOLE && b.kind != BLOCK_BAD)
			add_extent(r, &s, b.off, b.len);
	}
	put_extent(r, &s);
	crx_cli_json_close(&r->json);
}

static void put_blocks(struct report *r, const struct crx_entry *e)
{
	struct tally t;

	tally_entry(&r->d->view->img, e, &r->budget, &t);
	if (!t.known) {
		r->truncated = true;
		return;
	}
	json_tally(&r->json, &t);
	if (shares_table(r, e))
		crx_cli_json_uint(&r->json, "same", r->number[r->first[e->index]]);
	else
		put_extents(r, e);
}

/* The indexes of the packages that have the entry. */
static void put_owners(struct report *r, const struct crx_entry *e)
{
	const struct packages_owner *owner;
	size_t n, i;

	if (!r->packages.given || !e->index)
		return;
	n = packages_of(&r->packages, e->index, &owner);
	if (owner->row == r->packages.none)
		return;
	crx_cli_json_open(&r->json, "packages", '[', true);
	for (i = 0; i < n; i++)
		crx_cli_json_uint(&r->json, NULL, owner[i].row);
	crx_cli_json_close(&r->json);
}

static int put_entry(struct report *r, const struct crx_entry *e)
{
	const struct crx_inode *inode = &e->de.inode;
	struct crx_cli_json *j = &r->json;
	char *target = NULL;
	int ret = 0;

	if (S_ISLNK(inode->mode))
		ret = link_target(r->d, r->d->view, e, &target, r->err);
	crx_cli_json_open(j, NULL, '{', true);
	json_inode(j, e);
	if (S_ISLNK(inode->mode))
		crx_cli_json_string(j, "target", target);
	if (has_blocks(e))
		put_blocks(r, e);
	put_owners(r, e);
	if (S_ISDIR(inode->mode) && e->entered && inode->size) {
		crx_cli_json_open(j, "extents", '[', true);
		crx_cli_json_uint(j, NULL, inode->off);
		crx_cli_json_uint(j, NULL, inode->size);
		crx_cli_json_close(j);
	}
	crx_cli_json_close(j);
	free(target);
	return ret;
}

static int put_entries(struct report *r)
{
	const struct crx_listing *l = &r->d->view->list;
	const struct crx_entry *e;
	int ret = 0;

	crx_cli_json_open(&r->json, "entries", '[', false);
	for (e = l->entry; e && !ret && !ferror(r->json.out); e = entry_next(l, l->entry, e))
		ret = put_entry(r, e);
	crx_cli_json_close(&r->json);
	return ret;
}

static void put_image(struct report *r)
{
	const struct crx_image *img = &r->d->view->img;
	const struct crx_super *s = &img->super;
	struct crx_cli_json *j = &r->json;
	const char *path = r->d->view->path, *slash = strrchr(path, '/');
	char name[CRX_NAME_LEN + 1] = "";

	memcpy(name, s->name, CRX_NAME_LEN);
	crx_cli_json_string(j, "file", slash ? slash + 1 : path);
	crx_cli_json_string(j, "name", name);
	crx_cli_json_uint(j, "size", s->size);
	crx_cli_json_uint(j, "file_size", img->len);
	crx_cli_json_uint(j, "page_size", img->page_size);
	crx_cli_json_string(j, "endian", img->order == CRX_ORDER_BIG ? "big" : "little");
	crx_cli_json_uint(j, "flags", s->flags);
	crx_cli_json_bool(j, "extended", s->flags & CRX_FLAG_EXT_BLOCK_POINTERS);
	crx_cli_json_uint(j, "crc", s->crc);
	crx_cli_json_uint(j, "edition", s->edition);
}

/* The pieces cover the file, so [use, length, ...] is enough. */
static int put_layout(struct report *r)
{
	struct crx_cli_json *j = &r->json;
	struct pieces p;
	size_t i;
	int ret = pieces_find(r->d->view, &p, r->err);

	if (ret)
		return ret;
	r->truncated = r->truncated || p.truncated;
	crx_cli_json_open(j, "bytes", '{', true);
	for (i = 0; i < USES; i++)
		crx_cli_json_uint(j, use_key((enum use)i), p.bytes[i]);
	crx_cli_json_close(j);
	crx_cli_json_uint(j, "shared", p.shared);
	crx_cli_json_open(j, "pieces", '[', true);
	for (i = 0; i < p.n; i++) {
		crx_cli_json_uint(j, NULL, p.piece[i].use);
		crx_cli_json_uint(j, NULL, p.piece[i].len);
	}
	crx_cli_json_close(j);
	pieces_free(&p);
	return 0;
}

/* With --old: [offset, length, ...] of the erase blocks that differ. */
static int put_changes(struct report *r)
{
	const struct options *o = r->d->o;
	struct crx_cli_json *j = &r->json;
	struct view old = { 0 };
	struct erase_changes c = { 0 };
	bool damaged = false;
	size_t i;
	int ret;

	if (!o->old)
		return 0;
	ret = view_open(&old, o->old, o, r->d->log, &damaged, r->err);
	if (!ret)
		ret = erase_compare(&old.img, &r->d->view->img, o->erase_len, &c, r->err);
	if (!ret) {
		crx_cli_json_uint(j, "erase_size", c.erase_len);
		crx_cli_json_uint(j, "erase_blocks", c.blocks);
		crx_cli_json_uint(j, "changed_blocks", c.changed);
		crx_cli_json_open(j, "changed", '[', true);
		for (i = 0; i < c.n; i++) {
			crx_cli_json_uint(j, NULL, c.range[i].off);
			crx_cli_json_uint(j, NULL, c.range[i].len);
		}
		crx_cli_json_close(j);
	}
	erase_free(&c);
	view_close(&old);
	return ret;
}

static int put_packages(struct report *r)
{
	int ret = packages_find(r->d, &r->packages, r->err);

	if (ret || !r->packages.given)
		return ret;
	r->truncated = r->truncated || r->packages.truncated;
	crx_cli_json_open(&r->json, "packages", '{', false);
	packages_put_json(&r->packages, &r->d->view->img, &r->json);
	crx_cli_json_close(&r->json);
	return 0;
}

int report_put_data(struct dump *d, FILE *out, struct crx_err *err)
{
	struct report r = {
		.d = d, .json = { .out = out, .in_html = true }, .err = err, .budget = BLOCKS_BUDGET
	};
	int ret;

	r.extents = (BLOCKS_BUDGET >> 3) + d->view->img.len / 64;
	ret = number_entries(&r);
	crx_cli_json_open(&r.json, NULL, '{', false);
	crx_cli_json_uint(&r.json, "version", REPORT_VERSION);
	crx_cli_json_string(&r.json, "generator", PROGRAM " " PACKAGE_VERSION);
	put_image(&r);
	if (!ret)
		ret = put_layout(&r);
	if (!ret)
		ret = put_changes(&r);
	if (!ret)
		ret = report_put_maps(d, &r.json, r.number, &r.truncated, err);
	if (!ret)
		ret = put_packages(&r);
	if (!ret)
		ret = put_entries(&r);
	packages_free(&r.packages);
	if (r.truncated)
		dump_incomplete(d, NULL,
				"more tables or blocks than an image of this size can hold: not "
				"all are in the report");
	crx_cli_json_bool(&r.json, "incomplete", d->incomplete);
	crx_cli_json_close(&r.json);
	free(r.number);
	free(r.first);
	return ret;
}
