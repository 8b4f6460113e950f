/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "write/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "write/stream.h"

struct writer {
	struct crx_stream s;
	const struct crx_tree *t;
	const struct crx_facts *f;
	const struct crx_packed *k;
	const struct crx_plan *p;
	const struct crx_layout *l;
	const struct crx_write_opts *o;
	uint8_t *page;   /* a block of a file */
	uint8_t *frame;  /* the same as stored deflate */
};

static void fill_inode(const struct writer *w, const struct crx_node *n, struct crx_inode *in)
{
	*in = (struct crx_inode){ .mode = (uint16_t)n->mode, .uid = (uint16_t)n->uid, .gid = (uint8_t)n->gid };
	in->namelen4 = (uint8_t)((strlen(n->name) + 3) / 4);
	if (S_ISDIR(n->mode)) {
		size_t i;

		for (i = 0; i < n->nchildren; i++)
			in->size += CRX_INODE_LEN + (uint32_t)crx_round_up(strlen(n->child[i]->name), 4);
		in->off = (uint32_t)w->l->dir_off[n->index];
	} else if (S_ISCHR(n->mode) || S_ISBLK(n->mode)) {
		/* old_decode_dev() */
		in->size = n->dev_major << 8 | n->dev_minor;
	} else if (n->file != CRX_NO_FILE) {
		in->size = (uint32_t)n->size;
		in->off = (uint32_t)w->l->table_off[w->p->table_of[n->file]];
	}
}

static int put_super(struct writer *w, struct crx_err *err)
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
	return crx_stream_put(&w->s, buf, sizeof(buf), err);
}

static int copy_insert(struct writer *w, int fd, struct crx_err *err)
{
	uint64_t left = w->l->insert_len;
	uint8_t buf[16384];
	size_t n;
	int ret = 0;

	for (uint64_t off = 0; left && !ret; off += n, left -= n) {
		n = left < sizeof(buf) ? (size_t)left : sizeof(buf);
		ret = crx_io_pread(fd, buf, n, off, w->o->insert_path, err);
		if (!ret)
			ret = crx_stream_put(&w->s, buf, n, err);
	}
	return ret;
}

