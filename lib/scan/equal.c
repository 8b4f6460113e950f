/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "scan/equal.h"

#include <stdlib.h>
#include <string.h>

#include "base/pool.h"

/*
 * A hash table of indices, with open addressing. A slot holds index + 1; 0 is empty.
 * The callers compare. It is at most half full.
 */
struct index_set {
	uint32_t *slot;
	size_t mask;
};

static bool set_init(struct index_set *s, size_t n)
{
	size_t cap = 16;

	while (cap < n * 2)
		cap *= 2;
	s->slot = crx_zalloc(cap, sizeof(*s->slot));
	s->mask = cap - 1;
	return s->slot != NULL;
}

/* The first index added that is equal to i, or i itself, which is then added. */
static uint32_t find_or_add(struct index_set *s, const struct crx_facts *f, uint64_t key, size_t i,
			    bool (*equal)(const struct crx_facts *f, size_t a, size_t b))
{
	size_t at;

	for (at = key & s->mask; s->slot[at]; at = (at + 1) & s->mask)
		if (equal(f, s->slot[at] - 1, i))
			return s->slot[at] - 1;
	s->slot[at] = (uint32_t)i + 1;
	return (uint32_t)i;
}

static bool block_hashes_equal(const struct crx_facts *f, size_t a, size_t b)
{
	return crx_hash_equal(f->blk[a].hash, f->blk[b].hash);
}

static int find_equal_blocks(struct crx_facts *f, struct crx_err *err)
{
	struct index_set s;
	size_t i;

	if (!set_init(&s, f->nblks))
		return crx_err_nomem(err, "looking for equal blocks");
	for (i = 0; i < f->nblks; i++) {
		struct crx_block_fact *b = &f->blk[i];

		/* others are another name of a file, or a hole */
		if (b->same == i && !b->zero)
			b->same = find_or_add(&s, f, b->hash.lo, i, block_hashes_equal);
	}
	free(s.slot);
	return 0;
}

static bool file_hashes_equal(const struct crx_facts *f, size_t a, size_t b)
{
	const struct crx_file_fact *x = &f->file[a], *y = &f->file[b];
	uint32_t i;

	if (x->node->size != y->node->size)
		return false;
	for (i = 0; i < x->nblks; i++)
		if (!block_hashes_equal(f, x->first_blk + i, y->first_blk + i))
			return false;
	return true;
}

static uint64_t file_key(const struct crx_facts *f, const struct crx_file_fact *file)
{
	uint64_t key = file->node->size;
	uint32_t i;

	for (i = 0; i < file->nblks; i++)
		key = (key ^ f->blk[file->first_blk + i].hash.lo) * 0x9e3779b97f4a7c15u;
	return key ^ key >> 32;
}

/* Finds files whose blocks have equal hashes. */
static int find_equal_files(struct crx_facts *f, struct crx_err *err)
{
	struct index_set s;
	size_t i;

	if (!set_init(&s, f->nfiles))
		return crx_err_nomem(err, "looking for equal files");
	for (i = 0; i < f->nfiles; i++) {
		struct crx_file_fact *file = &f->file[i];

		if (file->same == i)
			file->same = find_or_add(&s, f, file_key(f, file), i, file_hashes_equal);
	}
	free(s.slot);
	return 0;
}

struct compare {
	struct crx_facts *facts;
	uint8_t *different; /* for each block: only its hash was equal */
	uint8_t **buf;      /* two blocks for each worker */
};

/* The open file of the latest equal block; the next one is often in it too. */
struct other {
	const struct crx_content *content; /* NULL: no file is open */
	void *handle;
};

static int other_close(struct other *o, struct crx_err *err)
{
	const struct crx_content *c = o->content;

	o->content = NULL;
	return c ? c->ops->close(c, o->handle, err) : 0;
}

static int other_open(struct other *o, const struct crx_content *c, struct crx_err *err)
{
	int ret;

	if (o->content == c)
		return 0;
	ret = other_close(o, err);
	if (!ret)
		ret = c->ops->open(c, &o->handle, err);
	if (!ret)
		o->content = c;
	return ret;
}

