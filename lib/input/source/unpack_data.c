/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "input/source/unpack.h"

#include <inttypes.h>

enum {
	ENTRY_LEN = 16, /* of an image: an inode and a name of up to 4 bytes */
	POINTER_LEN = 4
};

static const uint64_t LARGEST_IMAGE = (uint64_t)1 << 30;

int crx_unpack_too_big(const struct crx_unpack *u, struct crx_err *err)
{
	uint64_t room =
		u->o->max_size && u->o->max_size < LARGEST_IMAGE ? u->o->max_size : LARGEST_IMAGE;

	if (u->pages > room / POINTER_LEN)
		return crx_err_set(err, CRX_EBIG, 0, u->archive,
				   "unpacks to more than %" PRIu64
				   " MiB: at %d bytes for each page, no image of %" PRIu64
				   " bytes holds that",
				   (room / POINTER_LEN * u->page_size) >> 20, POINTER_LEN, room);
	if (u->entries > room / ENTRY_LEN)
		return crx_err_set(err, CRX_EBIG, 0, u->archive,
				   "unpacks to more than %" PRIu64
				   " files: at %d bytes for each, no image of %" PRIu64
				   " bytes holds that",
				   room / ENTRY_LEN, ENTRY_LEN, room);
	return 0;
}

static int cannot(const struct crx_unpack *u, const struct crx_archive_member *m, const char *why,
		  struct crx_err *err)
{
	return crx_err_set(err, CRX_EFORMAT, 0, u->archive, "%.500s: %s", m->path, why);
}

/* The pages of a file of size bytes, as they grow from `had` of them. */
static int count_pages(struct crx_unpack *u, uint64_t size, uint64_t *had, struct crx_err *err)
{
	uint64_t pages = size / u->page_size + (size % u->page_size != 0);

	u->pages += pages - *had;
	*had = pages;
	return crx_unpack_too_big(u, err);
}

/* What is kept of the `got` bytes behind the first `before`: nothing once a file
 * is too big for cramfs, or the rest that fits where that is wanted. */
static size_t kept(const struct crx_unpack *u, uint64_t before, size_t got)
{
	uint64_t room = before < CRX_SIZE_MAX ? CRX_SIZE_MAX - before : 0;

	if (got <= room)
		return got;
	return u->o->lossy ? (size_t)room : 0;
}

/* All that comes is counted, what is kept goes to the spool. */
static int copy(struct crx_unpack *u, uint64_t *size, struct crx_err *err)
{
	uint64_t had = 0, counted;
	size_t got, n;
	int ret;

	do {
		ret = crx_archive_read(u->reader, u->buf, CRX_UNPACK_BUF, &got, err);
		if (ret < 0 || !got)
			return ret;
		n = kept(u, *size, got);
		counted = *size + got;
		if (u->o->lossy && counted > CRX_SIZE_MAX)
			counted = CRX_SIZE_MAX;
		ret = count_pages(u, counted, &had, err);
		if (!ret && n)
			ret = crx_spool_add(u->spool, u->buf, n, err);
		*size += got;
	} while (!ret);
	return ret;
}

int crx_unpack_data(struct crx_unpack *u, const struct crx_archive_member *m, uint64_t *size,
		    struct crx_content *content, struct crx_err *err)
{
	uint64_t had = 0;
	int ret;

	*content = (struct crx_content){ 0 };
	*size = m->size;
	if (m->has_size && !m->size)
		return 0;
	/* not read, but it counts: before an end is found that may never come */
	if (m->has_size && m->size > CRX_SIZE_MAX && !u->o->lossy)
		return count_pages(u, m->size, &had, err);
	if (m->encrypted)
		return cannot(u, m, "is encrypted", err);
	*size = 0;
	crx_spool_begin(u->spool, m->has_size && m->size < CRX_SPOOL_PAGE);
	ret = copy(u, size, err);
	if (ret < 0)
		return ret;
	if (m->has_size && *size != m->size)
		return cannot(u, m, "its data is not as long as the archive says", err);
	ret = crx_spool_end(u->spool, content, err);
	if (*size > CRX_SIZE_MAX && !u->o->lossy)
		*content = (struct crx_content){ 0 };
	return ret;
}
