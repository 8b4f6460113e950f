/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hard links of cpio, by device and inode. libarchive finds them too, but it
 * searches a list for every entry, and never removes directories from that list.
 */
#include "config.h"
#include "input/archive/links.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct inode {
	uint64_t dev, ino;
	uint32_t names_left; /* names of it in the rest of the archive */
	char path[];         /* its first name */
};

static int compare(const void *x, const void *y)
{
	const struct inode *a = x, *b = y;
	int c = crx_compare(a->dev, b->dev);

	return c ? c : crx_compare(a->ino, b->ino);
}

static struct inode *new_inode(const struct inode *key, const char *path)
{
	size_t len = strlen(path) + 1;
	struct inode *n = crx_alloc(sizeof(*n) + len, 1);

	if (!n)
		return NULL;
	*n = *key;
	memcpy(n->path, path, len);
	return n;
}

int crx_archive_link(struct crx_archive_links *l, uint64_t dev, uint64_t ino,
		     struct crx_archive_member *m, struct crx_err *err)
{
	struct inode key = { .dev = dev, .ino = ino, .names_left = m->nlink - 1 }, *n,
		     **found = tfind(&key, &l->tree, compare);

	m->hardlink = NULL;
	if (!found) {
		n = new_inode(&key, m->path);
		if (n && tsearch(n, &l->tree, compare))
			return 0;
		free(n);
		return crx_err_nomem(err, "reading an archive");
	}
	n = *found;
	m->hardlink = n->path;
	if (--n->names_left)
		return 0;
	/* a later entry with these numbers is another file */
	tdelete(n, &l->tree, compare);
	free(l->completed);
	l->completed = n;
	return 0;
}

void crx_archive_links_free(struct crx_archive_links *l)
{
	struct inode *n;

	while (l->tree) {
		n = *(struct inode **)l->tree;
		tdelete(n, &l->tree, compare);
		free(n);
	}
	free(l->completed);
	l->completed = NULL;
}
