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

/* The entries before one in its directory, as far as cramfs_lookup() compares them with it. */
struct order {
	const struct crx_entry *greatest[CRX_DIRENT_NAME_MAX + 1]; /* of each length */
	const struct crx_entry *first; /* that with the greatest first byte */
	const struct crx_entry *ascii; /* the same, of bytes up to 0x7f */
	const struct crx_entry *last;
};

static uint8_t first_byte(const struct crx_entry *e)
{
	return (uint8_t)e->de.name[0];
}

static bool begins_greater(const struct crx_entry *a, const struct crx_entry *b)
{
	return a && first_byte(a) > first_byte(b);
}

/* Is a the greater one of the same length, or that begins greater? */
static bool hides(const struct crx_entry *a, const struct crx_entry *b)
{
	return begins_greater(a, b) ||
	       (a && a->de.name_len == b->de.name_len && crx_entry_compare_names(a, b) > 0);
}

static void note_order(struct order *o, const struct crx_entry *e)
{
	const struct crx_entry **great = &o->greatest[e->de.name_len];

	if (!*great || crx_entry_compare_names(*great, e) < 0)
		*great = e;
	if (!o->first || begins_greater(e, o->first))
		o->first = e;
	if (first_byte(e) <= 0x7f && (!o->ascii || begins_greater(e, o->ascii)))
		o->ascii = e;
	o->last = e;
}

/*
 * cramfs_lookup() stops at a greater name of the same length, or at one of any length that begins
 * with a greater byte. If that byte is over 0x7f, a kernel may take it for a negative number.
 */
static void check_order(struct crx_check *c, const struct order *o, const struct crx_entry *e)
{
	const struct crx_entry *great = o->greatest[e->de.name_len];
	char version[CRX_KERNEL_NAME_MAX];

	if (!hides(great, e))
		great = crx_kernel_char_varies(&c->img->kernel) ? o->ascii : o->first;
	if (hides(great, e))
		crx_check_report(c, CRX_F_DIR_ORDER, e, e->de.off,
				 "out of order after '%.60s': the kernel does not find it",
				 great->de.name);
	else if (begins_greater(o->first, e))
		crx_check_report(c, CRX_F_DIR_ORDER, e, e->de.off,
				 "out of order after '%.60s': Linux %s finds it only on machines "
				 "where char is signed, such as x86 and MIPS",
				 o->first->de.name, crx_kernel_name(&c->img->kernel, version));
	else if (o->last && crx_entry_compare_names(o->last, e) > 0)
		crx_check_report(c, CRX_F_DIR_ORDER_ODD, e, e->de.off,
				 "out of order after '%.60s', although the image is flagged as "
				 "sorted",
				 o->last->de.name);
}

static void check_orders(struct crx_check *c, const struct crx_entry *dir)
{
	struct order o = { .last = NULL };
	size_t i;

	if (!(c->img->super.flags & CRX_FLAG_SORTED_DIRS))
		return;
	for (i = 0; i < dir->nchildren; i++) {
		check_order(c, &o, &c->l.entry[dir->first_child + i]);
		note_order(&o, &c->l.entry[dir->first_child + i]);
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
	check_orders(c, dir);
	return check_duplicates(c, dir, err);
}
