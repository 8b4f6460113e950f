/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pages in place: they are as promised, in one run, and part of one table only.
 */
#include "config.h"
#include "proof/verify/state.h"

#include "exec/mapping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The pages of the image that are direct uncompressed blocks so far. */
struct page_set {
	uint8_t *bit;
	uint64_t npages;
};

/* False if the page is in the set already: without an MMU, add_nommu_region() does not allow a page
 * in two regions. */
static bool add_page(struct page_set *t, uint64_t page)
{
	uint8_t mask = (uint8_t)(1u << page % 8);

	if (t->bit[page / 8] & mask)
		return false;
	t->bit[page / 8] |= mask;
	return true;
}

static int check_direct(const struct crx_verify *v, struct page_set *t, const struct crx_node *n,
			uint32_t i, const struct crx_k_block *b, struct crx_err *err)
{
	uint64_t page = b->start / v->f->page_size;
	const char *what = NULL;

	if (b->hole)
		what = "is direct, but read() treats it as a hole";
	else if (b->start % v->f->page_size)
		what = "is direct, but not page-aligned";
	else if (page >= t->npages)
		what = "is outside the image";
	else if (!add_page(t, page))
		what = "is direct, but its page belongs to another block, too";
	return what ? crx_verify_fault(v, n, b->start, err, "block %lu %s", (unsigned long)i, what)
		    : 0;
}

static int check_table(const struct crx_verify *v, struct page_set *t, uint32_t file,
		       struct crx_err *err)
{
	const struct crx_node *n = crx_verify_node(v, file);
	const struct crx_inode *inode = &crx_verify_file(v, file)->inode;
	uint32_t flags = v->img->super.flags;
	struct crx_k_block b;
	enum crx_k_why why;
	uint32_t i;
	int ret = 0;

	for (i = 0; i < v->f->file[file].nblks && !ret; i++) {
		why = crx_k_find_block(v->img, inode, i, &b);
		if (why)
			return crx_verify_fault(v, n, b.start, err,
						"a kernel cannot read block %lu: %s",
						(unsigned long)i, crx_k_why_text(why));
		if ((b.direct || b.uncompressed) && !(flags & CRX_FLAG_EXT_BLOCK_POINTERS))
			return crx_verify_fault(v, n, b.start, err,
						"EXT_BLOCK_POINTERS is not set, but block %lu "
						"needs it",
						(unsigned long)i);
		if (b.direct && b.uncompressed)
			ret = check_direct(v, t, n, i, &b, err);
		else if (b.hole && !(flags & CRX_FLAG_HOLES))
			return crx_verify_fault(v, n, b.start, err,
						"HOLES is not set, but block %lu needs it",
						(unsigned long)i);
	}
	return ret;
}

int crx_verify_runs(struct crx_verify *v, struct crx_err *err)
{
	struct page_set t = { .npages = v->img->super.size / v->f->page_size };
	size_t i;
	int ret = 0;

	t.bit = crx_zalloc((size_t)(t.npages / 8 + 1), 1);
	if (!t.bit)
		return crx_err_nomem(err, "verifying runs");
	for (i = 0; i < v->ntables && !ret; i++)
		ret = check_table(v, &t, v->table[i], err);
	free(t.bit);
	return ret;
}

/* Pages of a file that are mapped together. */
struct page_range {
	uint32_t file;
	const char *what;       /* for messages: "segment 2" */
	uint32_t first_pg, npg; /* file pages */
	uint32_t promised;      /* leading pages that are in place */
};

/* Does the page at image offset off, which is mapped as page pg of the file, have its bytes? */
static int check_page(const struct crx_verify *v, uint32_t file, uint32_t pg, uint64_t off,
		      struct crx_err *err)
{
	const struct crx_file_fact *fact = &v->f->file[file];
	uint32_t len = crx_scan_block_len(v->f, fact, pg);

	/* crx_k_physmem_mmap() counts no page outside the image, and no last page whose tail is
	 * not zeros */
	if (!crx_hash_equal(crx_scan_hash(v->img->data + off, len),
			    v->f->blk[fact->first_blk + pg].hash))
		return crx_verify_fault(v, fact->node, off, err,
					"page %lu differs from the file when mapped",
					(unsigned long)pg);
	return 0;
}

