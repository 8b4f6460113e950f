/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"
#include "scan/scan.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/pool.h"
#include "scan/equal.h"

enum { CHUNK = 256 * 1024 }; /* a multiple of every page size */

/* The buffers of one worker. */
struct scratch {
	uint8_t *chunk;
	uint8_t *whole; /* of an executable; grows as needed */
	size_t cap;
};

struct scan {
	struct crx_facts *facts;
	const struct crx_scan_opts *o;
	struct scratch *scratch; /* one for each worker */
};

static void hash_blocks(struct crx_facts *f, const struct crx_file_fact *file, uint32_t first,
			const uint8_t *data, size_t len)
{
	struct crx_block_fact *b = &f->blk[file->first_blk + first];
	size_t n;

	for (; len; len -= n, data += n, b++) {
		n = len < f->page_size ? len : f->page_size;
		b->hash = crx_scan_hash(data, n);
		b->zero = crx_is_zero(data, n);
	}
}

/* Reads the rest of a file in chunks, so that the memory needed does not depend on its
 * size. */
static int scan_chunks(struct scan *s, struct crx_file_fact *file, void *handle, uint64_t off,
		       uint8_t *buf, struct crx_err *err)
{
	const struct crx_node *n = file->node;
	size_t len;
	int ret;

	for (; off < n->size; off += len) {
		len = n->size - off < CHUNK ? (size_t)(n->size - off) : CHUNK;
		ret = n->content.ops->pread(&n->content, handle, buf, len, off, err);
		if (ret < 0)
			return ret;
		hash_blocks(s->facts, file, (uint32_t)(off / s->facts->page_size), buf, len);
	}
	return 0;
}

/* Reads a whole executable into memory, since its headers may point anywhere. Its first
 * bytes are in w->chunk already; most executables are not longer. */
static int scan_whole(struct scan *s, struct crx_file_fact *file, void *handle, size_t have,
		      struct scratch *w, struct crx_err *err)
{
	const struct crx_node *n = file->node;
	size_t size = (size_t)n->size;
	const uint8_t *all = w->chunk;
	int ret = 0;

	if (size > have) {
		if (!crx_grow(&w->whole, &w->cap, size, 1))
			return crx_err_nomem(err, "reading an executable");
		memcpy(w->whole, w->chunk, have);
		ret = n->content.ops->pread(&n->content, handle, w->whole + have, size - have, have,
					    err);
		all = w->whole;
	}
	if (ret < 0)
		return ret;
	hash_blocks(s->facts, file, 0, all, size);
	return crx_exec_parse(all, size, &file->exec, err);
}

static int scan_file(struct scan *s, struct crx_file_fact *file, struct scratch *w,
		     struct crx_err *err)
{
	const struct crx_node *n = file->node;
	size_t first = n->size < CHUNK ? (size_t)n->size : CHUNK;
	void *handle;
	int ret, closed;

	ret = n->content.ops->open(&n->content, &handle, err);
	if (ret < 0)
		return ret;
	ret = n->content.ops->pread(&n->content, handle, w->chunk, first, 0, err);
	if (!ret && s->o->executables && S_ISREG(n->mode) && crx_exec_probe(w->chunk, first)) {
		ret = scan_whole(s, file, handle, first, w, err);
	} else if (!ret) {
		hash_blocks(s->facts, file, 0, w->chunk, first);
		ret = scan_chunks(s, file, handle, first, w->chunk, err);
	}
	closed = n->content.ops->close(&n->content, handle, err);
	return ret < 0 ? ret : closed;
}

static int scan_job(void *ctx, size_t index, unsigned worker, struct crx_err *err)
{
	struct scan *s = ctx;
	struct crx_file_fact *file = &s->facts->file[index];
	int ret;

	/* a file is read once, under its first name */
	if (file->link != index)
		return 0;
	ret = scan_file(s, file, &s->scratch[worker], err);
	if (ret != CRX_EIO || !crx_io_is_unreadable(err->sys_errno))
		return ret;
	file->unreadable = err->sys_errno;
	return 0;
}

static size_t count_unreadable(const struct crx_facts *f)
{
	size_t i, n = 0;

	for (i = 0; i < f->nfiles; i++)
		n += f->file[i].unreadable != 0;
	return n;
}

static int number_files_and_blocks(const struct crx_tree *t, struct crx_facts *f,
				   struct crx_err *err)
{
	uint64_t nblks = 0;
	size_t i;

