/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "proof/explain/segment.h"

#include "read/kmodel.h"

static void add_group(struct crx_explain_segment *s, uint32_t npg, struct crx_explain_why why)
{
	struct crx_explain_group *g = &s->group[s->ngroups];

	if (!npg)
		return;
	g->first_pg = s->ngroups ? g[-1].first_pg + g[-1].npg : s->file_page;
	g->npg = npg;
	g->in_place = !why.exec && !why.bar && !why.kernel;
	g->why = why;
	if (!g->in_place)
		s->why = why;
	s->ngroups++;
}

/* Is the first page that is not in place the last of a file of whole pages? */
static bool is_exact_tail(const struct crx_image *img, const struct crx_entry *e,
			  const struct crx_explain_segment *s)
{
	uint32_t size = crx_entry_size(e);

	return size % img->page_size == 0 &&
	       (uint64_t)s->file_page + s->in_place + 1 == size / img->page_size;
}

/* How is the first page kept that ends the mapping in flash? With nothing in place, that may be any
 * page of the mapping. */
static enum crx_explain_page end_page(const struct crx_image *img, const struct crx_entry *e,
				      const struct crx_explain_segment *s)
{
	struct crx_k_block b;
	uint32_t i;

	for (i = s->in_place; i < s->pages; i++) {
		if (crx_k_find_block(img, &e->de.inode, s->file_page + i, &b))
			return CRX_EXPLAIN_PAGE_UNKNOWN;
		if (b.hole)
			return CRX_EXPLAIN_PAGE_HOLE;
		if (!b.uncompressed)
			return CRX_EXPLAIN_PAGE_COMPRESSED;
		if (!b.direct)
			return CRX_EXPLAIN_PAGE_STORED;
		if (s->in_place)
			break;
	}
	return CRX_EXPLAIN_PAGE_APART;
}

/* crx_exec_parse() made sure that all of the mapping is within the file. */
static void add_groups(const struct crx_image *img, const struct crx_entry *e,
		       struct crx_explain_segment *s, struct crx_explain_why why)
{
	add_group(s, s->in_place, (struct crx_explain_why){ 0 });
	if (s->in_place == s->pages)
		return;
	if (why.kernel == CRX_K_BLOCK_LAYOUT && is_exact_tail(img, e, s))
		why = (struct crx_explain_why){ .bar = CRX_EXPLAIN_EXACT_TAIL };
	if (why.kernel == CRX_K_BLOCK_LAYOUT)
		why.page = end_page(img, e, s);
	add_group(s, s->pages - s->in_place, why);
}

/* Does the address of the flash prevent a mapping that could be direct? */
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

static struct crx_explain_why map_with_mmu(const struct crx_image *img,
					   const struct crx_explain_file *f,
					   const struct crx_exec_mapping *m,
					   struct crx_explain_segment *s)
{
	const struct crx_inode *inode = &f->entry->de.inode;
	struct crx_k_map map = crx_k_physmem_mmap(img, inode, m->first_pg, m->npg, m->writable);
	struct crx_k_map whole = map;

	if (m->initial_pg != m->npg)
		whole = crx_k_physmem_mmap(img, inode, m->first_pg, m->initial_pg, m->writable);
	if (whole.pages < map.pages) /* the longer one is out of bounds */
		map = whole;
	s->in_place = map.pages;
	s->off = map.off;
	s->pfn = map.pages && whole.pages == m->initial_pg;
	s->mixed = map.pages && !s->pfn;
	s->wrong_memory = s->mixed && crx_kernel_maps_wrong_memory(&img->kernel);
	return (struct crx_explain_why){ .kernel = map.why };
}

/* do_mmap() of mm/nommu.c asks the driver only for mappings that are not writable. */
static struct crx_explain_why map_without_mmu(const struct crx_image *img,
					      const struct crx_explain_file *f,
					      const struct crx_exec_mapping *m,
					      struct crx_explain_segment *s)
{
	enum crx_k_why why;

	if (m->writable)
		return (struct crx_explain_why){ .bar = CRX_EXPLAIN_WRITABLE };
	why = crx_k_physmem_get_unmapped_area(img, &f->entry->de.inode, m->first_pg, m->npg,
					      &s->off);
	s->in_place = why ? 0 : s->pages;
	s->refused = why == CRX_K_BEYOND_FILE;
	return (struct crx_explain_why){ .kernel = why };
}

void crx_explain_segment(const struct crx_image *img, const struct crx_explain_file *f,
			 const struct crx_exec_load *load, size_t i,
			 const struct crx_explain_opts *o, struct crx_explain_segment *out)
{
	struct crx_explain_why why = { .exec = load->why };
	struct crx_exec_mapping m;

	if (!crx_exec_mapping(load, i, &m) && !why.exec)
		why.exec = CRX_EXEC_WHY_UNALIGNED;
	*out = (struct crx_explain_segment){
		.index = m.seg->index,
		.flags = m.seg->flags,
		.writable = m.writable,
		.vaddr = m.vaddr,
		.file_page = m.first_pg,
		.pages = m.npg,
	};
	if (!why.exec && o->no_mmu)
		why = map_without_mmu(img, f, &m, out);
	else if (!why.exec)
		why = map_with_mmu(img, f, &m, out);
	if (out->in_place && barred_by_base(img, o, &why)) {
		out->in_place = 0;
		out->off = 0;
		out->pfn = out->mixed = out->wrong_memory = false;
	}
	add_groups(img, f->entry, out, why);
}
