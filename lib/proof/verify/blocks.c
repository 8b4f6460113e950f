/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The contents, as read() returns them. Each job is a batch of blocks of about the same size,
 * whatever the sizes of the files.
 */
#include "config.h"
#include "proof/verify/state.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/pool.h"

enum { BATCH_LEN = 256 * 1024 };

struct check {
	const struct crx_verify *v;
	struct crx_inflate **z; /* for each worker, which allocates its own */
	uint8_t **page;
	uint32_t batch; /* blocks in a job */
	uint32_t crc;   /* of the image; job 0 computes it */
};

/* Is a block stored as a copy of the first equal block's stream? That block is checked itself, in
 * the first file of its table. */
static bool is_checked_stream(const struct crx_verify *v, uint32_t file, uint32_t i)
{
	uint32_t block = v->f->file[file].first_blk + i, first = v->f->blk[block].same;
	uint32_t first_file = v->f->blk[first].file;

	return first != block && crx_k_is_same_stream(v->img, &crx_verify_file(v, file)->inode, i,
						      &crx_verify_file(v, first_file)->inode,
						      first - v->f->file[first_file].first_blk);
}

static int check_block(const struct check *c, uint32_t file, uint32_t i, unsigned worker,
		       struct crx_err *err)
{
	const struct crx_verify *v = c->v;
	const struct crx_file_fact *fact = &v->f->file[file];
	const struct crx_node *n = fact->node;
	const struct crx_inode *inode = &crx_verify_file(v, file)->inode;
	uint64_t pointer_off = inode->off + (uint64_t)i * CRX_BLKPTR_LEN;
	uint32_t len = crx_scan_block_len(v->f, fact, i);
	uint8_t *page = c->page[worker];
	enum crx_k_why why;

	if (is_checked_stream(v, file, i))
		return 0;
	why = crx_k_read_folio(v->img, inode, i, c->z[worker], page);
	if (why)
		return crx_verify_fault(v, n, pointer_off, err,
					"a kernel cannot read block %lu: %s", (unsigned long)i,
					crx_k_why_text(why));
	if (!crx_hash_equal(crx_scan_hash(page, len), v->f->blk[fact->first_blk + i].hash))
		return crx_verify_fault(v, n, pointer_off, err, "block %lu differs from the file",
					(unsigned long)i);
	if (!crx_is_zero(page + len, v->f->page_size - len))
		return crx_verify_fault(v, n, pointer_off, err,
					"bytes other than zeros after the end of the file");
	if (S_ISLNK(n->mode) && memcmp(page, n->target, len))
		return crx_verify_fault(v, n, pointer_off, err, "the target of the link differs");
	return 0;
}

static int prepare_worker(const struct check *c, unsigned worker, struct crx_err *err)
{
	if (!c->z[worker])
		c->z[worker] = crx_inflate_new();
	if (!c->page[worker])
		c->page[worker] = crx_alloc(1, c->v->f->page_size);
	if (!c->z[worker] || !c->page[worker])
		return crx_err_nomem(err, "verifying blocks");
	return 0;
}

/* The last table that begins at the block or before it. */
static size_t find_table(const struct crx_verify *v, uint64_t block)
{
	size_t low = 0, high = v->ntables;

	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (v->blocks[mid] <= block)
			low = mid;
		else
			high = mid;
	}
	return low;
}

static int check_batch(void *ctx, size_t index, unsigned worker, struct crx_err *err)
{
	struct check *c = ctx;
	const struct crx_verify *v = c->v;
	uint64_t block, end;
	size_t table;
	int ret;

	/* the longest job is the first */
	if (!index) {
		c->crc = crx_image_crc(v->img);
		return 0;
	}
	ret = prepare_worker(c, worker, err);
	if (ret < 0)
		return ret;
	block = (uint64_t)(index - 1) * c->batch;
	end = block + c->batch < v->blocks[v->ntables] ? block + c->batch : v->blocks[v->ntables];
	for (table = find_table(v, block); block < end && !ret; block++) {
		if (block == v->blocks[table + 1])
			table++;
		ret = check_block(c, v->table[table], (uint32_t)(block - v->blocks[table]), worker,
				  err);
	}
	return ret;
}

static int run_batches(struct check *c, struct crx_err *err)
{
	struct crx_pool_job job = { check_batch, c };
	const struct crx_verify *v = c->v;
	uint64_t nblks = v->blocks[v->ntables];
	int ret;

	c->batch = BATCH_LEN / v->f->page_size;
	ret = crx_pool_run(v->o->workers, 1 + (size_t)((nblks + c->batch - 1) / c->batch), &job,
			   err);
	if (ret < 0)
		return ret;
	if (c->crc != v->img->super.crc)
		return crx_verify_fault(v, NULL, v->img->super_off + CRX_SUPER_OFF_CRC, err,
					"the CRC is %08lx, not %08lx as in the superblock",
					(unsigned long)c->crc, (unsigned long)v->img->super.crc);
	return 0;
}

int crx_verify_blocks(struct crx_verify *v, struct crx_err *err)
{
	struct check c = { .v = v };
	unsigned w;
	int ret;

	c.z = crx_zalloc(v->o->workers, sizeof(*c.z));
	c.page = crx_zalloc(v->o->workers, sizeof(*c.page));
	if (c.z && c.page)
		ret = run_batches(&c, err);
	else
		ret = crx_err_nomem(err, "verifying blocks");
	for (w = 0; w < v->o->workers; w++) {
		if (c.z)
			crx_inflate_free(c.z[w]);
		if (c.page)
			free(c.page[w]);
	}
	free(c.z);
	free(c.page);
	return ret;
}
