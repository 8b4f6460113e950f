/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cramfs_physmem_get_unmapped_area(). A kernel without an MMU calls it to find out whether it must
 * copy a mapping to RAM. The kernel logs nothing here; it returns error numbers.
 */
#include "config.h"
#include "read/kcore.h"

#include <sys/stat.h>

enum crx_k_why crx_k_physmem_get_unmapped_area(const struct crx_image *img,
					       const struct crx_inode *inode, uint32_t first_pg,
					       uint32_t npg, uint64_t *off)
{
	uint32_t max_pages = crx_k_max_pages(img, inode);
	uint64_t point_len = crx_k_point_len(img);
	uint32_t n;

	*off = 0;
	if (!npg)
		return CRX_K_OK;
	/* get_cramfs_inode() gives cramfs_physmem_fops to regular files only */
	if (!S_ISREG(inode->mode))
		return CRX_K_NOT_REGULAR;
	if (!(img->super.flags & CRX_FLAG_EXT_BLOCK_POINTERS))
		return CRX_K_NO_EXT_POINTERS;
	/* -EINVAL: do_mmap() gives up */
	if (first_pg >= max_pages || npg > max_pages - first_pg)
		return CRX_K_BEYOND_FILE;
	/* -ENOSYS: do_mmap() copies. Neither the alignment nor the tail is checked. */
	n = crx_k_get_block_range(img, inode, first_pg, npg, off);
	if (n != npg) {
		*off = 0;
		/* the pointer that ended the run may be outside the image */
		if ((uint64_t)inode->off + ((uint64_t)first_pg + n + 1) * CRX_BLKPTR_LEN >
		    point_len)
			return CRX_K_OUT_OF_BOUNDS;
		return CRX_K_BLOCK_LAYOUT;
	}
	if (*off > point_len || (uint64_t)npg * img->page_size > point_len - *off) {
		*off = 0;
		return CRX_K_OUT_OF_BOUNDS;
	}
	return CRX_K_OK;
}
