/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds names of one file, and files that will be one inode of the image: they share a block
 * pointer table, whose offset is the inode number.
 */
#include "config.h"
#include "scan/equal.h"

#include <stdlib.h>

#include "format/rules.h"

static int by_link(const void *a, const void *b)
{
	const struct crx_file_fact *x = *(const struct crx_file_fact *const *)a;
	const struct crx_file_fact *y = *(const struct crx_file_fact *const *)b;
	int c = crx_compare(x->node->link_dev, y->node->link_dev);

	if (!c)
		c = crx_compare(x->node->link_ino, y->node->link_ino);
	return c ? c : crx_compare((uintptr_t)x, (uintptr_t)y);
}

static int by_inode(const void *a, const void *b)
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

/* The files in this order, for the caller to free; NULL without memory. */
static struct crx_file_fact **sort_files(struct crx_facts *f,
					 int (*order)(const void *a, const void *b))
{
	struct crx_file_fact **sorted = crx_alloc(f->nfiles, sizeof(struct crx_file_fact *));
	size_t i;

	for (i = 0; sorted && i < f->nfiles; i++)
		sorted[i] = &f->file[i];
	if (sorted && i)
		qsort(sorted, i, sizeof(struct crx_file_fact *), order);
	return sorted;
}

int crx_scan_find_links(struct crx_facts *f, struct crx_err *err)
{
	struct crx_file_fact **file = sort_files(f, by_link);
	size_t i;

	if (!file)
		return crx_err_nomem(err, "looking for hard links");
	for (i = 1; i < f->nfiles; i++)
		if (file[i]->node->link_ino &&
		    file[i]->node->link_ino == file[i - 1]->node->link_ino &&
		    file[i]->node->link_dev == file[i - 1]->node->link_dev)
			file[i]->link = file[i - 1]->link;
	free(file);
	return 0;
}

static bool is_one_inode(const struct crx_file_fact *a, const struct crx_file_fact *b)
{
	struct crx_identity x = { a->node->mode, a->node->uid, a->node->gid };
	struct crx_identity y = { b->node->mode, b->node->uid, b->node->gid };

	return a->same == b->same && crx_format_may_share_table(&x, &y);
}

int crx_scan_find_inodes(struct crx_facts *f, struct crx_err *err)
{
	struct crx_file_fact **file = sort_files(f, by_inode);
	size_t i;

	if (!file)
		return crx_err_nomem(err, "looking for equal files");
	for (i = 0; i < f->nfiles; i++)
		file[i]->inode = i && is_one_inode(file[i - 1], file[i])
					 ? file[i - 1]->inode
					 : (uint32_t)(file[i] - f->file);
	free(file);
	return 0;
}
