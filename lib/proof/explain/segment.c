/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "proof/explain/segment.h"

#include "read/kmodel.h"

enum { TYPE_EXEC = 2, TYPE_DYN = 3, FLAG_W = 2 };

/* What load_elf_binary() refuses at one segment it refuses as a whole. */
static bool aligned(const struct crx_exec *x, uint32_t page_size)
{
	uint32_t first, n;
	size_t i;

	for (i = 0; i < x->nseg; i++)
		if (!crx_exec_pages(&x->seg[i], page_size, &first, &n))
			return false;
	return true;
}

/* load_elf_fdpic_binary() copies to RAM what is_constdisp() is true for, by
 * elf_fdpic_map_file_constdisp_on_uclinux(). */
static enum crx_explain_bar bar_without_mmu(const struct crx_exec *x)
{
	if (!x->fdpic)
		return x->type == TYPE_DYN ? CRX_EXPLAIN_NOT_FDPIC : CRX_EXPLAIN_NOT_PIE;
	return x->constdisp ? CRX_EXPLAIN_CONSTDISP : CRX_EXPLAIN_NO_BAR;
}

enum crx_explain_bar crx_explain_file_bar(const struct crx_image *img, const struct crx_exec *x,
					  const struct crx_explain_opts *o)
{
	if (x->kind == CRX_EXEC_BFLT) {
		if (!o->no_mmu)
			return CRX_EXPLAIN_BFLT_MMU;
		return x->constdisp ? CRX_EXPLAIN_BFLT_RAM : CRX_EXPLAIN_NO_BAR;
	}
	if (!aligned(x, img->page_size))
		return CRX_EXPLAIN_UNLOADABLE;
	return o->no_mmu ? bar_without_mmu(x) : CRX_EXPLAIN_NO_BAR;
}

static void add_group(struct crx_explain_segment *s, uint32_t npg, struct crx_explain_why why)
{
	struct crx_explain_group *g = &s->group[s->ngroups];

	if (!npg)
		return;
	g->first_pg = s->ngroups ? g[-1].first_pg + g[-1].npg : s->file_page;
	g->npg = npg;
	g->in_place = !why.bar && !why.kernel;
	g->why = why;
	if (!g->in_place)
		s->why = why;
	s->ngroups++;
}

/* Is the first page that is not in place the last of a file of whole pages? */
static bool is_exact_tail(const struct crx_image *img, const struct crx_entry *e, const struct crx_explain_segment *s)
{
	uint32_t size = crx_entry_size(e);

	return size && size % img->page_size == 0 &&
	       (uint64_t)s->file_page + s->in_place + 1 == size / img->page_size;
}

/* What is mapped lies within the file: crx_exec_parse() has seen to it. */
static void add_groups(const struct crx_image *img, const struct crx_entry *e,
		       struct crx_explain_segment *s, struct crx_explain_why why)
{
	add_group(s, s->in_place, (struct crx_explain_why){ 0 });
	if (s->in_place == s->pages)
		return;
	if (!why.bar && why.kernel == CRX_K_BLOCK_LAYOUT && is_exact_tail(img, e, s))
		why = (struct crx_explain_why){ .bar = CRX_EXPLAIN_EXACT_TAIL };
	add_group(s, s->pages - s->in_place, why);
}

/* Does the flash's address keep a mapping out of place that could be direct? */
static bool barred_by_base(const struct crx_image *img, const struct crx_explain_opts *o,
			   struct crx_explain_why *why)
{
	if (!o->has_base)
		return false;
	/* get_cramfs_inode() sets cramfs_physmem_fops only with linear_phys_addr */
	if (!o->base)
		*why = (struct crx_explain_why){ .bar = CRX_EXPLAIN_NO_BASE };
	else if (!o->no_mmu && o->base % img->page_size)
		*why = (struct crx_explain_why){ .kernel = CRX_K_NOT_ALIGNED };
	else
		return false;
	return true;
}

