/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "readback.h"

#include <string.h>
#include <sys/stat.h>

#include "fuzz.h"
#include "read/kmodel.h"

static void compare_page(const struct readback *b, const struct recipe_item *want, uint32_t pg,
			 const uint8_t *got)
{
	size_t size = b->img.page_size, off = pg * size,
	       len = want->len - off < size ? want->len - off : size;

	if (memcmp(got, want->data + off, len) != 0)
		FUZZ_FAIL("page %u of '%s' differs", pg, want->name);
	if (!crx_is_zero(got + len, size - len))
		FUZZ_FAIL("page %u of '%s' is not zero after its end", pg, want->name);
}

static void compare_mapping(const struct readback *b, const struct recipe_item *want,
			    const struct crx_inode *in, uint32_t first)
{
	uint32_t size = b->img.page_size, n = (uint32_t)((want->len + size - 1) / size), i;
	struct crx_k_map m = crx_k_physmem_mmap(&b->img, in, first, n - first, false);
	uint64_t off;

	FUZZ_CHECK(m.pages <= n - first);
	for (i = 0; i < m.pages; i++)
		compare_page(b, want, first + i, b->img.data + m.off + (uint64_t)i * size);
	if (crx_k_physmem_get_unmapped_area(&b->img, in, first, n - first, &off))
		return;
	for (i = 0; i < n - first; i++)
		compare_page(b, want, first + i, b->img.data + off + (uint64_t)i * size);
}

static void compare_contents(const struct readback *b, const struct recipe_item *want,
			     const struct crx_inode *in)
{
	uint32_t size = b->img.page_size, n = (uint32_t)((want->len + size - 1) / size), i;
	enum crx_k_why why;

	FUZZ_CHECK(in->size == want->len);
	for (i = 0; i < n; i++) {
		why = crx_k_read_folio(&b->img, in, i, b->z, b->page);
		if (why)
			FUZZ_FAIL("page %u of '%s': %s", i, want->name, crx_k_why_text(why));
		compare_page(b, want, i, b->page);
		if (S_ISREG(want->mode))
			compare_mapping(b, want, in, i);
	}
}

static void compare_inode(const struct readback *b, const struct recipe_item *want,
			  const struct crx_inode *in)
{
	if (in->mode != want->mode || in->uid != want->uid || in->gid != want->gid)
		FUZZ_FAIL("'%s' is %o %u:%u, not %o %u:%u", want->name, in->mode, in->uid, in->gid,
			  want->mode, want->uid, want->gid);
	if (S_ISCHR(want->mode) || S_ISBLK(want->mode))
		FUZZ_CHECK(in->size == (want->dev_major << 8 | want->dev_minor));
	else if (S_ISREG(want->mode) || S_ISLNK(want->mode))
		compare_contents(b, want, in);
}

static size_t count_children(const struct recipe_tree *t, int dir)
{
	size_t n = 0;
	int i;

	for (i = 1; i < t->n; i++)
		n += t->item[i].parent == dir && !t->item[i].gone;
	return n;
}

static void compare_dir(const struct readback *b, const struct crx_entry *dir, int want)
{
	struct crx_dirent found;
	uint32_t i;
	int item;

	FUZZ_CHECK(dir->entered && !dir->damaged);
	if (dir->nchildren != count_children(b->want, want))
		FUZZ_FAIL("'%s' has %u entries, not %zu", b->want->item[want].name, dir->nchildren,
			  count_children(b->want, want));
	for (i = 0; i < dir->nchildren; i++) {
		const struct crx_entry *e = &b->l.entry[dir->first_child + i];

		item = recipe_find(b->want, want, e->de.name, e->de.name_len);
		if (item < 0)
			FUZZ_FAIL("'%.*s' should not be there", (int)e->de.name_len, e->de.name);
		FUZZ_CHECK(
			!crx_k_lookup(&b->img, &dir->de.inode, e->de.name, e->de.name_len, &found));
		FUZZ_CHECK(found.off == e->de.off);
		compare_inode(b, &b->want->item[item], &e->de.inode);
		if (S_ISDIR(e->de.inode.mode) && e->nchildren + count_children(b->want, item))
			compare_dir(b, e, item);
	}
}

void readback_compare(struct readback *b)
{
	FUZZ_CHECK(!crx_k_mtd_fill_super(&b->img));
	FUZZ_CHECK(!b->l.truncated && !b->l.too_many);
	compare_inode(b, &b->want->item[0], &b->img.super.root);
	compare_dir(b, &b->l.entry[0], 0);
}

/* ---- promises ---- */

static void check_segment(const struct readback *b, const struct crx_inode *in,
			  const struct crx_result_segment *s)
{
	struct crx_k_map m;
	uint64_t off;

	if (!s->in_place)
		return;
	FUZZ_CHECK(s->in_place <= s->pages);
	if (b->r->o.no_mmu) {
		FUZZ_CHECK(!crx_k_physmem_get_unmapped_area(&b->img, in, s->file_page, s->pages,
							    &off));
		return;
	}
	m = crx_k_physmem_mmap(&b->img, in, s->file_page, s->in_place, false);
	if (m.pages < s->in_place)
		FUZZ_FAIL("%u pages of segment %u are in place, not %u: %s", m.pages, s->index,
			  s->in_place, crx_k_why_text(m.why));
}

static void check_file(const struct readback *b, const struct crx_result_file *f)
{
	const struct crx_entry *e = crx_listing_find(&b->img, &b->l, f->path, false, b->z);
	uint32_t size = b->img.page_size, seen[2] = { 0 }, i;
	struct crx_k_block k;
	size_t s;

	FUZZ_CHECK(e && e->de.inode.mode == f->mode);
	if (!S_ISREG(f->mode))
		return;
	for (i = 0; i < (f->size + size - 1) / size; i++) {
		FUZZ_CHECK(!crx_k_find_block(&b->img, &e->de.inode, i, &k));
		seen[0] += k.hole;
		seen[1] += !k.hole && k.direct && k.uncompressed;
	}
	if (seen[0] != f->blocks[CRX_RESULT_HOLE] || seen[1] != f->blocks[CRX_RESULT_IN_PLACE])
		FUZZ_FAIL("%s: %u holes and %u pages in place, not %u and %u", f->path, seen[0],
			  seen[1], f->blocks[CRX_RESULT_HOLE], f->blocks[CRX_RESULT_IN_PLACE]);
	for (s = 0; s < f->nsegs; s++)
		check_segment(b, &e->de.inode, &f->seg[s]);
}

void readback_check_promises(struct readback *b)
{
	const struct crx_build_opts *o = &b->r->o;
	const struct crx_result *r = b->result;
	size_t i;

	FUZZ_CHECK(r->nfiles + 1 == b->l.n);
	for (i = 0; i < r->nfiles; i++)
		check_file(b, &r->file[i]);
	FUZZ_CHECK(!o->flash_budget || r->image_size <= o->flash_budget);
	FUZZ_CHECK(!o->max_size || r->image_size <= o->max_size);
	FUZZ_CHECK(!o->ram_goal || r->in_place.ram_len >= o->ram_goal);
	FUZZ_CHECK(r->in_place.pages <= r->in_place.candidates);
}
