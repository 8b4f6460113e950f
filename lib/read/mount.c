/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "read/mount.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/mem.h"
#include "comp/comp.h"
#include "read/bytes.h"
#include "read/kcore.h"

/* A hash table with open addressing. No inode has the number 0. */
struct crx_mount_slot {
	uint32_t ino, entry_off;
};

int crx_mount_init(struct crx_mount *m, const struct crx_image *img, const char *name,
		   struct crx_err *err)
{
	enum crx_k_why why = crx_k_read_super(img);

	*m = (struct crx_mount){ .img = NULL };
	if (why)
		return crx_err_set(err, CRX_EFORMAT, 0, name, "a kernel does not mount it: %s",
				   crx_k_why_text(why));
	*m = (struct crx_mount){ .img = img, .root = img->super.root };
	m->root.mode |= 0555; /* cramfs_read_super() */
	m->root_ino = crx_k_ino(&m->root, 0);
	pthread_mutex_init(&m->lock, NULL);
	return 0;
}

void crx_mount_free(struct crx_mount *m)
{
	if (m->img)
		pthread_mutex_destroy(&m->lock);
	free(m->slot);
	*m = (struct crx_mount){ .img = NULL };
}

static struct crx_mount_slot *find_slot(struct crx_mount_slot *slot, size_t nslots, uint32_t ino)
{
	size_t i = (ino * 2654435761u >> 7) & (nslots - 1); /* numbers are multiples of 4 */

	while (slot[i].ino && slot[i].ino != ino)
		i = (i + 1) & (nslots - 1);
	return &slot[i];
}

/* Half of the slots stay free. */
static bool make_room(struct crx_mount *m)
{
	size_t i, n = m->nslots ? 2 * m->nslots : 64;
	struct crx_mount_slot *slot;

	if (2 * m->nused < m->nslots)
		return true;
	slot = crx_zalloc(n, sizeof(*slot));
	if (!slot)
		return false;
	for (i = 0; i < m->nslots; i++)
		if (m->slot[i].ino)
			*find_slot(slot, n, m->slot[i].ino) = m->slot[i];
	free(m->slot);
	m->slot = slot;
	m->nslots = n;
	return true;
}

int crx_mount_inode(struct crx_mount *m, uint64_t ino, struct crx_inode *out)
{
	struct crx_mount_slot found = { 0, 0 };
	const uint8_t *p = NULL;

	*out = m->root;
	if (ino == m->root_ino)
		return 0;
	pthread_mutex_lock(&m->lock);
	if (m->nslots && ino && ino <= UINT32_MAX)
		found = *find_slot(m->slot, m->nslots, (uint32_t)ino);
	pthread_mutex_unlock(&m->lock);
	if (found.ino)
		p = crx_image_bytes(m->img, found.entry_off, CRX_INODE_LEN);
	if (!p)
		return ESTALE;
	crx_inode_decode(p, m->img->order, out);
	return 0;
}

/* iget_locked(), and get_cramfs_inode() if the inode is a new one, as one of no valid type is. */
static int get_inode(struct crx_mount *m, const struct crx_dirent *de, uint64_t ino)
{
	struct crx_mount_slot *s;
	bool room;

	if (ino == m->root_ino)
		return 0;
	if (crx_k_get_cramfs_inode(m->img, &de->inode))
		return EIO;
	pthread_mutex_lock(&m->lock);
	room = make_room(m);
	if (room) {
		s = find_slot(m->slot, m->nslots, (uint32_t)ino);
		if (!s->ino) {
			*s = (struct crx_mount_slot){ (uint32_t)ino, (uint32_t)de->off };
			m->nused++;
		}
	}
	pthread_mutex_unlock(&m->lock);
	return room ? 0 : ENOMEM;
}

