/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "exec/mapping.h"

#include "exec/elf.h"

static const struct {
	bool copied;
	const char *text;
} WHY[CRX_EXEC_WHYS] = {
	[CRX_EXEC_WHY_FORMAT] = { false, "not an executable" },
	[CRX_EXEC_WHY_DAMAGED] = { false, "damaged headers" },
	[CRX_EXEC_WHY_DEBUG] = { false, "separate debug file" },
	[CRX_EXEC_WHY_UNALIGNED] = { false, "segment not loadable at this page size" },
	[CRX_EXEC_WHY_FLAT_MMU] = { true, "flat binary: a kernel with an MMU copies it to RAM" },
	[CRX_EXEC_WHY_FLAT_RAM] = { true, "compressed, or flagged to be loaded to RAM" },
	[CRX_EXEC_WHY_NOT_FDPIC] = { true, "not FDPIC: copied to RAM as a whole" },
	[CRX_EXEC_WHY_NOT_PIC] = { false, "neither FDPIC nor position-independent: not loadable "
					  "without an MMU" },
	[CRX_EXEC_WHY_CONSTDISP] = { true, "segments must keep their distances: copied to RAM as a "
					   "whole" },
};

const char *crx_exec_why_text(enum crx_exec_why why)
{
	return WHY[why].text;
}

bool crx_exec_why_copied(enum crx_exec_why why)
{
	return WHY[why].copied;
}

/* Files of other types are never mapped: relocatable files (kernel modules), core files. */
static bool is_elf_image(const struct crx_exec *x)
{
	return x->kind == CRX_EXEC_ELF && (x->type == ET_EXEC || x->type == ET_DYN);
}

bool crx_exec_is_executable(const struct crx_exec *x)
{
	return is_elf_image(x) || x->kind == CRX_EXEC_BFLT || x->kind == CRX_EXEC_DAMAGED;
}

bool crx_exec_is_object(const struct crx_exec *x)
{
	return is_elf_image(x) && !x->debug;
}

bool crx_exec_is_pic(const struct crx_exec *x)
{
	return x->kind == CRX_EXEC_ELF && x->type == ET_DYN;
}

bool crx_exec_is_for_no_mmu(const struct crx_exec *x)
{
	return x->kind == CRX_EXEC_BFLT;
}

bool crx_exec_reserves_span(const struct crx_exec *x)
{
	return crx_exec_is_pic(x) && !x->fdpic;
}

/*
 * elf_map(): size = len + ELF_PAGEOFFSET(p_vaddr), and
 * off = p_offset - ELF_PAGEOFFSET(p_vaddr), which must be a whole page.
 */
static bool find_pages(const struct crx_exec_segment *seg, uint64_t len, uint32_t page_size,
		       struct crx_exec_mapping *out)
{
	uint64_t in_page = seg->vaddr & (page_size - 1);
	uint64_t first, n;

	if ((seg->off & (page_size - 1)) != in_page || len > UINT64_MAX - 2 * (uint64_t)page_size)
		return false;
	first = (seg->off - in_page) / page_size;
	n = (len + in_page + page_size - 1) / page_size;
	if (first > UINT32_MAX || n > UINT32_MAX)
		return false;
	out->first_pg = (uint32_t)first;
	out->npg = (uint32_t)n;
	return true;
}

/* A kernel refuses a file if it cannot map one of its segments. */
static bool is_aligned(const struct crx_exec *x, uint32_t page_size)
{
	struct crx_exec_mapping m;
	size_t i;

	for (i = 0; i < x->nseg; i++)
		if (!find_pages(&x->seg[i], x->seg[i].filesz, page_size, &m))
			return false;
	return true;
}

/* load_elf_fdpic_binary(): if is_constdisp() is true, the file is copied to RAM by
 * elf_fdpic_map_file_constdisp_on_uclinux(). */
static enum crx_exec_why why_elf_without_mmu(const struct crx_exec *x)
{
	if (!x->fdpic)
		return crx_exec_is_pic(x) ? CRX_EXEC_WHY_NOT_FDPIC : CRX_EXEC_WHY_NOT_PIC;
	return x->constdisp ? CRX_EXEC_WHY_CONSTDISP : CRX_EXEC_WHY_NONE;
}

static enum crx_exec_why why_not_mapped(const struct crx_exec *x, uint32_t page_size, bool no_mmu)
{
	if (x->kind == CRX_EXEC_DAMAGED)
		return CRX_EXEC_WHY_DAMAGED;
	if (x->kind == CRX_EXEC_BFLT) {
		if (!no_mmu)
			return CRX_EXEC_WHY_FLAT_MMU;
		return x->constdisp ? CRX_EXEC_WHY_FLAT_RAM : CRX_EXEC_WHY_NONE;
	}
	if (!is_elf_image(x))
		return CRX_EXEC_WHY_FORMAT;
	if (x->debug)
		return CRX_EXEC_WHY_DEBUG;
	if (!is_aligned(x, page_size))
		return CRX_EXEC_WHY_UNALIGNED;
	return no_mmu ? why_elf_without_mmu(x) : CRX_EXEC_WHY_NONE;
}

struct crx_exec_load crx_exec_load(const struct crx_exec *x, uint32_t page_size, bool no_mmu)
{
	return (struct crx_exec_load){ x, page_size, no_mmu, why_not_mapped(x, page_size, no_mmu) };
}

/*
 * elf_map() maps total_mapping_size() bytes for the first segment of an ET_DYN file, and
 * _dl_map_segments() maps the first segment of a library with the length of all of them. Both then
 * cut this mapping or map the other segments over it.
 */
static uint32_t initial_pages(const struct crx_exec_load *load, size_t i,
			      const struct crx_exec_mapping *m)
{
	const struct crx_exec *x = load->x;
	uint64_t n;

	if (i || load->no_mmu || !crx_exec_reserves_span(x) || x->load_end <= m->vaddr)
		return m->npg;
	n = (x->load_end - m->vaddr - 1) / load->page_size + 1;
	if (n < m->npg)
		return m->npg;
	return n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

bool crx_exec_mapping(const struct crx_exec_load *load, size_t i, struct crx_exec_mapping *out)
{
	const struct crx_exec_segment *seg = &load->x->seg[i];
	bool ok;

	*out = (struct crx_exec_mapping){
		.seg = seg,
		.vaddr = seg->vaddr & ~(uint64_t)(load->page_size - 1),
		.writable = seg->flags & CRX_EXEC_W,
		.unit = load->no_mmu,
	};
	/* elf_fdpic_map_file_by_direct_mmap() maps p_memsz; for a copy, p_filesz is read */
	ok = find_pages(seg, load->no_mmu && !load->why ? seg->memsz : seg->filesz, load->page_size,
			out);
	if (!ok) {
		out->first_pg = (uint32_t)(seg->off / load->page_size);
		if (seg->filesz)
			out->npg = (uint32_t)((seg->off + seg->filesz - 1) / load->page_size) -
				   out->first_pg + 1;
	}
	out->initial_pg = initial_pages(load, i, out);
	return ok;
}
