/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/paths.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "read/order.h"

enum {
	LINKS_MAX = 40,         /* MAXSYMLINKS of Linux */
	LINKS_BUDGET = 1 << 29, /* bytes of links that are read, whatever a hostile image claims */
};

/* What is known of a link: the index of the entry it leads to, or one of these. */
#define NOT_READ UINT32_MAX
#define NOWHERE (UINT32_MAX - 1)

struct crx_paths {
	const struct crx_image *img;
	const struct crx_listing *l;
	struct crx_inflate *z;
	const struct crx_entry **sorted; /* as in the listing, but by name within a directory */
	uint32_t *leads;                 /* for each entry */
	uint32_t budget;                 /* of LINKS_BUDGET */
};

static int by_name(const void *a, const void *b)
{
	const struct crx_entry *x = *(const struct crx_entry *const *)a;
	const struct crx_entry *y = *(const struct crx_entry *const *)b;
	int c = crx_entry_compare_names(x, y);

	return c ? c : crx_compare(x->index, y->index);
}

int crx_paths_open(const struct crx_image *img, const struct crx_listing *l, struct crx_inflate *z,
		   struct crx_paths **out, struct crx_err *err)
{
	struct crx_paths *p = crx_zalloc(1, sizeof(*p));
	size_t i;

	*out = p;
	if (!p)
		return crx_err_nomem(err, "ordering the entries");
	*p = (struct crx_paths){ .img = img, .l = l, .z = z, .budget = LINKS_BUDGET };
	p->sorted = crx_alloc(l->n, sizeof(*p->sorted));
	p->leads = crx_alloc(l->n, sizeof(*p->leads));
	if (!p->sorted || !p->leads) {
		crx_paths_free(p);
		*out = NULL;
		return crx_err_nomem(err, "ordering the entries");
	}
	for (i = 0; i < l->n; i++) {
		p->sorted[i] = &l->entry[i];
		p->leads[i] = NOT_READ;
	}
	for (i = 0; i < l->n; i++)
		if (l->entry[i].nchildren > 1)
			qsort(p->sorted + l->entry[i].first_child, l->entry[i].nchildren,
			      sizeof(*p->sorted), by_name);
	return 0;
}

/* The first entry of that name, as cramfs_lookup() finds it. */
static const struct crx_entry *find_child(const struct crx_paths *p, const struct crx_entry *dir,
					  const char *name, size_t len)
{
	uint32_t lo = dir->first_child, hi = lo + dir->nchildren, end = hi;

	if (len == 1 && name[0] == '.')
		return dir;
	if (len == 2 && name[0] == '.' && name[1] == '.')
		return dir->parent ? dir->parent : dir;
	while (lo < hi) {
		uint32_t middle = lo + (hi - lo) / 2;
		const struct crx_entry *e = p->sorted[middle];
		size_t both = e->de.name_len < len ? e->de.name_len : len;
		int c = memcmp(e->de.name, name, both);

		if (c < 0 || (!c && e->de.name_len < len))
			lo = middle + 1;
		else
			hi = middle;
	}
	if (lo == end || p->sorted[lo]->de.name_len != len ||
	    memcmp(p->sorted[lo]->de.name, name, len) != 0)
		return NULL;
	return p->sorted[lo];
}

static const struct crx_entry *walk(struct crx_paths *p, const struct crx_entry *dir,
				    const char *path, bool follow_last, unsigned links);

/* Where the link leads. While it is being followed it leads nowhere, which ends a loop. */
static const struct crx_entry *follow(struct crx_paths *p, const struct crx_entry *link,
				      unsigned links)
{
	struct crx_err err = CRX_ERR_INIT;
	const struct crx_entry *e = NULL;
	uint32_t *leads = &p->leads[link->index], page = p->img->page_size;
	uint8_t *target;

	if (*leads == NOT_READ && page <= p->budget) {
		*leads = NOWHERE;
		p->budget -= page;
		if (links < LINKS_MAX && crx_entry_size(link) && crx_entry_size(link) < page &&
		    !crx_entry_contents(p->img, link, p->z, &target, &err)) {
			if (*target)
				e = walk(p,
					 *target == '/' || !link->parent ? p->l->entry
									 : link->parent,
					 (const char *)target, true, links + 1);
			free(target);
		}
		if (e)
			*leads = e->index;
	}
	return *leads >= NOWHERE ? NULL : &p->l->entry[*leads];
}

static const struct crx_entry *walk(struct crx_paths *p, const struct crx_entry *dir,
				    const char *path, bool follow_last, unsigned links)
{
	const char *at = path + strspn(path, "/");
	size_t len;

	while (dir && *at) {
		if (!S_ISDIR(dir->de.inode.mode))
			return NULL;
		len = strcspn(at, "/");
		dir = find_child(p, dir, at, len);
		at += len;
		if (dir && S_ISLNK(dir->de.inode.mode) && (*at || follow_last))
			dir = follow(p, dir, links);
		if (dir && *at && !S_ISDIR(dir->de.inode.mode))
			return NULL;
		at += strspn(at, "/");
	}
	return dir;
}

const struct crx_entry *crx_paths_find(struct crx_paths *p, const char *path, bool follow_last)
{
	return walk(p, p->l->entry, path, follow_last, 0);
}

void crx_paths_free(struct crx_paths *p)
{
	if (!p)
		return;
	free(p->sorted);
	free(p->leads);
	free(p);
}
