/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds files that will be one inode of the image: they share a block pointer table,
 * whose offset is the inode number.
 */
#include "config.h"
#include "scan/equal.h"

#include <stdlib.h>

#include "format/rules.h"

static struct crx_identity identity_of(const struct crx_file_fact *f)
{
	return (struct crx_identity){
		.mode = f->node->mode,
		.uid = f->node->uid,
		.gid = f->node->gid,
	};
}

static int by_identity(const void *a, const void *b)
{
	const struct crx_file_fact *x = *(const struct crx_file_fact *const *)a;
	const struct crx_file_fact *y = *(const struct crx_file_fact *const *)b;
	int c = crx_compare(x->same, y->same);

	if (!c)
		c = crx_compare(x->node->mode, y->node->mode);
	if (!c)
		c = crx_compare(x->node->uid, y->node->uid);
	if (!c)
		c = crx_compare(x->node->gid, y->node->gid);
	return c ? c : crx_compare((uintptr_t)x, (uintptr_t)y);
}

int crx_scan_find_inodes(struct crx_facts *f, struct crx_err *err)
{
	struct crx_file_fact **order = crx_alloc(f->nfiles, sizeof(struct crx_file_fact *)),
			     *first = NULL;
	struct crx_identity a, b;
	size_t i;

	if (!order)
		return crx_err_nomem(err, "looking for equal files");
	for (i = 0; i < f->nfiles; i++)
		order[i] = &f->file[i];
	if (f->nfiles)
		qsort(order, f->nfiles, sizeof(struct crx_file_fact *), by_identity);
	for (i = 0; i < f->nfiles; i++) {
		if (first) {
			a = identity_of(first);
			b = identity_of(order[i]);
		}
		if (!first || first->same != order[i]->same || !crx_format_may_share_table(&a, &b))
			first = order[i];
		order[i]->inode = (uint32_t)(first - f->file);
	}
	free(order);
	return 0;
}
