/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "write/writer.h"

#include <stdlib.h>

#include "base/io.h"
#include "base/pool.h"

enum { PIECE_LEN = 1024 * 1024 };

enum part { HEAD, TABLES, RUNS };

/* It ends where the next piece starts, so padding belongs to it. */
struct piece {
	enum part part;
	size_t first, end; /* tables or runs */
	uint64_t start;
	uint32_t crc;
};

struct pieces {
	struct piece *list; /* as many as there are tables and runs, and the head, at most */
	size_t n;
	struct crx_writer *w; /* one for each worker */
};

static void add_piece(struct pieces *all, enum part part, size_t first, uint64_t start)
{
	all->list[all->n++] =
		(struct piece){ .part = part, .first = first, .end = first, .start = start };
}

/* Divides n tables or runs, which are at off[], into pieces of about PIECE_LEN bytes. */
static void add_pieces(struct pieces *all, enum part part, const uint64_t *off, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!i || off[i] - all->list[all->n - 1].start >= PIECE_LEN)
			add_piece(all, part, i, off[i]);
		all->list[all->n - 1].end = i + 1;
	}
}

static int write_part(struct crx_writer *w, const struct piece *p, struct crx_err *err)
{
	size_t i;
	int ret = 0;

	if (p->part == HEAD) {
		ret = crx_write_head(w, err);
		return ret ? ret : crx_write_dirs(w, err);
	}
	for (i = p->first; i < p->end && !ret; i++)
		ret = p->part == TABLES ? crx_write_table(w, i, err) : crx_write_run(w, i, err);
	return ret;
}

static int write_piece(void *ctx, size_t index, unsigned worker, struct crx_err *err)
{
	struct pieces *all = ctx;
	struct piece *p = &all->list[index];
	struct crx_writer *w = &all->w[worker];
	uint64_t end = index + 1 < all->n ? p[1].start : w->l->image_size;
	int ret;

	crx_stream_begin(&w->s, p->start);
	ret = write_part(w, p, err);
	if (!ret)
		ret = crx_stream_zeros_to(&w->s, end, err);
	if (!ret)
		ret = crx_stream_flush(&w->s, err);
	p->crc = w->s.crc;
	return ret;
}

static uint32_t combine_crcs(const struct pieces *all, const struct crx_layout *l)
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
	w->page = crx_alloc(1, w->f->page_size);
	w->wrapped = crx_alloc(1, crx_comp_stored_len(w->f->page_size));
	if (!w->page || !w->wrapped)
		return crx_err_nomem(err, "writing the image");
	return crx_stream_init(&w->s, fd, name, err);
}

static void free_writers(struct pieces *all, unsigned workers)
{
	unsigned i;

	for (i = 0; i < workers; i++) {
		crx_stream_free(&all->w[i].s);
		free(all->w[i].page);
		free(all->w[i].wrapped);
	}
	free(all->w);
	free(all->list);
}

int crx_write(int fd, const struct crx_write_from *from, const struct crx_write_opts *o,
	      uint32_t *crc, struct crx_err *err)
{
	const struct crx_plan *p = from->plan;
	const struct crx_layout *l = from->layout;
	unsigned workers = o->workers ? o->workers : 1;
	struct pieces all = {
		.list = crx_alloc(1 + p->ntables + p->nruns, sizeof(*all.list)),
		.w = crx_zalloc(workers, sizeof(*all.w)),
	};
	struct crx_pool_job job = { write_piece, &all };
	uint8_t buf[4];
	unsigned i;
	int ret = 0;

	if (!all.list || !all.w) {
		free(all.list);
		free(all.w);
		return crx_err_nomem(err, "writing the image");
	}
	add_piece(&all, HEAD, 0, 0);
	add_pieces(&all, TABLES, l->table_off, p->ntables);
	add_pieces(&all, RUNS, l->run_off, p->nruns);
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
	if (!ret) {
		*crc = combine_crcs(&all, l);
		crx_put32(buf, *crc, o->order);
		ret = crx_io_pwrite(fd, buf, sizeof(buf), l->super_off + CRX_SUPER_OFF_CRC, o->path,
				    err);
	}
	free_writers(&all, workers);
	return ret;
}
