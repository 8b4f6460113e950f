/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "pack/pack.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "format/rules.h"

enum {
	BATCH_BYTES = 256 * 1024, /* of contents in one job */
	SAMPLE_PAGES = 256
};

struct worker {
	void *comp;
	struct crx_inflate *z; /* with an old image */
	uint8_t *blocks;       /* CRX_SCAN_SPAN bytes of a file */
	uint8_t *stream;       /* of one block */
};

struct pack {
	const struct crx_facts *f;
	const struct crx_pack_opts *o;
	const struct crx_progress *progress;
	struct crx_packed *out;
	uint32_t *todo; /* blocks to compress, ascending; then those of the sample */
	size_t ntodo, nsample;
	size_t batch; /* blocks in one job */
	struct worker *worker;
	atomic_uint_fast64_t done, sample_bytes;
};

bool crx_pack_stores(const struct crx_wishes *w, size_t file)
{
	return w->file[file].action == CRX_ACTION_STORE;
}

bool crx_pack_in_run(const struct crx_facts *f, const struct crx_wishes *w, size_t file, uint32_t i)
{
	return crx_wish_in_place(&w->file[file], i) &&
	       crx_format_may_be_direct_uncompressed(f->file[file].node->size, f->page_size, i);
}

/* Chooses each distinct block that may end up outside a run, unless it has a slot already. Returns
 * the number of blocks in runs. */
static uint64_t choose_needed(struct pack *p, const struct crx_wishes *w, uint8_t *need)
{
	const struct crx_facts *f = p->f;
	uint64_t in_runs = 0;
	size_t file, b;
	uint32_t i;

	for (file = 0; file < f->nfiles; file++) {
		for (i = 0; i < f->file[file].nblks && !crx_pack_stores(w, file); i++) {
			b = f->file[file].first_blk + i;
			if (!p->o->candidates && crx_pack_in_run(f, w, file, i))
				in_runs++;
			else if (!(p->o->holes && f->blk[b].zero))
				need[f->blk[b].same] = 1;
		}
	}
	for (b = 0; b < f->nblks; b++)
		if (need[b] && !p->out->slot[b].state)
			p->todo[p->ntodo++] = (uint32_t)b;
	return in_runs;
}

/* Chooses every stride-th page in place. It counts as 0 bytes if it is zero, since it
 * would be a hole. It does not count if it is equal to another block or has a slot, since
 * it would need no more bytes. */
static void choose_sample(struct pack *p, const struct crx_wishes *w, const uint8_t *need,
			  uint32_t stride)
{
	const struct crx_facts *f = p->f;
	size_t file, b, nth = 0;
	uint32_t i;

	for (file = 0; file < f->nfiles; file++) {
		for (i = 0; w->file[file].nranges && i < f->file[file].nblks; i++) {
			b = f->file[file].first_blk + i;
			if (!crx_pack_in_run(f, w, file, i) || nth++ % stride)
				continue;
			if (f->blk[b].same != b || need[b])
				continue;
			p->out->sample_pages++;
			if (!f->blk[b].zero)
				p->todo[p->ntodo + p->nsample++] = (uint32_t)b;
		}
	}
}

static int choose_blocks(struct pack *p, const struct crx_wishes *w, struct crx_err *err)
{
	uint8_t *need = crx_zalloc(p->f->nblks, 1);
	uint64_t in_runs;
	int ret = 0;

	p->todo = crx_alloc(p->f->nblks, sizeof(*p->todo));
	if (need && p->todo) {
		in_runs = choose_needed(p, w, need);
		if (p->o->sample && !p->o->candidates) {
			p->out->sample_stride = (uint32_t)(in_runs / SAMPLE_PAGES) + 1;
			choose_sample(p, w, need, p->out->sample_stride);
		}
	} else {
		ret = crx_err_nomem(err, "choosing blocks to compress");
	}
	free(need);
	return ret;
}

/* Copies a stream, because the buffer is reused for the next block. */
static int fill_slot(struct crx_slot *slot, struct crx_arena *arena, const uint8_t *stream,
		     size_t len, struct crx_err *err)
{
	uint8_t *data = crx_arena_alloc(arena, len);

	if (!data)
		return crx_err_nomem(err, "compressing");
	memcpy(data, stream, len);
	*slot = (struct crx_slot){ .data = data, .len = (uint32_t)len, .state = CRX_SLOT_STREAM };
	return 0;
}

