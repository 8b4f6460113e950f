/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "write/writer.h"

#include <stdlib.h>

static int write_pointers(struct crx_writer *w, size_t table, struct crx_err *err)
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
		ret = crx_stream_write(&w->s, buf, sizeof(buf), err);
	}
	free(words);
	return ret;
}

static int read_block(struct crx_writer *w, size_t file, void *handle, uint32_t blk,
		      struct crx_err *err)
{
	return crx_scan_read_block(w->f, file, handle, blk - w->f->file[file].first_blk, w->page,
				   err);
}

static int write_record(struct crx_writer *w, size_t file, void *handle, size_t i,
			struct crx_err *err)
{
	const struct crx_record *r = &w->p->record[i];
	uint8_t len[CRX_DIRECT_HDR_LEN];
	int ret = 0;

	if (r->direct) {
		ret = crx_stream_zeros_to(&w->s, w->l->record_off[i], err);
		crx_put16(len, (uint16_t)r->len, w->o->order);
		if (!ret)
			ret = crx_stream_write(&w->s, len, sizeof(len), err);
	} else {
		ret = crx_stream_expect(&w->s, w->l->record_off[i], "a block", err);
	}
	if (ret < 0)
		return ret;
	if (r->kind == CRX_KIND_STREAM)
		return crx_stream_write(&w->s, w->k->slot[w->f->blk[r->blk].same].data, r->len,
					err);
	ret = read_block(w, file, handle, r->blk, err);
	if (ret < 0)
		return ret;
	if (r->kind == CRX_KIND_STORED)
		return crx_stream_write(&w->s, w->page, r->len, err);
	crx_comp_stored(w->page,
			crx_scan_block_len(w->f, &w->f->file[file],
					   r->blk - w->f->file[file].first_blk),
			w->wrapped);
	return crx_stream_write(&w->s, w->wrapped, r->len, err);
}

/* Does the table have records that are read from the file? */
static bool needs_file(const struct crx_plan *p, const struct crx_table *t)
{
	size_t i;

	for (i = t->first_record; i < (size_t)t->first_record + t->nrecords; i++)
		if (p->record[i].kind != CRX_KIND_STREAM)
			return true;
	return false;
}

int crx_write_table(struct crx_writer *w, size_t table, struct crx_err *err)
{
	const struct crx_table *t = &w->p->table[table];
	const struct crx_content *c = &w->f->file[t->file].node->content;
	bool reads = needs_file(w->p, t);
	void *handle = NULL;
	size_t i;
	int ret, closed = 0;

	ret = write_pointers(w, table, err);
	if (!ret && reads)
		ret = c->ops->open(c, &handle, err);
	if (ret < 0)
		return ret;
	for (i = t->first_record; i < (size_t)t->first_record + t->nrecords && !ret; i++)
		ret = write_record(w, t->file, handle, i, err);
	if (reads)
		closed = c->ops->close(c, handle, err);
	return ret ? ret : closed;
}

int crx_write_run(struct crx_writer *w, size_t run, struct crx_err *err)
{
	const struct crx_run *r = &w->p->run[run];
	uint32_t file = w->p->table[r->table].file, b,
		 first = w->f->file[file].first_blk + r->first_blk;
	const struct crx_content *c = &w->f->file[file].node->content;
	void *handle;
	int ret, closed;

	ret = crx_stream_expect(&w->s, w->l->run_off[run], "a run", err);
	if (!ret)
		ret = c->ops->open(c, &handle, err);
	if (ret < 0)
		return ret;
	for (b = first; b < first + r->nblks + r->nafter && !ret; b++) {
		if (w->p->block[b].kind == CRX_KIND_HOLE)
			continue;
		ret = read_block(w, file, handle, b, err);
		if (!ret)
			ret = crx_stream_write(&w->s, w->page,
					       crx_scan_block_len(w->f, &w->f->file[file],
								  b - w->f->file[file].first_blk),
					       err);
	}
	closed = c->ops->close(c, handle, err);
	if (ret < 0 || closed < 0)
		return ret < 0 ? ret : closed;
	return crx_stream_zeros_to(&w->s, crx_round_up(w->s.off, w->f->page_size), err);
}
