/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel without an MMU makes of a mapping: do_mmap() of mm/nommu.c and the answers of
 * cramfs_physmem_get_unmapped_area(). It is direct as a whole, or a copy made with kernel_read().
 */
#ifndef DIFFER_NOMMU_H
#define DIFFER_NOMMU_H

#include <stdio.h>

#include "differ_rules.h"
#include "read/image.h"

struct crx_inflate;

struct differ_nommu {
	const struct crx_image *img;
	struct crx_inflate *z;
	bool block; /* mounted through a block device */
	FILE *out;
};

/* The line "M" of this range of a file. False, and no line, if it must not be mapped, because the
 * kernel does not check bounds there. */
bool differ_nommu_map(const struct differ_nommu *n, const struct crx_inode *in,
		      const struct differ_range *r);

#endif
