/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "diff.h"
#include "inode.h"

bool change_is_empty(const struct change *c)
{
	return c->a && c->b && !c->type && !c->mode && !c->owner && !c->size && !c->device &&
	       !c->contents && !c->target_a && !c->target_b && !c->nkinds;
}

void change_free(struct change *c)
{
	free(c->target_a);
	free(c->target_b);
	free(c->kinds);
	*c = (struct change){ 0 };
}

/* A hostile image could make us read without end. */
static bool spend(struct diff *f, uint64_t *left, uint64_t n)
{
	if (n > *left) {
		f->truncated = true;
		return false;
	}
	*left -= n;
	return true;
}

/* Blocks whose stored bytes are equal need not be inflated. */
static bool is_same_stored(const struct crx_image *x, const struct crx_image *y,
			   const struct block *a, const struct block *b)
{
	if (a->kind == BLOCK_HOLE || b->kind == BLOCK_HOLE)
		return a->kind == b->kind;
	return a->kind == BLOCK_COMPRESSED && b->kind == BLOCK_COMPRESSED && a->k.len == b->k.len &&
	       !memcmp(x->data + a->k.start, y->data + b->k.start, (size_t)a->k.len);
}

static void report_unreadable(struct diff *f, const struct view *v, const struct crx_entry *e,
			      uint32_t i, enum crx_k_why why)
{
	char path[PATH_CAP], text[200];

	snprintf(text, sizeof(text), "block %lu cannot be read: %s (in %.80s)", (unsigned long)i,
		 crx_k_why_text(why), v->path);
	dump_incomplete(f->d, crx_entry_path(e, path, sizeof(path)), text);
}

static uint64_t first_difference(const uint8_t *a, const uint8_t *b, size_t len)
{
	size_t i;

	for (i = 0; i < len && a[i] == b[i]; i++)
		;
	return i;
}

/* Both images have the same page size. Sets c->contents and c->at. */
static void compare_pages(struct diff *f, struct change *c)
{
	const struct view *v = f->d->view;
	const struct crx_entry *e[2] = { c->a, c->b };
	uint64_t sa = crx_entry_size(c->a), sb = crx_entry_size(c->b), size = sa < sb ? sa : sb,
		 off, len;
	uint32_t page = v->img.page_size, i;
	struct block b[2];
	enum crx_k_why why;
	int k;

	if (!spend(f, &f->blocks, size / page + 1))
		return;
	for (off = 0, i = 0; off < size && !c->contents; off += page, i++) {
		len = size - off < page ? size - off : page;
		for (k = 0; k < 2; k++)
			block_find(&v[k].img, e[k], i, &b[k]);
		if (!spend(f, &f->bytes, b[0].len))
			return;
		if (is_same_stored(&v[0].img, &v[1].img, &b[0], &b[1]))
			continue;
		if (!spend(f, &f->bytes, page))
			return;
		for (k = 0; k < 2; k++) {
			why = crx_k_read_folio(&v[k].img, &e[k]->de.inode, i, f->d->z, f->page[k]);
			if (why) {
				report_unreadable(f, &v[k], e[k], i, why);
				return;
			}
		}
		c->contents = memcmp(f->page[0], f->page[1], (size_t)len) != 0;
		if (c->contents)
			c->at = off + first_difference(f->page[0], f->page[1], (size_t)len);
	}
	if (!c->contents && sa != sb) {
		c->contents = true;
		c->at = size;
	}
}

/* Compares whole files, for images of different page sizes. */
static int compare_whole(struct diff *f, struct change *c, struct crx_err *err)
{
	uint64_t sa = crx_entry_size(c->a), sb = crx_entry_size(c->b), size = sa < sb ? sa : sb;
	struct crx_err why = CRX_ERR_INIT;
	uint8_t *a = NULL, *b = NULL;
	int ret;

	if (!spend(f, &f->bytes, sa > sb ? sa : sb))
		return 0;
	ret = crx_entry_contents(&f->d->view[0].img, c->a, f->d->z, &a, &why);
	if (!ret)
		ret = crx_entry_contents(&f->d->view[1].img, c->b, f->d->z, &b, &why);
	if (!ret) {
		c->at = first_difference(a, b, (size_t)size);
		c->contents = c->at < size || sa != sb;
	} else if (ret == CRX_ENOMEM) {
		*err = why;
	} else {
		dump_incomplete(f->d, why.path, why.text);
		ret = 0;
	}
	free(a);
	free(b);
	return ret;
}