/*
 * The first stream of the old image that has these contents, byte for byte, and at most cap bytes;
 * NULL: none.
 */
static const struct crx_old_block *find_stream(const struct pack *p, const struct worker *w,
					       uint32_t b, const uint8_t *raw, size_t len,
					       size_t cap)
{
	const struct crx_old *old = p->o->old;
	const struct crx_old_block *x;
	size_t i, n, first;

	n = old ? crx_old_find_block(old, p->f->blk[b].hash, (uint32_t)len, &first) : 0;
	for (i = 0; i < n; i++) {
		x = &old->block[old->by_hash.at[first + i].i];
		if (x->kind == CRX_OLD_STREAM && x->stored_len <= cap &&
		    crx_inflate_run(w->z, x->data, x->stored_len, w->stream, len) == (long)len &&
		    !memcmp(raw, w->stream, len))
			return x;
	}
	return NULL;
}

static int pack_block(struct pack *p, uint32_t b, const uint8_t *raw, unsigned worker,
		      struct crx_err *err)
{
	const struct crx_facts *f = p->f;
	const struct crx_file_fact *file = &f->file[f->blk[b].file];
	uint32_t len = crx_scan_block_len(f, file, b - file->first_blk);
	struct worker *w = &p->worker[worker];
	size_t got, cap = p->o->ext ? len - 1 : crx_comp_bound(f->page_size);
	const struct crx_old_block *old = find_stream(p, w, b, raw, len, cap);

	if (old) {
		p->out->slot[b] = (struct crx_slot){
			.data = old->data,
			.len = old->stored_len,
			.state = CRX_SLOT_STREAM,
		};
		return 0;
	}
	got = p->o->comp.backend->compress(w->comp, raw, len, w->stream, cap);
	if (got)
		return fill_slot(&p->out->slot[b], &p->out->arena[worker], w->stream, got, err);
	if (!p->o->ext) {
		crx_comp_stored(raw, len, w->stream);
		return fill_slot(&p->out->slot[b], &p->out->arena[worker], w->stream,
				 crx_comp_stored_len(len), err);
	}
	p->out->slot[b] = (struct crx_slot){ .len = len, .state = CRX_SLOT_RAW };
	return 0;
}

/* Only the length is of interest. */
static void sample_block(struct pack *p, uint32_t b, const uint8_t *raw, struct worker *w)
{
	const struct crx_file_fact *file = &p->f->file[p->f->blk[b].file];
	uint32_t len = crx_scan_block_len(p->f, file, b - file->first_blk);
	size_t got = p->o->comp.backend->compress(w->comp, raw, len, w->stream, len - 1);

	atomic_fetch_add(&p->sample_bytes, got ? got : len);
}

/* How many of the blocks from todo[at] on, before todo[end], are adjacent in one file and can be
 * read with one call. */
static uint32_t count_adjacent(const struct pack *p, size_t at, size_t end)
{
	uint32_t b = p->todo[at], n = 1;

	while (at + n < end && n < CRX_SCAN_SPAN / p->f->page_size && p->todo[at + n] == b + n &&
	       p->f->blk[b + n].file == p->f->blk[b].file)
		n++;
	return n;
}

/* Reads n blocks from todo[at] on, and packs them. */
static int pack_span(struct pack *p, size_t at, uint32_t n, void *handle, unsigned worker,
		     struct crx_err *err)
{
	struct worker *w = &p->worker[worker];
	uint32_t b = p->todo[at], i;
	const uint8_t *raw = w->blocks;
	int ret = crx_scan_read_blocks(p->f, handle, b, n, w->blocks, err);

	for (i = 0; i < n && !ret; i++, raw += p->f->page_size) {
		if (at + i < p->ntodo)
			ret = pack_block(p, b + i, raw, worker, err);
		else
			sample_block(p, b + i, raw, w);
	}
	return ret;
}

