/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each entry, and entries that the kernel takes for one inode.
 */
#include "config.h"

#include <sys/stat.h>

#include "read/check_parts.h"

static void check_device(struct crx_check *c, const struct crx_entry *e)
{
	const struct crx_inode *in = &e->de.inode;

	if ((S_ISCHR(in->mode) || S_ISBLK(in->mode)) && in->size > 0xffff)
		crx_check_report(c, CRX_F_DEVICE_NUMBER, e, e->de.off,
				 "the device number 0x%lx has more than 16 bits: the kernel cuts "
				 "it to 0x%lx",
				 (unsigned long)in->size, (unsigned long)in->size & 0xffff);
	if ((S_ISFIFO(in->mode) || S_ISSOCK(in->mode)) && in->size)
		crx_check_report(c, CRX_F_SPECIAL_SIZE, e, e->de.off,
				 "a FIFO or socket with a size of %lu", (unsigned long)in->size);
	if (in->off)
		crx_check_report(c, CRX_F_DEVICE_OFFSET, e, e->de.off,
				 "has a data offset of %lu, but no data", (unsigned long)in->off);
}

static void check_data(struct crx_check *c, const struct crx_entry *e)
{
	const struct crx_inode *in = &e->de.inode;

	if (in->size && !in->off)
		crx_check_report(c, CRX_F_NO_DATA, e, e->de.off,
				 "has a size of %lu but no data offset: for the kernel it is empty",
				 (unsigned long)in->size);
	if (!in->size && in->off && e->parent)
		crx_check_report(c, CRX_F_EMPTY_OFFSET, e, e->de.off,
				 "is empty, but has a data offset of %lu", (unsigned long)in->off);
	if (!S_ISLNK(in->mode))
		return;
	if (!in->size)
		crx_check_report(c, CRX_F_LINK_EMPTY, e, e->de.off,
				 "a symbolic link without a target");
	if (in->size >= c->img->page_size)
		crx_check_report(c, CRX_F_LINK_LONG, e, e->de.off,
				 "the target of a symbolic link has %lu bytes: the kernel cuts it "
				 "to %lu",
				 (unsigned long)in->size, (unsigned long)c->img->page_size - 1);
}

/* The root is checked by crx_k_read_super(). */
static void check_type(struct crx_check *c, const struct crx_entry *e)
{
	unsigned mode = e->de.inode.mode;
	char version[CRX_KERNEL_NAME_MAX];

	if (!e->parent)
		return;
	if (crx_k_get_cramfs_inode(c->img, &e->de.inode))
		crx_check_report(c, CRX_F_TYPE, e, e->de.off,
				 "mode %06o has no valid type: looking it up fails with EIO", mode);
	else
		crx_check_report(c, CRX_F_TYPE, e, e->de.off,
				 "mode %06o has no valid type: Linux %s shows it, but opening it "
				 "fails with ENXIO",
				 mode, crx_kernel_name(&c->img->kernel, version));
}

static bool is_ancestor(const struct crx_entry *dir, const struct crx_entry *e)
{
	for (; e; e = e->parent)
		if (e == dir)
			return true;
	return false;
}

/* The first attribute that differs between two entries of one inode, or NULL. */
static const char *differing_attribute(const struct crx_inode *a, const struct crx_inode *b)
{
	if ((a->mode & S_IFMT) != (b->mode & S_IFMT))
		return "type";
	if (a->mode != b->mode)
		return "mode";
	if (a->uid != b->uid || a->gid != b->gid)
		return "owner";
	return a->size != b->size ? "size" : NULL;
}

/* The first entry with the same data offset, if that is not e itself. */
static const struct crx_entry *first_with_offset(const struct crx_check *c,
						 const struct crx_entry *e)
{
	const struct crx_extent *x;

	if (!e->de.inode.off || !e->de.inode.size || crx_bit(c->owner, e->index))
		return NULL;
	x = crx_check_extent_at(c, e->de.inode.off);
	if (!x || (x->kind != CRX_EXT_TABLE && x->kind != CRX_EXT_DIR) || x->value >= c->l.n)
		return NULL;
	return &c->l.entry[x->value];
}

static void check_sharing(struct crx_check *c, const struct crx_entry *e)
{
	const struct crx_inode *in = &e->de.inode;
	const struct crx_entry *first = first_with_offset(c, e);
	char path[128];
	const char *what;

	if (!first)
		return;
	crx_entry_path(first, path, sizeof(path));
	what = differing_attribute(&first->de.inode, in);
	if (what)
		crx_check_report(c, CRX_F_SHARED_INODE, e, e->de.off,
				 "is one inode with %s, but its %s differs (%06o %u:%u, %06o "
				 "%u:%u): both get the attributes of the one looked up first",
				 path, what, (unsigned)first->de.inode.mode,
				 (unsigned)first->de.inode.uid, (unsigned)first->de.inode.gid,
				 (unsigned)in->mode, (unsigned)in->uid, (unsigned)in->gid);
	if (!S_ISDIR(in->mode) || !S_ISDIR(first->de.inode.mode) || e->entered)
		return;
	if (is_ancestor(first, e))
		crx_check_report(c, CRX_F_DIR_CYCLE, e, e->de.off,
				 "the directory is also its own ancestor %s", path);
	else
		crx_check_report(c, CRX_F_DIR_SHARED, e, e->de.off, "the directory is also %s",
				 path);
}

static void report_outside(struct crx_check *c, const struct crx_entry *e, uint64_t table_len)
{
	if (crx_check_is_cut(c, e->de.inode.off, table_len))
		crx_check_fault(c, c->image, CRX_F_TABLE_OUTSIDE, e, e->de.inode.off,
				"its table of %llu bytes is not within the image",
				(unsigned long long)table_len);
	else
		crx_check_report(c, CRX_F_TABLE_OUTSIDE, e, e->de.inode.off,
				 "its table of %llu bytes is not within the image",
				 (unsigned long long)table_len);
}

void crx_check_entry(struct crx_check *c, const struct crx_entry *e)
{
	const struct crx_inode *in = &e->de.inode;
	uint64_t table_len = (uint64_t)crx_k_max_pages(c->img, in) * CRX_BLKPTR_LEN;

	switch (in->mode & S_IFMT) {
	case S_IFDIR:
		check_data(c, e);
		break;
	case S_IFREG:
	case S_IFLNK:
		check_data(c, e);
		if (crx_k_i_size(in) && !crx_check_inside(c, in->off, table_len))
			report_outside(c, e, table_len);
		break;
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		check_device(c, e);
		break;
	default:
		check_type(c, e);
	}
	check_sharing(c, e);
}
