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
	ret = crx_stream_expect(&w->s, w->l->table_off[table], "a table", err);
	for (i = 0; i < n && !ret; i++) {
		crx_put32(buf, words[i], w->o->order);
		ret = crx_stream_write(&w->s, buf, sizeof(buf), err);
	}
	free(words);
	return ret;
}

int crx_write_close(struct crx_writer *w, struct crx_err *err)
{
	const struct crx_content *c = w->content;

	w->content = NULL;
	return c ? c->ops->close(c, w->handle, err) : 0;
}

/* Reads n blocks of a file into w->blocks. The next ones are mostly of the same file. */
static int read_blocks(struct crx_writer *w, uint32_t blk, uint32_t n, struct crx_err *err)
{
	const struct crx_content *c = &w->f->file[w->f->blk[blk].file].node->content;
	int ret = 0;

	if (c != w->content) {
		ret = crx_write_close(w, err);
		if (!ret)
			ret = c->ops->open(c, &w->handle, err);
		if (!ret)
			w->content = c;
	}
	return ret ? ret : crx_scan_read_blocks(w->f, w->handle, blk, n, w->blocks, err);
}

static int write_record(struct crx_writer *w, size_t i, struct crx_err *err)
{
	const struct crx_record *r = &w->p->record[i];
	const struct crx_file_fact *file = &w->f->file[w->f->blk[r->blk].file];
	uint8_t len[CRX_DIRECT_HDR_LEN];
	int ret = crx_stream_expect(&w->s, w->l->record_off[i], "a block", err);

	if (!ret && r->direct) {
		crx_put16(len, (uint16_t)r->len, w->o->order);
		ret = crx_stream_write(&w->s, len, sizeof(len), err);
	}
	if (ret < 0)
		return ret;
	if (r->kind == CRX_KIND_STREAM)
		return crx_stream_write(&w->s, w->k->slot[w->f->blk[r->blk].same].data, r->len,
					err);
	ret = read_blocks(w, r->blk, 1, err);
	if (ret < 0)
		return ret;
	if (r->kind == CRX_KIND_STORED)
		return crx_stream_write(&w->s, w->blocks, r->len, err);
	crx_comp_stored(w->blocks, crx_scan_block_len(w->f, file, r->blk - file->first_blk),
			w->wrapped);
	return crx_stream_write(&w->s, w->wrapped, r->len, err);
}

int crx_write_records(struct crx_writer *w, size_t first, uint32_t n, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	for (i = first; i < first + n && !ret; i++)
		ret = write_record(w, i, err);
	return ret;
}

int crx_write_table(struct crx_writer *w, size_t table, uint32_t n, struct crx_err *err)
{
	int ret = write_pointers(w, table, err);

	return ret ? ret : crx_write_records(w, w->p->table[table].first_record, n, err);
}

/* How many blocks from b on, before end, can be read with one call: none is a hole. */
static uint32_t count_readable(const struct crx_writer *w, uint32_t b, uint32_t end)
{
	uint32_t n = 0;

	while (b + n < end && n < CRX_SCAN_SPAN / w->f->page_size &&
	       w->p->block[b + n].kind != CRX_KIND_HOLE)
		n++;
	return n;
}

int crx_write_run(struct crx_writer *w, size_t run, struct crx_err *err)
{
	const struct crx_run *r = &w->p->run[run];
	const struct crx_file_fact *file = &w->f->file[w->p->table[r->table].file];
	uint32_t b = file->first_blk + r->first_blk, end = b + r->nblks + r->nafter, n, last;
	int ret = crx_stream_expect(&w->s, w->l->run_off[run], "a run", err);

	for (; b < end && !ret; b += n ? n : 1) {
		n = count_readable(w, b, end);
		if (!n)
			continue;
		last = b + n - 1 - file->first_blk;
		ret = read_blocks(w, b, n, err);
		if (!ret)
			ret = crx_stream_write(&w->s, w->blocks,
					       (size_t)(n - 1) * w->f->page_size +
						       crx_scan_block_len(w->f, file, last),
					       err);
	}
	if (ret < 0)
		return ret;
	return crx_stream_zeros_to(&w->s, crx_round_up(w->s.off, w->f->page_size), err);
}
