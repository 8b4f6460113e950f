/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "exec/exec.h"

/*
 * elf_map() of fs/binfmt_elf.c: size = p_filesz + ELF_PAGEOFFSET(p_vaddr),
 * off = p_offset - ELF_PAGEOFFSET(p_vaddr), which must be a whole page.
 */
bool crx_exec_pages(const struct crx_exec_segment *seg, uint32_t page_size, uint32_t *first_pg, uint32_t *npg)
{
	uint64_t in_page = seg->vaddr & (page_size - 1);
	uint64_t first, n;

	if ((seg->off & (page_size - 1)) != in_page || seg->filesz > UINT64_MAX - 2 * (uint64_t)page_size)
		return false;
	first = (seg->off - in_page) / page_size;
	n = (seg->filesz + in_page + page_size - 1) / page_size;
	if (first > UINT32_MAX || n > UINT32_MAX)
		return false;
	*first_pg = (uint32_t)first;
	*npg = (uint32_t)n;
	return true;
}