static int pack_job(void *ctx, size_t index, unsigned worker, struct crx_err *err)
{
	struct pack *p = ctx;
	size_t total = p->ntodo + p->nsample;
	size_t at = index * p->batch;
	size_t end = total - at < p->batch ? total : at + p->batch;
	const struct crx_content *c = NULL, *next;
	void *handle = NULL;
	uint64_t done;
	uint32_t n;
	int ret = 0, closed;

	for (; at < end && !ret; at += n) {
		next = &p->f->file[p->f->blk[p->todo[at]].file].node->content;
		if (next != c) {
			if (c)
				ret = c->ops->close(c, handle, err);
			c = NULL;
			if (!ret)
				ret = next->ops->open(next, &handle, err);
			if (ret < 0)
				break;
			c = next;
		}
		n = count_adjacent(p, at, end);
		ret = pack_span(p, at, n, handle, worker, err);
	}
	if (c) {
		closed = c->ops->close(c, handle, err);
		ret = ret < 0 ? ret : closed;
	}
	done = atomic_fetch_add(&p->done, p->batch) + p->batch;
	if (!ret && p->progress)
		p->progress->step(p->progress->ctx, done < total ? done : total, total);
	return ret;
}

static int start_workers(struct pack *p, struct crx_err *err)
{
	struct worker *w;
	unsigned n = p->o->workers;

	if (!p->out->arena)
		p->out->arena = crx_zalloc(n, sizeof(*p->out->arena));
	p->worker = crx_zalloc(n, sizeof(*p->worker));
	if (!p->out->arena || !p->worker)
		return crx_err_nomem(err, "compressing");
	p->out->narenas = n;
	for (w = p->worker; w < p->worker + n; w++) {
		w->comp = p->o->comp.backend->create(p->o->comp.level);
		w->blocks = crx_alloc(1, CRX_SCAN_SPAN);
		w->stream = crx_alloc(1, crx_comp_bound(p->f->page_size));
		if (p->o->old)
			w->z = crx_inflate_new();
		if (!w->comp || !w->blocks || !w->stream || (p->o->old && !w->z))
			return crx_err_nomem(err, "compressing");
	}
	return 0;
}

static void stop_workers(struct pack *p)
{
	unsigned i;

	for (i = 0; p->worker && i < p->o->workers; i++) {
		p->o->comp.backend->destroy(p->worker[i].comp);
		crx_inflate_free(p->worker[i].z);
		free(p->worker[i].blocks);
		free(p->worker[i].stream);
	}
	free(p->worker);
	free(p->todo);
}

static int fill_slots(struct pack *p, const struct crx_wishes *w, struct crx_err *err)
{
	struct crx_pool_job job = { pack_job, p };
	size_t total;
	int ret = choose_blocks(p, w, err);

	if (!ret)
		ret = start_workers(p, err);
	p->batch = BATCH_BYTES / p->f->page_size;
	total = p->ntodo + p->nsample;
	if (!ret)
		ret = crx_pool_run(p->o->workers, (total + p->batch - 1) / p->batch, &job, err);
	p->out->sample_bytes = p->sample_bytes;
	stop_workers(p);
	return ret;
}

int crx_pack(const struct crx_facts *f, const struct crx_wishes *w, const struct crx_pack_opts *o,
	     const struct crx_progress *progress, struct crx_packed *out, struct crx_err *err)
{
	struct pack p = { .f = f, .o = o, .progress = progress, .out = out };

	*out = (struct crx_packed){ .nslots = f->nblks };
	out->slot = crx_zalloc(f->nblks, sizeof(*out->slot));
	return out->slot ? fill_slots(&p, w, err) : crx_err_nomem(err, "compressing");
}

int crx_pack_candidates(const struct crx_facts *f, const struct crx_wishes *w,
			const struct crx_pack_opts *o, const struct crx_progress *progress,
			struct crx_packed *out, struct crx_err *err)
{
	struct pack p = { .f = f, .o = o, .progress = progress, .out = out };

	return fill_slots(&p, w, err);
}

void crx_packed_free(struct crx_packed *p)
{
	unsigned w;

	for (w = 0; p->arena && w < p->narenas; w++)
		crx_arena_free(&p->arena[w]);
	free(p->arena);
	free(p->slot);
	*p = (struct crx_packed){ 0 };
}