/*
 * The pages of the file's first mapping as it is first made. elf_map() is
 * given total_mapping_size() for the first segment of ET_DYN, and ld.so's
 * _dl_map_segments() maps a library's first segment as long as all of it;
 * either then cuts it or maps over the rest.
 */
static uint32_t pages_as_first_made(const struct crx_image *img, const struct crx_exec *x, size_t i,
				    uint32_t pages)
{
	uint64_t start = x->seg[0].vaddr & ~(uint64_t)(img->page_size - 1);
	uint64_t n;

	if (i || x->type != TYPE_DYN || x->fdpic || x->load_end <= start)
		return pages;
	n = (x->load_end - start + img->page_size - 1) / img->page_size;
	if (n < pages)
		return pages;
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

static struct crx_explain_why map_with_mmu(const struct crx_image *img,
					   const struct crx_explain_file *f, size_t i,
					   struct crx_explain_segment *s)
{
	const struct crx_inode *inode = &f->entry->de.inode;
	uint32_t made = pages_as_first_made(img, &f->exec, i, s->pages);
	struct crx_k_map map, whole;

	crx_k_physmem_mmap(img, inode, s->file_page, s->pages, s->flags & FLAG_W, &map);
	whole = map;
	if (made != s->pages)
		crx_k_physmem_mmap(img, inode, s->file_page, made, s->flags & FLAG_W, &whole);
	if (whole.pages < map.pages) /* out of bounds */
		map = whole;
	s->in_place = map.pages;
	s->off = map.off;
	s->pfn = map.pages && whole.pages == made;
	s->mixed = map.pages && !s->pfn;
	return (struct crx_explain_why){ .kernel = map.why };
}

/* do_mmap() of mm/nommu.c asks the driver only for mappings that are not writable. */
static struct crx_explain_why map_without_mmu(const struct crx_image *img,
					      const struct crx_explain_file *f,
					      struct crx_explain_segment *s)
{
	enum crx_k_why why;

	if (s->flags & FLAG_W)
		return (struct crx_explain_why){ .bar = CRX_EXPLAIN_WRITABLE };
	why = crx_k_physmem_get_unmapped_area(img, &f->entry->de.inode, s->file_page, s->pages,
					      &s->off);
	s->in_place = why ? 0 : s->pages;
	s->refused = why == CRX_K_BEYOND_FILE;
	return (struct crx_explain_why){ .kernel = why };
}

/* The pages that are mapped; without an MMU p_memsz counts. */
static bool find_pages(const struct crx_image *img, const struct crx_exec_segment *seg, bool no_mmu,
		       struct crx_explain_segment *s)
{
	struct crx_exec_segment all = *seg;

	if (no_mmu)
		all.filesz = all.memsz;
	return crx_exec_pages(&all, img->page_size, &s->file_page, &s->pages);
}

void crx_explain_segment(const struct crx_image *img, const struct crx_explain_file *f, size_t i,
			 const struct crx_explain_opts *o, enum crx_explain_bar bar,
			 struct crx_explain_segment *out)
{
	const struct crx_exec_segment *seg = &f->exec.seg[i];
	uint64_t in_page = seg->vaddr % img->page_size;
	struct crx_explain_why why;

	*out = (struct crx_explain_segment){ .index = seg->index, .flags = seg->flags,
					     .vaddr = seg->vaddr - in_page };
	if (!find_pages(img, seg, o->no_mmu && !bar, out)) {
		/* as far as can be said of one that cannot be mapped */
		out->file_page = (uint32_t)(seg->off / img->page_size);
		out->pages = (uint32_t)((seg->off + seg->filesz - 1) / img->page_size) -
			     out->file_page + 1;
		bar = CRX_EXPLAIN_UNLOADABLE;
	}
	if (bar)
		why = (struct crx_explain_why){ .bar = bar };
	else if (o->no_mmu)
		why = map_without_mmu(img, f, out);
	else
		why = map_with_mmu(img, f, i, out);
	if (out->in_place && barred_by_base(img, o, &why)) {
		out->in_place = 0;
		out->off = 0;
		out->pfn = out->mixed = false;
	}
	add_groups(img, f->entry, out, why);
}