static int check_pages(const struct crx_verify *v, const struct page_range *s, uint64_t off,
		       struct crx_err *err)
{
	uint32_t i;
	int ret = 0;

	for (i = 0; i < s->promised && !ret; i++)
		ret = check_page(v, s->file, s->first_pg + i, off + (uint64_t)i * v->f->page_size,
				 err);
	return ret;
}

static int check_mapping(const struct crx_verify *v, const struct page_range *s,
			 struct crx_err *err)
{
	struct crx_k_map map = crx_k_physmem_mmap(v->img, &crx_verify_file(v, s->file)->inode,
						  s->first_pg, s->npg, false);

	if (map.pages != s->promised)
		return crx_verify_fault(v, crx_verify_node(v, s->file), map.off, err,
					"%lu of %lu pages of %s are in place, not %lu: %s",
					(unsigned long)map.pages, (unsigned long)s->npg, s->what,
					(unsigned long)s->promised,
					map.why ? crx_k_why_text(map.why) : "all are");
	return check_pages(v, s, map.off, err);
}

/* Without an MMU, a mapping is in place as a whole or not at all. */
static int check_unit(const struct crx_verify *v, const struct page_range *s, struct crx_err *err)
{
	const struct crx_inode *inode = &crx_verify_file(v, s->file)->inode;
	bool all = s->promised == s->npg;
	enum crx_k_why why;
	uint64_t off;

	why = crx_k_physmem_get_unmapped_area(v->img, inode, s->first_pg, s->npg, &off);
	if (all == (why != CRX_K_OK))
		return crx_verify_fault(v, crx_verify_node(v, s->file), off, err,
					"%s is %sin place without an MMU: %s", s->what,
					why ? "not " : "",
					why ? crx_k_why_text(why) : "all of it is");
	return all ? check_pages(v, s, off, err) : 0;
}

static int check_segment(const struct crx_verify *v, uint32_t file,
			 const struct crx_exec_mapping *m, struct crx_err *err)
{
	struct page_range s = { .file = file, .first_pg = m->first_pg, .npg = m->npg };
	char what[40];

	if (m->writable || !m->npg)
		return 0;
	snprintf(what, sizeof(what), "segment %lu", (unsigned long)m->seg->index);
	s.what = what;
	s.promised = crx_plan_promised_pages(v->p, file, m->first_pg, m->npg);
	return m->unit ? check_unit(v, &s, err) : check_mapping(v, &s, err);
}

static int check_segments(const struct crx_verify *v, uint32_t file, struct crx_err *err)
{
	/* headers are kept under the first name of a file */
	const struct crx_exec *x = &v->f->file[v->f->file[file].link].exec;
	struct crx_exec_load load = crx_exec_load(x, v->f->page_size, v->o->no_mmu);
	struct crx_exec_mapping m;
	size_t i;
	int ret = 0;

	for (i = 0; i < x->nseg && !ret; i++)
		if (crx_exec_mapping(&load, i, &m))
			ret = check_segment(v, file, &m, err);
	return ret;
}

/* Each run, also one of data: a kernel must be able to map all of it. */
static int check_runs(const struct crx_verify *v, uint32_t file, struct crx_err *err)
{
	const struct crx_table *t = &v->p->table[v->p->table_of[file]];
	struct page_range s = { .file = file, .what = "a run" };
	uint32_t i;
	int ret = 0;

	for (i = t->first_run; i < t->first_run + t->nruns && !ret; i++) {
		s.first_pg = v->p->run[i].first_blk;
		s.npg = s.promised = v->p->run[i].nblks;
		ret = check_mapping(v, &s, err);
		s.promised = crx_plan_promised_pages(v->p, file, s.first_pg, s.npg);
		if (!ret && v->o->no_mmu)
			ret = check_unit(v, &s, err);
	}
	return ret;
}

int crx_verify_in_place(struct crx_verify *v, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < v->ntables && !ret; i++) {
		if (!S_ISREG(crx_verify_node(v, v->table[i])->mode))
			continue;
		ret = check_runs(v, v->table[i], err);
		if (!ret)
			ret = check_segments(v, v->table[i], err);
	}
	return ret;
}
