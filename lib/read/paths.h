/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Many lookups of paths in one image. crx_listing_find() reads every link and compares every name
 * of a directory each time; here, a link is read once, and names are sorted.
 */
#ifndef CRX_READ_PATHS_H
#define CRX_READ_PATHS_H

#include "read/walk.h"

struct crx_paths;
struct crx_inflate;

/* img, l and z must exist until crx_paths_free(). Fails only if memory is short. */
int crx_paths_open(const struct crx_image *img, const struct crx_listing *l, struct crx_inflate *z,
		   struct crx_paths **out, struct crx_err *err) CRX_MUST_CHECK;

/*
 * The entry at path, which begins at the root with or without a slash; NULL if there is none.
 * Symbolic links are followed within the image, to the depth of 40; one at the end of the path only
 * with follow_last.
 */
const struct crx_entry *crx_paths_find(struct crx_paths *p, const char *path, bool follow_last);

void crx_paths_free(struct crx_paths *p);

#endif
