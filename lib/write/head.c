/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "write/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "tree/limits.h"

static void fill_inode(const struct crx_writer *w, const struct crx_node *n, struct crx_inode *in)
{
	*in = (struct crx_inode){
		.mode = (uint16_t)n->mode,
		.uid = (uint16_t)n->uid,
		.gid = (uint8_t)n->gid,
	};
	in->namelen4 = (uint8_t)((strlen(n->name) + 3) / 4);
	if (S_ISDIR(n->mode)) {
		in->size = (uint32_t)crx_tree_dir_len(n);
		in->off = (uint32_t)w->l->dir_off[n->index];
	} else if (S_ISCHR(n->mode) || S_ISBLK(n->mode)) {
		/* old_decode_dev() */
		in->size = n->dev_major << 8 | n->dev_minor;
	} else if (n->file != CRX_NO_FILE) {
		in->size = (uint32_t)n->size;
		in->off = (uint32_t)w->l->table_off[w->p->table_of[n->file]];
	}
}

static int write_super(struct crx_writer *w, struct crx_err *err)
{
	struct crx_super super = {
		.magic = CRX_MAGIC,
		.size = (uint32_t)w->l->image_size,
		.flags = CRX_FLAG_FSID_VERSION_2 | CRX_FLAG_SORTED_DIRS,
		.edition = w->o->edition,
		.blocks = w->l->blocks,
		.files = w->l->files,
	};
	uint8_t buf[CRX_SUPER_LEN];

	if (w->o->holes)
		super.flags |= CRX_FLAG_HOLES;
	if (w->o->ext)
		super.flags |= CRX_FLAG_EXT_BLOCK_POINTERS;
	if (w->o->insert_path)
		super.flags |= CRX_FLAG_SHIFTED_ROOT_OFFSET;
	memcpy(super.signature, CRX_SIGNATURE, sizeof(super.signature));
	memcpy(super.name, w->o->name, strnlen(w->o->name, sizeof(super.name)));
	fill_inode(w, w->t->root, &super.root);
	crx_super_encode(&super, w->o->order, buf);
	w->s.crc_from = w->l->super_off;
	return crx_stream_write(&w->s, buf, sizeof(buf), err);
}

static int copy_insert(struct crx_writer *w, int fd, struct crx_err *err)
{
	uint64_t left = w->l->insert_len;
	uint8_t buf[16384];
	size_t n;
	int ret = 0;

	for (uint64_t off = 0; left && !ret; off += n, left -= n) {
		n = left < sizeof(buf) ? (size_t)left : sizeof(buf);
		ret = crx_io_pread(fd, buf, n, off, w->o->insert_path, err);
		if (!ret)
			ret = crx_stream_write(&w->s, buf, n, err);
	}
	return ret;
}

int crx_write_head(struct crx_writer *w, struct crx_err *err)
{
	int fd, ret;

	ret = crx_stream_zeros_to(&w->s, w->l->super_off, err);
	if (!ret)
		ret = write_super(w, err);
	if (ret < 0 || !w->o->insert_path)
		return ret;
	fd = crx_io_open(w->o->insert_path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return crx_err_set(err, CRX_EIO, errno, w->o->insert_path,
				   "cannot open the file to insert");
	ret = crx_stream_expect(&w->s, w->l->insert_off, "the inserted file", err);
	if (!ret)
		ret = copy_insert(w, fd, err);
	close(fd);
	if (!ret)
		ret = crx_stream_zeros_to(&w->s, crx_round_up(w->s.off, 4), err);
	return ret;
}

static int write_entry(struct crx_writer *w, const struct crx_node *n, struct crx_err *err)
{
	size_t len = strlen(n->name);
	struct crx_inode in;
	uint8_t buf[CRX_INODE_LEN];
	int ret;

	fill_inode(w, n, &in);
	crx_inode_encode(&in, w->o->order, buf);
	ret = crx_stream_expect(&w->s, w->l->entry_off[n->index], n->name, err);
	if (!ret)
		ret = crx_stream_write(&w->s, buf, sizeof(buf), err);
	if (!ret)
		ret = crx_stream_write(&w->s, n->name, len, err);
	return ret ? ret : crx_stream_zeros_to(&w->s, crx_round_up(w->s.off, 4), err);
}

int crx_write_dir(struct crx_writer *w, const struct crx_node *dir, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; i < dir->nchildren && !ret; i++)
		ret = write_entry(w, dir->child[i], err);
	return ret;
}
