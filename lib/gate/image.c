/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "gate/gate.h"
#include "read/kmodel.h"
#include "read/walk.h"

/* Blocks that are looked at, whatever a hostile image claims; a path. */
enum { BLOCKS_MOST = 1 << 23, PATH_CAP = 4096, PATHS_MOST = 1 << 26, PATHS_PER_BYTE = 16 };

int64_t crx_gate_limited(uint64_t n)
{
	return n < CRX_GATE_MAX ? (int64_t)n : CRX_GATE_MAX;
}

int crx_gate_add(struct crx_gate_image *g, const char *path, uint64_t size, uint64_t pages,
		 bool shared, struct crx_err *err)
{
	struct crx_gate_file f = { .size = crx_gate_limited(size),
				   .pages = crx_gate_limited(pages) };

	f.path = crx_arena_strndup(&g->paths, path, strlen(path));
	if (!f.path || !crx_grow(&g->file, &g->cap, g->n + 1, sizeof(*g->file)))
		return crx_err_nomem(err, "comparing images");
	g->file[g->n++] = f;
	if (!shared)
		g->pages = crx_gate_limited((uint64_t)g->pages + (uint64_t)f.pages);
	return 0;
}

static int by_path(const void *a, const void *b)
{
	const struct crx_gate_file *x = a, *y = b;

	return strcmp(x->path, y->path);
}

void crx_gate_sort(struct crx_gate_image *g)
{
	if (g->n)
		qsort(g->file, g->n, sizeof(*g->file), by_path);
}

void crx_gate_free(struct crx_gate_image *g)
{
	free(g->file);
	crx_arena_free(&g->paths);
	*g = (struct crx_gate_image){ 0 };
}

/* A file; those that share a table become adjacent. */
struct table {
	const struct crx_entry *e;
	uint32_t off, size;
};

static int by_table(const void *a, const void *b)
{
	const struct table *x = a, *y = b;
	int c = crx_compare(x->off, y->off);

	if (!c)
		c = crx_compare(x->size, y->size);
	return c ? c : crx_compare(x->e->index, y->e->index);
}

static size_t find_tables(const struct crx_listing *l, struct table *t)
{
	size_t i, n = 0;

	for (i = 0; i < l->n; i++)
		if (S_ISREG(l->entry[i].de.inode.mode))
			t[n++] = (struct table){ &l->entry[i], l->entry[i].de.inode.off,
						 crx_entry_size(&l->entry[i]) };
	qsort(t, n, sizeof(*t), by_table);
	return n;
}

/* Pages that are uncompressed, page-aligned and have a direct pointer. read() takes 0 bytes of a
 * last one that is whole, but a mapping shows it. */
static uint64_t count_pages(const struct crx_image *img, const struct table *t, bool *incomplete)
{
	uint32_t i, n = t->size ? (t->size - 1) / img->page_size + 1 : 0, left, pages = 0;
	struct crx_k_block b;

	for (i = 0; i < n; i++) {
		left = t->size - i * img->page_size;
		if (crx_k_find_block(img, &t->e->de.inode, i, &b) || b.start > img->len ||
		    b.len > img->len - b.start)
			*incomplete = true;
		else if (b.direct && b.uncompressed && b.start % img->page_size == 0 &&
			 (left < img->page_size ? left : img->page_size) <= img->len - b.start)
			pages++;
	}
	return pages;
}

/* Are there more bytes of paths than any image that was made to be used has? Each is copied, and
 * made by going up to the root; directories inside each other can make it quadratic. */
static int has_long_paths(const struct crx_image *img, const struct crx_listing *l, bool *yes,
			  struct crx_err *err)
{
	uint64_t left = PATHS_MOST + (uint64_t)PATHS_PER_BYTE * img->len, *len;
	size_t i;

	*yes = false;
	len = crx_zalloc(l->n, sizeof(*len));
	if (!len)
		return crx_err_nomem(err, "comparing images");
	for (i = 1; i < l->n && !*yes; i++) {
		len[i] = len[l->entry[i].parent->index] + l->entry[i].de.name_len + 1;
		if (!S_ISREG(l->entry[i].de.inode.mode))
			continue;
		*yes = len[i] > left;
		left -= *yes ? 0 : len[i];
	}
	free(len);
	return 0;
}

static int add_tables(const struct crx_image *img, const struct table *t, size_t n,
		      struct crx_gate_image *out, struct crx_err *err)
{
	bool may_have = img->super.flags & CRX_FLAG_EXT_BLOCK_POINTERS, shared;
	uint64_t left = BLOCKS_MOST, blocks, pages = 0;
	char path[PATH_CAP];
	size_t i;
	int ret = 0;

	for (i = 0; i < n && !ret; i++) {
		shared = i && t[i].off == t[i - 1].off && t[i].size == t[i - 1].size;
		blocks = t[i].size / img->page_size + 1;
		if (!shared && may_have && blocks > left) {
			out->incomplete = true;
			pages = 0;
		} else if (!shared && may_have) {
			left -= blocks;
			pages = count_pages(img, &t[i], &out->incomplete);
		}
		ret = crx_gate_add(out, crx_entry_path(t[i].e, path, sizeof(path)), t[i].size,
				   pages, shared, err);
	}
	return ret;
}

int crx_gate_image(const struct crx_image *img, const struct crx_listing *l,
		   struct crx_gate_image *out, struct crx_err *err)
{
	bool has_size = img->super.flags & CRX_FLAG_FSID_VERSION_2;
	struct table *t = crx_alloc(l->n, sizeof(*t));
	bool long_paths;
	int ret;

	*out = (struct crx_gate_image){
		.size = has_size ? img->super.size : crx_gate_limited(img->len),
		.page_size = img->page_size,
		.incomplete = has_size && img->super.size > img->len,
	};
	if (!t)
		return crx_err_nomem(err, "comparing images");
	ret = has_long_paths(img, l, &long_paths, err);
	if (!ret && long_paths)
		out->incomplete = true;
	else if (!ret)
		ret = add_tables(img, t, find_tables(l, t), out, err);
	free(t);
	if (!ret)
		crx_gate_sort(out);
	return ret;
}
