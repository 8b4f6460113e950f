/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The entries of the image, compared with the tree. The tree lists its nodes breadth first, so one
 * pass meets each directory before its children.
 */
#include "config.h"
#include "proof/verify/state.h"

#include <string.h>
#include <sys/stat.h>

/* "correct strange, hard-coded permissions of mkcramfs": cramfs_read_super() */
#define ROOT_MODE 0555u

/* The value that inode.size must have. */
static uint64_t expected_size(const struct crx_node *n, uint64_t dir_len)
{
	switch (n->mode & S_IFMT) {
	case S_IFDIR:
		return dir_len;
	case S_IFREG:
	case S_IFLNK:
		return n->size;
	case S_IFCHR:
	case S_IFBLK:
		/* old_decode_dev() */
		return (uint64_t)n->dev_major << 8 | n->dev_minor;
	default:
		return 0;
	}
}

static int check_attributes(const struct crx_verify *v, const struct crx_node *n,
			    uint32_t want_mode, struct crx_err *err)
{
	const struct crx_verify_entry *e = &v->entry[n->index];

	if (e->inode.mode != want_mode)
		return crx_verify_fault(v, n, e->off, err, "mode %o, not %o",
					(unsigned)e->inode.mode, (unsigned)want_mode);
	if (e->inode.uid != n->uid || e->inode.gid != n->gid)
		return crx_verify_fault(v, n, e->off, err, "owner %u:%u, not %lu:%lu",
					(unsigned)e->inode.uid, (unsigned)e->inode.gid,
					(unsigned long)n->uid, (unsigned long)n->gid);
	return 0;
}

/* dir_len: the bytes of its entries, if it is a directory. */
static int check_size(const struct crx_verify *v, const struct crx_node *n, uint64_t dir_len,
		      struct crx_err *err)
{
	const struct crx_verify_entry *e = &v->entry[n->index];
	uint64_t want = expected_size(n, dir_len);
	/* the root has an offset even if it is empty: checkers refuse 0 */
	bool has_data =
		!n->parent || (want && (S_ISDIR(n->mode) || S_ISREG(n->mode) || S_ISLNK(n->mode)));

	if (e->inode.size != want)
		return crx_verify_fault(v, n, e->off, err, "inode.size is %lu, not %llu",
					(unsigned long)e->inode.size, (unsigned long long)want);
	/* cramino() derives the inode number from the offset */
	if (has_data != (e->inode.off != 0))
		return crx_verify_fault(v, n, e->off, err,
					"inode.offset is %lu with a size of %llu",
					(unsigned long)e->inode.off, (unsigned long long)want);
	return 0;
}

/* cramfs_lookup() stops at the first name after the one that it searches for. */
static bool in_order(const struct crx_dirent *prev, const struct crx_dirent *d)
{
	size_t len = prev->name_len < d->name_len ? prev->name_len : d->name_len;
	int c = memcmp(prev->name, d->name, len);

	return c < 0 || (!c && prev->name_len < d->name_len);
}

static int check_dirent(const struct crx_verify *v, const struct crx_node *n,
			const struct crx_dirent *prev, const struct crx_dirent *d,
			struct crx_err *err)
{
	if (strlen(n->name) != d->name_len || memcmp(n->name, d->name, d->name_len))
		return crx_verify_fault(v, n, d->off, err, "the entry at this place is named '%s'",
					d->name);
	/* cramfs_lookup() compares the padded length of a name exactly */
	if (d->inode.namelen4 != (d->name_len + 3) / 4)
		return crx_verify_fault(v, n, d->off, err,
					"a name of %zu bytes with a stored length of %u words",
					d->name_len, (unsigned)d->inode.namelen4);
	if (prev->name_len && !in_order(prev, d))
		return crx_verify_fault(v, n, d->off, err, "out of order after '%s'", prev->name);
	if (!crx_k_dirent_readable(v->img, d->off))
		return crx_verify_fault(v, n, d->off, err,
					"the entry begins less than %d bytes before super.size, so "
					"a kernel reads it as zeros",
					CRX_DIRENT_READ_LEN);
	return 0;
}

/* The children of dir, whose own entry has been read before. */
static int walk_dir(struct crx_verify *v, const struct crx_node *dir, struct crx_err *err)
{
	const struct crx_verify_entry *de = &v->entry[dir->index];
	struct crx_dirent d[2] = { { 0 }, { 0 } };
	struct crx_err read_err = CRX_ERR_INIT;
	uint32_t pos = 0;
	size_t i;
	int ret;

	for (i = 0;; i++) {
		struct crx_dirent *cur = &d[i & 1];

		ret = crx_image_dirent(v->img, &de->inode, &pos, cur, &read_err);
		if (ret < 0)
			return crx_verify_fault(v, dir, read_err.off, err, "%.200s", read_err.text);
		if (ret != (i < dir->nchildren))
			return crx_verify_fault(v, dir, de->inode.off, err,
						ret ? "there are entries that are not in the tree"
						    : "entries are missing");
		if (!ret)
			break;
		ret = check_dirent(v, dir->child[i], &d[!(i & 1)], cur, err);
		if (ret < 0)
			return ret;
		v->entry[dir->child[i]->index] = (struct crx_verify_entry){ cur->inode, cur->off };
	}
	return check_size(v, dir, pos, err);
}

int crx_verify_walk(struct crx_verify *v, struct crx_err *err)
{
	struct crx_verify_entry *root = &v->entry[v->t->root->index];
	size_t i;
	int ret = 0;

	if (!(v->img->super.flags & CRX_FLAG_SORTED_DIRS))
		return crx_verify_fault(v, NULL, v->img->super_off, err, "SORTED_DIRS is not set");
	root->inode = v->img->super.root;
	root->inode.mode |= ROOT_MODE;
	for (i = 0; i < v->t->nnodes && !ret; i++) {
		const struct crx_node *n = v->t->node[i];

		ret = check_attributes(v, n, n->parent ? n->mode : n->mode | ROOT_MODE, err);
		if (ret < 0)
			break;
		if (S_ISDIR(n->mode))
			ret = walk_dir(v, n, err);
		else
			ret = check_size(v, n, 0, err);
	}
	return ret;
}