	f->nfiles = t->nfiles;
	f->file = crx_zalloc(t->nfiles, sizeof(*f->file));
	if (!f->file)
		return crx_err_nomem(err, "counting files");
	for (i = 0; i < t->nfiles; i++) {
		struct crx_file_fact *file = &f->file[i];

		file->node = t->file[i];
		file->first_blk = (uint32_t)nblks;
		file->nblks = (uint32_t)((file->node->size + f->page_size - 1) / f->page_size);
		file->same = (uint32_t)i;
		file->link = (uint32_t)i;
		nblks += file->nblks;
	}
	if (nblks >= CRX_NO_BLOCK || t->nfiles >= CRX_NO_BLOCK)
		return crx_err_set(err, CRX_ELIMIT, 0, NULL,
				   "%llu blocks are more than any image can hold",
				   (unsigned long long)nblks);
	f->nblks = (size_t)nblks;
	f->blk = crx_zalloc(f->nblks, sizeof(*f->blk));
	if (!f->blk)
		return crx_err_nomem(err, "counting blocks");
	for (i = 0; i < t->nfiles; i++)
		for (nblks = 0; nblks < f->file[i].nblks; nblks++)
			f->blk[f->file[i].first_blk + nblks].file = (uint32_t)i;
	for (i = 0; i < f->nblks; i++)
		f->blk[i].same = (uint32_t)i;
	return 0;
}

static int run_jobs(struct scan *s, struct crx_err *err)
{
	struct crx_pool_job job = { scan_job, s };
	unsigned w, workers = s->o->workers;
	int ret = 0;

	s->scratch = crx_zalloc(workers, sizeof(*s->scratch));
	if (!s->scratch)
		return crx_err_nomem(err, "scanning files");
	for (w = 0; w < workers && !ret; w++) {
		s->scratch[w].chunk = crx_alloc(CHUNK, 1);
		if (!s->scratch[w].chunk)
			ret = crx_err_nomem(err, "scanning files");
	}
	if (!ret)
		ret = crx_pool_run(workers, s->facts->nfiles, &job, err);
	for (w = 0; w < workers; w++) {
		free(s->scratch[w].chunk);
		free(s->scratch[w].whole);
	}
	free(s->scratch);
	return ret;
}

/* Gives other names of a file the facts of its first name. */
static int copy_links(struct crx_facts *f, struct crx_err *err)
{
	char path[CRX_ERR_PATH_MAX];
	size_t i;

	for (i = 0; i < f->nfiles; i++) {
		struct crx_file_fact *file = &f->file[i];
		const struct crx_file_fact *first = &f->file[file->link];
		uint32_t b;

		if (file == first)
			continue;
		if (file->node->size != first->node->size)
			return crx_err_set(err, CRX_ECHANGED, 0,
					   crx_tree_path(file->node, path, sizeof(path)),
					   "changed while the image was being built (build again "
					   "when nothing writes to the tree)");
		for (b = 0; b < file->nblks; b++) {
			f->blk[file->first_blk + b].hash = f->blk[first->first_blk + b].hash;
			f->blk[file->first_blk + b].zero = f->blk[first->first_blk + b].zero;
			f->blk[file->first_blk + b].same = first->first_blk + b;
		}
		file->same = file->link;
	}
	return 0;
}

int crx_scan(const struct crx_tree *t, const struct crx_scan_opts *o, struct crx_facts *out,
	     struct crx_err *err)
{
	struct scan s = { .facts = out, .o = o };
	int ret;

	*out = (struct crx_facts){ .page_size = o->page_size };
	ret = number_files_and_blocks(t, out, err);
	if (!ret)
		ret = crx_scan_find_links(out, err);
	if (!ret)
		ret = run_jobs(&s, err);
	out->unreadable = ret ? 0 : count_unreadable(out);
	if (out->unreadable)
		return 0;
	if (!ret)
		ret = copy_links(out, err);
	if (!ret && o->find_equal)
		ret = crx_scan_find_equal(out, o->workers, err);
	return ret ? ret : crx_scan_find_inodes(out, err);
}

void crx_facts_free(struct crx_facts *f)
{
	size_t i;

	for (i = 0; f->file && i < f->nfiles; i++)
		crx_exec_free(&f->file[i].exec);
	free(f->file);
	free(f->blk);
	*f = (struct crx_facts){ 0 };
}