static int add_kind_change(struct change *c, uint32_t i, enum block_kind from, enum block_kind to,
			   struct crx_err *err)
{
	struct kind_change *last = c->nkinds ? &c->kinds[c->nkinds - 1] : NULL;

	if (last && last->from == from && last->to == to && last->first + last->n == i) {
		last->n++;
		return 0;
	}
	if (!crx_grow(&c->kinds, &c->cap, c->nkinds + 1, sizeof(*c->kinds)))
		return crx_err_nomem(err, "comparing");
	c->kinds[c->nkinds++] = (struct kind_change){ i, 1, from, to };
	return 0;
}

static int compare_kinds(struct diff *f, struct change *c, struct crx_err *err)
{
	const struct view *v = f->d->view;
	uint32_t na = block_count(&v[0].img, c->a), nb = block_count(&v[1].img, c->b),
		 n = na < nb ? na : nb, i;
	struct block a, b;
	int ret = 0;

	if (!spend(f, &f->blocks, n))
		return 0;
	for (i = 0; i < n && !ret; i++) {
		block_find(&v[0].img, c->a, i, &a);
		block_find(&v[1].img, c->b, i, &b);
		if (a.kind == b.kind)
			continue;
		f->no_longer_in_place += a.kind == BLOCK_IN_PLACE;
		f->now_in_place += b.kind == BLOCK_IN_PLACE;
		ret = add_kind_change(c, i, a.kind, b.kind, err);
	}
	return ret;
}

static int compare_targets(struct diff *f, struct change *c, struct crx_err *err)
{
	int ret = link_target(f->d, &f->d->view[0], c->a, &c->target_a, err);

	if (!ret && c->target_a)
		ret = link_target(f->d, &f->d->view[1], c->b, &c->target_b, err);
	if (!c->target_b || !strcmp(c->target_a, c->target_b)) {
		free(c->target_a);
		free(c->target_b);
		c->target_a = c->target_b = NULL;
	}
	return ret;
}

/* For regular files and symbolic links. */
static int compare_contents(struct diff *f, struct change *c, struct crx_err *err)
{
	bool same_pages = f->d->view[0].img.page_size == f->d->view[1].img.page_size;
	int ret = 0;

	if (S_ISLNK(c->a->de.inode.mode)) {
		ret = compare_targets(f, c, err);
	} else {
		c->size = crx_entry_size(c->a) != crx_entry_size(c->b);
		if (same_pages)
			compare_pages(f, c);
		else
			ret = compare_whole(f, c, err);
	}
	if (!ret && same_pages)
		ret = compare_kinds(f, c, err);
	return ret;
}

int diff_entry(struct diff *f, const struct crx_entry *a, const struct crx_entry *b,
	       struct change *out, struct crx_err *err)
{
	const struct crx_inode *x = &a->de.inode, *y = &b->de.inode;
	int ret = 0;

	*out = (struct change){ .a = a, .b = b };
	out->type = (x->mode & S_IFMT) != (y->mode & S_IFMT);
	out->mode = (x->mode & 07777) != (y->mode & 07777);
	out->owner = x->uid != y->uid || x->gid != y->gid;
	if (!out->type && is_device(x->mode))
		out->device = x->size != y->size;
	if (!out->type && (S_ISREG(x->mode) || S_ISLNK(x->mode)))
		ret = compare_contents(f, out, err);
	f->nattrs += out->type || out->mode || out->owner || out->device || out->target_a;
	f->ncontents += out->contents;
	f->nlayouts += out->nkinds > 0;
	return ret;
}
