/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The old image that the new one is built like.
 */
#include "config.h"
#include "build/stages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "read/check.h"

static int map_old(struct crx_builder *b, struct crx_err *err)
{
	const char *path = b->o->update.like;
	struct crx_image *img = &b->old.img;
	int fd = crx_io_open(path, O_RDONLY | O_CLOEXEC), ret;

	if (fd < 0)
		return crx_err_set(err, CRX_EIO, errno, path, "cannot open the old image");
	ret = crx_image_map(img, fd, path, b->o->page_size, err);
	close(fd);
	return ret ? ret : crx_check_prefer_page_size(img, &b->old.page_sizes, err);
}

int crx_build_open_old(struct crx_builder *b, struct crx_err *err)
{
	int ret;

	if (!b->o->update.like)
		return 0;
	ret = map_old(b, err);
	if (!ret)
		ret = crx_listing_read(&b->old.img, &b->old.list, err);
	return ret;
}

void crx_build_free_old(struct crx_builder *b)
{
	crx_old_free(&b->old.values);
	crx_listing_free(&b->old.list);
	crx_image_close(&b->old.img);
}

/* What keeps the new image from having as much of it as it might; NULL: nothing. */
static const char *find_fault(const struct crx_builder *b)
{
	const struct crx_image *img = &b->old.img;
	bool extended = img->super.flags & CRX_FLAG_EXT_BLOCK_POINTERS;

	if (b->old.list.truncated || !crx_image_has_crc(img) ||
	    crx_image_crc(img) != img->super.crc)
		return "is damaged";
	if (img->page_size != b->o->page_size)
		return "has another page size";
	if (img->order != b->o->order)
		return "has the other byte order";
	if (b->ext && !extended)
		return "has no extended block pointers";
	if (!b->ext && extended)
		return "has extended block pointers, which this one must not have";
	return b->old.values.nunusable ? "has files laid out in a way that this program never uses"
				       : NULL;
}

int crx_build_match_old(struct crx_builder *b, struct crx_err *err)
{
	struct crx_old *old = &b->old.values;
	const char *fault;
	int ret;

	if (!b->o->update.like)
		return 0;
	ret = crx_old_read(&b->old.img, &b->old.list, b->workers, old, err);
	if (!ret)
		ret = crx_old_match(old, &b->old.list, &b->tree, &b->facts, err);
	fault = ret ? NULL : find_fault(b);
	if (fault)
		crx_log_warn(b->h->log, b->o->update.like,
			     "%s: of %llu different block%s of the new image, %llu can be taken "
			     "from it",
			     fault, (unsigned long long)old->distinct, crx_plural(old->distinct),
			     (unsigned long long)old->found);
	return ret;
}

/* The table of the old image with the contents of a file: the one at its path, if there are
 * several. */
static const struct crx_old_table *find_table(const struct crx_builder *b, size_t file)
{
	const struct crx_old *old = &b->old.values;
	uint32_t at = old->node[b->facts.file[file].node->index].table;
	size_t first, n = crx_old_find_table(old, &b->facts, file, &first), i;

	for (i = 0; i < n; i++)
		if (old->by_key.at[first + i].i == at)
			return &old->table[at];
	return n ? &old->table[old->by_key.at[first].i] : NULL;
}

/* The pages of one file that are in place in the old image, and may be: they go in place; or, if
 * pages are weighed, they are marked in `before`. */
static void keep_pages_of(struct crx_builder *b, size_t file, uint8_t *before)
{
	const struct crx_file_wish *w = &b->wishes.file[file];
	const struct crx_old_table *t = w->ncands ? find_table(b, file) : NULL;
	struct crx_candidate *c;
	uint32_t n;
	size_t i;

	for (i = 0; t && i < w->ncands; i++) {
		c = &b->wishes.cand[w->first_cand + i];
		n = crx_old_pages_in_place(&b->old.values, t, c->first_pg, c->max_pg);
		if (before)
			memset(&before[b->facts.file[file].first_blk + c->first_pg], 1, n);
		else if (n > c->chosen_pg && (!c->unit || n == c->max_pg))
			c->chosen_pg = n;
	}
}

int crx_build_keep_pages(struct crx_builder *b, struct crx_err *err)
{
	bool weighs = crx_build_weighs_pages(b);
	size_t i;

	if (!b->o->update.like)
		return 0;
	if (weighs) {
		b->in_place_before = crx_zalloc(b->facts.nblks, 1);
		if (!b->in_place_before)
			return crx_err_nomem(err, "choosing pages");
	}
	for (i = 0; i < b->wishes.nfiles; i++)
		keep_pages_of(b, i, b->in_place_before);
	return weighs ? 0 : crx_wishes_update_ranges(&b->wishes, err);
}
