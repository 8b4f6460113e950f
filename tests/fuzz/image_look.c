/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "image_look.h"

#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "comp/comp.h"
#include "fuzz.h"
#include "proof/explain/explain.h"
#include "read/kmodel.h"
#include "read/order.h"
#include "read/paths.h"

enum { ENTRIES_MAX = 500, BLOCKS_MAX = 40 };

struct look {
	const struct crx_image *img;
	const struct crx_listing *l;
	bool valid, clean;
	struct crx_inflate *z;
	struct crx_paths *paths;
	uint8_t *page;
};

/* The kernel finds each name that it lists, and nothing else by that name. */
static void look_up(const struct look *k, const struct crx_entry *e)
{
	struct crx_dirent found;
	enum crx_k_why why;

	if (!e->parent || !e->de.name_len)
		return;
	why = crx_k_lookup(k->img, &e->parent->de.inode, e->de.name, e->de.name_len, &found);
	if (!why)
		FUZZ_CHECK(found.name_len == e->de.name_len &&
			   !memcmp(found.name, e->de.name, found.name_len));
	else if (k->valid)
		FUZZ_FAIL("a valid image has a name that is not found: %s", crx_k_why_text(why));
}

/* What is listed of a directory by the kernel. */
static void list(const struct look *k, const struct crx_entry *dir)
{
	const struct crx_entry **sorted;
	struct crx_err err = CRX_ERR_INIT;
	struct crx_dirent d;
	uint32_t pos = 0, before = 0, n = 0;
	enum crx_k_why why;
	size_t ndoubles;
	int ret;

	while (!(why = crx_k_readdir(k->img, &dir->de.inode, &pos, &d))) {
		FUZZ_CHECK(pos > before && d.name_len <= CRX_DIRENT_NAME_MAX);
		before = pos;
		n++;
	}
	if (k->valid && dir->entered)
		FUZZ_CHECK(why == CRX_K_NO_ENTRY && n == dir->nchildren);
	ret = crx_entry_sort(k->l, dir, &sorted, &err);
	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!ret);
	free(sorted);
	ret = crx_entry_doubles(k->l, dir, &sorted, &ndoubles, &err);
	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!ret && (!ndoubles || !k->valid));
	free(sorted);
}

/* What a mapping shows is what read() returns, but for the last page. */
static void compare_mapped(const struct look *k, const struct crx_inode *in, uint32_t pg,
			   uint64_t off)
{
	uint32_t size = k->img->page_size;

	if ((uint64_t)(pg + 1) * size > in->size ||
	    ((uint64_t)(pg + 1) * size == in->size && in->size % size == 0))
		return;
	FUZZ_CHECK(!crx_k_read_folio(k->img, in, pg, k->z, k->page));
	FUZZ_CHECK(!memcmp(k->page, k->img->data + off, size));
}

static void map_range(const struct look *k, const struct crx_inode *in, uint32_t first,
		      uint32_t npg)
{
	struct crx_k_map m = crx_k_physmem_mmap(k->img, in, first, npg, false);
	uint32_t size = k->img->page_size, i;
	uint64_t off;

	FUZZ_CHECK(m.pages <= npg);
	FUZZ_CHECK(m.pages < npg || !m.why);
	if (m.pages) {
		FUZZ_CHECK(m.off % size == 0);
		FUZZ_CHECK(m.off + (uint64_t)m.pages * size <= k->img->len);
		for (i = 0; i < m.pages && i < BLOCKS_MAX; i++)
			compare_mapped(k, in, first + i, m.off + (uint64_t)i * size);
	}
	FUZZ_CHECK(!crx_k_physmem_mmap(k->img, in, first, npg, true).pages);
	if (!crx_k_physmem_get_unmapped_area(k->img, in, first, npg, &off))
		FUZZ_CHECK(off < k->img->len && npg);
	FUZZ_CHECK(crx_k_get_block_range(k->img, in, first, npg, &off) <= npg);
}

static void look_at_blocks(const struct look *k, const struct crx_inode *in)
{
	uint32_t size = k->img->page_size, n = (in->size + size - 1) / size, i;
	struct crx_k_block b;

	for (i = 0; i < n + 2; i++) {
		enum crx_k_why find = crx_k_find_block(k->img, in, i, &b), read;

		read = crx_k_read_folio(k->img, in, i, k->z, k->page);
		FUZZ_CHECK(!find || read);
		if (k->valid && read)
			FUZZ_FAIL("a valid image has a block that is not read: %s",
				  crx_k_why_text(read));
		if (k->clean && i == n - 1 && in->size % size)
			FUZZ_CHECK(crx_is_zero(k->page + in->size % size, size - in->size % size));
		if (i < 3)
			map_range(k, in, i, n > i ? n - i : 1);
		if (i == BLOCKS_MAX && n > BLOCKS_MAX)
			i = n - 1;
	}
	map_range(k, in, 0, UINT32_MAX);
	map_range(k, in, UINT32_MAX, UINT32_MAX);
	crx_k_last_page_is_shared(k->img, in);
}