/* Compare block b, whose file is open as handle, with the one that has the same hash. */
static int compare_block(struct compare *c, void *handle, uint32_t b, struct other *o, uint8_t *buf,
			 struct crx_err *err)
{
	const struct crx_facts *f = c->facts;
	uint32_t file = f->blk[b].file;
	uint32_t first = f->blk[b].same;
	uint32_t first_file = f->blk[first].file;
	uint32_t i = b - f->file[file].first_blk, first_i = first - f->file[first_file].first_blk;
	uint32_t len = crx_scan_block_len(f, &f->file[file], i);
	int ret;

	if (len != crx_scan_block_len(f, &f->file[first_file], first_i)) {
		c->different[b] = 1;
		return 0;
	}
	ret = other_open(o, &f->file[first_file].node->content, err);
	if (!ret)
		ret = crx_scan_read_blocks(f, handle, b, 1, buf, err);
	if (!ret)
		ret = crx_scan_read_blocks(f, o->handle, first, 1, buf + f->page_size, err);
	if (!ret)
		c->different[b] = memcmp(buf, buf + f->page_size, len) != 0;
	return ret;
}

static bool has_candidates(const struct crx_facts *f, const struct crx_file_fact *file)
{
	uint32_t b;

	for (b = file->first_blk; b < file->first_blk + file->nblks; b++)
		if (f->blk[b].same != b)
			return true;
	return false;
}

static int compare_job(void *ctx, size_t index, unsigned worker, struct crx_err *err)
{
	struct compare *c = ctx;
	const struct crx_facts *f = c->facts;
	const struct crx_file_fact *file = &f->file[index];
	const struct crx_content *content = &file->node->content;
	struct other o = { NULL, NULL };
	uint32_t b, end = file->first_blk + file->nblks;
	int ret, closed;
	void *handle;

	if (file->link != index || !has_candidates(f, file))
		return 0;
	ret = content->ops->open(content, &handle, err);
	if (ret < 0)
		return ret;
	for (b = file->first_blk; b < end && !ret; b++)
		if (f->blk[b].same != b)
			ret = compare_block(c, handle, b, &o, c->buf[worker], err);
	closed = other_close(&o, err);
	if (!ret)
		ret = closed;
	closed = content->ops->close(content, handle, err);
	return ret ? ret : closed;
}

static int run_compare(struct compare *c, unsigned workers, struct crx_err *err)
{
	struct crx_pool_job job = { compare_job, c };
	unsigned w;
	int ret = 0;

	c->different = crx_zalloc(c->facts->nblks, 1);
	c->buf = crx_zalloc(workers, sizeof(*c->buf));
	if (!c->different || !c->buf)
		ret = crx_err_nomem(err, "comparing blocks");
	for (w = 0; w < workers && !ret; w++) {
		c->buf[w] = crx_alloc(2, c->facts->page_size);
		if (!c->buf[w])
			ret = crx_err_nomem(err, "comparing blocks");
	}
	if (!ret)
		ret = crx_pool_run(workers, c->facts->nfiles, &job, err);
	for (w = 0; c->buf && w < workers; w++)
		free(c->buf[w]);
	free(c->buf);
	return ret;
}

static bool blocks_equal(const struct crx_facts *f, const struct crx_file_fact *a,
			 const struct crx_file_fact *b)
{
	const struct crx_block_fact *x = &f->blk[a->first_blk], *y = &f->blk[b->first_blk];
	uint32_t i;

	for (i = 0; i < a->nblks; i++)
		if (x[i].same != y[i].same && !(x[i].zero && y[i].zero))
			return false;
	return true;
}

/* Separates what has equal hashes but different bytes, and updates other names. */
static void apply_differences(struct crx_facts *f, const uint8_t *different)
{
	size_t i;

	for (i = 0; i < f->nblks; i++) {
		if (different[i])
			f->blk[i].same = (uint32_t)i;
		f->blk[i].same = f->blk[f->blk[i].same].same;
	}
	for (i = 0; i < f->nfiles; i++) {
		struct crx_file_fact *file = &f->file[i];

		if (file->link != i)
			file->same = f->file[file->link].same;
		else if (file->same != i && !blocks_equal(f, file, &f->file[file->same]))
			file->same = (uint32_t)i;
	}
}

int crx_scan_find_equal(struct crx_facts *f, unsigned workers, struct crx_err *err)
{
	struct compare c = { .facts = f };
	int ret;

	ret = find_equal_blocks(f, err);
	if (!ret)
		ret = find_equal_files(f, err);
	if (!ret)
		ret = run_compare(&c, workers, err);
	if (!ret)
		apply_differences(f, c.different);
	free(c.different);
	return ret;
}
