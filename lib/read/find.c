/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Paths inside an image, and the contents of files.
 */
#include "config.h"
#include "read/walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "read/kcore.h"

enum { LINKS_MAX = 40 }; /* MAXSYMLINKS of Linux */

uint32_t crx_entry_size(const struct crx_entry *e)
{
	return crx_k_i_size(&e->de.inode);
}

int crx_entry_contents(const struct crx_image *img, const struct crx_entry *e,
		       struct crx_inflate *z, uint8_t **out, struct crx_err *err)
{
	const struct crx_inode *inode = &e->de.inode;
	uint32_t size = crx_k_i_size(inode), page = img->page_size, i;
	/* whole pages, of which the last one may have more than the file */
	uint8_t *all = crx_zalloc((size_t)crx_round_up((uint64_t)inode->size + 1, page), 1);
	char path[CRX_ERR_PATH_MAX];
	enum crx_k_why why = CRX_K_OK;

	*out = all;
	if (!all)
		return crx_err_nomem(err, "reading a file of the image");
	for (i = 0; i < crx_k_max_pages(img, inode) && !why; i++)
		why = crx_k_read_folio(img, inode, i, z, all + (size_t)i * page);
	all[size] = '\0';
	if (!why)
		return 0;
	free(all);
	*out = NULL;
	return crx_err_set_at(err, CRX_EFORMAT, inode->off, crx_entry_path(e, path, sizeof(path)),
			      "block %lu cannot be read: %s", (unsigned long)i - 1,
			      crx_k_why_text(why));
}

/* NULL if it cannot be read. */
static char *read_link_target(const struct crx_image *img, const struct crx_entry *e,
			      struct crx_inflate *z)
{
	struct crx_err err = CRX_ERR_INIT;
	uint8_t *target;

	if (!crx_entry_size(e) || crx_entry_size(e) >= img->page_size ||
	    crx_entry_contents(img, e, z, &target, &err) < 0)
		return NULL;
	return (char *)target;
}

static const struct crx_entry *find_child(const struct crx_listing *l, const struct crx_entry *dir,
					  const char *name, size_t len)
{
	size_t i;

	if (len == 1 && name[0] == '.')
		return dir;
	if (len == 2 && name[0] == '.' && name[1] == '.')
		return dir->parent ? dir->parent : dir;
	for (i = 0; i < dir->nchildren; i++) {
		const struct crx_entry *e = &l->entry[dir->first_child + i];

		if (e->de.name_len == len && !memcmp(e->de.name, name, len))
			return e;
	}
	return NULL;
}

struct lookup {
	char *path;     /* ours */
	const char *at; /* in it */
	const struct crx_entry *dir;
	unsigned links;
};

/* Replaces the link in the path by its target. False, and errno, if that is not possible. */
static bool follow_link(const struct crx_image *img, const struct crx_listing *l, struct lookup *s,
			const struct crx_entry *link, struct crx_inflate *z)
{
	char *target, *joined;

	errno = ELOOP;
	if (++s->links > LINKS_MAX)
		return false;
	errno = EIO; /* unless memory is short */
	target = read_link_target(img, link, z);
	joined = target && *target ? crx_strjoin(target, s->at, "") : NULL;
	free(target);
	if (!joined)
		return false;
	free(s->path);
	s->path = joined;
	s->at = joined;
	if (*joined == '/')
		s->dir = &l->entry[0];
	return true;
}

static const struct crx_entry *walk_path(const struct crx_image *img, const struct crx_listing *l,
					 struct lookup *s, bool follow_last, struct crx_inflate *z)
{
	const struct crx_entry *e;
	size_t len;
	bool last;

	for (;;) {
		s->at += strspn(s->at, "/");
		len = strcspn(s->at, "/");
		if (!len)
			return s->dir;
		errno = ENOTDIR;
		if (!S_ISDIR(s->dir->de.inode.mode))
			return NULL;
		errno = ENOENT;
		e = find_child(l, s->dir, s->at, len);
		if (!e)
			return NULL;
		s->at += len;
		last = !*s->at;
		if (S_ISLNK(e->de.inode.mode) && (!last || follow_last)) {
			if (!follow_link(img, l, s, e, z))
				return NULL;
			continue;
		}
		/* "name/" is found only if it is a directory */
		errno = ENOTDIR;
		if (!last && !S_ISDIR(e->de.inode.mode))
			return NULL;
		s->dir = e;
	}
}

const struct crx_entry *crx_listing_find(const struct crx_image *img, const struct crx_listing *l,
					 const char *path, bool follow_last, struct crx_inflate *z)
{
	struct lookup s = { .path = crx_strdup(path), .dir = &l->entry[0] };
	const struct crx_entry *e;

	if (!s.path)
		return NULL;
	s.at = s.path;
	e = walk_path(img, l, &s, follow_last, z);
	free(s.path);
	return e;
}