int crx_mount_getattr(struct crx_mount *m, uint64_t ino, struct stat *out)
{
	struct crx_inode in;
	int error = crx_mount_inode(m, ino, &in);
	uint32_t size;

	memset(out, 0, sizeof(*out));
	if (error)
		return error;
	size = crx_k_i_size(&in);
	out->st_ino = ino;
	out->st_mode = in.mode;
	out->st_nlink = 1;
	out->st_uid = in.uid;
	out->st_gid = in.gid;
	out->st_size = (off_t)size;
	out->st_blocks = size ? (blkcnt_t)((size - 1) / 512 + 1) : 0;
	out->st_blksize = (blksize_t)m->img->page_size;
	/* old_decode_dev() */
	if (S_ISCHR(in.mode) || S_ISBLK(in.mode))
		out->st_rdev = makedev(in.size >> 8 & 0xff, in.size & 0xff);
	return 0;
}

int crx_mount_lookup(struct crx_mount *m, uint64_t dir, const char *name, struct stat *out)
{
	struct crx_inode in;
	struct crx_dirent de;
	enum crx_k_why why;
	uint64_t ino;
	int error = crx_mount_inode(m, dir, &in);

	if (error)
		return error;
	why = crx_k_lookup(m->img, &in, name, strlen(name), &de);
	if (why)
		return why == CRX_K_NO_ENTRY ? ENOENT : EIO;
	ino = crx_k_ino(&de.inode, de.off);
	error = get_inode(m, &de, ino);
	return error ? error : crx_mount_getattr(m, ino, out);
}

int crx_mount_readdir(struct crx_mount *m, uint64_t dir, uint32_t *pos, struct crx_dirent *out)
{
	struct crx_inode in;
	enum crx_k_why why;
	int error = crx_mount_inode(m, dir, &in);

	if (error)
		return error;
	why = crx_k_readdir(m->img, &in, pos, out);
	if (!why)
		return 0;
	return why == CRX_K_NO_ENTRY ? ENOENT : EIO;
}

/* Copies the bytes from off on, which are all in the file, page by page. */
static int read_pages(const struct crx_image *img, const struct crx_inode *in, uint32_t off,
		      size_t len, uint8_t *buf)
{
	struct crx_inflate *z = crx_inflate_new();
	uint8_t *page = crx_alloc(img->page_size, 1);
	int error = z && page ? 0 : ENOMEM;
	size_t n;

	for (; !error && len; len -= n) {
		if (crx_k_read_folio(img, in, off / img->page_size, z, page)) {
			error = EIO;
			break;
		}
		n = img->page_size - off % img->page_size;
		n = n < len ? n : len;
		memcpy(buf, page + off % img->page_size, n);
		buf += n;
		off += (uint32_t)n;
	}
	free(page);
	crx_inflate_free(z);
	return error;
}

int crx_mount_read(struct crx_mount *m, uint64_t ino, uint64_t off, size_t len, uint8_t *buf,
		   size_t *got)
{
	struct crx_inode in;
	int error = crx_mount_inode(m, ino, &in);
	uint32_t size = error ? 0 : crx_k_i_size(&in);

	*got = 0;
	if (error || off >= size)
		return error;
	len = len < size - off ? len : (size_t)(size - off);
	error = read_pages(m->img, &in, (uint32_t)off, len, buf);
	*got = error ? 0 : len;
	return error;
}

/* page_get_link(): page 0, cut at the size and at PAGE_SIZE - 1 */
int crx_mount_readlink(struct crx_mount *m, uint64_t ino, char **out)
{
	char *target = crx_zalloc(m->img->page_size, 1);
	int error = ENOMEM;
	size_t got;

	if (target)
		error = crx_mount_read(m, ino, 0, m->img->page_size - 1, (uint8_t *)target, &got);
	if (error) {
		free(target);
		target = NULL;
	}
	*out = target;
	return error;
}

void crx_mount_statfs(const struct crx_mount *m, struct statvfs *out)
{
	const struct crx_super *super = &m->img->super;

	memset(out, 0, sizeof(*out));
	out->f_bsize = out->f_frsize = m->img->page_size;
	if (super->flags & CRX_FLAG_FSID_VERSION_2) {
		out->f_blocks = super->blocks;
		out->f_files = super->files;
	}
	out->f_namemax = CRX_DIRENT_NAME_MAX;
}
