/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cramfs_physmem_mmap() with an MMU. It follows pointers even if they lead out of the flash; where
 * they do, the answer is CRX_K_OUT_OF_BOUNDS.
 */
#include "config.h"
#include "read/kcore.h"

#include <sys/stat.h>

#include "base/mem.h"

struct range {
	uint32_t pages;     /* blocks in the run */
	uint32_t off;       /* of the first; 0 if there is none */
	bool out_of_bounds; /* the table passes the end of the image */
};

/* blockptrs[i]. False if it is outside the image, which the kernel does not check. */
static bool block_pointer(const struct crx_image *img, const struct crx_inode *inode, uint64_t i,
			  uint32_t *ptr)
{
	uint64_t end = (uint64_t)inode->off + (i + 1) * CRX_BLKPTR_LEN;

	if (end > crx_k_point_len(img))
		return false;
	return crx_image_pointer(img, inode->off, (uint32_t)i, ptr);
}

/* cramfs_get_block_range(). Its u32 sums wrap, and a carry out of the 30 bits of an address is lost
 * among the flags. */
static void get_range(const struct crx_image *img, const struct crx_inode *inode, uint32_t first_pg,
		      uint32_t npg, struct range *r)
{
	uint32_t i, ptr, expect, first = 0;

	*r = (struct range){ 0 };
	for (i = 0; i < npg; i++) {
		if (!block_pointer(img, inode, (uint64_t)first_pg + i, &ptr)) {
			r->out_of_bounds = true;
			break;
		}
		if (!i)
			first = ptr & ~CRX_BLK_FLAGS;
		expect = (first + i * (img->page_size >> CRX_BLK_DIRECT_SHIFT)) | CRX_BLK_FLAGS;
		if (ptr != expect)
			break;
	}
	r->pages = i;
	r->off = i ? first << CRX_BLK_DIRECT_SHIFT : 0;
}

uint32_t crx_k_get_block_range(const struct crx_image *img, const struct crx_inode *inode,
			       uint32_t first_pg, uint32_t npg, uint64_t *off)
{
	struct range r = { 0 };

	if (crx_k_i_size(inode))
		get_range(img, inode, first_pg, npg, &r);
	*off = r.off;
	/* the kernel uses offset 0 for "none" */
	return r.off ? r.pages : 0;
}

bool crx_k_last_page_is_shared(const struct crx_image *img, const struct crx_inode *inode)
{
	uint32_t size = crx_k_i_size(inode);
	uint32_t partial = size % img->page_size;
	uint64_t tail_off;
	uint32_t ptr;

	if (!partial)
		return false;
	/* a tail that cannot be read must not be mapped */
	if (!block_pointer(img, inode, size / img->page_size, &ptr))
		return true;
	tail_off = (uint64_t)((ptr & ~CRX_BLK_FLAGS) << CRX_BLK_DIRECT_SHIFT) + partial;
	if (tail_off + (img->page_size - partial) > crx_k_point_len(img))
		return true;
	/* memchr_inv(p, 0, len) */
	return !crx_is_zero(img->data + tail_off, img->page_size - partial);
}

/* The part from "if (!PAGE_ALIGNED(address))" on. r has at least one page. */
static struct crx_k_map map_range(const struct crx_image *img, const struct crx_inode *inode,
				  uint32_t first_pg, const struct range *r)
{
	uint64_t point_len = crx_k_point_len(img);
	uint64_t inside = r->off < point_len ? (point_len - r->off) / img->page_size : 0;
	struct crx_k_map map = { .pages = r->pages, .off = r->off };

	if (r->off % img->page_size)
		return (struct crx_k_map){ .why = CRX_K_NOT_ALIGNED };
	if (r->pages > inside) {
		map.pages = (uint32_t)inside;
		map.why = CRX_K_OUT_OF_BOUNDS;
	} else if (first_pg + r->pages == crx_k_max_pages(img, inode) &&
		   crx_k_last_page_is_shared(img, inode)) {
		map.pages--;
		map.why = map.pages ? CRX_K_LAST_PAGE_SHARED : CRX_K_NO_BLOCK_LEFT;
	}
	if (!map.pages)
		map.off = 0;
	return map;
}

/* Why no page is mapped, by the checks that come before the block pointers. */
static enum crx_k_why why_none(const struct crx_image *img, const struct crx_inode *inode,
			       uint32_t first_pg, bool writable)
{
	/* get_cramfs_inode() gives cramfs_physmem_fops to regular files only */
	if (!S_ISREG(inode->mode))
		return CRX_K_NOT_REGULAR;
	if (!(img->super.flags & CRX_FLAG_EXT_BLOCK_POINTERS))
		return CRX_K_NO_EXT_POINTERS;
	if (writable)
		return CRX_K_WRITABLE;
	return first_pg >= crx_k_max_pages(img, inode) ? CRX_K_BEYOND_FILE : CRX_K_OK;
}

struct crx_k_map crx_k_physmem_mmap(const struct crx_image *img, const struct crx_inode *inode,
				    uint32_t first_pg, uint32_t npg, bool writable)
{
	struct crx_k_map map = { 0 };
	uint32_t want;
	struct range r;

	if (!npg)
		return map;
	map.why = why_none(img, inode, first_pg, writable);
	if (map.why)
		return map;
	want = crx_k_max_pages(img, inode) - first_pg;
	want = npg < want ? npg : want;
	get_range(img, inode, first_pg, want, &r);
	map.why = r.out_of_bounds ? CRX_K_OUT_OF_BOUNDS : r.off ? CRX_K_OK : CRX_K_BLOCK_LAYOUT;
	if (map.why)
		return map;
	map = map_range(img, inode, first_pg, &r);
	if (!map.why && map.pages < npg)
		map.why = r.pages < want ? CRX_K_BLOCK_LAYOUT : CRX_K_BEYOND_FILE;
	return map;
}