static int put_head(struct writer *w, struct crx_err *err)
{
	int fd, ret;

	ret = crx_stream_zeros_to(&w->s, w->l->super_off, err);
	if (!ret)
		ret = put_super(w, err);
	if (ret < 0 || !w->o->insert_path)
		return ret;
	fd = open(w->o->insert_path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return crx_err_set(err, CRX_EIO, errno, w->o->insert_path, "cannot open the file to insert");
	ret = crx_stream_expect(&w->s, w->l->insert_off, "the inserted file", err);
	if (!ret)
		ret = copy_insert(w, fd, err);
	close(fd);
	if (!ret)
		ret = crx_stream_zeros_to(&w->s, crx_round_up(w->s.off, 4), err);
	return ret;
}

static int put_entry(struct writer *w, const struct crx_node *n, struct crx_err *err)
{
	size_t len = strlen(n->name);
	struct crx_inode in;
	uint8_t buf[CRX_INODE_LEN];
	int ret;

	fill_inode(w, n, &in);
	crx_inode_encode(&in, w->o->order, buf);
	ret = crx_stream_expect(&w->s, w->l->entry_off[n->index], n->name, err);
	if (!ret)
		ret = crx_stream_put(&w->s, buf, sizeof(buf), err);
	if (!ret)
		ret = crx_stream_put(&w->s, n->name, len, err);
	return ret ? ret : crx_stream_zeros_to(&w->s, crx_round_up(w->s.off, 4), err);
}

static int put_dirs(struct writer *w, struct crx_err *err)
{
	size_t i, j;
	int ret = 0;

	for (i = 0; i < w->t->nnodes && !ret; i++)
		for (j = 0; j < w->t->node[i]->nchildren && !ret; j++)
			ret = put_entry(w, w->t->node[i]->child[j], err);
	return ret ? ret : crx_stream_expect(&w->s, w->l->dirs_end, "the end of the directories", err);
}

static int put_pointers(struct writer *w, size_t table, struct crx_err *err)
{
	uint32_t n = w->f->file[w->p->table[table].file].nblks, i;
	uint32_t *words = crx_alloc(n, sizeof(*words));
	uint8_t buf[CRX_BLKPTR_LEN];
	int ret;

	if (!words)
		return crx_err_nomem(err, "writing a table");
	crx_layout_pointers(w->p, w->l, table, words);
	ret = crx_stream_zeros_to(&w->s, w->l->table_off[table], err);
	for (i = 0; i < n && !ret; i++) {
		crx_put32(buf, words[i], w->o->order);
		ret = crx_stream_put(&w->s, buf, sizeof(buf), err);
	}
	free(words);
	return ret;
}

static int read_block(struct writer *w, size_t file, void *handle, uint32_t blk, struct crx_err *err)
{
	return crx_scan_read_block(w->f, file, handle, blk - w->f->file[file].first_blk, w->page, err);
}

static int put_record(struct writer *w, size_t file, void *handle, size_t i, struct crx_err *err)
{
	const struct crx_record *r = &w->p->record[i];
	uint8_t len[CRX_DIRECT_HDR_LEN];
	int ret = 0;

	if (r->direct) {
		ret = crx_stream_zeros_to(&w->s, w->l->record_off[i], err);
		crx_put16(len, (uint16_t)r->len, w->o->order);
		if (!ret)
			ret = crx_stream_put(&w->s, len, sizeof(len), err);
	} else {
		ret = crx_stream_expect(&w->s, w->l->record_off[i], "a block", err);
	}
	if (ret < 0)
		return ret;
	if (r->kind == CRX_KIND_STREAM)
		return crx_stream_put(&w->s, w->k->slot[w->f->blk[r->blk].same].data, r->len, err);
	ret = read_block(w, file, handle, r->blk, err);
	if (ret < 0)
		return ret;
	if (r->kind == CRX_KIND_STORED)
		return crx_stream_put(&w->s, w->page, r->len, err);
	crx_comp_stored(w->page, crx_scan_block_len(w->f, &w->f->file[file], r->blk - w->f->file[file].first_blk), w->frame);
	return crx_stream_put(&w->s, w->frame, r->len, err);
}

/* Files are opened only where something is taken from them. */
static bool reads_file(const struct crx_plan *p, const struct crx_table *t)
{
	size_t i;

	for (i = t->first_record; i < (size_t)t->first_record + t->nrecords; i++)
		if (p->record[i].kind != CRX_KIND_STREAM)
			return true;
	return false;
}

static int put_table(struct writer *w, size_t table, struct crx_err *err)
{
	const struct crx_table *t = &w->p->table[table];
	const struct crx_content *c = &w->f->file[t->file].node->content;
	bool reads = reads_file(w->p, t);
	void *handle = NULL;
	size_t i;
	int ret, closed = 0;

	ret = put_pointers(w, table, err);
	if (!ret && reads)
		ret = c->ops->open(c, &handle, err);
	if (ret < 0)
		return ret;
	for (i = t->first_record; i < (size_t)t->first_record + t->nrecords && !ret; i++)
		ret = put_record(w, t->file, handle, i, err);
	if (reads)
		closed = c->ops->close(c, handle, err);
	return ret ? ret : closed;
}

static int put_run(struct writer *w, size_t i, struct crx_err *err)
{
	const struct crx_run *r = &w->p->run[i];
	uint32_t file = w->p->table[r->table].file, b, first = w->f->file[file].first_blk + r->first_blk;
	const struct crx_content *c = &w->f->file[file].node->content;
	void *handle;
	int ret, closed;

	ret = crx_stream_zeros_to(&w->s, i ? w->s.off : w->l->runs_off, err);
	if (!ret)
		ret = crx_stream_expect(&w->s, w->l->run_off[i], "a run", err);
	if (!ret)
		ret = c->ops->open(c, &handle, err);
	if (ret < 0)
		return ret;
	for (b = first; b < first + r->nblks + r->nbehind && !ret; b++) {
		if (w->p->block[b].kind == CRX_KIND_HOLE)
			continue;
		ret = read_block(w, file, handle, b, err);
		if (!ret)
			ret = crx_stream_put(&w->s, w->page, crx_scan_block_len(w->f, &w->f->file[file], b - w->f->file[file].first_blk), err);
	}
	closed = c->ops->close(c, handle, err);
	if (ret < 0 || closed < 0)
		return ret < 0 ? ret : closed;
	return crx_stream_zeros_to(&w->s, crx_round_up(w->s.off, w->f->page_size), err);
}

static int put_all(struct writer *w, struct crx_err *err)
{
	size_t i;
	int ret;

	ret = put_head(w, err);
	if (!ret)
		ret = put_dirs(w, err);
	for (i = 0; i < w->p->ntables && !ret; i++)
		ret = put_table(w, i, err);
	if (!ret)
		ret = crx_stream_expect(&w->s, w->l->data_end, "the end of the data", err);
	for (i = 0; i < w->p->nruns && !ret; i++)
		ret = put_run(w, i, err);
	if (!ret)
		ret = crx_stream_zeros_to(&w->s, w->l->image_size, err);
	return ret ? ret : crx_stream_flush(&w->s, err);
}

int crx_write(int fd, const char *name, const struct crx_tree *t, const struct crx_facts *f, const struct crx_packed *k, const struct crx_plan *p, const struct crx_layout *l, const struct crx_write_opts *o, uint32_t *crc, struct crx_err *err)
{
	struct writer w = { .t = t, .f = f, .k = k, .p = p, .l = l, .o = o };
	uint8_t buf[4];
	int ret;

	w.page = crx_alloc(1, f->page_size);
	w.frame = crx_alloc(1, crx_comp_stored_len(f->page_size));
	if (!w.page || !w.frame)
		ret = crx_err_nomem(err, "writing the image");
	else
		ret = crx_stream_init(&w.s, fd, name, err);
	if (!ret)
		ret = put_all(&w, err);
	if (!ret) {
		*crc = w.s.crc;
		crx_put32(buf, *crc, o->order);
		ret = crx_io_pwrite(fd, buf, sizeof(buf), l->super_off + CRX_SUPER_OFF_CRC, name, err);
	}
	crx_stream_free(&w.s);
	free(w.page);
	free(w.frame);
	return ret;
}
