/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "write/writer.h"

#include <stdlib.h>

#include "base/io.h"
#include "base/pool.h"

enum { PART_LEN = 1024 * 1024 };

/* Pieces of the layout that one worker writes. It ends where the next part starts. */
struct part {
	size_t first, end; /* into layout.piece */
	uint64_t start;
	uint32_t crc;
};

struct parts {
	struct part *list; /* as many as there are pieces, and the head, at most */
	size_t n;
	struct crx_writer *w; /* one for each worker */
};

/* The head is a part alone. */
static void divide(struct parts *all, const struct crx_layout *l)
{
	size_t i;

	all->list[all->n++] = (struct part){ .start = 0 };
	for (i = 0; i < l->npieces; i++) {
		if (!i || l->piece[i].off - all->list[all->n - 1].start >= PART_LEN)
			all->list[all->n++] = (struct part){ .first = i, .start = l->piece[i].off };
		all->list[all->n - 1].end = i + 1;
	}
}

/* What no piece covers has the bytes of the old image, so that it is not the reason to write an
 * erase block. Where there is none, padding is zeros and free space like erased flash. */
static int fill_to(struct crx_writer *w, uint64_t off, bool is_free, struct crx_err *err)
{
	const struct crx_old *old = w->o->wipe ? NULL : w->o->old;
	uint64_t n = old && w->s.off < old->size ? old->size - w->s.off : 0;
	int ret = 0;

	if (off > w->s.off && n > off - w->s.off)
		n = off - w->s.off;
	if (off > w->s.off && n)
		ret = crx_stream_write(&w->s, old->data + w->s.off, (size_t)n, err);
	return ret ? ret : crx_stream_fill_to(&w->s, off, is_free ? CRX_ERASED : 0, err);
}

static int write_piece(struct crx_writer *w, const struct crx_piece *p, struct crx_err *err)
{
	int ret = fill_to(w, p->off, false, err);

	if (ret < 0)
		return ret;
	switch (p->kind) {
	case CRX_PIECE_DIR:
		ret = crx_write_dir(w, w->t->node[p->index], err);
		break;
	case CRX_PIECE_TABLE:
		ret = crx_write_table(w, p->index, p->n, err);
		break;
	case CRX_PIECE_RECORDS:
		ret = crx_write_records(w, p->index, p->n, err);
		break;
	case CRX_PIECE_RUN:
		ret = crx_write_run(w, p->index, err);
		break;
	default:
		return fill_to(w, p->off + p->len, true, err);
	}
	return ret ? ret : crx_stream_expect(&w->s, p->off + p->len, "the end of a piece", err);
}

static int write_part(void *ctx, size_t index, unsigned worker, struct crx_err *err)
{
	struct parts *all = ctx;
	struct part *p = &all->list[index];
	struct crx_writer *w = &all->w[worker];
	uint64_t end = index + 1 < all->n ? p[1].start : w->l->image_size;
	struct crx_err close_err = CRX_ERR_INIT;
	size_t i;
	int ret, closed;

	crx_stream_begin(&w->s, p->start);
	ret = index ? 0 : crx_write_head(w, err);
	for (i = p->first; i < p->end && !ret; i++)
		ret = write_piece(w, &w->l->piece[i], err);
	closed = crx_write_close(w, ret ? &close_err : err);
	ret = ret ? ret : closed;
	if (!ret)
		ret = fill_to(w, end, false, err);
	if (!ret)
		ret = crx_stream_flush(&w->s, err);
	p->crc = w->s.crc;
	return ret;
}

static uint32_t combine_crcs(const struct parts *all, const struct crx_layout *l)
{
	uint32_t crc = all->list[0].crc;
	size_t i;

	for (i = 1; i < all->n; i++)
		crc = crx_crc32_combine(crc, all->list[i].crc,
					(i + 1 < all->n ? all->list[i + 1].start : l->image_size) -
						all->list[i].start);
	return crc;
}

static int start_writer(struct crx_writer *w, int fd, const char *name, struct crx_err *err)
{
	w->blocks = crx_alloc(1, CRX_SCAN_SPAN);
	w->wrapped = crx_alloc(1, crx_comp_stored_len(w->f->page_size));
	if (!w->blocks || !w->wrapped)
		return crx_err_nomem(err, "writing the image");
	return crx_stream_init(&w->s, fd, name, err);
}

static void free_writers(struct parts *all, unsigned workers)
{
	unsigned i;

	for (i = 0; i < workers; i++) {
		crx_stream_free(&all->w[i].s);
		free(all->w[i].blocks);
		free(all->w[i].wrapped);
	}
	free(all->w);
	free(all->list);
}

int crx_write(int fd, const struct crx_write_from *from, const struct crx_write_opts *o,
	      uint32_t *crc, struct crx_update *update, struct crx_err *err)
{
	const struct crx_plan *p = from->plan;
	const struct crx_layout *l = from->layout;
	unsigned workers = o->workers ? o->workers : 1;
	struct parts all = {
		.list = crx_alloc(1 + l->npieces, sizeof(*all.list)),
		.w = crx_zalloc(workers, sizeof(*all.w)),
	};
	struct crx_pool_job job = { write_part, &all };
	uint8_t buf[4];
	unsigned i;
	int ret = 0;

	if (!all.list || !all.w) {
		free(all.list);
		free(all.w);
		return crx_err_nomem(err, "writing the image");
	}
	divide(&all, l);
	for (i = 0; i < workers && !ret; i++) {
		all.w[i] = (struct crx_writer){
			.t = from->tree,
			.f = p->facts,
			.k = from->packed,
			.p = p,
			.l = l,
			.o = o,
		};
		ret = start_writer(&all.w[i], fd, o->path, err);
	}
	if (!ret)
		ret = crx_pool_run(workers, all.n, &job, err);
	*crc = ret ? 0 : combine_crcs(&all, l);
	if (!ret && o->old)
		ret = crx_write_update(fd, l, o, crc, update, err);
	if (!ret) {
		crx_put32(buf, *crc, o->order);
		ret = crx_io_pwrite(fd, buf, sizeof(buf), l->super_off + CRX_SUPER_OFF_CRC, o->path,
				    err);
	}
	free_writers(&all, workers);
	return ret;
}
