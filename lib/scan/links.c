/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "scan/equal.h"

#include <stdlib.h>

static int by_inode(const void *a, const void *b)
{
	const struct crx_file_fact *x = *(const struct crx_file_fact *const *)a;
	const struct crx_file_fact *y = *(const struct crx_file_fact *const *)b;

	int c = crx_compare(x->node->link_dev, y->node->link_dev);

	if (!c)
		c = crx_compare(x->node->link_ino, y->node->link_ino);
	return c ? c : crx_compare((uintptr_t)x, (uintptr_t)y);
}

int crx_scan_find_links(struct crx_facts *f, struct crx_err *err)
{
	struct crx_file_fact **linked = crx_alloc(f->nfiles, sizeof(struct crx_file_fact *));
	size_t i, n = 0;

	if (!linked)
		return crx_err_nomem(err, "looking for hard links");
	for (i = 0; i < f->nfiles; i++)
		if (f->file[i].node->link_ino)
			linked[n++] = &f->file[i];
	if (n)
		qsort(linked, n, sizeof(struct crx_file_fact *), by_inode);
	for (i = 1; i < n; i++)
		if (linked[i]->node->link_ino == linked[i - 1]->node->link_ino &&
		    linked[i]->node->link_dev == linked[i - 1]->node->link_dev)
			linked[i]->link = linked[i - 1]->link;
	free(linked);
	return 0;
}