/* Both ways find the same, unless there are too many links for one of them. */
static void find_path(const struct look *k, const char *path, bool follow)
{
	const struct crx_entry *a = crx_listing_find(k->img, k->l, path, follow, k->z);
	const struct crx_entry *b = crx_paths_find(k->paths, path, follow);

	FUZZ_CHECK(!a || !b || a == b);
}

static void look_at(const struct look *k, const struct crx_entry *e)
{
	struct crx_err err = CRX_ERR_INIT;
	uint8_t *contents;
	char path[300];
	int ret;

	crx_entry_path(e, path, sizeof(path));
	FUZZ_CHECK(crx_entry_type(e->de.inode.mode)->name);
	if (memchr(e->de.name, '\0', e->de.name_len))
		return;
	find_path(k, path, true);
	find_path(k, path, false);
	look_up(k, e);
	if (S_ISDIR(e->de.inode.mode))
		list(k, e);
	if (!S_ISREG(e->de.inode.mode) && !S_ISLNK(e->de.inode.mode))
		return;
	look_at_blocks(k, &e->de.inode);
	ret = crx_entry_contents(k->img, e, k->z, &contents, &err);
	fuzz_check_err(ret, &err);
	if (!ret) {
		FUZZ_CHECK(!contents[e->de.inode.size]);
		free(contents);
	} else if (k->valid) {
		FUZZ_FAIL("a valid image has a file that is not read: %s", err.text);
	}
}

static void check_segments(const struct crx_explain_file *f)
{
	uint64_t in_place = 0;
	size_t i, g;

	for (i = 0; i < f->nsegs; i++) {
		const struct crx_explain_segment *s = &f->seg[i];
		uint64_t pages = 0;

		FUZZ_CHECK(s->in_place <= s->pages && s->ngroups <= CRX_EXPLAIN_GROUPS);
		FUZZ_CHECK(!s->writable || !s->in_place);
		for (g = 0; g < s->ngroups; g++) {
			pages += s->group[g].npg;
			if (!s->group[g].in_place)
				FUZZ_CHECK(crx_explain_why_means(s->group[g].why));
			crx_explain_why_text(s->group[g].why);
			crx_explain_why_advice(s->group[g].why);
		}
		FUZZ_CHECK(pages == s->pages);
		in_place += s->in_place;
	}
	FUZZ_CHECK(f->in_place <= f->pages && f->in_place <= in_place);
}

static void explain(const struct look *k, const struct crx_explain_opts *o)
{
	struct crx_err err = CRX_ERR_INIT;
	struct crx_explain_line *line;
	struct crx_explain x;
	size_t i, j, n;
	int ret = crx_explain_image(k->img, k->l, o, &x, &err);

	fuzz_check_err(ret, &err);
	FUZZ_CHECK(!ret);
	for (i = 0; i < x.nfiles; i++) {
		check_segments(&x.file[i]);
		ret = crx_explain_lines(k->img, &x.file[i], o, &line, &n, &err);
		fuzz_check_err(ret, &err);
		FUZZ_CHECK(!ret);
		for (j = 0; j < n; j++)
			FUZZ_CHECK(line[j].end - line[j].start > 0);
		free(line);
	}
	crx_explain_free(&x);
}

void image_look(const struct crx_image *img, const struct crx_listing *l,
		const struct crx_check_result *found)
{
	struct crx_explain_opts mmu = { .workers = 1, .has_base = true, .base = 0x8000000 };
	struct crx_explain_opts no_mmu = { .workers = 1, .no_mmu = true };
	struct look k = {
		.img = img,
		.l = l,
		.valid = !found->errors,
		.clean = !found->errors && !found->warnings,
		.z = crx_inflate_new(),
		.page = malloc(img->page_size),
	};
	struct crx_err err = CRX_ERR_INIT;
	size_t i;

	FUZZ_CHECK(k.z && k.page);
	FUZZ_CHECK(!crx_paths_open(img, l, k.z, &k.paths, &err));
	FUZZ_CHECK(l->n <= img->len + 1);
	crx_k_mtd_fill_super(img);
	if (k.valid)
		FUZZ_CHECK(!crx_k_read_super(img));
	for (i = 0; i < l->n && i < ENTRIES_MAX; i++)
		look_at(&k, &l->entry[i]);
	explain(&k, &mmu);
	explain(&k, &no_mmu);
	crx_paths_free(k.paths);
	crx_inflate_free(k.z);
	free(k.page);
}
