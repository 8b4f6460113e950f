/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which entries may be extracted, and their contents.
 */
#include "config.h"
#include "read/extract.h"

#include <string.h>
#include <sys/stat.h>

const char *crx_extract_why_refused(const struct crx_entry *e)
{
	const char *name = e->de.name;
	size_t len = e->de.name_len;

	if (e->parent) {
		if (!len)
			return "without a name";
		if (memchr(name, '/', len) || memchr(name, '\0', len))
			return "its name contains a slash or a NUL byte";
		if (!strcmp(name, ".") || !strcmp(name, ".."))
			return "its name would lead out of the directory";
	}
	return crx_entry_type(e->de.inode.mode)->mode ? NULL : "its type is not valid";
}

const char *crx_extract_why_incomplete(const struct crx_entry *e)
{
	if (!S_ISDIR(e->de.inode.mode))
		return e->parent ? NULL : "the root is not a directory";
	if (e->damaged)
		return "not all of the directory can be read: entries are missing";
	return e->entered ? NULL : "left empty: the same directory is also elsewhere in the image";
}

uint32_t crx_extract_mode(const struct crx_entry *e)
{
	uint32_t mode = e->de.inode.mode & 07777u;

	return e->parent ? mode : mode | 0555;
}

uint32_t crx_extract_size(const struct crx_entry *e)
{
	uint32_t type = e->de.inode.mode & S_IFMT;

	return type == S_IFREG || type == S_IFLNK ? crx_entry_size(e) : 0;
}

#define ALWAYS_ALLOWED ((uint64_t)4 << 30)

int crx_extract_check_size(const struct crx_image *img, const struct crx_listing *l,
			   struct crx_err *err)
{
	uint64_t unshared = img->len / CRX_BLKPTR_LEN * img->page_size;
	uint64_t limit = unshared > ALWAYS_ALLOWED ? unshared : ALWAYS_ALLOWED;
	uint64_t sum = 0;
	size_t i;

	/* sizes have 24 bits, so the sum cannot wrap */
	for (i = 0; i < l->n; i++)
		sum += crx_extract_size(&l->entry[i]);
	if (sum <= limit)
		return 0;
	return crx_err_set(err, CRX_EBIG, 0, NULL,
			   "not extracted: the files have %llu bytes in all, more than an image of "
			   "%llu bytes can hold without shared tables",
			   (unsigned long long)sum, (unsigned long long)img->len);
}

void crx_extract_pages(const struct crx_image *img, const struct crx_entry *e,
		       struct crx_extract_range range, struct crx_inflate *z, uint8_t *buf,
		       struct crx_extract_bad *bad)
{
	enum crx_k_why why;
	uint32_t i;

	for (i = 0; i < range.npg; i++, buf += img->page_size) {
		why = crx_k_read_folio(img, &e->de.inode, range.first_pg + i, z, buf);
		if (!why)
			continue;
		memset(buf, 0, img->page_size);
		if (!bad->pages++) {
			bad->first_pg = range.first_pg + i;
			bad->why = why;
		}
	}
}

const char *crx_extract_target(const struct crx_image *img, const struct crx_entry *e,
			       struct crx_inflate *z, uint8_t *page)
{
	uint32_t size = crx_extract_size(e);
	enum crx_k_why why;

	if (!size)
		return "a link without a target";
	why = crx_k_read_folio(img, &e->de.inode, 0, z, page);
	if (why)
		return crx_k_why_text(why);
	/* nd_terminate_link() */
	page[size < img->page_size ? size : img->page_size - 1] = '\0';
	return page[0] ? NULL : "a link without a target";
}
