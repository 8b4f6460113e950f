/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of one directory, as cramfs_lookup() and cramfs_readdir() treat them.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/bytes.h"
#include "read/check_parts.h"
#include "read/order.h"

static void check_name(struct crx_check *c, const struct crx_entry *e)
{
	const char *name = e->de.name;
	uint64_t left = c->limit > e->de.off ? c->limit - e->de.off : 0;

	if (!strcmp(name, ".") || !strcmp(name, ".."))
		crx_check_report(c, CRX_F_NAME_DOTS, e, e->de.off, "the entry is named '%s'", name);
	if (memchr(name, '/', e->de.name_len))
		crx_check_report(c, CRX_F_NAME_SLASH, e, e->de.off, "the name contains '/'");
	if (e->de.inode.namelen4 != (e->de.name_len + 3u) / 4)
		crx_check_report(c, CRX_F_NAME_PADDING, e, e->de.off,
				 "the name has %u bytes, padded to %u: the kernel lists it, but "
				 "does not find it",
				 (unsigned)e->de.name_len, e->de.inode.namelen4 * 4u);
	/* without FSID_VERSION_2 the size is unknown, and no kernel mounts the image from an MTD */
	if (c->version_2 && !crx_k_dirent_readable(c->img, e->de.off))
		crx_check_fault(c, c->image, CRX_F_DIRENT_TAIL, e, e->de.off,
				"only %llu bytes before the end of the image, where %d are read: "
				"from an MTD the name is not found, and the listing ends with EIO",
				(unsigned long long)left, CRX_DIRENT_READ_LEN);
}

/*
 * cramfs_lookup() stops at a greater name, but compares only names of equal length: a name is not
 * found if a greater one of its length comes before it.
 */
static void check_order(struct crx_check *c, const struct crx_entry *dir)
{
	const struct crx_entry *greatest[CRX_DIRENT_NAME_MAX + 1] = { NULL };
	const struct crx_entry *before = NULL;
	size_t i;

	for (i = 0; i < dir->nchildren; i++) {
		const struct crx_entry *e = &c->l.entry[dir->first_child + i];
		const struct crx_entry **great = &greatest[e->de.name_len];
		bool odd = before && crx_entry_compare_names(before, e) >= 0;

		if (c->img->super.flags & CRX_FLAG_SORTED_DIRS) {
			if (*great && crx_entry_compare_names(*great, e) > 0)
				crx_check_report(c, CRX_F_DIR_ORDER, e, e->de.off,
						 "out of order after '%.60s': the kernel does not "
						 "find it",
						 (*great)->de.name);
			else if (odd && crx_entry_compare_names(before, e))
				crx_check_report(c, CRX_F_DIR_ORDER_ODD, e, e->de.off,
						 "out of order after '%.60s', although the image "
						 "is flagged as sorted",
						 before->de.name);
		}
		if (!*great || crx_entry_compare_names(*great, e) < 0)
			*great = e;
		before = e;
	}
}

static int check_duplicates(struct crx_check *c, const struct crx_entry *dir, struct crx_err *err)
{
	const struct crx_entry **e;
	size_t n, i;
	int ret = crx_entry_doubles(&c->l, dir, &e, &n, err);

	for (i = 0; !ret && i < n; i++)
		crx_check_report(c, CRX_F_NAME_DUPLICATE, e[i], e[i]->de.off,
				 "the name occurs twice in its directory: the kernel finds only "
				 "the first");
	free(e);
	return ret;
}

/* Is the entry at off missing, or a part of it, because the end of the image is? */
static bool entry_is_cut(const struct crx_check *c, uint64_t off)
{
	const uint8_t *p = crx_image_bytes(c->img, off, CRX_INODE_LEN);
	uint64_t len = CRX_INODE_LEN;
	struct crx_inode in;

	if (p) {
		crx_inode_decode(p, c->img->order, &in);
		len += in.namelen4 * 4u;
	}
	return !crx_image_bytes(c->img, off, len) && crx_check_is_cut(c, off, len);
}

/* Reports why the directory could not be read to its end; nothing, if only a bound of ours ended
 * it. */
static void report_damage(struct crx_check *c, const struct crx_entry *dir)
{
	const struct crx_inode *in = &dir->de.inode;
	struct crx_err why = CRX_ERR_INIT;
	struct crx_dirent d;
	uint32_t pos = 0;
	char text[200];

	if (dir->nchildren) {
		const struct crx_entry *last = &c->l.entry[dir->first_child + dir->nchildren - 1];

		pos = last->de.off - in->off + CRX_INODE_LEN + last->de.inode.namelen4 * 4u;
	}
	if (crx_image_dirent(c->img, in, &pos, &d, &why) >= 0)
		return;
	snprintf(text, sizeof(text), "after %lu entr%s: %.150s", (unsigned long)dir->nchildren,
		 dir->nchildren == 1 ? "y" : "ies", why.text);
	if (entry_is_cut(c, why.off))
		crx_check_fault(c, c->image, CRX_F_DIRENT, dir, why.off, "%s", text);
	else
		crx_check_report(c, CRX_F_DIRENT, dir, why.off, "%s", text);
}

int crx_check_names(struct crx_check *c, const struct crx_entry *dir, struct crx_err *err)
{
	const struct crx_extent *x = crx_check_extent_at(c, dir->de.inode.off);
	size_t i;

	if (dir->nchildren && x && crx_bit(c->owner, dir->index) && (x->overlap || x->conflict))
		crx_check_report(c, CRX_F_DIR_OVERLAP, dir, dir->de.inode.off,
				 "the entries of the directory overlap something else");
	for (i = 0; i < dir->nchildren; i++)
		check_name(c, &c->l.entry[dir->first_child + i]);
	if (dir->damaged)
		report_damage(c, dir);
	check_order(c, dir);
	return check_duplicates(c, dir, err);
}
