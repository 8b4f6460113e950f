/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What both sides of the comparison of kernel and model agree upon: the lines,
 * and how far an image is looked into. Included by differ_probe.c on the
 * target and by differ_model.c on the host.
 *
 *   B IMAGE STEP ERRNO       "mounted" with 0, or "mount" with errno
 *   Q TEXT                   what the kernel said of the mount
 *   F TYPE BSIZE BLOCKS FILES NAMELEN     statfs
 *   D ENTRY... ERRNO         a directory's listing: INODE:TYPE:NAME
 *   N NAME INODE MODE UID GID SIZE BLOCKS DEVICE   found by lookup in that directory
 *   N NAME error ERRNO
 *   T TARGET                 of the link above; or "error ERRNO"
 *   R PAGE...                of the file above, by read(): a hash; or why not, in the kernel's
 * words M FIRST PAGES KIND IN_PLACE OFFSET REASON PAGE...   of the file above, mapped U up again:
 * the directory ends E                        the image ends
 *
 * Spaces in texts are written as %20. An inode's contents are shown once.
 */
#ifndef DIFFER_RULES_H
#define DIFFER_RULES_H

#include <stdbool.h>
#include <stdint.h>

enum {
	DIFFER_ENTRIES = 24, /* of a listing */
	DIFFER_DEPTH = 4,
	DIFFER_NODES = 80, /* lookups in an image */
	DIFFER_INODES = 128,
	DIFFER_EXTRA = 8, /* names of the job that are looked up in every directory */
	DIFFER_READ = 10, /* pages read at the beginning of a file, and the last */
	DIFFER_MAP = 12,  /* pages of a mapping */
	DIFFER_RANGES = 8,
	DIFFER_NAME = 256
};

struct differ_range {
	uint32_t first, pages;
	bool exec, write, shared;
};

/* Range k of a file of n pages. False: there is none. */
static inline bool differ_range(int k, uint32_t n, struct differ_range *r)
{
	uint32_t most = n < DIFFER_MAP ? n : DIFFER_MAP;

	*r = (struct differ_range){ .pages = most };
	switch (k) {
	case 0:
		r->exec = true;
		break;
	case 1:
		r->pages = most + 1;
		break;
	case 2:
		r->first = n / 2;
		r->pages = n - n / 2 < DIFFER_MAP ? n - n / 2 : DIFFER_MAP;
		break;
	case 3:
		r->first = n ? n - 1 : 0;
		r->pages = 1;
		break;
	case 4:
		r->first = n;
		r->pages = 1;
		return true;
	case 5:
		r->write = true;
		break;
	case 6:
		r->shared = true;
		break;
	default:
		r->first = 1;
		r->pages = 2;
		break;
	}
	return n && r->first <= n;
}

#endif
