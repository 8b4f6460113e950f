/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/unpack.h"

#include <inttypes.h>

enum {
	ENTRY_LEN = 16, /* an inode and a name of up to 4 bytes */
	POINTER_LEN = 4
};

static const uint64_t LARGEST_IMAGE = (uint64_t)1 << 30;

int crx_unpack_check_size(const struct crx_unpack *u, struct crx_err *err)
{
	uint64_t room =
		u->o->max_size && u->o->max_size < LARGEST_IMAGE ? u->o->max_size : LARGEST_IMAGE;

	if (u->pages > room / POINTER_LEN)
		return crx_err_set(err, CRX_EBIG, 0, u->archive,
				   "unpacks to more than %" PRIu64
				   " MiB: with %d bytes for each page, no image of %" PRIu64
				   " bytes can hold that",
				   (room / POINTER_LEN * u->page_size) >> 20, POINTER_LEN, room);
	if (u->entries > room / ENTRY_LEN)
		return crx_err_set(err, CRX_EBIG, 0, u->archive,
				   "unpacks to more than %" PRIu64
				   " files: with %d bytes for each, no image of %" PRIu64
				   " bytes can hold that",
				   room / ENTRY_LEN, ENTRY_LEN, room);
	return 0;
}

static int bad_entry(const struct crx_unpack *u, const struct crx_archive_member *m,
		     const char *why, struct crx_err *err)
{
	return crx_err_set(err, CRX_EFORMAT, 0, u->archive, "%.500s: %s", m->path, why);
}

/* Count the pages of a file that has size bytes so far. *counted of them have been
 * counted before. */
static int count_pages(struct crx_unpack *u, uint64_t size, uint64_t *counted, struct crx_err *err)
{
	uint64_t pages = size / u->page_size + (size % u->page_size != 0);

	u->pages += pages - *counted;
	*counted = pages;
	return crx_unpack_check_size(u, err);
}

/* How many of the next `got` bytes to keep, after `before` bytes: none of what makes
 * the file too large for cramfs, or (lossy) those that still fit. */
static size_t bytes_to_keep(const struct crx_unpack *u, uint64_t before, size_t got)
{
	uint64_t room = before < CRX_SIZE_MAX ? CRX_SIZE_MAX - before : 0;

	if (got <= room)
		return got;
	return u->o->lossy ? (size_t)room : 0;
}

/* Counts all data, and writes what is kept to the spool. */
static int copy_to_spool(struct crx_unpack *u, uint64_t *size, struct crx_err *err)
{
	uint64_t pages = 0, counted_size;
	size_t got, n;
	int ret;

	do {
		ret = crx_archive_read(u->reader, u->buf, CRX_UNPACK_BUF, &got, err);
		if (ret < 0 || !got)
			return ret;
		n = bytes_to_keep(u, *size, got);
		counted_size = *size + got;
		if (u->o->lossy && counted_size > CRX_SIZE_MAX)
			counted_size = CRX_SIZE_MAX;
		ret = count_pages(u, counted_size, &pages, err);
		if (!ret && n)
			ret = crx_spool_add(u->spool, u->buf, n, err);
		*size += got;
	} while (!ret);
	return ret;
}

int crx_unpack_read_data(struct crx_unpack *u, const struct crx_archive_member *m, uint64_t *size,
			 struct crx_content *content, struct crx_err *err)
{
	uint64_t pages = 0;
	int ret;

	*content = (struct crx_content){ 0 };
	*size = m->size;
	if (m->has_size && !m->size)
		return 0;
	/* count it without reading it: the data may have no end */
	if (m->has_size && m->size > CRX_SIZE_MAX && !u->o->lossy)
		return count_pages(u, m->size, &pages, err);
	if (m->encrypted)
		return bad_entry(u, m, "is encrypted", err);
	*size = 0;
	crx_spool_begin(u->spool, m->has_size && m->size < CRX_SPOOL_PAGE);
	ret = copy_to_spool(u, size, err);
	if (ret < 0)
		return ret;
	if (m->has_size && *size != m->size)
		return bad_entry(u, m, "its data is not as long as the archive says", err);
	ret = crx_spool_end(u->spool, content, err);
	if (*size > CRX_SIZE_MAX && !u->o->lossy)
		*content = (struct crx_content){ 0 };
	return ret;
}
